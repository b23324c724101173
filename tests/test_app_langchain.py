"""LangChain's own standard suites over the retriever and the tool, and what they do not check."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_tests.integration_tests import RetrieversIntegrationTests, ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests
from pydantic import ValidationError

from app.answering.answer import Answer, Status
from app.assistant import Assistant
from app.langchain import AskTool, PassageRetriever
from corpus.errors import LibraryBusy, UnknownSource


@pytest.fixture(scope="module")
def assistant(woven_assistant: Assistant) -> Assistant:
    return woven_assistant


class _WithAssistant:
    """The suites ask for parameters of a constructor by a property."""

    @pytest.fixture(autouse=True)
    def _opened(self, assistant: Assistant) -> None:
        self._assistant = assistant


class TestPassageRetriever(_WithAssistant, RetrieversIntegrationTests):
    @property
    def retriever_constructor(self) -> type[PassageRetriever]:
        return PassageRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"assistant": self._assistant}

    @property
    def retriever_query_example(self) -> str:
        return "recycled fibres"


class _Asking(_WithAssistant):
    @property
    def tool_constructor(self) -> type[AskTool]:
        return AskTool

    @property
    def tool_constructor_params(self) -> dict[str, Any]:
        return {"assistant": self._assistant}

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return {"question": "Which regions lead the partnership?"}


class TestAskToolUnit(_Asking, ToolsUnitTests):
    pass


class TestAskToolIntegration(_Asking, ToolsIntegrationTests):
    pass


def test_a_document_says_where_its_text_stands(assistant):
    found = PassageRetriever(assistant=assistant, k=5).invoke("How does a region join?")
    for document in found:
        held = assistant.passage(document.id)
        assert held is not None
        assert held.text == document.page_content
        told = document.metadata
        assert (told["source"], told["section"], told["page"]) == (
            held.source_id,
            held.section,
            held.page,
        )
        assert set(told) >= {"title", "as_of", "url", "score", "kind", "record", "language"}
    assert [d.metadata["score"] for d in found] == sorted(
        (d.metadata["score"] for d in found), reverse=True
    )
    assert {"coast-brief"} <= {d.metadata["source"] for d in found}
    assert all(d.metadata["as_of"] == "2022-03" for d in found if "brief" in d.metadata["source"])


async def test_filters_hold_for_one_retriever_and_for_one_call(assistant):
    of_page = PassageRetriever(assistant=assistant, sources=("weavers-page",), k=3)
    assert {d.metadata["source"] for d in of_page.invoke("weavers")} == {"weavers-page"}
    others = await of_page.ainvoke("weavers", sources=["coast-review"], kinds=["digest"], k=2)
    assert {(d.metadata["source"], d.metadata["kind"]) for d in others} == {
        ("coast-review", "digest")
    }


@pytest.mark.parametrize("wrong", [{"k": 0}, {"k": 51}, {"kinds": ("picture",)}])
def test_a_retriever_that_makes_no_sense_is_not_made(assistant, wrong):
    with pytest.raises(ValidationError):
        PassageRetriever(assistant=assistant, **wrong)


def test_a_source_that_is_not_held_is_an_error_and_not_an_empty_list(assistant):
    with pytest.raises(UnknownSource):
        PassageRetriever(assistant=assistant, sources=("nowhere",)).invoke("weavers")


async def test_the_tool_gives_text_with_footnotes_and_the_answer(assistant):
    tool = AskTool(assistant=assistant)
    call = {"name": tool.name, "args": {"question": "How many regions lead?"}, "id": "1"}
    message = await tool.ainvoke({**call, "type": "tool_call"})
    assert isinstance(message.artifact, Answer)
    assert message.artifact.status is Status.ANSWERED
    assert message.content.startswith(message.artifact.text)
    for citation in message.artifact.citations:
        assert f"[{citation.number}]" in message.content
        assert citation.quote in message.content


def test_the_tool_takes_the_earlier_questions(assistant):
    first, then = "Who coordinates natural dyes?", "And smart fabrics?"
    tool = AskTool(assistant=assistant)
    assert tool.invoke({"question": then, "history": [first]}) == tool.invoke(
        {"question": "Who coordinates smart fabrics?"}
    )


def test_a_model_is_told_whom_the_tool_is_about_and_what_to_give(assistant):
    tool = AskTool(assistant=assistant)
    assert "Woven Coasts Partnership" in tool.description
    assert set(tool.args) == {"question", "history"}
    assert AskTool(assistant=assistant, description="Other words.").description == "Other words."


def test_what_goes_wrong_on_purpose_is_told_to_the_model(assistant, monkeypatch):
    def busy(*_: object) -> Answer:
        raise LibraryBusy("The library is being written to", remedy="Try again.")

    tool = AskTool(assistant=assistant)
    assert "question: " in tool.invoke({"question": " "})
    assert "history: " in tool.invoke({"question": "Who leads?", "history": "Who?"})
    monkeypatch.setattr(assistant, "ask", busy)
    assert tool.invoke({"question": "Who leads?"}) == "The library is being written to. Try again."


def test_a_chain_over_both(assistant):
    retriever = PassageRetriever(assistant=assistant, k=2)
    chain = {
        "passages": retriever | RunnableLambda(lambda found: [d.metadata["source"] for d in found]),
        "question": RunnablePassthrough(),
    } | RunnableLambda(lambda given: (given["question"], len(given["passages"])))
    assert chain.invoke("charter") == ("charter", 2)


def test_the_command_starts_without_langchain():
    script = (
        "import sys, app.cli, app.web; "
        "print([m for m in ('langchain', 'langchain_core', 'mcp') if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_the_name_of_the_module_hides_nothing():
    import langchain

    assert Path(langchain.__file__).parent != ROOT / "app"
