"""Records that staff accepted: joined to the shipped ones, with cards in the library to be cited.

They rest on documents that were added, so they are there as long as those are, with that content.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from app.proposals import Proposal, Proposals, State
from corpus.cards import cards_of
from corpus.knowledge import Knowledge
from corpus.model import Origin, Rendition, Source
from corpus.records import KINDS
from corpus.schema import FieldSpec, Record, fields_of
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


def record_of(proposal: Proposal, source: Source) -> Record:
    """The record that a proposal makes.

    Raises ValueError where a value, or how many there are, is none of its field, and where there is
    no such kind or field; TypeError where a type of the corpus does.
    """
    if proposal.kind not in KINDS:
        raise ValueError(f"there is no kind of record called {proposal.kind}")
    seen = {"source": source.id, "as_of": source.date}
    fields: dict[str, Any] = {}
    for field in proposal.fields:
        spec = spec_of(proposal.kind, field.name)
        if not field.values or (len(field.values) > 1 and not spec.many):
            raise ValueError(f"{field.name}: it takes one value, not {len(field.values)}")
        value = tuple(map(_plain, field.values)) if spec.many else _plain(field.values[0])
        place = {"at": field.section or source.title, "page": field.page}
        fields[field.name] = {"observations": [{**seen, **place, "value": value}]}
    first = proposal.fields[0] if proposal.fields else None
    mention = {
        **seen,
        "at": (first and first.section) or source.title,
        "page": first and first.page,
    }
    try:
        return KINDS[proposal.kind].model_validate(
            {"id": proposal.record_id, "name": proposal.name, "mentions": [mention], **fields}
        )
    except ValidationError as error:
        wrong = error.errors()[0]
        raise ValueError(f"{wrong['loc'][0]}: {wrong['msg']}") from error


def _plain(value: str) -> Any:
    """A value as the files would hold it: yes and no are no text there."""
    return {"yes": True, "no": False}.get(value.lower(), value)


def spec_of(kind: str, name: str) -> FieldSpec:
    """What a field of a kind of record is; raises ValueError where there is none."""
    if kind not in KINDS or name not in fields_of(KINDS[kind]):
        raise ValueError(f"{kind} has no field {name}")
    return fields_of(KINDS[kind])[name]
