"""The assistant as other code uses it."""

import pytest
from conftest import SECOND_PARTNERSHIP
from fakes import ContentEmbedder

from app.assistant import Assistant
from app.events import Finished
from app.settings import Settings
from app.workspace import Workspace


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
