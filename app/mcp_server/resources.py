"""The resources: sources and passages, under addresses of their own."""

import re

from mcp.types import Resource, ResourceTemplate, TextResourceContents

from app.service import Service
from app.service.data import PassageData, SourceData

_SOURCE, _PASSAGE = "ambp://sources/", "ambp://passages/"
_MARKDOWN, _TEXT = "text/markdown", "text/plain"
_ADDRESS = re.compile(rf"(?P<kind>{_SOURCE}|{_PASSAGE})(?P<id>[\w.-]{{1,200}})")

TEMPLATES = (
    ResourceTemplate(
        name="source",
        title="A source",
        uri_template=f"{_SOURCE}{{source_id}}",
        description="A publication: who published it and when, and its sections.",
        mime_type=_MARKDOWN,
    ),
    ResourceTemplate(
        name="passage",
        title="A passage",
        uri_template=f"{_PASSAGE}{{passage_id}}",
        description="A passage of a document, as citations name it, and where it stands.",
        mime_type=_TEXT,
    ),
)


def passage_uri(passage_id: str) -> str:
    """The address of a passage."""
    return f"{_PASSAGE}{passage_id}"


def listed(service: Service) -> list[Resource]:
    """The sources. Passages are too many to be listed; each source names the first of a section."""
    return [
        Resource(
            name=source.id,
            title=source.title,
            uri=f"{_SOURCE}{source.id}",
            description=source.description or source.reference,
            mime_type=_MARKDOWN,
        )
        for source in service.sources()
    ]


def read(service: Service, uri: str) -> TextResourceContents | None:
    """What stands at an address; None where there is no such address.

    Raises UnknownSource or UnknownPassage for one of something that is not held.
    """
    found = _ADDRESS.fullmatch(uri)
    if found is None:
        return None
    if found["kind"] == _SOURCE:
        text = _source_text(service.source(found["id"]), service)
        return TextResourceContents(uri=uri, mime_type=_MARKDOWN, text=text)
    text = _passage_text(service.passage(found["id"]))
    return TextResourceContents(uri=uri, mime_type=_TEXT, text=text)


def completed(service: Service, begun: str) -> list[str]:
    """The ids of sources that begin with what is typed."""
    return [source.id for source in service.sources() if source.id.startswith(begun)]


def _source_text(source: SourceData, service: Service) -> str:
    parts = [f"# {source.title}", source.reference]
    if source.description:
        parts.append(source.description)
    places = service.sections(source.id)
    for document in source.documents:
        sections = [
            f"- {place.section or 'Without a heading'}"
            f"{f', page {place.page}' if place.page else ''}: {passage_uri(place.id)}"
            for place in places
            if place.document == document.id
        ]
        about = f"{document.kind}, {document.media_type}, {document.passages} passages"
        parts += [f"## {about}", "\n".join(sections)]
    return "\n\n".join(part for part in parts if part)


def _passage_text(passage: PassageData) -> str:
    pages = f"page {passage.page}" if passage.page else ""
    dated = f"as of {passage.as_of}" if passage.as_of else ""
    known = (passage.title, passage.section, pages, dated, passage.url)
    return f"{passage.text}\n\n({', '.join(part for part in known if part)})"
