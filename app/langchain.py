"""The library and the assistant as LangChain's building blocks: a retriever and a tool.

    with Assistant.open() as assistant:
        passages = PassageRetriever(assistant=assistant, k=5).invoke("conditions for joining")
        answer = AskTool(assistant=assistant).invoke({"question": "How can a region join?"})

Nothing else of the program imports this module, so that LangChain is loaded only where it is used.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Literal, Self

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    AsyncCallbackManagerForToolRun,
    CallbackManagerForRetrieverRun,
    CallbackManagerForToolRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import ArgsSchema, BaseTool, ToolException
from pydantic import Field, PrivateAttr, ValidationError, model_validator

from app.answering.answer import Answer
from app.assistant import Assistant
from app.output import answer_text
from app.requests import MOST_PASSAGES, AskRequest, SearchRequest
from app.service.data import PassageData
from app.service.service import Service
from corpus.errors import AssistantError


class PassageRetriever(BaseRetriever):
    """The passages of the library that fit a query best, the best first.

    ``k``, ``sources`` and ``kinds`` may be given anew with each call (``invoke(query, k=3)``).
    Raises UnknownSource for a source that is not held, and a ValidationError for an empty query,
    one of more than 1,000 characters, or a number or a kind that does not exist.
    """

    assistant: Assistant = Field(exclude=True, repr=False)
    """Whose library is searched; it has to stay open."""
    k: int = Field(default=10, ge=1, le=MOST_PASSAGES)
    """How many passages."""
    sources: tuple[str, ...] = ()
    """Only passages of these sources (their ids); empty: of all."""
    kinds: tuple[Literal["original", "digest", "records"], ...] = ()
    """Only originals, digests or the cards of records; empty: all three."""

    _service: Service = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Keep one view of the library for all calls."""
        super().model_post_init(context)
        self._service = Service(self.assistant)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        sources: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> list[Document]:
        return self._search(query, k, sources, kinds)

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        k: int | None = None,
        sources: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> list[Document]:
        # The search computes; the event loop goes on meanwhile.
        return await asyncio.to_thread(self._search, query, k, sources, kinds)

    def _search(
        self,
        query: str,
        k: int | None,
        sources: Sequence[str] | None,
        kinds: Sequence[str] | None,
    ) -> list[Document]:
        request = SearchRequest(
            query=query,
            limit=self.k if k is None else k,
            sources=self.sources if sources is None else tuple(sources),
            kinds=self.kinds if kinds is None else tuple(kinds),
        )
        return [_document(passage) for passage in self._service.search(request).passages]


def _document(passage: PassageData) -> Document:
    metadata = passage.model_dump(exclude={"id", "text"})
    return Document(page_content=passage.text, id=passage.id, metadata=metadata)


class AskTool(BaseTool):
    """Answers a question from the records and documents, every statement with a numbered citation.

    The content is text with the footnotes below it, the artifact the `Answer`. What goes wrong on
    purpose (an empty question, a library that is busy) is told to whoever called the tool.
    """

    name: str = "ask_the_documents"
    description: str = ""
    """What a model is told of the tool; left empty, it names the partnership."""
    args_schema: ArgsSchema | None = AskRequest
    response_format: Literal["content", "content_and_artifact"] = "content_and_artifact"
    handle_tool_error: Any = True
    handle_validation_error: Any = Field(default_factory=lambda: _what_is_wrong)
    assistant: Assistant = Field(exclude=True, repr=False)
    """Who answers; it has to stay open."""

    @model_validator(mode="after")
    def _describe(self) -> Self:
        if not self.description:
            about = self.assistant.knowledge.partnership
            self.description = (
                f"Answers a question about the {about.name} ({about.abbreviation}) from its "
                "documents, every statement with a numbered citation. Lists, counts and sums are "
                "computed over all records. It says so where the documents hold no answer."
            )
        return self

    def _run(
        self,
        question: str,
        history: Sequence[str] = (),
        run_manager: CallbackManagerForToolRun | None = None,
    ) -> tuple[str, Answer]:
        try:
            answer = self.assistant.ask(question, history)
        except AssistantError as error:
            raise ToolException(error.line()) from error
        return answer_text(answer), answer

    async def _arun(
        self,
        question: str,
        history: Sequence[str] = (),
        run_manager: AsyncCallbackManagerForToolRun | None = None,
    ) -> tuple[str, Answer]:
        return await asyncio.to_thread(self._run, question, history)


def _what_is_wrong(error: ValidationError) -> str:
    """What a model is told when it calls the tool with something else than a question."""
    found = ((".".join(map(str, each["loc"])), each["msg"]) for each in error.errors())
    return "; ".join(f"{where}: {what}" for where, what in found)
