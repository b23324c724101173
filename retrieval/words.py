"""The index of words: Tantivy, ranked by BM25.

Every passage is indexed twice: as its words are written (``plain``, what names and unknown
languages are found by) and as the stems of its language. Accents are folded before stemming, so
that words written with and without them meet.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import tantivy
from tantivy import Filter as TokenFilter
from tantivy import Occur, Query

from corpus.words import STEMMERS
from corpus.words import words as words_of
from retrieval.fusion import first_of
from retrieval.model import EVERYTHING, DamagedIndex, Entry, Filter, Ranked, day_number

LAYOUT = 2  # of the index; another number makes old indexes be rebuilt
_ALSO = {"nb": "no", "nn": "no"}  # other names of the same stemmer
# Languages that Tantivy has no stemmer for: their texts and questions come as stems.
_PREPARED = ("sl",)
STEM_WEIGHT = 1.0
PLAIN_WEIGHT = 0.3
TITLE_WEIGHT = 0.2
MAX_TERMS = 64  # different words of one question that are looked up
_LONGEST_WORD = 60  # characters; what is longer is not a word
_HEAP = 32_000_000  # bytes that writing may take


class Words:
    """The words of all passages, in a folder of its own."""

    needs_vectors = False

    def __init__(self, folder: Path, library_id: str) -> None:
        self._folder = folder
        self._library_id = library_id
        self._lock = Lock()  # one writer at a time within this process
        self._analyzers = {code: _analyzer(name) for code, name in STEMMERS.items()}
        self._analyzers[""] = _analyzer(None)
        self._schema = _schema()
        self._index: tantivy.Index | None = None

    @property
    def _state_file(self) -> Path:
        return self._folder / "state.json"

    def seq(self) -> int | None:
        """The change it is up to; None: empty, damaged or another library's."""
        try:
            state = json.loads(self._state_file.read_text(encoding="utf-8"))
            with _reading():
                self._open()
        except (OSError, ValueError, DamagedIndex):
            return None
        known = (state.get("library"), state.get("layout")) == (self._library_id, LAYOUT)
        return int(state["seq"]) if known else None

    def settle(self, seq: int) -> None:
        """Note that all changes up to ``seq`` are in."""
        state = {"library": self._library_id, "layout": LAYOUT, "seq": seq}
        draft = self._state_file.with_suffix(".new")
        draft.write_text(json.dumps(state), encoding="utf-8")
        draft.replace(self._state_file)

    def clear(self) -> None:
        """Start again from nothing, whatever state the files are in."""
        self._index = None
        if self._folder.exists():
            shutil.rmtree(self._folder)
        self._open()

    def refresh(self) -> None:
        """See what another process has written."""
        with _reading():
            self._open().reload()

    def _open(self) -> tantivy.Index:
        if self._index is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            index = tantivy.Index(self._schema, path=str(self._folder))
            for code, analyzer in self._analyzers.items():
                index.register_tokenizer(f"words_{code}", analyzer)
            self._index = index
        return self._index

    def count(self) -> int:
        """How many passages it holds."""
        with _reading():
            return self._open().searcher().num_docs

    def stamps(self) -> dict[str, str]:
        """The stamp of every passage it holds, by id."""
        with _reading():
            searcher = self._open().searcher()
            if not searcher.num_docs:
                return {}
            hits = searcher.search(Query.all_query(), searcher.num_docs, count=False).hits
            documents = (searcher.doc(address) for _, address in hits)
            return {str(d.get_first("id")): str(d.get_first("stamp")) for d in documents}

    def apply(self, entries: Sequence[Entry], drops: Sequence[str]) -> None:
        """Take the passages ``drops`` out, then put ``entries`` in (replacing same ids)."""
        with self._lock, _reading():
            index = self._open()
            # One thread keeps the order of documents, and so the bytes of the index, the same.
            writer = index.writer(_HEAP, 1)
            for name in (*drops, *(entry.id for entry in entries)):
                writer.delete_documents_by_term("id", name)
            for entry in entries:
                writer.add_document(_document(entry))
            writer.commit()
            writer.wait_merging_threads()
            index.reload()

    def holds(self, where: Filter) -> int:
        """How many passages pass the filter."""
        clauses = self._restrictions(where) or [(Occur.Must, Query.all_query())]
        with _reading():
            searcher = self._open().searcher()
            limit = max(searcher.num_docs, 1)
            return len(searcher.search(Query.boolean_query(clauses), limit, count=False).hits)

    def search(
        self, question: str, k: int, where: Filter = EVERYTHING, language: str | None = None
    ) -> list[Ranked]:
        """The ``k`` best passages by BM25, best first, ties by id. Any text is a question.

        Stems are compared in the question's ``language``; in every language where it is None.
        """
        with _reading():
            searcher = self._open().searcher()
            words = self._word_queries(question, searcher, language)
            if not words or k < 1 or not searcher.num_docs:
                return []
            query = Query.boolean_query(
                [(Occur.Must, Query.boolean_query(words)), *self._restrictions(where)]
            )

            def best(limit: int) -> list[Ranked]:
                hits = searcher.search(query, min(limit, searcher.num_docs), count=False).hits
                found = ((searcher.doc(address), score) for score, address in hits)
                return [Ranked(str(d.get_first("id")), round(float(s), 6)) for d, s in found]

            return first_of(k, best)

    def _word_queries(
        self, question: str, searcher: tantivy.Searcher, language: str | None
    ) -> list[tuple[Occur, Query]]:
        """One optional clause for each word of the question in each field that may hold it."""
        queries = []
        spoken = _code(language) if language else None
        for field, code, weight in _fields():
            # The stem of another language's word is rare there, which would count as telling.
            if spoken and code not in ("", spoken):
                continue
            analyzer = self._analyzers.get(code, self._analyzers[""])
            asked = _prepared(question, code)
            terms = list(dict.fromkeys(analyzer.analyze(asked)))[:MAX_TERMS]
            for term in terms:
                # A term that the field lacks cannot match; leaving it out keeps queries short.
                if searcher.doc_freq(field, term):
                    clause = Query.term_query(self._schema, field, term, "freq")
                    queries.append((Occur.Should, Query.boost_query(clause, weight)))
        return queries

    def _restrictions(self, where: Filter) -> list[tuple[Occur, Query]]:
        """The filter as clauses that must hold and add nothing to the score."""
        schema = self._schema
        allowed: list[tuple[str, Iterable[str]]] = [
            ("source", where.sources),
            ("document", where.documents),
            ("rendition", where.renditions),
            ("origin", where.origins),
            ("record", ("no",) if where.exclude_records else ()),
        ]
        queries = [
            Query.term_set_query(schema, field, [str(value) for value in values])
            for field, values in allowed
            if list(values)
        ]
        integer = tantivy.FieldType.Integer
        if where.as_of_from:
            low = day_number(where.as_of_from)
            queries.append(Query.range_query(schema, "last_day", integer, lower_bound=low))
        if where.as_of_to:
            high = day_number(where.as_of_to)
            queries.append(Query.range_query(schema, "first_day", integer, upper_bound=high))
        return [(Occur.Must, Query.const_score_query(query, 0.0)) for query in queries]


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as error:
        raise DamagedIndex(str(error)) from error
    except BaseException as error:
        # Rust code that meets impossible bytes panics, which Python sees as neither an Exception
        # nor a class that could be imported.
        if type(error).__name__ == "PanicException":
            raise DamagedIndex(str(error)) from error
        raise


def _analyzer(stemmer: str | None) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(TokenFilter.remove_long(_LONGEST_WORD))
    builder = builder.filter(TokenFilter.lowercase()).filter(TokenFilter.ascii_fold())
    if stemmer:
        builder = builder.filter(TokenFilter.stemmer(stemmer))
    return builder.build()


def _fields() -> list[tuple[str, str, float]]:
    """Each field of words: its name, the code of its analyzer, its weight."""
    stems = [(f"stems_{code}", code, STEM_WEIGHT) for code in sorted([*STEMMERS, *_PREPARED])]
    return [("plain", "", PLAIN_WEIGHT), ("title", "", TITLE_WEIGHT), *stems]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "stamp"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("source", "document", "rendition", "origin", "record"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("first_day", "last_day"):
        builder.add_integer_field(name, indexed=True, fast=True)
    for name, code, _ in _fields():
        analyzer = "words_" if code in _PREPARED else f"words_{code}"
        builder.add_text_field(name, tokenizer_name=analyzer, index_option="freq")
    return builder.build()


def _prepared(text: str, code: str) -> str:
    """The text as the field of a language is given it."""
    return " ".join(word.stem for word in words_of(text, code)) if code in _PREPARED else text


def _code(language: str) -> str:
    """The two letters under which the stemmer of a language is known."""
    code = language.partition("-")[0].lower()
    return _ALSO.get(code, code)


def _document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document(
        id=entry.id,
        stamp=entry.stamp,
        source=entry.source_id,
        document=entry.document_id,
        rendition=entry.rendition,
        origin=entry.origin,
        record="yes" if entry.is_record else "no",
        plain=entry.indexed_text,
        title=entry.title,
    )
    code = _code(entry.language)
    if code in STEMMERS or code in _PREPARED:
        document.add_text(f"stems_{code}", _prepared(entry.indexed_text, code))
    for name, day in (("first_day", entry.first_day), ("last_day", entry.last_day)):
        if day is not None:
            document.add_integer(name, day)
    return document
