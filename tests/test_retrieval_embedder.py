"""The real model: its check, its numbers, and that it needs no network."""

import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from corpus.errors import EmbedderError
from retrieval import embedder as module
from retrieval.embedder import SentenceTransformerEmbedder, default_folder
from retrieval.model import Vectors


@pytest.fixture(scope="module")
def minilm() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the model's folder that takes the default's place and may be broken."""
    folder = tmp_path / "model"
    shutil.copytree(default_folder(), folder, copy_function=_linked)
    monkeypatch.setattr(module, "default_folder", lambda: folder)
    return folder


def _linked(source: str, target: str) -> None:
    Path(target).symlink_to(source)


def test_what_it_says_of_itself(minilm: SentenceTransformerEmbedder) -> None:
    assert minilm.dimensions == 384
    assert minilm.max_tokens == 256
    assert minilm.languages == {"en"}
    assert minilm.fingerprint.startswith("all-MiniLM-L6-v2-")
    assert minilm.fingerprint == SentenceTransformerEmbedder().fingerprint
    assert 3 <= len(minilm.fingerprint) <= 60


def test_all_but_embedding_does_without_torch() -> None:
    code = (
        "import sys; from retrieval.embedder import SentenceTransformerEmbedder as E; e = E();"
        "e.fingerprint, e.dimensions, e.count_tokens('some words');"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent)


def test_tokens_are_counted_with_their_marks_and_never_cut(
    minilm: SentenceTransformerEmbedder,
) -> None:
    assert minilm.count_tokens("") == 2
    assert minilm.count_tokens("battery") == 3
    assert minilm.count_tokens("battery " * 1000) == 1002


def test_tokens_are_counted_by_many_threads_at_once(minilm: SentenceTransformerEmbedder) -> None:
    counts: list[int] = []
    threads = [
        Thread(target=lambda: counts.append(minilm.count_tokens("a battery " * 200)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [402] * 8


def test_no_texts_give_no_vectors(minilm: SentenceTransformerEmbedder) -> None:
    assert minilm.embed([]).shape == (0, 384)


@pytest.mark.slow
def test_vectors_of_the_published_model(minilm: SentenceTransformerEmbedder) -> None:
    texts = [
        "A man is eating food.",
        "A man is eating a piece of bread.",
        "A cheetah is running behind its prey.",
        "Someone rides a horse. " * 200,
    ]
    seen: list[tuple[int, int]] = []
    vectors = minilm.embed(texts * 3, lambda done, total: seen.append((done, total)))
    assert vectors.dtype == np.float32
    assert vectors.shape == (12, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] == pytest.approx(0.755, abs=0.01)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert seen == [(8, 12), (12, 12)]
    # The order and the company of a text change nothing that matters.
    np.testing.assert_allclose(vectors[:4], vectors[4:8], atol=1e-5)
    alone = minilm.embed([texts[2]])
    np.testing.assert_allclose(alone[0], vectors[2], atol=1e-5)
    assert np.array_equal(alone, minilm.embed([texts[2]]))


@pytest.mark.slow
def test_the_kept_graph_gives_the_vectors_of_the_model_without_torch(
    minilm: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    texts = ["A man is eating food.", "", "x", "Someone rides a horse. " * 200, "Où est-il ? 電池"]
    kept = tmp_path / "models"
    vectors = SentenceTransformerEmbedder(kept=kept).embed(texts)
    np.testing.assert_allclose(vectors, minilm.embed(texts), atol=1e-5)
    (graph,) = kept.iterdir()  # nothing half-made is left beside it
    assert graph.name == f"{minilm.fingerprint}.onnx"
    code = (
        "import sys; from pathlib import Path; import numpy;"
        "from retrieval.embedder import SentenceTransformerEmbedder as E;"
        f"numpy.save(sys.argv[2], E(kept=Path(sys.argv[1])).embed({texts!r}));"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)"
    )
    again = tmp_path / "again.npy"
    command = [sys.executable, "-c", code, str(kept), str(again)]
    subprocess.run(command, check=True, cwd=Path(__file__).parent.parent)
    assert np.array_equal(np.load(again), vectors)


def test_a_damaged_graph_is_named(tmp_path: Path) -> None:
    embedder = SentenceTransformerEmbedder(kept=tmp_path)
    graph = tmp_path / f"{embedder.fingerprint}.onnx"
    graph.write_bytes(b"something else")
    with pytest.raises(EmbedderError, match=graph.name) as caught:
        embedder.embed(["a"])
    assert "made anew" in caught.value.remedy


@pytest.mark.slow
def test_a_folder_in_which_nothing_can_be_kept_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(EmbedderError, match="cannot be kept"):
        SentenceTransformerEmbedder(kept=tmp_path / "models").embed(["a"])


def test_altered_weights_are_refused(copied: Path) -> None:
    (copied / "model.safetensors").unlink()
    (copied / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(EmbedderError, match="not the published model") as caught:
        SentenceTransformerEmbedder().embed(["a"])
    assert "pip install" in caught.value.remedy


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "modules.json"])
def test_missing_files_are_named(copied: Path, name: str) -> None:
    (copied / name).unlink()

    def use() -> None:
        embedder = SentenceTransformerEmbedder()
        embedder.count_tokens("a")
        embedder.embed(["a"])

    with pytest.raises(EmbedderError) as caught:
        use()
    assert name in str(caught.value)
    assert caught.value.remedy


def test_a_missing_package_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DEFAULT_PACKAGE", "no_such_package_at_all")
    with pytest.raises(EmbedderError, match="not installed"):
        SentenceTransformerEmbedder()


def test_another_model_is_taken_from_a_folder(copied: Path) -> None:
    other = SentenceTransformerEmbedder(str(copied), languages=["en", "es"])
    assert other.languages == {"en", "es"}
    assert other.dimensions == 384
    (copied / "README.md").unlink()
    same = SentenceTransformerEmbedder(str(copied))
    assert same.fingerprint == other.fingerprint
    assert same.languages == frozenset()
    (copied / "config.json").unlink()
    (copied / "config.json").write_text("{}", encoding="utf-8")
    assert SentenceTransformerEmbedder(str(copied)).fingerprint != other.fingerprint


@pytest.mark.parametrize("name", ["no-such/model", "no such folder/at all/really", ""])
def test_a_model_that_is_not_here_is_not_fetched(name: str) -> None:
    if not name:
        assert SentenceTransformerEmbedder(name).fingerprint.startswith("all-MiniLM")
        return
    with pytest.raises(EmbedderError, match="not on this machine"):
        SentenceTransformerEmbedder(name)


@pytest.mark.slow
def test_threads_share_one_model(minilm: SentenceTransformerEmbedder) -> None:
    found: dict[int, Vectors] = {}

    def work(number: int) -> None:
        found[number] = minilm.embed([f"battery region {number % 2}"])

    _run([Thread(target=work, args=(n,)) for n in range(4)])
    assert np.array_equal(found[0], found[2])
    assert np.array_equal(found[1], found[3])


def _run(threads: Sequence[Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_opening_costs_little() -> None:
    began = time.perf_counter()
    embedder = SentenceTransformerEmbedder()
    _ = embedder.fingerprint
    assert time.perf_counter() - began < 0.5
