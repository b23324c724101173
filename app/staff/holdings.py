"""What the library holds, source by source, and what rests on each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from app.workspace import Workspace
from corpus.model import Origin, Source
from corpus.records import KINDS
from corpus.schema import Record
from retrieval.model import Holding


@dataclass(frozen=True, slots=True)
class HeldSource:
    """A source with its documents, in the order in which they came, and what rests on it.

    ``records`` are the names of the records that state something because of it, by kind.
    ``readable``: a chat model is there and can propose records from it.
    """

    source: Source
    documents: tuple[Holding, ...]
    records: Mapping[str, tuple[str, ...]]
    readable: bool = False

    @property
    def passages(self) -> int:
        """How many passages it has in all its documents."""
        return sum(document.passages for document in self.documents)

    @property
    def bundled(self) -> bool:
        """Whether some of it is shipped, so that it can be brought back after a removal."""
        return any(document.origin is Origin.BUNDLED for document in self.documents)


def file_name(document: Holding) -> str:
    """The name of the file that a document was read from."""
    return PurePath(document.path).name


def holdings(workspace: Workspace) -> list[HeldSource]:
    """All sources that are held, those that are shipped first, in the order in which they came."""
    documents: dict[str, list[Holding]] = {}
    for holding in workspace.library.holdings():
        documents.setdefault(holding.source_id, []).append(holding)
    resting = _resting_on(workspace.knowledge.records)
    found = [
        HeldSource(
            source,
            tuple(documents.get(source.id, ())),
            resting.get(source.id, {}),
            bool(workspace.settings.llm and workspace.added_contents(source.id)),
        )
        for source in workspace.sources()
    ]
    return sorted(found, key=lambda held: not held.bundled)


def _resting_on(records: Iterable[Record]) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """By source and kind (in the order of `KINDS`), the names of the records that rest on it."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for record in records:
        for source_id in dict.fromkeys(mention.source for mention in record.mentions):
            kinds = found.setdefault(source_id, {})
            kinds[record.kind] = (*kinds.get(record.kind, ()), record.name)
    order = list(KINDS)
    return {
        source: {kind: kinds[kind] for kind in sorted(kinds, key=order.index)}
        for source, kinds in found.items()
    }


def added_under(name: str, held: Sequence[HeldSource]) -> tuple[HeldSource, Holding] | None:
    """The added document that was read from a file of this name, however its letters are cased."""
    for each in held:
        for document in each.documents:
            same = file_name(document).casefold() == name.casefold()
            if same and document.origin is Origin.ADDED:
                return each, document
    return None
