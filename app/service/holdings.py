"""What is held at one moment: sources, records, and which passage carries which record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.answering.wording import Wording
from app.assistant import Assistant
from app.footnotes import entry
from app.service.data import DocumentData, PassageData, SourceData
from corpus.cards import Printer
from corpus.errors import UnknownPassage, UnknownSource
from corpus.knowledge import Knowledge
from corpus.model import Passage, Rendition, Source
from corpus.vocabulary import Vocabulary
from retrieval.library import Library
from retrieval.model import Holding
from retrieval.query import Records


@dataclass(frozen=True)
class Holdings:
    """One state of the library, without what must not answer (`Workspace.where`)."""

    library: Library
    knowledge: Knowledge
    vocabulary: Vocabulary
    records: Records
    printer: Printer
    sources: Mapping[str, Source]
    documents: Mapping[str, Holding]

    @classmethod
    def of(cls, assistant: Assistant) -> "Holdings":
        """What an assistant holds now."""
        workspace = assistant.workspace
        origins = workspace.where.origins
        documents = {
            held.document_id: held
            for held in workspace.library.holdings()
            if not origins or held.origin in origins
        }
        spoken = {held.source_id for held in documents.values()}
        knowledge = assistant.knowledge
        return cls(
            library=workspace.library,
            knowledge=knowledge,
            vocabulary=assistant.vocabulary,
            records=Records(knowledge.records),
            printer=Printer.of(knowledge, assistant.vocabulary),
            sources={s.id: s for s in workspace.sources() if s.id in spoken},
            documents=documents,
        )

    @cached_property
    def wording(self) -> Wording:
        """How queries are said in plain words."""
        return Wording(self.vocabulary, self.printer, self.sources)

    @cached_property
    def cards(self) -> Mapping[tuple[str, str], str]:
        """The id of the passage with what a source says of a record (its key)."""
        return {
            (passage.record, passage.source_id): passage.id
            for held in self.documents.values()
            if held.rendition is Rendition.RECORDS
            for passage in self.library.passages(held.document_id)
        }

    def source(self, source_id: str) -> Source:
        """The source of that id; raises UnknownSource, which names those that there are."""
        if source_id not in self.sources:
            known = ", ".join(list(self.sources)[:20]) or "none"
            raise UnknownSource(
                f"There is no source {source_id[:80]!r}", remedy=f"Known are {known}."
            )
        return self.sources[source_id]

    def passage(self, passage_id: str) -> Passage:
        """The passage of that id; raises UnknownPassage."""
        found = self.library.passage(passage_id)
        if found is None or found.document_id not in self.documents:
            raise UnknownPassage(
                f"There is no passage {passage_id[:80]!r}",
                remedy="Ids of passages come with answers and searches, and change when a "
                "document does.",
            )
        return found

    def source_data(self, source_id: str) -> SourceData:
        """A source and its documents; raises UnknownSource."""
        source = self.source(source_id)
        documents = (d for d in self.documents.values() if d.source_id == source_id)
        return SourceData(
            id=source.id,
            title=source.title,
            publisher=source.publisher,
            date=source.date.iso() if source.date else None,
            url=source.url,
            language=source.language,
            description=source.description,
            reference=str(entry(source)),
            documents=tuple(
                DocumentData(
                    id=held.document_id,
                    kind=str(held.rendition),
                    origin=str(held.origin),
                    media_type=held.media_type,
                    pages=held.page_count,
                    passages=held.passages,
                    warnings=held.warnings,
                )
                for held in documents
            ),
        )

    def passage_data(self, passage: Passage, score: float | None = None) -> PassageData:
        """A passage with where it stands."""
        source = self.sources[passage.source_id]
        as_of = passage.as_of or source.date
        return PassageData(
            id=passage.id,
            source=source.id,
            title=source.title,
            section=passage.section or " > ".join(passage.heading_path),
            page=passage.page,
            page_end=passage.page_end,
            as_of=as_of.iso() if as_of else None,
            url=source.url,
            text=passage.text,
            kind=str(self.documents[passage.document_id].rendition),
            record=passage.record,
            language=passage.language,
            score=score,
        )

    def sections(self, document_id: str) -> list[list[Passage]]:
        """The passages of a document, those of a section together."""
        found: list[list[Passage]] = []
        for passage in self.library.passages(document_id):
            if found and _place(found[-1][0]) == _place(passage):
                found[-1].append(passage)
            else:
                found.append([passage])
        return found


def _place(passage: Passage) -> Sequence[object]:
    """What the passages of one section have in common; without headings a page is one."""
    named = passage.section or passage.heading_path
    return passage.section, passage.heading_path, None if named else passage.page
