"""Runs pandoc, which comes as a program in the package pypandoc_binary.

It gets its input through a pipe and gives its output back the same way. It is told to read no
file and to reach no other machine (``--sandbox``), and has limits of memory and time.
"""

import json
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pypandoc

from corpus.errors import ReportError

Node = dict[str, Any]
"""A piece of pandoc's tree: ``t`` names its kind, ``c`` holds what is in it."""

_API = (1, 23, 1)  # of the tree (the package pandoc-types); a pandoc reads all with the same 1.23
_MEMORY = "512M"
_SECONDS = 30


def document(blocks: Sequence[Node], meta: Mapping[str, Node]) -> bytes:
    """Pandoc's JSON for a whole document."""
    return json.dumps({"pandoc-api-version": _API, "meta": meta, "blocks": blocks}).encode()


def convert(given: bytes, source: str, target: str, *options: str) -> bytes:
    """``given`` in the format ``source`` as ``target``; raises ReportError where pandoc fails."""
    limits = ("+RTS", f"-M{_MEMORY}", "-RTS")
    command = [
        _program(), *limits, "--sandbox", "--from", source, "--to", target, "--wrap", "none",
        "--output", "-", *options,
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ReportError("the report takes too long to write", remedy=_SMALLER) from error
    if done.returncode:
        what = done.stderr.decode(errors="replace").strip().splitlines()
        raise ReportError(
            f"the report cannot be written ({what[-1] if what else done.returncode})",
            remedy=_SMALLER,
        )
    return done.stdout


_SMALLER = "Take out the longest items and try again."


@cache
def _program() -> str:
    return str(pypandoc.get_pandoc_path())
