"""The assistant as other code uses it."""

from pathlib import Path

import pytest
from conftest import SECOND_PARTNERSHIP
from fakes import ContentEmbedder

from app.assistant import Assistant
from app.events import Finished
from app.settings import Settings
from app.workspace import Workspace
from corpus.errors import SettingsError


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("assistant"), partnership=str(SECOND_PARTNERSHIP)
    )
    with Assistant(Workspace.open(settings, embedder=ContentEmbedder())) as opened:
        yield opened


@pytest.mark.parametrize("question", ["How many projects are there?", "Who is the king of Rome?"])
def test_without_a_model_the_only_event_is_the_answer(assistant, question):
    assert list(assistant.stream(question)) == [Finished(assistant.ask(question))]


def test_without_a_model_nothing_says_that_there_is_one(assistant):
    answer = assistant.ask("How many projects are there?")
    assert (answer.wording, answer.usage, answer.fallback) == ("", None, "")


def test_a_stream_takes_over_what_was_asked_before(assistant):
    (event,) = assistant.stream("And project 5?", ["What is the budget of project 3?"])
    assert "€12 million" in event.answer.text


def test_a_data_folder_that_cannot_be_written_to_is_named_and_left_alone(tmp_path, monkeypatch):
    folder = tmp_path / "library"
    folder.mkdir()
    # Whoever runs the tests may be allowed everything.
    monkeypatch.setattr("app.assistant.os.access", lambda path, mode: Path(path) != folder)
    for inside in (folder, folder / "new"):
        with pytest.raises(SettingsError, match="cannot be written to") as refused:
            Assistant.open(Settings(data_dir=inside, partnership=str(SECOND_PARTNERSHIP)))
        assert "delete" not in refused.value.line()
    assert not list(folder.iterdir())
