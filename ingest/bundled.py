"""The shipped knowledge as documents: digests (Markdown) and records (cards)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from corpus.cards import Card
from corpus.model import BlockKind, Document, Origin, Passage, Rendition, Source
from ingest.read import load_file
from ingest.readers.draft import Draft

RECORDS_TYPE = "application/yaml"

# "Next steps (p. 3)", "Thematic areas (pp. 2-4)": the place in the publication.
_PAGES = re.compile(r"\s*\(pp?\.\s?(\d+)(?:\s?[-–]\s?(\d+))?\)\s*$")


def digest_document(source: Source, path: Path) -> Document:
    """A digest as a document whose blocks carry the pages of the publication.

    A heading that ends in ``(p. 3)`` or ``(pp. 2-4)`` gives the pages of what stands below it, up
    to the next heading of its level or above; the headings themselves lose that ending.

    Raises `corpus.errors.ReadError` when the file cannot be read.
    """
    read = load_file(path).document(source)
    draft = Draft()
    for block in read.blocks:
        text = read.text[block.start : block.end]
        page, page_end = _pages(block.heading_path)
        draft.add(
            block.kind,
            _PAGES.sub("", text) if block.kind is BlockKind.HEADING else text,
            heading_path=[_PAGES.sub("", heading) for heading in block.heading_path],
            page=page,
            page_end=page_end,
            lead=block.lead,
            group=block.group,
        )
    text, blocks = draft.finish()
    return replace(
        read, text=text, blocks=blocks, rendition=Rendition.DIGEST, origin=Origin.BUNDLED
    )


def _pages(heading_path: Sequence[str]) -> tuple[int | None, int | None]:
    """First and last page that the innermost heading with pages names."""
    for heading in reversed(heading_path):
        if match := _PAGES.search(heading):
            return int(match[1]), int(match[2]) if match[2] else None
    return None, None


def records_document(source: Source, cards: Sequence[Card]) -> tuple[Document, list[Passage]]:
    """All cards of one source as a document, and one passage for each card, in order.

    A card is never cut, so its passage may be longer than an embedder takes. Raises ValueError for
    a card without text.
    """
    draft = Draft()
    for card in cards:
        if not card.text.strip():
            raise ValueError(f"the card of {card.record_key} is empty")
        draft.add(BlockKind.CARD, card.text, heading_path=card.heading, page=card.page)
    text, blocks = draft.finish()
    key = "\n".join(f"{card.record_key}\n{card.as_of}\n{card.section}" for card in cards)
    document = Document(
        source=source,
        text=text,
        blocks=blocks,
        content_hash=sha256(f"{key}\n{text}".encode()).hexdigest(),
        media_type=RECORDS_TYPE,
        rendition=Rendition.RECORDS,
        origin=Origin.BUNDLED,
    )
    passages = [
        Passage(
            document_id=document.id,
            source_id=source.id,
            ordinal=ordinal,
            start=block.start,
            end=block.end,
            text=text[block.start : block.end],
            heading_path=block.heading_path,
            page=block.page,
            section=card.section,
            record=card.record_key,
            as_of=card.as_of,
            language=source.language,
        )
        for ordinal, (card, block) in enumerate(zip(cards, blocks, strict=True))
    ]
    return document, passages
