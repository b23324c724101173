"""What a model may look up: passages, sections, records. The tools only read, and only here."""

from collections.abc import Callable
from typing import Any

from langchain_core.messages import ToolCall
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.answering.answer import Answer, Status
from app.answering.engine import Engine
from app.answering.evidence import assemble
from app.answering.from_records import carry_out
from app.answering.piece import Piece
from app.answering.plans import Select
from app.answering.understanding import Question
from app.model.instructions import shown
from app.model.language import is_addressed
from app.model.ledger import Entry, Ledger
from app.model.relevance import is_whole, relevant, relevant_abroad
from app.requests import RecordRequest
from corpus.errors import AssistantError
from corpus.model import Passage
from corpus.records import KINDS
from corpus.schema import fields_of
from corpus.vocabulary import languages

_PASSAGES = 5  # of a search
_LINES = 60  # of evidence that one call gives
_LONGEST = 400  # characters of a query or a heading
_NOTHING = "Nothing was found."


class SearchPassages(BaseModel):
    """Find sentences in the documents by what they say."""

    model_config = ConfigDict(extra="forbid")
    query: str = Field(description="What to look for, in a few words.", min_length=2)


class GetSection(BaseModel):
    """Give the sentences of one section of a source."""

    model_config = ConfigDict(extra="forbid")
    source: str = Field(description="The title or id of the source.", min_length=1)
    section: str = Field(description="The heading or name of the section.", min_length=1)


_SCHEMAS: dict[str, type[BaseModel]] = {
    "search_passages": SearchPassages,
    "get_section": GetSection,
    "query_records": RecordRequest,
}
_RECORDS = (
    "Compute a list, a count, a sum or an order over all records of a kind. Kinds and fields: "
)
_PAGING = ("limit", "offset")  # of doors that show pages; a result here is always whole


def definitions() -> list[dict[str, Any]]:
    """The tools as models are told of them (OpenAI's form, which LangChain knows)."""
    found = []
    for name, schema in _SCHEMAS.items():
        parameters = schema.model_json_schema()
        for paging in _PAGING:
            parameters.get("properties", {}).pop(paging, None)
        what = str(parameters.pop("description", "")).split("\n\n")[0]
        if schema is RecordRequest:
            what = _RECORDS + "; ".join(
                f"{kind} ({', '.join(fields_of(cls))})" for kind, cls in KINDS.items()
            )
        function = {"name": name, "description": what, "parameters": parameters}
        found.append({"type": "function", "function": function})
    return found


class Tools:
    """Carries out the calls of one question; what they find goes into its ledger."""

    def __init__(self, engine: Engine, question: Question, ledger: Ledger, offline: Answer) -> None:
        self._engine = engine
        self._question = question
        self._ledger = ledger
        self._offline = offline
        self._asked = engine.from_passages.asked(question)
        self._carried_out: dict[str, Callable[[Any], list[Entry]]] = {
            "search_passages": self._search,
            "get_section": self._section,
            "query_records": self._records,
        }

    def call(self, call: ToolCall) -> str:
        """The result of one call as the model sees it, or what is wrong with the call."""
        name = call["name"]
        if name not in _SCHEMAS:
            return f"There is no such tool; there are {', '.join(_SCHEMAS)}."
        try:
            wanted = _SCHEMAS[name].model_validate(call["args"])
            found = self._carried_out[name](wanted)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        except (AssistantError, ValueError, TypeError) as error:
            return error.line() if isinstance(error, AssistantError) else "That cannot be computed."
        return shown(found, "result", self._ledger) if found else _NOTHING

    def _search(self, wanted: SearchPassages) -> list[Entry]:
        where = self._engine.from_passages.where
        hits = self._engine.library.search(wanted.query[:_LONGEST], _PASSAGES, where)
        return [entry for hit in hits for entry in self._lines(hit.passage)][:_LINES]

    def _section(self, wanted: GetSection) -> list[Entry]:
        engine, said = self._engine, wanted.source.casefold().strip()
        sources = {
            s.id for s in engine.sources.values()
            if said in (s.id.casefold(), s.title.casefold(), *(a.casefold() for a in s.aliases))
        }  # fmt: skip
        section = wanted.section.casefold().strip()[:_LONGEST]
        passages = [
            passage
            for document in engine.library.documents()
            if document.source.id in sources
            and (not engine.from_passages.where.documents
                 or document.id in engine.from_passages.where.documents)
            for passage in engine.from_passages.pieces.document(document.id)
            if section in (p.casefold() for p in (passage.section, *passage.heading_path))
        ]  # fmt: skip
        return [entry for passage in passages for entry in self._lines(passage)][:_LINES]

    def _lines(self, passage: Passage) -> list[Entry]:
        """The sentences of a passage that tell something of what was asked.

        None where the answer was computed from records, which tell all that was asked.
        """
        if is_whole(self._offline):
            return []
        pieces = self._engine.from_passages.pieces.of(passage)
        return [
            self._ledger.add_piece(piece)
            for piece in pieces
            if not is_addressed(piece.said) and self._is_relevant(piece)
        ]

    def _is_relevant(self, piece: Piece) -> bool:
        language = self._offline.language
        if piece.passage.language == language or language not in languages():
            return relevant(self._asked, piece)
        tongues, english = self._engine.tongues, self._engine.lexicon
        return relevant_abroad(self._question.asked, tongues.lexicon(language), piece, english)

    def _records(self, wanted: RecordRequest) -> list[Entry]:
        engine = self._engine
        query = wanted.query(engine.records)
        draft = carry_out(Select(query), self._question, engine.planner, engine.speaker)
        if draft is None or draft.status is not Status.ANSWERED:
            return []
        answer = assemble(self._question.asked, draft, engine.sources)
        return self._ledger.add_answer(answer) if answer else []


def in_words(call: ToolCall) -> str:
    """What a call does, for the person who waits."""
    args = call["args"] if isinstance(call["args"], dict) else {}
    if call["name"] == "search_passages":
        return f"searching the documents for “{str(args.get('query', ''))[:80]}”"
    if call["name"] == "get_section":
        return f"reading {str(args.get('section', 'a section'))[:80]}"
    if call["name"] == "query_records":
        return "looking through all records"
    return "thinking"
