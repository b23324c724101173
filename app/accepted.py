"""Records that staff accepted: joined to the shipped ones, with cards in the library to be cited.

They rest on documents that were added, so they are there as long as those are, with that content.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.model.proposals import Proposal, Proposals, State
from app.model.stating import record_of
from corpus.cards import cards_of
from corpus.knowledge import Knowledge
from corpus.model import Origin, Rendition
from corpus.schema import Record
from corpus.vocabulary import load_vocabulary
from ingest.bundled import records_document
from retrieval.library import Library


def contents(library: Library, source_id: str = "") -> list[tuple[str, str]]:
    """The added documents, of one source or of all: (content hash, document id)."""
    return [
        (held.content_hash, held.document_id)
        for held in library.holdings()
        if held.origin is Origin.ADDED
        and held.rendition is not Rendition.RECORDS
        and source_id in ("", held.source_id)
    ]


def held_contents(library: Library) -> set[tuple[str, str]]:
    """What proposals may rest on: (source id, content hash) of every added document."""
    return {
        (held.source_id, held.content_hash)
        for held in library.holdings()
        if held.origin is Origin.ADDED and held.rendition is not Rendition.RECORDS
    }


def joined(knowledge: Knowledge, proposals: Proposals, library: Library) -> Knowledge:
    """The knowledge with the records that were accepted and whose documents are held."""
    found = _records(proposals.all(State.ACCEPTED), library)[0]
    if not found:
        return knowledge
    sources = [record.mentions[0].source for record in found]
    return knowledge.with_records(found, sources)


def put_cards(knowledge: Knowledge, proposals: Proposals, library: Library) -> None:
    """Have the library hold the cards of accepted records in ``knowledge``, and no others."""
    wanted = {record.mentions[0].source for record in
              _records(proposals.all(State.ACCEPTED), library)[0]}  # fmt: skip
    for held in library.holdings():
        own = held.origin is Origin.ADDED and held.rendition is Rendition.RECORDS
        if own and held.source_id not in wanted:
            library.remove_document(held.document_id)
    for source_id in sorted(wanted):
        source = library.source(source_id)
        if source:
            cards = cards_of(knowledge, source_id, load_vocabulary())
            document, passages = records_document(source, cards)
            library.put(replace(document, origin=Origin.ADDED), passages)


def unfit(proposals: Proposals, library: Library) -> list[str]:
    """Accepted proposals that can be no records any more, and why: the schema changed since."""
    return _records(proposals.all(State.ACCEPTED), library)[1]


def _records(proposals: Sequence[Proposal], library: Library) -> tuple[list[Record], list[str]]:
    """The records, and what is wrong with those that cannot be any: they keep no other out."""
    held = held_contents(library) if proposals else set()
    records, wrong = [], []
    for proposal in proposals:
        source = library.source(proposal.source_id)
        if source and (source.id, proposal.content_hash) in held:
            try:
                records.append(record_of(proposal, source))
            except (ValueError, TypeError) as error:
                wrong.append(f"{proposal.name} of {source.title} ({error})")
    return records, wrong
