"""Added files read again from their kept copies, as one does who has a better reader by now."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from app.originals import Originals
from app.progress import OnProgress
from corpus.errors import ReadError
from corpus.model import Document
from ingest.read import load_file
from retrieval.model import Change, Mended

_NO_COPY = "no copy of the file is kept, so it was not read again. Replace it to have that done."


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What came of making everything anew: the passages that were ``mended`` in the indexes.

    ``read`` is the number of added files that were read again, ``changed`` of those that gave other
    text or passages than before, and ``problems`` has a line for each that could not be read.
    """

    mended: Mended = field(default_factory=Mended)
    read: int = 0
    changed: int = 0
    problems: tuple[str, ...] = ()


def read_all_again(
    held: Sequence[Document],
    originals: Originals,
    put: Callable[[Document], Change],
    on_progress: OnProgress,
    *,
    max_bytes: int,
) -> Reindexed:
    """Read every document from its copy and ``put`` it; what cannot be read stays as it is."""
    read = changed = 0
    problems: list[str] = []
    for place, document in enumerate(held):
        name = Path(document.path).name
        on_progress("Reading files", place, len(held), name)
        copy = originals.path(document.content_hash)
        if copy is None:
            problems.append(f"{name}: {_NO_COPY}")
            continue
        try:
            again = _read(document, copy, max_bytes)
        except ReadError as error:
            problems.append(error.line())
            continue
        read += 1
        changed += put(again) is not Change.UNCHANGED
    return Reindexed(read=read, changed=changed, problems=tuple(problems))


def _read(document: Document, copy: Path, max_bytes: int) -> Document:
    # Under the name that it came with: readers look at that too.
    with TemporaryDirectory(prefix="ambp-") as folder:
        named = Path(folder) / Path(document.path).name
        shutil.copyfile(copy, named)
        file = load_file(named, max_bytes=max_bytes)
    return replace(file, path=Path(document.path)).document(document.source)
