#!/usr/bin/env python3
"""Copy what cannot be made anew out of a data folder, consistently, while the server runs.

    python3 backup.py DATA_FOLDER BACKUP_FOLDER

A new folder named after the time (UTC) appears in BACKUP_FOLDER when the copy is complete. To
restore, make it the data folder and run ``ambp doctor``, which makes both indexes from the record.
Needs nothing but Python.
"""

import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

DATABASES = ("library.sqlite3", "questions.sqlite3", "proposals.sqlite")
FILES = ("staff-password.json", "mcp-tokens.json")
ORIGINALS = "originals"


def back_up(data: Path, backups: Path) -> Path:
    """Make a copy and return its folder. Raises OSError or sqlite3.Error, and then leaves none."""
    name = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    draft, done = backups / f".{name}", backups / name
    draft.mkdir(mode=0o700, parents=True)
    try:
        for database in DATABASES:
            if (data / database).is_file():
                _copy_database(data / database, draft / database)
        for file in FILES:
            if (data / file).is_file():
                shutil.copy2(data / file, draft / file)
        # After the record: a file that is added meanwhile is one too many, and goes at the restore.
        if (data / ORIGINALS).is_dir():
            shutil.copytree(data / ORIGINALS, draft / ORIGINALS, ignore=_vanished)
        draft.rename(done)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return done


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's online backup: one state of the database, with what is still in its journal."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def _vanished(folder: str, names: list[str]) -> set[str]:
    """Files that were removed since the folder was listed."""
    return {name for name in names if not (Path(folder) / name).exists()}


def main(arguments: list[str]) -> int:
    """Run from the command line; 0 done, 1 failed, 2 wrong usage."""
    if len(arguments) != 2 or not (Path(arguments[0]) / DATABASES[0]).is_file():
        sys.stderr.write("Usage: backup.py DATA_FOLDER BACKUP_FOLDER (the first with a library)\n")
        return 2
    try:
        done = back_up(Path(arguments[0]), Path(arguments[1]))
    except (OSError, sqlite3.Error) as error:
        sys.stderr.write(f"backup.py: nothing was backed up ({error}).\n")
        return 1
    sys.stdout.write(f"{done}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
