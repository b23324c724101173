"""What other programs can have of the assistant, as plain data."""

import time
from collections.abc import Callable, Generator, Sequence
from copy import copy
from threading import Lock
from typing import Self

from app.answering.answer import Answer, Citation
from app.assistant import Assistant
from app.events import Finished, Unverified, Working
from app.footnotes import Reference, footnote
from app.output import answer_row
from app.requests import DEEPEST, RecordRequest, SearchRequest
from app.service.data import (
    AnswerData,
    CitationData,
    KindData,
    PassageData,
    PassagePage,
    PlaceData,
    RecordPage,
    SectionData,
    SourceData,
    TableData,
)
from app.service.holdings import Holdings
from app.service.records import kinds_of, page_of
from corpus.model import Rendition
from retrieval.model import Filter

_LONGEST_SECTION = 20_000  # characters given at once


Observe = Callable[[Answer | None, float], None]
"""Is told of every question: the answer (None: it failed) and how long it took, in seconds."""


def ignore(answer: Answer | None, seconds: float) -> None:
    """Take no note of a question."""


class Service:
    """Questions, searches, records, sources. As safe for threads as the assistant is."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self._latest = _Latest(assistant)
        self.observe: Observe = ignore

    def observed(self, observe: Observe) -> Self:
        """The same service, with somebody who is told of its questions."""
        twin = copy(self)
        twin.observe = observe
        return twin

    def ask(self, question: str, history: Sequence[str] = ()) -> AnswerData:
        """The answer to one question; ``history`` are the earlier ones, the oldest first."""
        started = time.perf_counter()
        try:
            answer = self.assistant.ask(question, history)
        except Exception:
            self.observe(None, time.perf_counter() - started)
            raise
        return self._data(answer, started)

    def stream(
        self, question: str, history: Sequence[str] = ()
    ) -> Generator[Working | Unverified | AnswerData, None, None]:
        """Answer one question and report on the way; the answer comes last."""
        started = time.perf_counter()
        try:
            for event in self.assistant.stream(question, history):
                if isinstance(event, Finished):
                    yield self._data(event.answer, started)
                else:
                    yield event
        except Exception:
            self.observe(None, time.perf_counter() - started)
            raise

    def _data(self, answer: Answer, started: float) -> AnswerData:
        seconds = time.perf_counter() - started
        self.observe(answer, seconds)
        return answer_data(answer, seconds)

    def search(self, request: SearchRequest) -> PassagePage:
        """The passages that fit best, by words and by meaning. Raises UnknownSource."""
        held = self.holdings()
        for source_id in request.sources:
            held.source(source_id)
        where = self.assistant.workspace.where
        within = Filter(
            sources=request.sources,
            renditions=tuple(Rendition(kind) for kind in request.kinds),
            origins=where.origins,
        )
        end = request.offset + request.limit
        # One more than is shown tells whether there is another page.
        hits = held.library.search(request.query, min(end, DEEPEST) + 1, within)
        shown = [
            held.passage_data(hit.passage, round(hit.score, 6))
            for hit in hits[request.offset : end]
            # A document may have come since the holdings were looked at; it is in the next answer.
            if hit.passage.document_id in held.documents
        ]
        more = end < min(len(hits), DEEPEST)
        return PassagePage(
            query=request.query,
            offset=request.offset,
            limit=request.limit,
            next_offset=end if more else None,
            passages=tuple(shown),
        )

    def records(self, request: RecordRequest) -> RecordPage:
        """The records that match, and what is computed over all of them.

        Raises QueryError or UnknownSource when the request makes no sense.
        """
        return page_of(request, self.holdings())

    def kinds(self) -> list[KindData]:
        """The kinds of records and their fields."""
        return kinds_of(self.holdings())

    def sources(self) -> list[SourceData]:
        """All sources, with their documents."""
        held = self.holdings()
        return [held.source_data(source_id) for source_id in held.sources]

    def source(self, source_id: str) -> SourceData:
        """One source, with its documents; raises UnknownSource."""
        return self.holdings().source_data(source_id)

    def passage(self, passage_id: str) -> PassageData:
        """One passage; raises UnknownPassage."""
        held = self.holdings()
        return held.passage_data(held.passage(passage_id))

    def sections(self, source_id: str) -> list[PlaceData]:
        """The sections of a source in its order, document by document; raises UnknownSource."""
        held = self.holdings()
        held.source(source_id)
        return [
            PlaceData(
                id=section[0].id,
                document=document_id,
                section=section[0].section or " > ".join(section[0].heading_path),
                page=section[0].page,
                passages=len(section),
            )
            for document_id, document in held.documents.items()
            if document.source_id == source_id
            for section in held.sections(document_id)
        ]

    def section(self, passage_id: str) -> SectionData:
        """The whole section in which a passage stands; raises UnknownPassage."""
        held = self.holdings()
        passage = held.passage(passage_id)
        # What was there a moment ago may be gone: then the passage is all that is left of it.
        found = next((s for s in held.sections(passage.document_id) if passage in s), [passage])
        text = "\n\n".join(each.text for each in found)
        data = held.passage_data(found[0])
        ends = [each.page_end or each.page for each in found]
        return SectionData(
            source=data.source,
            title=data.title,
            document=passage.document_id,
            section=data.section,
            page=data.page,
            page_end=max((page for page in ends if page), default=None),
            url=data.url,
            text=text[:_LONGEST_SECTION],
            complete=len(text) <= _LONGEST_SECTION,
            passages=tuple(each.id for each in found),
        )

    def holdings(self) -> Holdings:
        """What is held now; looked at anew after each change, by whatever process."""
        return self._latest.holdings()


class _Latest:
    """What was held when it was last looked at."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = Lock()
        self._held: tuple[object, Holdings] | None = None

    def holdings(self) -> Holdings:
        with self._lock:
            version = self._assistant.workspace.library.version()
            if self._held is None or self._held[0] != version:
                self._held = (version, Holdings.of(self._assistant))
            return self._held[1]


def answer_data(answer: Answer, seconds: float) -> AnswerData:
    """An answer as data; ``seconds`` is how long it took."""
    row = answer_row(answer)
    row["citations"] = [
        _citation(each, of) for each, of in zip(row["citations"], answer.citations, strict=True)
    ]
    table = answer.table
    return AnswerData(
        **row,
        follow_ups=answer.follow_ups,
        table=TableData(header=table.header, rows=table.rows) if table else None,
        as_of=answer.as_of.iso() if answer.as_of else None,
        language=answer.language,
        seconds=round(seconds, 4),
        wording=answer.wording,
        fallback=answer.fallback,
    )


def _citation(row: dict[str, object], citation: Citation) -> CitationData:
    note = str(footnote(Reference.of(citation)))
    return CitationData.model_validate({**row, "passage": citation.passage.id, "footnote": note})
