"""Kept copies: there for every added file, gone with it."""

from pathlib import Path

import pytest
from fakes import FakeEmbedder
from made_up import make_partnership
from sample_pdfs import plain

from app.originals import Originals
from app.settings import Settings
from app.workspace import Outcome, Workspace

PDF = "application/pdf"


@pytest.fixture
def settings(tmp_path):
    return Settings(
        data_dir=tmp_path / "data", partnership=str(make_partnership(tmp_path / "lakes"))
    )


@pytest.fixture
def workspace(settings):
    workspace = Workspace.open(settings, embedder=FakeEmbedder())
    yield workspace
    workspace.close()


def copies(workspace):
    return list((workspace.settings.data_dir / "originals").glob("*"))


def added(workspace, path, text="The harbour opens at seven in the morning."):
    path.write_bytes(plain(text))
    (report,) = workspace.ingest([path])
    assert report.outcome in {Outcome.ADDED, Outcome.REPLACED}
    return report.source_id


def test_a_copy_outlives_the_upload(workspace, tmp_path):
    path = tmp_path / "harbour.pdf"
    source = added(workspace, path)
    path.unlink()
    assert workspace.original(source, PDF).read_bytes().startswith(b"%PDF")
    assert workspace.original(source, "text/html") is None
    assert workspace.original("lake-note", PDF) is None


def test_removing_a_source_takes_its_copy(workspace, tmp_path):
    source = added(workspace, tmp_path / "harbour.pdf")
    other = added(workspace, tmp_path / "ferry.pdf", "The ferry crosses the bay twice a day.")
    workspace.remove(source)
    assert workspace.original(source, PDF) is None
    assert copies(workspace) == [workspace.original(other, PDF)]


def test_a_changed_file_leaves_one_copy(workspace, tmp_path):
    path = tmp_path / "harbour.pdf"
    added(workspace, path)
    before = copies(workspace)
    source = added(workspace, path, "The harbour opens at eight in the morning.")
    assert copies(workspace) == [workspace.original(source, PDF)] != before


def test_what_was_added_before_copies_were_kept_gets_one_when_added_again(workspace, tmp_path):
    path = tmp_path / "harbour.pdf"
    source = added(workspace, path)
    workspace.original(source, PDF).unlink()
    (report,) = workspace.ingest([path])
    assert report.outcome is Outcome.UNCHANGED
    assert workspace.original(source, PDF)


def test_opening_takes_away_what_a_crash_left(settings):
    folder = settings.data_dir / "originals"
    folder.mkdir(parents=True)
    (folder / "0123.part").write_bytes(b"half")
    (folder / "4567").write_bytes(b"of a removed file")
    Workspace.open(settings, embedder=FakeEmbedder()).close()
    assert list(folder.iterdir()) == []


def test_a_copy_that_cannot_be_kept_is_told_and_the_file_is_in(workspace, tmp_path):
    (workspace.settings.data_dir / "originals").write_text("a file in the folder's place")
    path = tmp_path / "harbour.pdf"
    path.write_bytes(plain())
    (report,) = workspace.ingest([path])
    assert report.outcome is Outcome.ADDED
    assert "No copy could be kept" in report.warnings[-1]
    assert workspace.original(report.source_id, PDF) is None


def test_a_copy_is_whole_or_not_there(tmp_path):
    originals = Originals(tmp_path / "kept")
    assert not originals.keep(Path("nowhere.pdf"), "abc")
    assert originals.path("abc") is None
    assert list((tmp_path / "kept").iterdir()) == []
