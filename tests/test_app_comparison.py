"""What `ambp ask` and `ambp eval` say of a chat model."""

import json

import pytest
from conftest import SECOND_PARTNERSHIP
from fakes import ContentEmbedder
from model_server import Reply, model_server
from models_that_fail import honest

from app.assistant import Assistant
from app.comparison import Pair, side_by_side
from app.evaluation import Expectation, judge
from app.output import answer_row, answer_text, model_row
from app.settings import Settings
from app.workspace import Workspace

ROWS = [
    Expectation(id=1, kind="fact", question="What is the budget of Seaweed Vats?", must=["4.5"]),
    Expectation(id=2, kind="list", question="How many regions take part?", must=["saareland"]),
    Expectation(id=3, kind="refusal", question="Who is the king of Sweden?", abstain=True),
]
# LangChain's clients cannot be closed: their connections are when they are forgotten.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def worded(tmp_path_factory):
    with model_server() as server:
        settings = Settings(
            data_dir=tmp_path_factory.mktemp("compared"), partnership=str(SECOND_PARTNERSHIP),
            llm="openai:m", llm_base_url=f"{server.url}/v1",
        )  # fmt: skip
        with Assistant(Workspace.open(settings, embedder=ContentEmbedder())) as assistant:
            yield server, assistant


def test_with_and_without_are_set_side_by_side(worded):
    server, assistant = worded
    pairs = []
    for row, script in zip(ROWS, (honest, lambda request: Reply(status=500), honest), strict=True):
        server.script = script
        answer = assistant.ask(row.question)
        plain = assistant.ask_without_model(row.question)
        assert plain.usage is None
        pairs.append(Pair(judge(row, plain), judge(row, answer), answer))
    text = "\n".join(side_by_side(pairs))
    assert "all            with   3 /   0 /   0   without   3 /   0 /   0   of 3" in text
    assert "worded by the model: 1 of 3; not asked: 1; tokens in 120, out 30; 2 calls" in text
    assert "1 x The chat model's wording was not used: its server had an error" in text
    assert "->" not in text


def test_a_verdict_that_changes_is_named(worded):
    server, assistant = worded
    server.script = honest
    answer = assistant.ask(ROWS[0].question)
    wrong = judge(ROWS[0].model_copy(update={"must": ("nothing",)}), answer)
    assert "1 correct -> wrong" in "\n".join(
        side_by_side([Pair(judge(ROWS[0], answer), wrong, answer)])
    )


def test_an_answer_says_that_it_is_the_one_without_a_model(worded):
    server, assistant = worded
    server.script = lambda request: Reply(status=429)
    answer = assistant.ask(ROWS[0].question)
    assert "Note: The chat model's wording was not used: its server takes no" in answer_text(answer)
    row = answer_row(answer) | model_row(answer)
    assert row["fallback"] == answer.fallback
    assert row["usage"]["calls"] == 1
    assert json.dumps(row)


def test_without_a_model_no_row_speaks_of_one(worded):
    _, assistant = worded
    plain = assistant.ask_without_model(ROWS[0].question)
    assert model_row(plain) == {}
    assert "Note: The chat model" not in answer_text(plain)
