"""Parts of the reference, made from the program itself whenever the documentation is built.

A hook of MkDocs: a line ``<!-- generated: NAME -->`` on a page is replaced by what the function of
that name in `PARTS` writes (Markdown).
"""

import ast
import inspect
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

# MkDocs loads this file by its path: its neighbours are found only so.
sys.path.insert(0, str(Path(__file__).parent))

from generated_mcp import mcp_reference
from generated_rest import rest_reference
from markdown_parts import code, plain, table

from app.settings import PREFIX, Settings, variables
from corpus.records import KINDS
from corpus.schema import FieldSpec, FieldType, Record, fields_of
from ingest.readers import READERS

_MARK = re.compile(r"^<!-- generated: ([\w-]+) -->$", re.MULTILINE)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the generated parts where the page names them (called by MkDocs for every page)."""
    return _MARK.sub(lambda found: PARTS[found[1]](), markdown)


# --- Settings -------------------------------------------------------------------------------------


def settings_table() -> str:
    """All settings: variable, what it does, what it has to be, default."""
    told = _attribute_docstrings(Settings)
    rows = [
        (
            code(PREFIX + field.name.upper()),
            told.get(field.name, ""),
            variables()[PREFIX + field.name.upper()],
            code(_default(field.default)),
        )
        for field in fields(Settings)
    ]
    return table(("variable", "meaning", "what it has to be", "default"), rows)


def _attribute_docstrings(cls: type) -> dict[str, str]:
    """The text below each attribute of a class, in words that are not Python's."""
    (of,) = ast.parse(inspect.getsource(cls)).body
    assert isinstance(of, ast.ClassDef)
    found: dict[str, str] = {}
    for before, node in pairwise(of.body):
        named = isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name)
        told = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if named and told:
            text = plain(str(node.value.value))
            found[before.target.id] = re.sub(r"\bNone:", "not set:", text)
    return found


def _default(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if not isinstance(value, str | int):
        return ""  # not set, or worked out
    return str(value).lower() if isinstance(value, bool) else str(value)


# --- Records --------------------------------------------------------------------------------------

_HOLDS: Mapping[FieldType, str] = {
    FieldType.TEXT: "text",
    FieldType.INTEGER: "whole number",
    FieldType.BOOLEAN: "true or false",
    FieldType.DATE: "date",
    FieldType.MONEY: "amount of money",
    FieldType.QUANTITY: "quantity",
    FieldType.DURATION: "duration",
    FieldType.COUNTRY: "country code",
}


def record_kinds() -> str:
    """Every kind of record with its fields."""
    parts = []
    for kind, cls in KINDS.items():
        notes = _comments(cls)
        rows = [
            (code(name), _holds(spec), notes.get(name, "")) for name, spec in fields_of(cls).items()
        ]
        parts += [
            f"## `{kind}`",
            plain(cls.__doc__ or ""),
            table(("field", "holds", "what it says"), rows),
        ]
    return "\n\n".join(parts)


def _holds(spec: FieldSpec) -> str:
    if spec.type is FieldType.CHOICE:
        what = "one of " + ", ".join(code(choice) for choice in spec.choices)
    elif spec.type is FieldType.REFERENCE:
        what = "id of " + " or ".join(f"[`{kind}`](#{kind})" for kind in spec.targets)
    else:
        what = _HOLDS[spec.type]
    return f"list: {what}" if spec.many else what


def _comments(cls: type[Record]) -> dict[str, str]:
    """What the schema says of a field at the end of its line."""
    found = {"summary": "one or two sentences that define or describe it"}
    for line in inspect.getsource(cls).splitlines():
        if match := re.match(r"\s+(\w+): Observed.*?#\s*(.+)$", line):
            found[match[1]] = match[2]
    return found


# --- Formats of files -----------------------------------------------------------------------------

# What people call what a reader reads, and how such files end.
_FORMATS: Mapping[str, tuple[str, str]] = {
    "application/pdf": ("PDF", "`.pdf`"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("Word", "`.docx`"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (
        "PowerPoint",
        "`.pptx`",
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("Excel", "`.xlsx`"),
    "text/html": ("HTML", "`.html`, `.htm`"),
    "text/markdown": ("Markdown", "`.md`"),
    "text/csv": ("CSV", "`.csv`"),
    "text/plain": ("plain text", "`.txt`"),
}


def file_formats() -> str:
    """The formats that are read. Raises KeyError for a reader that has no words here."""
    rows = [(*_FORMATS[each.media_type], code(each.media_type)) for each in READERS]
    return table(("format", "ending", "media type"), rows)


PARTS: dict[str, Callable[[], str]] = {
    "settings": settings_table,
    "records": record_kinds,
    "file-formats": file_formats,
    "rest": rest_reference,
    "mcp": mcp_reference,
}
