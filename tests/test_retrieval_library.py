"""The library as the rest of the program uses it."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from fakes import FakeEmbedder, make_document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import LibraryBusy, LibraryError, UnknownSource
from corpus.model import Origin, Rendition, Source
from corpus.values import PartialDate
from retrieval import locking
from retrieval.library import Library
from retrieval.model import Change, Filter, Removal, StoredRecord, Weights
from retrieval.ranking import OUTSIDE

LITHIUM = "Lithium is mined in León."
CELLS = "Old cells are recycled in Wallonia."


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture
def library(tmp_path: Path, embedder: FakeEmbedder) -> Iterator[Library]:
    with Library.open(tmp_path / "library", embedder) as opened:
        yield opened


def texts(library: Library, question: str, where: Filter = Filter()) -> list[str]:  # noqa: B008
    return [hit.passage.text for hit in library.search(question, where=where)]


def test_what_is_put_in_comes_back_whole(library: Library) -> None:
    document, passages = make_document("s", [LITHIUM, CELLS], title="On cells", date="2020-07")
    document = replace(
        document,
        page_count=3,
        warnings=("page 2 is a picture",),
        source=replace(document.source, aliases=("cells", "zelle")),
    )
    passages = [
        replace(p, heading_path=("A", "B"), lead="For example:", page=2, page_end=3,
                as_of=PartialDate.parse("2020-01-29/2020-01-30"), section="A > B", language="es")
        for p in passages
    ]  # fmt: skip
    assert library.put(document, passages) is Change.ADDED
    assert library.document(document.id) == document
    assert library.documents() == library.documents("s") == [document]
    assert library.sources() == [document.source]
    assert library.source("s") == document.source
    assert library.passages(document.id) == passages
    assert library.passage(passages[1].id) == passages[1]
    assert library.search("recycled cells")[0].passage == passages[1]


def test_what_is_held_can_be_listed_without_its_text(library: Library) -> None:
    original, passages = make_document("s", [LITHIUM, CELLS])
    original = replace(original, page_count=3, warnings=("page 2 is a picture",))
    library.put(original, passages)
    library.put(*make_document("s", [CELLS], rendition=Rendition.DIGEST, origin=Origin.BUNDLED))
    first, second = library.holdings()
    assert (first.document_id, first.source_id, first.path) == (original.id, "s", "s.txt")
    assert (first.page_count, first.warnings, first.passages) == (3, ("page 2 is a picture",), 2)
    assert (second.rendition, second.origin) == (Rendition.DIGEST, Origin.BUNDLED)
    assert second.passages == 1
    library.remove_source("s")
    assert library.holdings() == []


def test_what_is_not_held(library: Library) -> None:
    assert library.documents() == []
    assert library.documents("s") == []
    assert library.document("s") is None
    assert library.source("s") is None
    assert library.passage("s") is None
    assert library.passages("s") == []
    assert library.search("anything") == []


def test_a_hit_says_how_each_leg_found_it(library: Library) -> None:
    library.put(*make_document("s", [LITHIUM, CELLS]))
    best, other = library.search("lithium mined in leon")
    assert best.passage.text == LITHIUM
    assert (best.word_rank, best.dense_rank) == (1, 1)
    assert best.word_score is not None
    assert best.word_score > 0
    assert best.similarity is not None
    assert 0 < best.similarity <= 1
    assert best.score == pytest.approx(1.8 / 11)
    assert other.score == pytest.approx(1.8 / 12)


def test_similarity_is_the_cosine(library: Library, embedder: FakeEmbedder) -> None:
    library.put(*make_document("s", [LITHIUM, CELLS]))
    vectors = embedder.embed(["cells in León", LITHIUM])
    found = {library.passage(h.passage_id): h.score for h in library.search_dense("cells in León")}
    expected = float(vectors[0] @ vectors[1])
    assert next(s for p, s in found.items() if p and p.text == LITHIUM) == pytest.approx(
        expected, abs=1e-4
    )


def test_a_leg_without_weight_is_not_asked(library: Library, embedder: FakeEmbedder) -> None:
    library.put(*make_document("s", [LITHIUM, CELLS]))
    calls = embedder.calls
    hits = library.search("lithium", weights=Weights(dense=0))
    assert [hit.passage.text for hit in hits] == [LITHIUM]
    assert hits[0].similarity is None
    assert embedder.calls == calls
    only_dense = library.search("lithium", weights=Weights(words=0))
    assert all(hit.word_rank is None for hit in only_dense)


def test_unchanged_content_is_not_embedded_again(library: Library, embedder: FakeEmbedder) -> None:
    document, passages = make_document("s", [LITHIUM, CELLS])
    library.put(document, passages)
    calls = embedder.calls
    assert library.put(document, passages) is Change.UNCHANGED
    moved = replace(document, path="elsewhere.txt")
    assert library.put(moved, passages) is Change.UNCHANGED
    assert embedder.calls == calls


def test_a_changed_document_replaces_its_old_version(
    library: Library, embedder: FakeEmbedder
) -> None:
    library.put(*make_document("s", [LITHIUM, CELLS]))
    old = library.passages("s/original/text/plain")
    embedder.texts.clear()
    assert library.put(*make_document("s", [LITHIUM, "Nickel is refined."])) is Change.REPLACED
    assert embedder.texts == ["Nickel is refined."]
    assert set(texts(library, "cells recycled nickel lithium")) == {LITHIUM, "Nickel is refined."}
    assert library.passage(old[1].id) is None
    for leg in (library.search_words, library.search_dense):
        assert old[1].id not in [hit.passage_id for hit in leg("old cells recycled in wallonia")]
    assert library.status().vectors == 2


def test_the_same_content_cut_otherwise_is_replaced(library: Library) -> None:
    document, passages = make_document("s", [LITHIUM, CELLS])
    library.put(document, passages)
    whole = replace(passages[0], end=len(document.text), text=document.text)
    assert library.put(document, [whole]) is Change.REPLACED
    assert texts(library, "lithium") == [document.text]
    dated = replace(whole, as_of=PartialDate.parse("2019"))
    assert library.put(document, [dated]) is Change.REPLACED
    assert texts(library, "lithium", Filter(as_of_to=date(2019, 12, 31))) == [document.text]


def test_renditions_and_formats_of_a_source_live_side_by_side(library: Library) -> None:
    library.put(*make_document("s", [LITHIUM]))
    library.put(*make_document("s", [CELLS], rendition=Rendition.DIGEST, origin=Origin.BUNDLED))
    library.put(*make_document("s", [LITHIUM], media_type="application/pdf"))
    assert len(library.documents("s")) == 3
    assert len(library.sources()) == 1
    assert texts(library, "lithium cells", Filter(renditions=(Rendition.DIGEST,))) == [CELLS]
    assert library.remove_document("s/digest/text/plain") == Removal(1, 1)
    assert library.remove_document("s/digest/text/plain") == Removal(0, 0)
    assert len(library.documents("s")) == 2
    assert texts(library, "cells recycled wallonia", Filter(renditions=(Rendition.DIGEST,))) == []


def test_news_of_a_source_reach_the_indexes(library: Library, embedder: FakeEmbedder) -> None:
    document, passages = make_document("s", [LITHIUM])
    library.put(document, passages)
    library.put(*make_document("s", [CELLS], rendition=Rendition.DIGEST))
    calls = embedder.calls
    news = replace(document.source, title="Zeppelin", date=PartialDate.parse("2018"))
    assert library.put(replace(document, source=news), passages) is Change.UNCHANGED
    assert embedder.calls == calls
    assert library.sources() == [news]
    assert {hit.passage_id for hit in library.search_words("zeppelin")} == {
        p.id for d in library.documents() for p in library.passages(d.id)
    }
    early = Filter(as_of_to=date(2018, 12, 31))
    assert len(library.search_dense("lithium", where=early)) == 2
    assert library.status().healthy
    library.put_source(Source(id="unknown", title="x"))
    assert library.source("unknown") is None


def test_a_removed_source_answers_nothing(library: Library, tmp_path: Path) -> None:
    library.put(*make_document("s", [LITHIUM, "lithium again"]))
    library.put(*make_document("t", [CELLS]))
    assert library.remove_source("s") == Removal(documents=1, passages=2)
    assert texts(library, LITHIUM) == [CELLS]
    assert [s.id for s in library.sources()] == ["t"]
    assert library.removed_sources() == frozenset()
    status = library.status()
    assert (status.passages, status.vectors, status.healthy) == (1, 1, True)
    library.close()
    # Nothing of it is left on the disk either.
    for path in (tmp_path / "library").glob("library.sqlite3*"):
        assert b"lithium again" not in path.read_bytes()


def test_a_removed_bundled_source_is_remembered(library: Library) -> None:
    library.put(*make_document("s", [LITHIUM], origin=Origin.BUNDLED))
    library.remove_source("s")
    assert library.removed_sources() == {"s"}
    library.restore_source("s")
    assert library.removed_sources() == frozenset()


def test_removing_what_is_not_there(library: Library) -> None:
    with pytest.raises(UnknownSource, match="no source nowhere"):
        library.remove_source("nowhere")


def test_a_removal_that_an_index_ignores_is_noticed(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.put(*make_document("s", [LITHIUM]))
    monkeypatch.setattr(library._indexes, "follow", lambda: None)
    with pytest.raises(LibraryError, match="still in an index"):
        library.remove_source("s")
    assert library.search("lithium") == []  # and yet it answers nothing
    assert library.status().healthy


def test_passages_must_be_pieces_of_their_document(library: Library) -> None:
    document, passages = make_document("s", [LITHIUM])
    with pytest.raises(ValueError, match="not a piece"):
        library.put(document, [replace(passages[0], text="other")])
    with pytest.raises(ValueError, match="not a piece"):
        library.put(document, [replace(passages[0], document_id="t")])
    assert library.documents() == []


def test_progress_counts_what_is_embedded(library: Library) -> None:
    seen: list[tuple[int, int]] = []
    document, passages = make_document("s", [f"text {n}" for n in range(600)])
    library.put(document, passages, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (600, 600)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {total for _, total in seen} == {600}


def test_two_thousand_passages_take_seconds(library: Library) -> None:
    document, passages = make_document("s", [f"text {n} topic {n % 17}" for n in range(2000)])
    began = time.perf_counter()
    library.put(document, passages)
    library.search("topic 5")
    assert time.perf_counter() - began < 20
    assert library.status().vectors == 2000


def test_an_empty_document_is_held(library: Library) -> None:
    document, _ = make_document("s", [])
    assert library.put(document, []) is Change.ADDED
    assert library.put(document, []) is Change.UNCHANGED
    assert library.remove_source("s") == Removal(1, 0)


def test_the_same_text_twice_is_embedded_once(library: Library, embedder: FakeEmbedder) -> None:
    library.put(*make_document("s", [LITHIUM, LITHIUM]))
    library.put(*make_document("t", [LITHIUM]))
    assert embedder.texts == [LITHIUM]
    assert len(library.search_words("lithium")) == 3
    library.remove_source("s")
    assert texts(library, "lithium") == [LITHIUM]
    assert library.status().healthy


def test_records_are_kept_in_order(library: Library) -> None:
    rows = [
        StoredRecord("region", "z", '{"name": "León"}'),
        StoredRecord("region", "a", "{}"),
        StoredRecord("event", "a", "{}"),
    ]
    library.replace_records(rows)
    assert library.records() == rows
    assert library.records("event") == rows[2:]
    assert library.status().records == {"event": 1, "region": 2}
    library.replace_records(rows[:1])
    assert library.records() == rows[:1]


def test_notes_are_kept(library: Library, tmp_path: Path, embedder: FakeEmbedder) -> None:
    assert library.note("bundled") is None
    library.set_note("bundled", "abc")
    library.close()
    with Library.open(tmp_path / "library", embedder) as again:
        assert again.note("bundled") == "abc"


def test_questions_are_embedded_once(library: Library, embedder: FakeEmbedder) -> None:
    library.put(*make_document("s", [LITHIUM]))
    calls = embedder.calls
    first = library.search("lithium")
    assert library.search("lithium") == first
    assert embedder.calls == calls + 1


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(question=st.text(max_size=80))
def test_any_text_is_a_question(library: Library, question: str) -> None:
    library.put(*make_document("s", [LITHIUM, CELLS]))
    assert len(library.search(question, 3)) <= 2


def test_a_newer_library_is_refused(tmp_path: Path, embedder: FakeEmbedder) -> None:
    folder = tmp_path / "library"
    Library.open(folder, embedder).close()
    with sqlite3.connect(folder / "library.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(LibraryError, match="newer version") as caught:
        Library.open(folder, embedder)
    assert "--data-dir" in caught.value.remedy


def test_a_file_that_is_no_library_is_refused(tmp_path: Path, embedder: FakeEmbedder) -> None:
    (tmp_path / "library.sqlite3").write_bytes(b"not a database at all" * 100)
    with pytest.raises(LibraryError, match="cannot be used"):
        Library.open(tmp_path, embedder)


def test_a_folder_that_cannot_be_made(tmp_path: Path, embedder: FakeEmbedder) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(LibraryError, match="cannot be made"):
        Library.open(tmp_path / "file" / "library", embedder)


def test_a_second_writer_is_told_to_wait(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "PATIENCE", 0.05)
    with (
        Library.open(tmp_path / "library", FakeEmbedder()) as other,
        library._writer,
        pytest.raises(LibraryBusy) as caught,
    ):
        other.put(*make_document("s", [LITHIUM]))
    assert caught.value.retry


def test_threads_search_while_one_writes(library: Library) -> None:
    library.put(*make_document("s", [LITHIUM]))
    errors: list[BaseException] = []
    done = False

    def ask() -> None:
        try:
            while not done:
                assert LITHIUM in texts(library, "lithium mined in leon")
        except BaseException as error:
            errors.append(error)

    threads = [Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(8):
        library.put(*make_document(f"t{n}", [f"{CELLS} {n}"]))
        if n % 2:
            library.remove_source(f"t{n}")
    done = True
    for thread in threads:
        thread.join()
    assert errors == []
    assert library.status().healthy


def test_searching_by_words_loads_neither_model_nor_chroma(
    tmp_path: Path, embedder: FakeEmbedder
) -> None:
    with Library.open(tmp_path, embedder) as library:
        library.put(*make_document("s", [LITHIUM]))
    code = f"""
import sys, time
from pathlib import Path
from retrieval.embedder import SentenceTransformerEmbedder
from retrieval.library import Library
began = time.perf_counter()
with Library.open(Path({str(tmp_path)!r}), SentenceTransformerEmbedder()) as library:
    assert library.search_words("lithium")
took = time.perf_counter() - began
assert took < 0.5, took
assert not {{"torch", "chromadb", "transformers"}} & set(sys.modules)
"""

    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent)


GERMAN = "Der Bergbau liefert das Lithium."
GERMAN_TOO = "Batterien werden in der Fabrik gebaut."


def test_the_dense_leg_hardly_counts_in_languages_that_the_embedder_lacks(
    library: Library,
) -> None:
    # FakeEmbedder knows English. It finds both by their words; BM25 prefers the shorter one.
    library.put(*make_document("s", [GERMAN, f"{GERMAN_TOO} Lithium"], language="de"))
    by_words = [hit.passage_id for hit in library.search_words("Bergbau Lithium", language="de")]
    for language in ("de", "en"):  # the passages are German, whatever the question is
        hits = library.search("Bergbau Lithium", language=language)
        assert [hit.passage.id for hit in hits] == by_words
        assert hits[0].score == pytest.approx((1 + 0.8 * OUTSIDE) / 11)
    assert library.search("Bergbau", weights=Weights(words=0))  # better than nothing


def test_an_embedder_of_unknown_languages_counts_in_all(library: Library) -> None:
    library.put(*make_document("s", [GERMAN], language="de"))
    library.embedder.spoken = frozenset()  # type: ignore[attr-defined]
    assert library.search("Lithium", language="fi")[0].score == pytest.approx(1.8 / 11)
    library.embedder.spoken = frozenset({"de", "fi"})  # type: ignore[attr-defined]
    assert library.search("Lithium", language="fi")[0].score == pytest.approx(1.8 / 11)
    assert library.search("Lithium", language="en")[0].score < 1.1 / 11


def test_words_of_another_language_do_not_count_as_rare_ones(library: Library) -> None:
    english = ["The lithium mine is old.", "A lithium mine closes.", "One more lithium mine."] * 2
    library.put(*make_document("s", english))
    library.put(*make_document("t", ["Mine"], language="fr"))
    hits = library.search_words("mines", language="en")
    assert [library.passage(hit.passage_id).language for hit in hits[:3]] == ["en"] * 3  # type: ignore[union-attr]
