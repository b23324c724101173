"""The kept copies of added files: what a citation's page is drawn from when the upload is gone.

A copy is named after the SHA-256 of its content, in the folder ``originals`` of the data folder.
There is one for each added document that is held, and none for anything else.
"""

import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from corpus.errors import LibraryError


class Originals:
    """The folder of copies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, file: Path, content_hash: str) -> bool:
        """Keep a copy of a file; False when there is no room or no right to."""
        target = self._folder / content_hash
        if target.exists():
            return True
        # Under its name only when it is whole, whatever happens meanwhile.
        unfinished = target.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, unfinished)
            unfinished.replace(target)
        except OSError:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            return False
        return True

    def path(self, content_hash: str) -> Path | None:
        """The copy of the file with that content, if there is one."""
        path = self._folder / content_hash
        return path if path.is_file() else None

    def keep_only(self, hashes: Collection[str]) -> None:
        """Take every other copy away; raises LibraryError for one that cannot be."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if path.name not in hashes:
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    raise LibraryError(
                        f"The copy {path} of a removed file cannot be deleted ({error.strerror})",
                        remedy="Delete it yourself, or close the program that has it open.",
                    ) from error
