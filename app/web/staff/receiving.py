"""Files as they arrive from a browser: under a name that is safe, in a folder of their own."""

import asyncio
import re
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from uuid import uuid4

from starlette.requests import Request

from corpus.errors import AssistantError, EmptyFile, TooLarge

_LONGEST_NAME = 120  # characters, the ending included
_LONGEST_ENDING = 10
_SECONDS_LEFT_ALONE = 24 * 3600.0  # what is older was left behind by a server that was stopped
# What separates folders anywhere, or means something to a file system or a shell of some system.
_UNSAFE = re.compile(r'[<>:"|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')


def safe_name(given: str) -> str:
    """A file's name that is a name and no path, whatever was given.

    Letters of all scripts stay; what comes before the last slash goes, and so do leading dots.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    name = " ".join(_UNSAFE.sub(" ", name).encode("utf-8", "ignore").decode().split())
    name = name.lstrip(". ~").rstrip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        stem, ending = name, ""
    end = f".{ending}" if ending else ""
    return f"{stem[: _LONGEST_NAME - len(end)].rstrip()}{end}" or "file"


def free_name(name: str, taken: Callable[[str], bool]) -> str:
    """The name itself, else the first of "name (2)", "name (3)"... that is not taken."""
    path, number, candidate = Path(name), 1, name
    while taken(candidate):
        number += 1
        candidate = f"{path.stem} ({number}){path.suffix}"
    return candidate


async def receive(request: Request, folder: Path, name: str, most_bytes: int) -> Path:
    """Keep what is sent as a file of this name in a new folder in ``folder``.

    Nothing stays of what is too large, empty or broken off: raises TooLarge, EmptyFile, Starlette's
    ClientDisconnect, or AssistantError when it cannot be written.
    """
    path = folder / uuid4().hex / name
    size = 0
    try:
        size = await _write(request, path, most_bytes)
    except OSError as error:
        raise AssistantError(
            f"{name} cannot be kept on the server ({error.strerror})",
            remedy="There may be no room left on its disk.",
        ) from error
    finally:
        if not size:
            rmtree(path.parent, ignore_errors=True)
    if not size:
        raise EmptyFile(path, "the file is empty")
    return path


async def _write(request: Request, path: Path, most_bytes: int) -> int:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most_bytes:
        raise TooLarge(path, "the file is too large")
    await asyncio.to_thread(path.parent.mkdir, parents=True, mode=0o700)
    size = 0
    with path.open("wb") as file:
        async for chunk in request.stream():
            size += len(chunk)
            if size > most_bytes:
                raise TooLarge(path, "the file is too large")
            await asyncio.to_thread(file.write, chunk)
    return size


def clear_leftovers(folder: Path) -> None:
    """Delete what arrived long ago and was never read, because the server was stopped."""
    if not folder.is_dir():
        return
    for each in folder.iterdir():
        with suppress(FileNotFoundError):  # another server cleans up too
            if time.time() - each.stat().st_mtime > _SECONDS_LEFT_ALONE:
                rmtree(each, ignore_errors=True)
