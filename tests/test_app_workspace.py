import shutil
from dataclasses import replace
from uuid import uuid4

import pytest
from fakes import FakeEmbedder
from made_up import TopPassage, make_partnership

from app import rereading
from app.answering.answer import Status
from app.answering.engine import Engine
from app.assistant import Assistant
from app.bundled import one_at_a_time
from app.rereading import Reindexed
from app.settings import Settings
from app.workspace import Outcome, Workspace
from corpus.errors import BrokenFile, KnowledgeError, LibraryBusy, LibraryError, UnknownSource
from corpus.model import Origin, Rendition
from ingest.read import load_file


@pytest.fixture
def partnership(tmp_path):
    return make_partnership(tmp_path / "lakes")


@pytest.fixture
def settings(tmp_path, partnership):
    return Settings(data_dir=tmp_path / "data", partnership=str(partnership))


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


class Opened:
    """Opens workspaces on one data folder and closes them at the end of the test."""

    def __init__(self, settings):
        self.settings = settings
        self.workspaces = []

    def __call__(self, embedder=None, on_progress=lambda *step: None, **changed):
        for workspace in self.workspaces:
            workspace.close()
        given = {name: getattr(self.settings, name) for name in Settings.__slots__}
        workspace = Workspace.open(
            Settings(**{**given, **changed}), on_progress, embedder or FakeEmbedder()
        )
        self.workspaces = [workspace]
        return workspace


@pytest.fixture
def opened(settings):
    opened = Opened(settings)
    yield opened
    for workspace in opened.workspaces:
        workspace.close()


def found(workspace, question):
    """The texts that words find, as one text."""
    hits = workspace.library.search_words(question, 20, workspace.where)
    return "\n".join(workspace.library.passage(hit.passage_id).text for hit in hits)


def outcomes(reports):
    return {report.name: str(report.outcome) for report in reports}


# --- The shipped knowledge ---------------------------------------------------------------------


def test_opening_puts_digests_and_records_of_every_source_in(opened):
    workspace = opened()
    held = {(d.source.id, d.rendition, d.origin) for d in workspace.library.documents()}
    assert held == {
        (source, rendition, Origin.BUNDLED)
        for source in ("lake-note", "lake-report")
        for rendition in (Rendition.DIGEST, Rendition.RECORDS)
    }
    assert "seven lakes" in found(workspace, "how many lakes")
    assert "Finland" in found(workspace, "Nokia Shore")
    status = workspace.status()
    assert (status.sources, status.documents, status.healthy) == (2, 4, True)
    assert status.vectors == status.passages
    assert status.records == {"region": 2}


def test_opening_again_embeds_nothing_and_asks_the_embedder_for_no_tokens(opened):
    opened()
    again = FakeEmbedder()
    again.count_tokens = None  # a call would fail
    workspace = opened(again)
    assert again.calls == 0
    assert workspace.status().healthy


def test_a_changed_digest_takes_the_place_of_the_old_one(opened, partnership):
    opened()
    digest = partnership / "digests" / "lake-note.md"
    digest.write_text(digest.read_text().replace("seven", "eleven"))
    again = FakeEmbedder()
    workspace = opened(again)
    assert "eleven lakes" in found(workspace, "how many lakes")
    assert "seven" not in found(workspace, "how many lakes")
    assert len(again.texts) == 1  # only the passage that changed


def test_changed_records_and_source_data_are_noticed(opened, partnership):
    opened()
    records = partnership / "records" / "lake-note" / "region.yaml"
    records.write_text(records.read_text().replace("country: FI", "country: NO"))
    sources = partnership / "sources.yaml"
    sources.write_text(sources.read_text().replace("title: Lake note", "title: The lake note"))
    workspace = opened()
    assert "Norway" in found(workspace, "Nokia Shore")
    assert workspace.library.source("lake-note").title == "The lake note"


def test_a_source_that_is_shipped_no_more_goes(opened, partnership):
    opened()
    (partnership / "digests" / "lake-report.md").unlink()
    shutil.rmtree(partnership / "records" / "lake-report")
    workspace = opened()
    assert [source.id for source in workspace.sources()] == ["lake-note"]
    assert "five lakes" not in found(workspace, "clean lakes")


def test_another_embedder_makes_the_library_anew(opened, files):
    (files / "a.txt").write_text("Herons nest at the northern shore.")
    opened().ingest([files])
    other = FakeEmbedder(name="other")
    workspace = opened(other)
    status = workspace.status()
    assert status.embedder == other.fingerprint
    assert status.vectors == status.passages
    assert any("Herons" in text for text in other.texts)
    assert status.healthy


def test_progress_is_told_in_passages_and_ends_at_the_total(opened):
    steps = []
    opened(on_progress=lambda *step: steps.append(step))
    stages = {stage for stage, *_ in steps}
    assert stages == {"Preparing the knowledge"}
    questions = [step for step in steps if step[3] == "questions that people may ask"]
    steps = [step for step in steps if step not in questions]  # they are counted by themselves
    assert questions[-1][1] == questions[-1][2] > 0
    dones = [done for _, done, _, _ in steps]
    assert dones == sorted(dones)
    total = steps[-1][2]
    assert steps[-1][1] == total > 0
    assert {name for *_, name in steps} == {"Lake note", "Report on the lakes", ""}


def test_two_processes_prepare_one_after_the_other(opened, settings, monkeypatch):
    steps = []
    settings.data_dir.mkdir()
    with one_at_a_time(settings.data_dir, steps.append):
        monkeypatch.setattr("app.bundled.PATIENCE", 0.05)
        with pytest.raises(LibraryBusy, match="takes about a minute the first time"):
            opened(on_progress=lambda *step: steps.append(step[0]))
    assert steps == ["Waiting for another ambp that prepares the library"]
    assert opened().status().healthy


def test_knowledge_that_is_wrong_stops_the_start(opened, partnership):
    (partnership / "records" / "lake-note" / "region.yaml").write_text("- id: x\n  nme: X\n")
    with pytest.raises(KnowledgeError, match=r"region\.yaml:1"):
        opened()


def test_a_data_folder_that_cannot_be_made_is_an_error_with_a_remedy(opened, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LibraryError) as caught:
        opened(data_dir=tmp_path / "file" / "data")
    assert "--data-dir" in caught.value.remedy


# --- Without the bundled knowledge -------------------------------------------------------------


def test_without_the_bundled_knowledge_nothing_of_it_is_there(opened):
    workspace = opened(bundled=False)
    assert workspace.status().passages == 0
    assert workspace.knowledge.records == ()
    assert workspace.knowledge.partnership.abbreviation == "LSP"


def test_without_the_bundled_knowledge_only_what_was_added_answers(opened, files):
    (files / "a.txt").write_text("Herons nest at the northern shore of the lakes.")
    opened().ingest([files])
    workspace = opened(bundled=False)
    assert found(workspace, "lakes") == "Herons nest at the northern shore of the lakes."
    assert workspace.knowledge.records == ()
    assert "seven lakes" in found(opened(), "lakes")


# --- The documents of a user -------------------------------------------------------------------


def test_a_folder_goes_in_and_a_second_time_changes_nothing(opened, files):
    (files / "sub").mkdir()
    (files / "a.txt").write_text("Herons nest at the northern shore.")
    (files / "sub" / "b.md").write_text("# Fish\n\nPike live in the deep water.\n")
    workspace = opened()
    before = workspace.status()
    first = workspace.ingest([files])
    assert outcomes(first) == {"a.txt": "added", "b.md": "added"}
    assert all(report.passages == 1 and report.source_id for report in first)
    assert "Herons" in found(workspace, "herons")
    held = workspace.status()
    assert held.sources == before.sources + 2
    assert outcomes(workspace.ingest([str(files)])) == {"a.txt": "unchanged", "b.md": "unchanged"}
    assert workspace.status() == held
    assert outcomes(opened().ingest([files])) == {"a.txt": "unchanged", "b.md": "unchanged"}


def test_a_changed_file_replaces_its_old_version(opened, files):
    path = files / "a.txt"
    path.write_text("Herons nest at the northern shore.")
    workspace = opened()
    (first,) = workspace.ingest([path])
    path.write_text("Storks nest at the northern shore.")
    (second,) = workspace.ingest([path])
    assert (second.outcome, second.source_id) == (Outcome.REPLACED, first.source_id)
    answers = found(workspace, "herons storks nest")
    assert "Storks" in answers
    assert "Herons" not in answers
    assert workspace.status().healthy


def test_a_file_that_now_holds_what_another_holds_leaves_nothing_behind(opened, files):
    (files / "a.txt").write_text("Herons nest here.")
    (files / "b.txt").write_text("Pike live here.")
    workspace = opened()
    workspace.ingest([files])
    (files / "b.txt").write_text("Herons nest here.")
    assert outcomes(workspace.ingest([files])) == {"a.txt": "unchanged", "b.txt": "unchanged"}
    assert "Pike" not in found(workspace, "pike herons")
    assert "Herons" in found(workspace, "pike herons")


def test_a_file_that_changes_its_format_replaces_its_old_version(opened, files):
    path = files / "page"
    path = files / "page.htm"
    path.write_text("<html><body><p>Herons nest here, they say.</p></body></html>")
    workspace = opened()
    workspace.ingest([path])
    path.write_text("Storks nest here, they say.")
    (report,) = workspace.ingest([path])
    assert report.outcome in (Outcome.REPLACED, Outcome.FAILED)
    if report.outcome is Outcome.REPLACED:
        assert "Herons" not in found(workspace, "nest here")


def test_files_of_one_name_in_two_folders_are_two_sources(opened, files):
    for name, text in (("one", "Herons nest here."), ("two", "Storks nest here.")):
        (files / name).mkdir()
        (files / name / "report.txt").write_text(text)
    workspace = opened()
    reports = workspace.ingest([files])
    assert len({report.source_id for report in reports}) == 2
    assert {str(report.outcome) for report in reports} == {"added"}
    assert "Herons" in found(workspace, "nest")
    assert "Storks" in found(workspace, "nest")


def test_the_same_content_under_another_name_is_there_already(opened, files):
    (files / "a.txt").write_text("Herons nest here.")
    workspace = opened()
    (first,) = workspace.ingest([files / "a.txt"])
    (files / "b.txt").write_text("Herons nest here.")
    (second,) = workspace.ingest([files / "b.txt"])
    assert (second.outcome, second.source_id) == (Outcome.UNCHANGED, first.source_id)


def test_a_file_that_moved_and_changed_stays_its_source(opened, files):
    (files / "a.txt").write_text("Herons nest here.")
    workspace = opened()
    (first,) = workspace.ingest([files / "a.txt"])
    (files / "new").mkdir()
    (files / "a.txt").rename(files / "new" / "a.txt")
    (files / "new" / "a.txt").write_text("Storks nest here.")
    (second,) = workspace.ingest([files])
    assert (second.outcome, second.source_id) == (Outcome.REPLACED, first.source_id)
    assert "Herons" not in found(workspace, "nest here")


def test_a_file_is_recognised_as_the_publication_that_it_is(opened, files):
    (files / "lake-note.md").write_text("# Lake note\n\nThe note has a page on herons.\n")
    (files / "lake-note.html").write_text(
        "<html><head><title>Lake note</title></head><body><h1>Lake note</h1>"
        "<p>The page has a word on storks.</p></body></html>"
    )
    workspace = opened()
    reports = workspace.ingest([files])
    assert {report.source_id for report in reports} == {"lake-note"}
    held = workspace.library.documents("lake-note")
    assert len(held) == 4  # digest, records and both files
    assert {d.source.title for d in held} == {"Lake note"}


def test_a_second_file_that_looks_like_a_publication_does_not_push_out_the_first(opened, files):
    for name, text in (("one", "herons"), ("two", "storks")):
        (files / name).mkdir()
        (files / name / "lake-note.md").write_text(f"# Lake note\n\nA page on {text}.\n")
    workspace = opened()
    first, second = workspace.ingest([files])
    assert first.source_id == "lake-note"
    assert second.source_id != "lake-note"
    assert "herons" in found(workspace, "page on")
    assert "storks" in found(workspace, "page on")


def test_what_cannot_be_read_is_told_and_the_others_go_in(opened, files):
    (files / "a.txt").write_text("Herons nest here.")
    (files / "empty.txt").write_text("")
    (files / "broken.pdf").write_bytes(b"%PDF-1.7 nothing else")
    (files / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (files / "large.txt").write_text("x" * 2_000_000)
    workspace = opened(max_file_mb=1)
    reports = workspace.ingest([files, files / "missing.txt"])
    failed = {report.name for report in reports if report.outcome is Outcome.FAILED}
    assert failed == {"empty.txt", "broken.pdf", "picture.png", "large.txt", "missing.txt"}
    assert all(r.reason and r.remedy for r in reports if r.outcome is Outcome.FAILED)
    assert "Herons" in found(workspace, "herons")


def test_a_file_that_cannot_be_read_any_more_leaves_its_old_version(opened, files):
    path = files / "a.txt"
    path.write_text("Herons nest here.")
    workspace = opened()
    workspace.ingest([path])
    path.write_text("")
    (report,) = workspace.ingest([path])
    assert report.outcome is Outcome.FAILED
    assert "Herons" in found(workspace, "herons")


def upload(workspace, name, text):
    """A file as it arrives from a browser; it is gone once it has been read."""
    folder = workspace.uploads / str(uuid4())
    folder.mkdir(parents=True)
    (folder / name).write_text(text)
    return folder / name


def test_an_upload_pushes_out_no_other_upload(opened):
    workspace = opened()
    ids = []
    for name, text in (
        ("lake-note.md", "# Lake note\n\nA page on herons."),
        ("lake note v2.md", "# Lake note\n\nA page on storks."),
        ("lake-note.md", "# Lake note\n\nA page on pike."),
        ("minutes.txt", "We met on Monday."),
        ("minutes.txt", "We met on Tuesday."),
    ):
        path = upload(workspace, name, text)
        (report,) = workspace.ingest([path])
        path.unlink()
        ids.append(report.source_id)
        assert report.outcome is Outcome.ADDED
    assert len(set(ids)) == 5
    assert ids[0] == "lake-note"


def test_a_document_can_be_replaced_by_one_of_another_name_and_format(opened):
    workspace = opened()
    (first,) = workspace.ingest([upload(workspace, "minutes.txt", "We met on Monday.")])
    (old,) = workspace.library.documents(first.source_id)
    new = upload(workspace, "Other name.md", "# Something else\n\nWe met on Tuesday.")
    report = workspace.replace(new, first.source_id, old.id)
    assert (report.outcome, report.source_id) == (Outcome.REPLACED, first.source_id)
    (held,) = workspace.library.documents(first.source_id)
    assert "Tuesday" in held.text
    assert "Monday" not in found(workspace, "met Monday Tuesday")
    newer = upload(workspace, "third.md", "We met on Friday.")
    assert workspace.replace(newer, first.source_id, held.id).outcome is Outcome.REPLACED
    assert "Friday" in found(workspace, "met")
    assert workspace.status().healthy


def test_a_replacement_that_cannot_be_read_leaves_the_old_version(opened):
    workspace = opened()
    (first,) = workspace.ingest([upload(workspace, "minutes.txt", "We met on Monday.")])
    (old,) = workspace.library.documents(first.source_id)
    report = workspace.replace(upload(workspace, "minutes.txt", ""), first.source_id, old.id)
    assert report.outcome is Outcome.FAILED
    assert "Monday" in found(workspace, "met")
    same = upload(workspace, "same.txt", "We met on Monday.")
    assert workspace.replace(same, first.source_id, old.id).outcome is Outcome.UNCHANGED
    assert "Monday" in found(workspace, "met")


def test_the_original_of_a_bundled_source_goes_in_beside_its_digest(opened):
    workspace = opened()
    path = upload(workspace, "scan-0001.txt", "Herons are not in the digest.")
    assert workspace.replace(path, "lake-note").outcome is Outcome.ADDED
    assert len(workspace.library.documents("lake-note")) == 3
    with pytest.raises(UnknownSource):
        workspace.replace(path, "no-such-source")


def test_a_removed_bundled_source_is_listed_and_can_be_restored(opened):
    workspace = opened()
    assert workspace.removed() == []
    workspace.remove("lake-note")
    assert [source.title for source in workspace.removed()] == ["Lake note"]
    report = workspace.restore("lake-note")
    assert (report.outcome, report.source_id) == (Outcome.ADDED, "lake-note")
    assert report.passages
    assert workspace.removed() == []
    assert "seven lakes" in found(workspace, "how many lakes")
    for source in ("lake-note", "no-such-source"):
        with pytest.raises(UnknownSource):
            workspace.restore(source)


def test_what_is_amiss_in_an_index_is_mended(opened):
    workspace = opened()
    assert workspace.reindex() == Reindexed()
    workspace.library._indexes._words.clear()
    assert workspace.reindex().mended.words_added == workspace.status().passages
    assert workspace.status().healthy


def test_added_files_are_read_again_from_their_copies(opened, files, monkeypatch):
    workspace = opened()
    for name, text in (("heron.txt", "Herons nest here."), ("pike.txt", "Pike live here.")):
        (files / name).write_text(text)
    workspace.ingest([files])
    (files / "heron.txt").unlink()
    assert workspace.reindex() == Reindexed(read=2)

    def read_better(path, *, max_bytes):
        assert path.name in ("heron.txt", "pike.txt")
        again = load_file(path, max_bytes=max_bytes)
        text = again.text.replace("Herons nest", "Herons breed")
        (block,) = again.blocks
        return replace(again, text=text, blocks=(replace(block, end=len(text)),))

    with monkeypatch.context() as better:
        better.setattr(rereading, "load_file", read_better)
        done = workspace.reindex()
    assert (done.read, done.changed, done.problems) == (2, 1, ())
    assert "Herons breed" in found(workspace, "herons")
    assert "Herons nest" not in found(workspace, "herons")


def test_what_cannot_be_read_again_stays_and_is_told(opened, files, monkeypatch):
    workspace = opened()
    (files / "heron.txt").write_text("Herons nest here.")
    (files / "pike.txt").write_text("Pike live here.")
    workspace.ingest([files])

    def broken(path, *, max_bytes):
        raise BrokenFile(path, "it cannot be read", remedy="Save it anew.")

    (pike,) = (d for d in workspace.library.documents() if d.path.endswith("pike.txt"))
    workspace.originals.path(pike.content_hash).unlink()
    monkeypatch.setattr(rereading, "load_file", broken)
    done = workspace.reindex()
    assert (done.read, done.changed) == (0, 0)
    heron, no_copy = sorted(done.problems)
    assert heron == "heron.txt: it cannot be read. Save it anew."
    assert no_copy.startswith("pike.txt: no copy")
    assert "Herons nest" in found(workspace, "herons")
    assert "Pike live" in found(workspace, "pike")


def test_progress_names_the_file_in_hand(opened, files):
    (files / "a.txt").write_text("Herons nest here.")
    (files / "b.txt").write_text("Pike live here.")
    steps = []
    opened().ingest([files], lambda *step: steps.append(step))
    reading = [step for step in steps if step[0] == "Reading files"]
    assert reading == [
        ("Reading files", 0, 2, "a.txt"),
        ("Reading files", 1, 2, "b.txt"),
        ("Reading files", 2, 2, ""),
    ]


# --- Removing ----------------------------------------------------------------------------------


def test_a_removed_file_answers_nothing_and_can_come_back(opened, files):
    (files / "a.txt").write_text("Herons nest here.")
    workspace = opened()
    (report,) = workspace.ingest([files])
    removal = workspace.remove(report.source_id)
    assert (removal.documents, removal.passages) == (1, 1)
    assert "Herons" not in found(workspace, "herons")
    assert workspace.status().healthy
    assert outcomes(workspace.ingest([files])) == {"a.txt": "added"}


def test_a_removed_bundled_source_stays_away_until_it_is_asked_for(opened):
    workspace = opened()
    workspace.remove("lake-report")
    for reopen in (lambda: workspace, opened, opened):
        reopened = reopen()
        assert "five lakes" not in found(reopened, "clean lakes")
        assert [s.id for s in reopened.knowledge.sources] == ["lake-note"]
        # What only the removed source says of a region is gone, the region itself is not.
        (region,) = [r for r in reopened.knowledge.records if r.id == "lake-land"]
        assert region.role.value == "interested"
        assert reopened.status().records == {"region": 2}
    workspace = opened()
    (report,) = workspace.ingest(["lake-report"])
    assert (report.outcome, report.source_id) == (Outcome.ADDED, "lake-report")
    assert report.passages == 2
    assert "five lakes" in found(workspace, "clean lakes")
    (again,) = workspace.ingest(["lake-report"])
    assert again.outcome is Outcome.UNCHANGED


def test_removing_a_publication_takes_digest_records_and_file(opened, files):
    (files / "lake-note.md").write_text("# Lake note\n\nThe note has a page on herons.\n")
    workspace = opened()
    workspace.ingest([files])
    assert workspace.remove("lake-note").documents == 3
    assert "herons" not in found(workspace, "herons")
    assert "Nokia" not in found(workspace, "Nokia Shore")
    assert "nokia-shore" not in {record.id for record in workspace.knowledge.records}


def test_removing_what_is_not_there_is_an_error_that_says_so(opened):
    with pytest.raises(UnknownSource, match="nothing-of-it"):
        opened().remove("nothing-of-it")


# --- The assistant -----------------------------------------------------------------------------


def test_the_next_answer_knows_what_was_added_and_removed(opened, files):
    def make(workspace, vocabulary):
        return TopPassage(workspace.library, workspace.where)

    (files / "a.txt").write_text("Herons nest at the northern shore.")
    with Assistant(opened(), make) as assistant:
        assert assistant.ask("Where do herons nest?").status is Status.ABSTAINED
        (report,) = assistant.ingest([files])
        answer = assistant.ask("And where do they nest?", ["What of the herons?"])
        assert answer.citations[0].source.id == report.source_id
        assistant.remove(report.source_id)
        assert assistant.ask("Where do herons nest?").status is Status.ABSTAINED


def test_the_next_answer_knows_what_another_process_changed(opened, settings, files):
    """A second workspace on the same folder stands for `ambp ingest` beside a running server."""
    made = []

    def make(workspace, vocabulary):
        made.append({source.id for source in workspace.knowledge.sources})
        return Engine(workspace.library, workspace.knowledge, vocabulary, where=workspace.where)

    (files / "a.txt").write_text("Herons nest at the northern shore of the lake.")
    with Assistant(opened(), make) as assistant:
        other = Workspace.open(settings, embedder=FakeEmbedder())
        assert assistant.ask("Where do herons nest?").status is Status.ABSTAINED
        assistant.ask("Where do herons nest?")
        assert len(made) == 1  # nothing changed, nothing is made anew
        (report,) = other.ingest([files])
        answer = assistant.ask("Where do herons nest?")
        assert answer.citations[0].source.id == report.source_id
        other.remove(report.source_id)
        assert assistant.ask("Where do herons nest?").status is Status.ABSTAINED
        other.remove("lake-report")
        assistant.ask("How many lakes?")
        assert made[-1] == {"lake-note"}
        assert {source.id for source in assistant.knowledge.sources} == {"lake-note"}
        other.ingest(["lake-report"])
        assistant.ask("How many lakes?")
        assert made[-1] == {"lake-note", "lake-report"}
        assert len(made) == 5
        other.close()


def test_warming_up_leaves_nothing_for_the_first_question_to_wait_for(opened):
    made = []
    embedder = FakeEmbedder()
    opened()

    class Asked:
        def ask(self, question, history=()):
            made.append(question)

    def make(workspace, vocabulary):
        made.append(workspace)
        return Asked()

    assistant = Assistant(opened(embedder), make)
    assert embedder.calls == 0
    assistant.warm_up()
    assert (embedder.calls, len(made)) == (1, 2), "the engine is made and has been asked once"
