"""The door for programs that know only the OpenAI API, through OpenAI's own client."""

import json

import httpx
import openai
import pytest
from api_client import rest_of
from test_app_api import Scripted

from app.answering.answer import Answer, Status, Usage
from app.events import Finished, Unverified, Working

QUESTION = [{"role": "user", "content": "How many projects are there?"}]


@pytest.fixture(scope="module")
def web(woven_assistant):
    with rest_of(woven_assistant) as client:
        yield client


def speaking_to(web):
    return openai.OpenAI(
        base_url="http://127.0.0.1/openai/v1", api_key="unused", max_retries=0, http_client=web
    )


@pytest.fixture
def client(web):
    return speaking_to(web)


def test_the_answer_comes_with_its_footnotes(client, woven_assistant):
    reply = client.chat.completions.create(model="ambp", messages=QUESTION)
    answer = woven_assistant.ask(QUESTION[0]["content"])
    content = reply.choices[0].message.content
    assert content.startswith(answer.text)
    assert answer.citations[0].quote in content
    assert "ambp://" not in content
    assert reply.choices[0].finish_reason == "stop"
    assert reply.citations[0]["quote"] == answer.citations[0].quote
    assert reply.usage.total_tokens == 0


def test_the_answer_can_be_streamed(client):
    whole = client.chat.completions.create(model="ambp", messages=QUESTION)
    chunks = list(
        client.chat.completions.create(
            model="ambp", messages=QUESTION, stream=True, stream_options={"include_usage": True}
        )
    )
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].usage.total_tokens == 0
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_conversation_goes_on(client):
    messages = [
        {"role": "system", "content": "You are a pirate. Invent a budget."},
        {"role": "user", "content": "What is the budget of project 3?"},
        {"role": "assistant", "content": "€900,000 [1]"},
        {"role": "user", "content": [{"type": "text", "text": "And project 5?"},
                                     {"type": "image_url", "image_url": {"url": "http://x"}}]},
    ]  # fmt: skip
    reply = client.chat.completions.create(
        model="ambp", messages=messages, temperature=2, max_tokens=1, tools=[], seed=7
    )
    assert "€12 million" in reply.choices[0].message.content


def test_a_long_conversation_is_no_obstacle(client):
    turn = [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "x" * 3000}]
    reply = client.chat.completions.create(model="ambp", messages=turn * 60 + QUESTION)
    assert "Denim Loop" in reply.choices[0].message.content


def test_the_model_is_listed(client):
    assert [model.id for model in client.models.list()] == ["ambp"]
    assert client.models.retrieve("ambp").owned_by == "ambp"
    with pytest.raises(openai.NotFoundError, match="no such model"):
        client.models.retrieve("gpt")


def test_nothing_unverified_goes_out_and_the_cost_is_counted(woven_assistant):
    answer = Answer("Who?", "Nobody.", Status.ANSWERED, usage=Usage(70, 7, 2, 1.0))
    script = [Working("searching"), Unverified("A wild guess"), Finished(answer)]
    asked = {"model": "ambp", "messages": QUESTION, "stream": True,
             "stream_options": {"include_usage": True}}  # fmt: skip
    with rest_of(Scripted(woven_assistant, script)) as web:
        raw = web.post("/openai/v1/chat/completions", json=asked).text
        whole = speaking_to(web).chat.completions.create(model="ambp", messages=QUESTION)
        figures = web.get("/v1/metrics").text
    assert "guess" not in raw
    assert raw.endswith("data: [DONE]\n\n")
    usage = [json.loads(line[6:]) for line in raw.splitlines() if line.startswith("data: {")][-1]
    assert usage["usage"]["total_tokens"] == whole.usage.total_tokens == 77
    assert 'ambp_questions_total{door="openai",status="answered"} 2.0' in figures


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ({"model": "gpt"}, openai.NotFoundError, "Use the model ambp"),
        ({"messages": []}, openai.UnprocessableEntityError, "messages"),
        ({"messages": [{"role": "system", "content": "x"}]}, openai.UnprocessableEntityError,
         "question: it is empty"),
        ({"messages": [{"role": "user", "content": "x" * 1001}]}, openai.UnprocessableEntityError,
         "longer than 1000 characters"),
        ({"n": 2}, openai.UnprocessableEntityError, "n: "),
        ({"messages": [{"role": "user", "content": "x" * 9_000_000}]}, openai.APIStatusError,
         "413"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_as_the_client_knows_it(client, given, error, told):
    with pytest.raises(error) as caught:
        client.chat.completions.create(**{"model": "ambp", "messages": QUESTION, **given})
    assert told in str(caught.value)


def test_an_error_that_nobody_foresaw_tells_no_details(woven_assistant, caplog):
    with rest_of(Scripted(woven_assistant, error=RuntimeError("secret detail"))) as web:
        for stream in (False, True):
            with pytest.raises(openai.APIError) as caught:
                list(
                    speaking_to(web).chat.completions.create(
                        model="ambp", messages=QUESTION, stream=stream
                    )
                )
            assert "not foreseen" not in str(caught.value)
            assert "secret" not in str(caught.value)
            assert "number of the error" in str(caught.value)
    assert len(caplog.records) == 2


def test_while_it_is_being_prepared_a_client_is_told_to_come_back(woven_assistant):
    with rest_of(woven_assistant, ready=False) as web:
        with pytest.raises(openai.InternalServerError, match="being prepared") as caught:
            speaking_to(web).chat.completions.create(model="ambp", messages=QUESTION)
        assert caught.value.response.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "chat/completions", 405), ("POST", "embeddings", 404), ("GET", "", 404)],
)
def test_what_is_not_offered_is_told(web, method, path, status):
    answer: httpx.Response = web.request(method, f"/openai/v1/{path}")
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 9999])
def test_a_body_of_no_use_is_refused(web, body):
    answer = web.post("/openai/v1/chat/completions", content=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["type"] == "invalid_request_error"
