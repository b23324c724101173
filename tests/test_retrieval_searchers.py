"""One suite for every searcher: what is found, filtered, dropped, and in which order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corpus.model import Origin, Rendition
from retrieval.model import Entry, Filter, Ranked
from retrieval.vectors import ChromaVectors, ExactVectors
from retrieval.words import STEMMERS, Words

EMBEDDER = FakeEmbedder()


@dataclass
class Backend:
    """A searcher that is asked in words, whatever it searches by."""

    apply: Callable[[Sequence[Entry], Sequence[str]], None]
    search: Callable[..., list[Ranked]]
    count: Callable[[], int]

    def ids(self, question: str, k: int = 10, where: Filter = Filter()) -> list[str]:  # noqa: B008
        return [hit.passage_id for hit in self.search(question, k, where)]


class _Exact:
    """`ExactVectors` over a dictionary, which stands in for the record."""

    def __init__(self) -> None:
        self.held: dict[str, Entry] = {}
        self.changes = 0
        self.searcher = ExactVectors(self.load, lambda: self.changes)

    def load(self) -> tuple[list[Entry], np.ndarray]:
        entries = [self.held[name] for name in sorted(self.held)]
        vectors = [e.vector for e in entries if e.vector is not None]
        return entries, np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)

    def apply(self, entries: Sequence[Entry], drops: Sequence[str]) -> None:
        self.changes += 1
        for name in drops:
            self.held.pop(name, None)
        self.held |= {entry.id: entry for entry in entries}


@pytest.fixture(params=["words", "chroma", "exact"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    if request.param == "words":
        words = Words(tmp_path / "words", "library")
        yield Backend(words.apply, words.search, words.count)
    elif request.param == "chroma":
        vectors = ChromaVectors(tmp_path / "vectors", "library", EMBEDDER.fingerprint)
        assert vectors.take()
        yield Backend(vectors.apply, _by_vector(vectors.search), vectors.count)
        vectors.close()
    else:
        exact = _Exact()
        yield Backend(exact.apply, _by_vector(exact.searcher.search), lambda: len(exact.held))


def _by_vector(search: Callable[..., list[Ranked]]) -> Callable[..., list[Ranked]]:
    return lambda question, *rest: search(EMBEDDER.embed([question])[0], *rest)


def entry(name: str, text: str, **changes: object) -> Entry:
    made = Entry(
        id=name,
        document_id="s/original/text",
        source_id="s",
        rendition="original",
        origin="added",
        language="en",
        title="",
        head="",
        text=text,
        is_record=False,
        first_day=None,
        last_day=None,
        vector=EMBEDDER.embed([text])[0],
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_the_nearest_comes_first(backend: Backend) -> None:
    backend.apply(
        [
            entry("a", "lithium mining in the north"),
            entry("b", "recycling of old cells"),
            entry("c", "lithium recycling plant for cells"),
        ],
        [],
    )
    hits = backend.search("recycling of cells", 10)
    assert hits[0].passage_id == "b"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert backend.ids("recycling of cells", 1) == ["b"]


def test_an_empty_index_finds_nothing(backend: Backend) -> None:
    backend.apply([], [])
    assert backend.ids("anything") == []
    assert backend.ids("anything", where=Filter(sources=("s",))) == []


@pytest.mark.parametrize("k", [0, -1])
def test_no_hits_are_wanted(backend: Backend, k: int) -> None:
    backend.apply([entry("a", "lithium")], [])
    assert backend.ids("lithium", k) == []


def test_a_replaced_passage_is_found_by_its_new_text_once(backend: Backend) -> None:
    backend.apply([entry("a", "lithium"), entry("b", "cobalt")], [])
    backend.apply([entry("a", "nickel")], ["b", "never there"])
    assert backend.count() == 1
    assert backend.ids("nickel") == ["a"]
    assert backend.search("nickel", 5)[0].score > max(
        (hit.score for hit in backend.search("lithium", 5)), default=-1.0
    )


def test_ties_are_broken_by_id(backend: Backend) -> None:
    names = [f"n{n:03}" for n in range(60)]
    for some in (names[40:], names[:20], names[20:40]):
        backend.apply([entry(name, "the same text") for name in some], [])
    assert backend.ids("same text", 20) == names[:20]


def test_ids_may_hold_any_character(backend: Backend) -> None:
    names = ["león/original/text", "a b", "日本語", "x'\"y", "a:b(c)"]
    backend.apply([entry(name, f"word{n}", source_id=name) for n, name in enumerate(names)], [])
    for n, name in enumerate(names):
        assert backend.ids(f"word{n}", 1) == [name]
        assert backend.ids(f"word{n}", where=Filter(sources=(name,))) == [name]
    backend.apply([], names[:3])
    assert backend.count() == 2


_FILTERED = [
    (Filter(), {"a", "b", "c", "d"}),
    (Filter(sources=("one",)), {"a", "b"}),
    (Filter(sources=("one", "two")), {"a", "b", "c", "d"}),
    (Filter(sources=("none",)), set()),
    (Filter(documents={"two/digest"}), {"d"}),
    (Filter(renditions=(Rendition.DIGEST,)), {"b", "d"}),
    (Filter(origins=[Origin.BUNDLED]), {"c"}),
    (Filter(exclude_records=True), {"a", "b", "c"}),
    (Filter(as_of_from=date(2020, 7, 1)), {"b", "c"}),
    (Filter(as_of_to=date(2020, 6, 30)), {"a", "b"}),
    (Filter(as_of_from=date(2020, 6, 1), as_of_to=date(2020, 6, 2)), {"b"}),
    (Filter(sources=("one",), renditions=(Rendition.DIGEST,), exclude_records=True), {"b"}),
]


@pytest.mark.parametrize(("where", "expected"), _FILTERED)
def test_filters(backend: Backend, where: Filter, expected: set[str]) -> None:
    backend.apply(
        [
            entry("a", "lithium", source_id="one", first_day=20190101, last_day=20191231),
            entry(
                "b", "lithium", source_id="one", rendition="digest",
                first_day=20200101, last_day=20201231,
            ),
            entry(
                "c", "lithium", source_id="two", origin="bundled",
                first_day=20200701, last_day=20200731,
            ),
            entry(
                "d", "lithium", source_id="two", rendition="digest", document_id="two/digest",
                is_record=True,
            ),
        ],
        [],
    )  # fmt: skip
    assert set(backend.ids("lithium", where=where)) == expected


def test_a_filter_reaches_what_is_far_down_the_ranking(backend: Backend) -> None:
    backend.apply([entry(f"n{n:04}", f"lithium cells {n}") for n in range(600)], [])
    backend.apply([entry("wanted", "lithium and many other things as well", source_id="rare")], [])
    assert backend.ids("lithium cells", 3, Filter(sources=("rare",))) == ["wanted"]


# --- words only ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    index = Words(tmp_path_factory.mktemp("words"), "library")
    index.apply(
        [
            entry("leon", "Castilla y León joined in 2018."),
            entry("stem", "The regions are cooperating on batteries."),
            entry("es", "Las baterías de las regiones españolas", language="es"),
            entry("de", "Die Größe der Straßen in Österreich", language="de-AT"),
            entry("pl", "Śląskie województwo", language="pl"),
            entry("head", "Nothing else.", head="Thematic areas > Coordinators"),
            entry("title", "Nothing more.", title="Annual monitoring"),
        ],
        [],
    )
    return index


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Leon", "leon"),
        ("LEÓN?", "leon"),
        ("Le\u0301on".replace("Le\u0301on", "León"), "leon"),
        ("cooperation battery", "stem"),
        ("bateria española", "es"),
        ("batería", "es"),
        ("grösse strasse", "de"),
        ("Österreich", "de"),
        ("osterreich", "de"),
        ("slaskie", "pl"),
        ("coordinator", "head"),
        ("monitoring", "title"),
    ],
)
def test_words_meet_over_accents_and_endings(words: Words, question: str, expected: str) -> None:
    assert words.search(question, 3)[0].passage_id == expected


@pytest.mark.parametrize("code", sorted(STEMMERS))
def test_every_language_has_its_stemmer(tmp_path: Path, code: str) -> None:
    index = Words(tmp_path / "words", "library")
    index.apply([entry("a", "information", language=code)], [])
    assert [hit.passage_id for hit in index.search("Information", 3)] == ["a"]


@pytest.mark.parametrize("question", ["", " ", "?!", "\x00", "()", "™"])
def test_a_question_without_words_finds_nothing(words: Words, question: str) -> None:
    assert words.search(question, 3) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
@example('regions" AND (title:x OR -y) ^3 ~2 [a TO b] {c} *:* \\')
@example("id:leon")
@example("NOT regions")
@example("/re.gex/ reg*")
@example("\ud800" if False else "\u202eregions\u0000")
@example("a" * 5000)
@example(" ".join(f"word{n}" for n in range(3000)))
def test_any_text_is_a_question(words: Words, question: str) -> None:
    hits = words.search(question, 5)
    assert len(hits) <= 5


def test_query_syntax_has_no_power(words: Words) -> None:
    assert words.search("source:s", 5) == []
    assert words.search("NOT regions", 5)[0].passage_id == "stem"


def test_slovene_words_meet_in_their_stems(tmp_path: Path) -> None:
    words = Words(tmp_path / "words", "library")
    words.apply([entry("a", "Regije sodelujejo v projektih", language="sl")], [])
    assert [hit.passage_id for hit in words.search("projekti regij", 5)] == ["a"]
    assert [hit.passage_id for hit in words.search("projekti regij", 5, language="sl")] == ["a"]
    assert words.search("projekti regij", 5, language="en") == []
