"""What the staff does with the library: changes one after the other, and what is held."""

import threading
import time
from uuid import uuid4

import pytest
from fakes import FakeEmbedder
from made_up import make_partnership

from app.answering.answer import Answer, Status
from app.assistant import Assistant
from app.settings import Settings
from app.staff import jobs as job_module
from app.staff.holdings import added_under, file_name, holdings
from app.staff.jobs import Jobs, Kind, State, TooManyWaiting
from app.workspace import Outcome, Workspace
from corpus.model import Origin, Rendition


class SlowEmbedder(FakeEmbedder):
    """Stops at a text with the word "slowly" in it until it is let go."""

    def __init__(self):
        super().__init__()
        self.reached, self.go_on = threading.Event(), threading.Event()

    def embed(self, texts, on_progress=None):
        # Without progress it is a question.
        if on_progress and any("slowly" in text for text in texts):
            on_progress(0, len(texts))
            self.reached.set()
            assert self.go_on.wait(30)
        return super().embed(texts, on_progress)


class BestHit:
    """Answers with all of the best passage that both legs of the search find."""

    def __init__(self, workspace):
        self.library, self.where = workspace.library, workspace.where

    def ask(self, question, history=()):
        (hit,) = self.library.search(question, 1, self.where)
        assert hit.dense_rank
        return Answer(question, hit.passage.text, Status.ANSWERED, ())


@pytest.fixture
def embedder():
    return SlowEmbedder()


@pytest.fixture
def assistant(tmp_path, embedder):
    settings = Settings(
        data_dir=tmp_path / "data", partnership=str(make_partnership(tmp_path / "lakes"))
    )
    workspace = Workspace.open(settings, embedder=embedder)
    with Assistant(workspace, lambda workspace, _: BestHit(workspace)) as assistant:
        yield assistant
        embedder.go_on.set()


@pytest.fixture
def jobs(assistant):
    return Jobs(assistant)


@pytest.fixture
def arrived(assistant):
    """A file as it arrives from a browser."""

    def arrive(name, text):
        path = assistant.workspace.uploads / uuid4().hex / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
        return path

    return arrive


def finished(jobs, job):
    for _ in range(1000):
        (found,) = (each for each in jobs.all() if each.id == job.id)
        if found.over:
            return found
        time.sleep(0.01)
    raise AssertionError(f"it never ended: {found}")


def held(assistant, source_id):
    return next(each for each in holdings(assistant.workspace) if each.source.id == source_id)


# --- Changes -------------------------------------------------------------------------------------


def test_a_file_goes_in_and_what_arrived_is_deleted(assistant, jobs, arrived):
    path = arrived("herons.txt", "Herons nest at the northern shore.")
    done = finished(jobs, jobs.add(path))
    assert (done.kind, done.state, done.name) == (Kind.ADD, State.DONE, "herons.txt")
    assert (done.report.outcome, done.report.passages) == (Outcome.ADDED, 1)
    assert not path.parent.exists()
    assert "Herons" in assistant.ask("Where do herons nest?").text
    jobs.forget()
    assert jobs.all() == ()


def test_what_cannot_be_read_is_told_and_deleted_too(jobs, arrived):
    path = arrived("broken.pdf", "%PDF-1.7 nothing else")
    done = finished(jobs, jobs.add(path))
    assert done.state is State.FAILED
    assert done.problem
    assert "broken.pdf" not in done.problem
    assert done.remedy
    assert not path.parent.exists()


def test_questions_are_answered_while_a_file_goes_in(assistant, embedder, jobs, arrived):
    job = jobs.add(arrived("slow.txt", "Storks nest slowly at the southern shore."))
    assert embedder.reached.wait(10)
    (running,) = jobs.all()
    assert (running.state, running.done, running.total) == (State.EMBEDDING, 0, 1)
    assert "seven lakes" in assistant.ask("How many lakes does the partnership clean?").text
    assert "Storks" not in assistant.ask("Where do storks nest?").text
    embedder.go_on.set()
    finished(jobs, job)
    assert "Storks" in assistant.ask("Where do storks nest?").text


def test_changes_wait_for_each_other_in_their_order(assistant, embedder, jobs, arrived):
    first = jobs.add(arrived("slow.txt", "Storks nest slowly here."))
    others = [
        jobs.remove("lake-note", "Lake note"),
        jobs.restore("lake-note", "Lake note"),
        jobs.reindex(),
    ]
    assert embedder.reached.wait(10)
    assert [job.state for job in jobs.all()] == [State.EMBEDDING, *[State.WAITING] * 3]
    jobs.forget()
    assert len(jobs.all()) == 4
    embedder.go_on.set()
    removed, restored, mended = (finished(jobs, job) for job in others)
    assert finished(jobs, first).state is State.DONE
    assert (removed.removal.documents, removed.state) == (2, State.DONE)
    assert restored.report.outcome is Outcome.ADDED
    assert mended.reindexed.read == 1
    assert not mended.reindexed.mended
    assert held(assistant, "lake-note").bundled


def test_a_document_is_replaced_by_another_file(assistant, jobs, arrived):
    first = finished(jobs, jobs.add(arrived("minutes.txt", "We met on Monday.")))
    source = first.report.source_id
    (old,) = held(assistant, source).documents
    new = arrived("Minutes, final.md", "# Minutes\n\nWe met on Tuesday.")
    done = finished(jobs, jobs.replace(new, source, old.document_id))
    assert done.report.outcome is Outcome.REPLACED
    (document,) = held(assistant, source).documents
    assert file_name(document) == "Minutes, final.md"


def test_an_error_is_told_and_the_next_change_is_made(jobs, caplog, assistant, arrived):
    unknown = finished(jobs, jobs.remove("no-such-source", "No such source"))
    assert (unknown.state, unknown.problem[:8]) == (State.FAILED, "There is")
    assistant.workspace.reindex = lambda on_progress: 1 / 0
    unforeseen = finished(jobs, jobs.reindex())
    assert (unforeseen.state, unforeseen.problem) == (State.FAILED, "")
    assert "ZeroDivisionError" in caplog.text
    assert finished(jobs, jobs.add(arrived("a.txt", "Herons nest."))).state is State.DONE


def test_no_more_wait_than_is_reasonable(embedder, jobs, arrived, monkeypatch):
    monkeypatch.setattr(job_module, "MOST_WAITING", 2)
    first = jobs.add(arrived("slow.txt", "Storks nest slowly here."))
    jobs.reindex()
    with pytest.raises(TooManyWaiting):
        jobs.reindex()
    late, later = arrived("late.txt", "Herons nest."), arrived("later.txt", "Herons nest.")
    with pytest.raises(TooManyWaiting):
        jobs.add(late)
    with pytest.raises(TooManyWaiting):
        jobs.replace(later, "lake-note")
    assert not late.parent.exists()
    assert not later.parent.exists()
    embedder.go_on.set()
    finished(jobs, first)
    finished(jobs, jobs.reindex())


def test_what_is_over_is_not_told_of_for_ever(jobs, monkeypatch):
    monkeypatch.setattr(job_module, "_MOST_KEPT", 3)
    for _ in range(6):
        finished(jobs, jobs.reindex())
    assert len(jobs.all()) == 4


# --- What is held --------------------------------------------------------------------------------


def test_a_source_with_its_documents_and_what_rests_on_it(assistant, jobs, arrived):
    finished(jobs, jobs.add(arrived("herons.txt", "Herons nest at the northern shore.")))
    note, report, herons = holdings(assistant.workspace)
    assert [document.rendition for document in note.documents] == [
        Rendition.DIGEST,
        Rendition.RECORDS,
    ]
    assert note.bundled
    assert note.records == {"region": ("Nokia Shore", "Lake Land")}
    assert report.records == {"region": ("Lake Land",)}
    assert note.passages == sum(document.passages for document in note.documents) > 2
    assert not herons.bundled
    assert (herons.records, herons.passages) == ({}, 1)
    assert herons.documents[0].origin is Origin.ADDED


def test_a_file_of_the_same_name_is_found_however_it_is_cased(assistant, jobs, arrived):
    finished(jobs, jobs.add(arrived("Herons.txt", "Herons nest at the northern shore.")))
    found = holdings(assistant.workspace)
    source, document = added_under("HERONS.TXT", found)
    assert (source.source.title, file_name(document)) == ("Herons", "Herons.txt")
    assert added_under("storks.txt", found) is None
    # A digest is no file that anybody sent.
    assert added_under("lake-note.md", found) is None
