"""Whatever happens to the indexes, or between the record and them, the library is whole again."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import FakeEmbedder, make_document

from corpus.model import Document, Passage
from retrieval.library import Library
from retrieval.model import Change, Mended

TEXTS = [f"passage {n} tells of topic{n % 7} and region{n % 11}" for n in range(60)]
QUESTION = "topic3 region5"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed library with two sources, whose indexes are whole."""
    with opened(tmp_path / "library") as library:
        library.put(*make_document("s", TEXTS))
        library.put(*make_document("t", ["another thing"]))
        library.search(QUESTION)
    return tmp_path / "library"


def opened(folder: Path, embedder: FakeEmbedder | None = None) -> Library:
    return Library.open(folder, embedder or FakeEmbedder())


def answers(library: Library) -> list[tuple[str, int | None, int | None]]:
    return [(h.passage.id, h.word_rank, h.dense_rank) for h in library.search(QUESTION, 5)]


@pytest.fixture
def right(folder: Path) -> list[tuple[str, int | None, int | None]]:
    with opened(folder) as library:
        return answers(library)


def _remove(*patterns: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for pattern in patterns:
            for path in folder.glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    return damage


def _scramble(pattern: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        paths = list(folder.glob(pattern))
        assert paths
        for path in paths:
            path.write_bytes(bytes((byte * 7 + 13) % 256 for byte in path.read_bytes()))

    return damage


def _truncate(pattern: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for path in folder.glob(pattern):
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return damage


def _state_of_another_library(folder: Path) -> None:
    state = json.loads((folder / "words" / "state.json").read_text())
    (folder / "words" / "state.json").write_text(json.dumps(state | {"library": "other"}))


def _state_from_the_future(folder: Path) -> None:
    state = json.loads((folder / "words" / "state.json").read_text())
    (folder / "words" / "state.json").write_text(json.dumps(state | {"seq": 10_000}))


DAMAGES = {
    "words gone": _remove("words"),
    "words state gone": _remove("words/state.json"),
    "words state scrambled": _scramble("words/state.json"),
    "words of another library": _state_of_another_library,
    "words from the future": _state_from_the_future,
    "words meta scrambled": _scramble("words/meta.json"),
    "words meta gone": _remove("words/meta.json"),
    "words terms scrambled": _scramble("words/*.term"),
    "words postings scrambled": _scramble("words/*.idx"),
    "words store truncated": _truncate("words/*.store"),
    "words segment gone": _remove("words/*.idx", "words/*.store"),
    "vectors gone": _remove("vectors"),
    "vectors and notes gone": _remove("vectors", "vectors.json", "*.lock"),
    "vectors database scrambled": _scramble("vectors/chroma.sqlite3"),
    "vectors database truncated": _truncate("vectors/chroma.sqlite3"),
    "vectors database gone": _remove("vectors/chroma.sqlite3"),
    "both gone": _remove("words", "vectors"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_indexes_are_made_anew(
    folder: Path, right: list[tuple[str, int | None, int | None]], damage: Callable[[Path], None]
) -> None:
    damage(folder)
    embedder = FakeEmbedder()
    with opened(folder, embedder) as library:
        assert answers(library) == right
        assert len(embedder.texts) == 1  # the question: no passage is embedded again
        assert library.status().healthy


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library so large that Chroma keeps its graph in files (over 1,000 vectors)."""
    folder = tmp_path_factory.mktemp("large") / "library"
    with opened(folder) as library:
        library.put(*make_document("s", [f"{TEXTS[n % 60]} number{n}" for n in range(1300)]))
        library.search(QUESTION)
    return folder


@pytest.mark.parametrize(
    "damage",
    [
        _remove("vectors/*/"),
        _scramble("vectors/*/data_level0.bin"),
        _scramble("vectors/*/header.bin"),
        _scramble("vectors/*/index_metadata.pickle"),
        _truncate("vectors/*/*.bin"),
    ],
)
def test_a_damaged_graph_is_made_anew(
    large: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    with opened(large) as library:
        right = answers(library)
    shutil.copytree(large, tmp_path / "library")
    damage(tmp_path / "library")
    with opened(tmp_path / "library") as library:
        assert answers(library) == right
        assert library.status().healthy


# --- interrupted changes ------------------------------------------------------------------------


class Killed(BaseException):
    """Stands for the process ending at some instant."""


def _kill(*_: object, **__: object) -> None:
    raise Killed


INSTANTS = [
    "retrieval.words.Words.apply",
    "retrieval.words.Words.settle",
    "retrieval.vectors.ChromaVectors.apply",
    "retrieval.vectors.ChromaVectors.settle",
]
NEW: tuple[Document, list[Passage]] = make_document("s", [*TEXTS[:30], "a new one on topic3"])


def changed(library: Library) -> bool:
    return library.document("s/original/text/plain") == NEW[0]


@pytest.mark.parametrize("instant", INSTANTS)
def test_a_crash_after_the_commit_leaves_the_new_state(
    folder: Path, monkeypatch: pytest.MonkeyPatch, instant: str
) -> None:
    library = opened(folder)
    with monkeypatch.context() as patch:
        patch.setattr(instant, _kill)
        with pytest.raises(Killed):
            library.put(*NEW)
        _abandon(library)
    with opened(folder) as again:
        assert changed(again)
        assert {h.passage.text for h in again.search("new topic3", 50)} <= {
            p.text for p in [*NEW[1], *again.passages("t/original/text/plain")]
        }
        assert again.search("a new one on topic3")[0].passage == NEW[1][-1]
        assert again.status().healthy
        assert again.mend() == Mended()


@pytest.mark.parametrize(
    "instant",
    [
        "retrieval.store.Store._put_passage",
        "retrieval.store.Store._drop",
        "fakes.FakeEmbedder.embed",
    ],
)
def test_a_crash_before_the_commit_leaves_the_old_state(
    folder: Path, monkeypatch: pytest.MonkeyPatch, instant: str
) -> None:
    library = opened(folder)
    right = answers(library)
    with monkeypatch.context() as patch:
        patch.setattr(instant, _kill)
        with pytest.raises(Killed):
            library.put(*NEW)
        _abandon(library)
    with opened(folder) as again:
        assert not changed(again)
        assert answers(again) == right
        assert again.status().healthy
        assert again.put(*NEW) is Change.REPLACED


@pytest.mark.parametrize("instant", INSTANTS)
def test_a_crash_while_removing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, instant: str
) -> None:
    library = opened(folder)
    with monkeypatch.context() as patch:
        patch.setattr(instant, _kill)
        with pytest.raises(Killed):
            library.remove_source("s")
        _abandon(library)
    with opened(folder) as again:
        assert [h.passage.text for h in again.search(QUESTION)] == ["another thing"]
        assert again.status().healthy


def _abandon(library: Library) -> None:
    """Let go of the locks as the end of a process would, without tidying up."""
    library._indexes._vectors._disconnect()
    library._indexes._vectors._owner.release(force=True)
    library._store.close()


def test_embedding_goes_on_where_it_was_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, passages = make_document("s", [f"text {n}" for n in range(600)])

    def stop(done: int, _: int) -> None:
        if done > 300:
            raise Killed

    with opened(tmp_path) as library, pytest.raises(Killed):
        library.put(document, passages, stop)
    embedder = FakeEmbedder()
    with opened(tmp_path, embedder) as library:
        assert library.documents() == []
        library.put(document, passages)
        assert len(embedder.texts) == 600 - 256


# --- another embedder ---------------------------------------------------------------------------


@pytest.fixture
def switched(folder: Path) -> Iterator[tuple[Library, FakeEmbedder]]:
    embedder = FakeEmbedder(dimensions=32, name="other")
    with opened(folder, embedder) as library:
        yield library, embedder


def test_another_embedder_starts_with_words_only(
    switched: tuple[Library, FakeEmbedder],
) -> None:
    library, embedder = switched
    assert library.unembedded() == len(TEXTS) + 1
    assert embedder.texts == []
    status = library.status()
    assert (status.vectors, status.healthy) == (0, False)
    assert all(hit.dense_rank is None for hit in library.search(QUESTION))


def test_mending_embeds_what_the_new_embedder_has_not(
    switched: tuple[Library, FakeEmbedder], folder: Path
) -> None:
    library, embedder = switched
    seen: list[tuple[int, int]] = []
    mended = library.mend(lambda done, total: seen.append((done, total)))
    assert mended.embedded == len(TEXTS) + 1
    assert seen[-1] == (61, 61)
    assert library.status().healthy
    assert library.search(QUESTION)[0].dense_rank is not None
    assert library.mend() == Mended()
    library.close()
    first = FakeEmbedder()
    with opened(folder, first) as back:  # its vectors are still on record
        assert back.unembedded() == 0
        assert back.search_dense(QUESTION)
        assert back.status().healthy
        assert first.texts == [QUESTION]
    assert embedder.dimensions == 32


def test_a_put_under_another_embedder_reaches_the_words(
    switched: tuple[Library, FakeEmbedder],
) -> None:
    library, _ = switched
    library.put(*make_document("u", ["fresh topic3"]))
    assert library.search_dense("fresh")[0].passage_id
    assert library.unembedded() == len(TEXTS) + 1
