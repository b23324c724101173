"""Several processes on one library: readers beside a writer, and a Chroma server."""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder, make_document

from corpus.errors import LibraryBusy, LibraryError
from retrieval import locking
from retrieval.library import Library
from retrieval.vectors import ChromaServer

TESTS = Path(__file__).parent

# A process that does what it is told on its standard input, one line of JSON each.
CHILD = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from fakes import FakeEmbedder, make_document
from retrieval.library import Library
library = Library.open(Path(sys.argv[1]), FakeEmbedder())
for line in sys.stdin:
    task, *args = json.loads(line)
    if task == "search":
        reply = [hit.passage.text for hit in library.search(args[0], 5)]
    elif task == "dense":
        hits = library.search_dense(args[0], 5)
        reply = [library.passage(hit.passage_id).text for hit in hits]
    elif task == "put":
        reply = str(library.put(*make_document(args[0], args[1])))
    elif task == "remove":
        reply = library.remove_source(args[0]).passages
    elif task == "healthy":
        reply = library.status().healthy
    elif task == "hold":
        library._writer.acquire(1)
        reply = "held"
    print(json.dumps(reply), flush=True)
"""


class Child:
    """Another process with the same library open."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(folder), str(TESTS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=TESTS.parent,
        )

    def __call__(self, task: str, *args: object) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin
        assert stdout
        stdin.write(json.dumps([task, *args]) + "\n")
        stdin.flush()
        return json.loads(stdout.readline())

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Library.open(tmp_path / "library", FakeEmbedder()) as library:
        library.put(*make_document("s", ["lithium in the north", "cells in the south"]))
    return tmp_path / "library"


@pytest.fixture
def child(folder: Path) -> Iterator[Child]:
    process = Child(folder)
    yield process
    process.kill()


def test_two_processes_read_at_once(folder: Path, child: Child) -> None:
    expected = child("search", "lithium north")
    with Library.open(folder, FakeEmbedder()) as library:
        mine = [hit.passage.text for hit in library.search("lithium north", 5)]
        assert mine == expected
        assert mine[0] == "lithium in the north"
        assert library.status().healthy
        assert child("healthy")


def test_a_reader_sees_what_another_process_writes(folder: Path, child: Child) -> None:
    assert child("dense", "nickel")  # it owns the vectors now
    with Library.open(folder, FakeEmbedder()) as library:
        library.put(*make_document("t", ["nickel in the west"]))
        assert child("search", "nickel west")[0] == "nickel in the west"
        assert child("dense", "nickel west")[0] == "nickel in the west"
        assert library.search_dense("nickel west", 1)
        library.remove_source("t")
        assert "nickel in the west" not in child("search", "nickel west")
        assert "nickel in the west" not in child("dense", "nickel west")
        assert child("healthy")


def test_the_owner_of_the_vectors_may_die(folder: Path, child: Child) -> None:
    with Library.open(folder, FakeEmbedder()) as library:
        assert child("dense", "lithium")
        child("put", "t", ["nickel in the west"])
        before = library.search("nickel west")
        child.kill()
        assert library.search("nickel west") == before
        assert library._indexes._vectors._owner.is_locked
        assert library.status().healthy


def test_a_writer_elsewhere_is_waited_for(
    folder: Path, child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "PATIENCE", 0.2)
    with Library.open(folder, FakeEmbedder()) as library:
        assert child("hold") == "held"
        with pytest.raises(LibraryBusy):
            library.put(*make_document("t", ["nickel"]))
        assert library.search("lithium")  # reading goes on
        child.kill()
        library.put(*make_document("t", ["nickel"]))


# --- a Chroma server ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).with_name("chroma")
    folder = tmp_path_factory.mktemp("server")
    process = subprocess.Popen(
        [program, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield ChromaServer("127.0.0.1", port)
    process.terminate()
    process.wait(10)


@pytest.mark.slow
def test_vectors_on_a_server(folder: Path, tmp_path: Path, server: ChromaServer) -> None:
    other = tmp_path / "other"
    with (
        Library.open(folder, FakeEmbedder(), chroma=server) as library,
        Library.open(folder, FakeEmbedder(), chroma=server) as again,
        Library.open(other, FakeEmbedder(), chroma=server) as apart,
    ):
        library.put(*make_document("t", ["nickel in the west"]))
        assert library.search("nickel west")[0].dense_rank == 1
        assert again.search("nickel west")[0].dense_rank == 1
        assert apart.search("nickel west") == []  # libraries on one server never mix
        assert library.status().healthy
        again.remove_source("t")
        assert [h.passage.source_id for h in library.search("nickel west")] == ["s", "s"]
        again._indexes._vectors.clear()  # another process started anew
        assert library.search_dense("lithium")
        assert library.search_dense("lithium")
        assert library.status().healthy
        assert again.status().healthy


def test_a_server_that_is_not_there(folder: Path) -> None:
    shutil.rmtree(folder / "vectors")
    with (
        Library.open(folder, FakeEmbedder(), chroma=ChromaServer("127.0.0.1", 9)) as library,
        pytest.raises(LibraryError, match=r"127\.0\.0\.1:9") as caught,
    ):
        library.search("lithium")
    assert "chroma run" in caught.value.remedy
