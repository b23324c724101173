"""The reference of REST, from the description that the server itself gives (OpenAPI)."""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from markdown_parts import code, table, text

from app.api.build import rest
from app.api.gate import Gate
from app.api.metrics import Metrics
from app.settings import Settings
from corpus.knowledge import load_partnership

BASE = "/api/v1"
_PROBLEM = "Problem"
_LONGEST = 60  # lines of an example; the rest of it is more of the same


def description() -> dict[str, Any]:
    """The OpenAPI document. Nothing is opened for it."""
    settings = Settings(data_dir=Path())
    gate = Gate(settings.api_at_once)
    partnership = load_partnership(settings.knowledge_dir)
    return rest(gate, Metrics(gate), settings, partnership).openapi()


def rest_reference() -> str:
    """All operations, then the forms of data that they take and give."""
    document = description()
    parts: list[str] = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            parts += _operation(method, path, operation)
    parts.append("## Forms of data")
    schemas: Mapping[str, Any] = document["components"]["schemas"]
    for name in sorted(schemas):
        parts += _schema(name, schemas[name])
    return "\n\n".join(parts)


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"## `{method.upper()} {BASE}{path}`"
    yield str(operation.get("description") or operation["summary"])
    if parameters := operation.get("parameters"):
        rows = [
            (code(each["name"]), each["in"], _type(each["schema"]), each.get("description", ""))
            for each in parameters
        ]
        yield table(("parameter", "in", "type", "meaning"), rows)
    for form in operation.get("requestBody", {}).get("content", {}).values():
        yield f"Body: {_type(form['schema'])}, for example"
        for example in form.get("examples", {}).values():
            yield _json(example["value"])
    yield from _answers(operation["responses"])


def _answers(responses: Mapping[str, Any]) -> Iterator[str]:
    refusals = []
    for status, response in responses.items():
        if status.startswith("2"):
            yield f"**{status}** {response['description']}"
            for media, form in response.get("content", {}).items():
                what = _type(form["schema"]) if form.get("schema") else "text"
                yield f"{what} as `{media}`:"
                if "example" in form:
                    example = form["example"]
                    yield _fenced(example) if isinstance(example, str) else _json(example)
        else:
            refusals.append((status, f"{HTTPStatus(int(status)).phrase}", response["description"]))
    if refusals:
        yield table(("refused with", "meaning", "when"), refusals)


def _schema(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"### `{name}` {{ #{name.lower()} }}"
    yield text(str(schema.get("description", "")))
    if schema.get("properties"):
        yield schema_table(schema)


def schema_table(schema: Mapping[str, Any], page: str = "") -> str:
    """The fields of a JSON schema; ``page`` is where the forms it refers to are described."""
    required = schema.get("required", ())
    rows = []
    for field, spec in schema["properties"].items():
        told = text(str(spec.get("description", "")))
        if field not in required and spec.get("default") not in (None, "", [], ()):
            told = f"{told} Default: {code(json.dumps(spec['default']))}."
        rows.append((code(field), _type(spec).replace("](#", f"]({page}#"), told))
    return table(("field", "type", "meaning"), rows)


def _type(schema: Mapping[str, Any]) -> str:
    """A schema in a few words, with a link to what it refers to."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in schema:
        return "one of " + ", ".join(code(str(each)) for each in schema["enum"])
    if "const" in schema:
        return code(str(schema["const"]))
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(_type(each) for each in schema[several]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"name to {_type(schema['additionalProperties'])}"
    return str(schema.get("type", "anything"))


def _json(value: object) -> str:
    return _fenced(json.dumps(value, ensure_ascii=False, indent=2), "json")


def _fenced(text: str, language: str = "text") -> str:
    lines = text.rstrip().splitlines()
    shown = lines[:_LONGEST] + (["..."] if len(lines) > _LONGEST else [])
    return "\n".join((f"```{language}", *shown, "```"))
