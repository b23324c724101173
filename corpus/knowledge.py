"""A partnership's knowledge on disk, read and checked.

One folder per partnership::

    partnership.yaml                 its name, abbreviation, contact and how to join
    sources.yaml                     the publications
    digests/SOURCE.md                the facts of one publication in words of our own
    records/SOURCE/KIND.yaml         what one publication says of things that have fields
    records/SOURCE/KIND.TOPIC.yaml   the same, where one file would be too long

A records file is a list of records. Each has ``id``, ``at`` (the place in the publication) and, if
known, ``page``; ``name`` where the publication names it; and the fields of its kind (see
`corpus.records`). A field is a plain value, or a mapping ``{value, at, page, as_of, note}`` where
it differs from the record in place or date, or a list of such mappings for several statements.
What two publications say of one thing (same kind and id) is put together into one record that
keeps every observation.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import KnowledgeError
from corpus.model import Source
from corpus.records import KINDS
from corpus.schema import FieldType, Observed, Record, fields_of
from corpus.values import PartialDate

_OWN_KEYS = ("id", "name", "aliases", "at", "page", "as_of")
_NEVER = date.min
_M = TypeVar("_M", bound=BaseModel)


class Partnership(BaseModel):
    """Who the knowledge is about. ``contact`` is whom to ask what the documents do not say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    abbreviation: str
    aliases: tuple[str, ...] = ()
    contact: str = ""
    website: str = ""
    joining: str = ""  # id of the requirement record that says how a region joins
    record: str = ""  # key (``kind:id``) of the record about the partnership itself
    member_roles: tuple[str, ...] = ()  # roles of a region that count as belonging to it


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that is shipped about one partnership.

    ``sources`` are in the order of precedence, ``digests`` maps a source id to its file, and
    ``records`` are in the order of the files.
    """

    partnership: Partnership
    sources: tuple[Source, ...]
    digests: Mapping[str, Path]
    records: tuple[Record, ...]

    def source(self, source_id: str) -> Source:
        """The source of that id; raises KeyError."""
        return next(s for s in self.sources if s.id == source_id)

    def without(self, source_ids: Iterable[str]) -> "Knowledge":
        """The same knowledge with nothing in it that rests on the given sources."""
        gone = frozenset(source_ids)
        kept = (drop_sources(record, gone) for record in self.records)
        return Knowledge(
            self.partnership,
            tuple(s for s in self.sources if s.id not in gone),
            {k: v for k, v in self.digests.items() if k not in gone},
            tuple(record for record in kept if record),
        )


def drop_sources(record: Record, gone: frozenset[str]) -> Record | None:
    """The record without what the given sources say; None when nothing is left of it."""
    mentions = tuple(m for m in record.mentions if m.source not in gone)
    if not mentions:
        return None
    changed: dict[str, Any] = {"mentions": mentions}
    for name, value in record.stated().items():
        kept = tuple(o for o in value.observations if o.source not in gone)
        changed[name] = type(value)(observations=kept)
    return record.model_copy(update=changed)


def load(folder: Path) -> Knowledge:
    """Read and check the knowledge of one partnership.

    Raises KnowledgeError (file, line, field, what was expected) at the first thing that is wrong.
    """
    partnership = load_partnership(folder)
    sources = _sources(folder / "sources.yaml")
    known = {source.id: source for source in sources}
    digests = {}
    for path in sorted((folder / "digests").glob("*.md")):
        _known_source(path, path.stem, known)
        digests[path.stem] = path
    drafts: dict[tuple[str, str], _Draft] = {}
    order = {source_id: place for place, source_id in enumerate(known)}
    for path in sorted((folder / "records").glob("*/*.yaml")):
        source = _known_source(path, path.parent.name, known)
        kind = path.name.split(".")[0]
        if kind not in KINDS:
            raise KnowledgeError(
                path, 0, "file name", f"no kind {kind!r}", f"one of {', '.join(KINDS)}"
            )
        _collect(path, source, kind, drafts)
    records = tuple(draft.build(order) for draft in drafts.values())
    knowledge = Knowledge(partnership, sources, digests, records)
    _check_references(records, drafts)
    return knowledge


def load_partnership(folder: Path) -> Partnership:
    """Who the knowledge in a folder is about, without the knowledge; raises KnowledgeError."""
    return _validated(Partnership, folder / "partnership.yaml")


def _known_source(path: Path, source_id: str, known: Mapping[str, Source]) -> Source:
    if source_id not in known:
        raise KnowledgeError(
            path, 0, "source", f"no source {source_id!r}", f"one of {', '.join(known)}"
        )
    return known[source_id]


class _SourceModel(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    title: str
    publisher: str
    date: str | None = None
    url: str = ""
    language: str = "en"
    description: str = ""
    aliases: tuple[str, ...] = ()


def _sources(path: Path) -> tuple[Source, ...]:
    sources: dict[str, Source] = {}
    for place, raw in enumerate(_list(path)):
        try:
            model = _SourceModel.model_validate(raw)
            when = PartialDate.parse(model.date) if model.date else None
        except ValidationError as error:
            raise _located(path, (place,), error) from error
        except ValueError as error:
            raise KnowledgeError(
                path, _line(path, (place, "date")), "date", str(error), "a date"
            ) from error
        if model.id in sources:
            raise KnowledgeError(
                path, _line(path, (place,)), "id", f"{model.id!r} stands twice", "unique ids"
            )
        sources[model.id] = Source(**{**model.model_dump(), "date": when})
    return tuple(sources.values())


class _Draft:
    """What all files say of one thing, before it becomes a record."""

    def __init__(self, kind: str, record_id: str) -> None:
        self.kind, self.id = kind, record_id
        self.names: list[tuple[str, str]] = []  # (source, name)
        self.aliases: list[str] = []
        self.mentions: list[dict[str, Any]] = []
        self.fields: dict[str, list[dict[str, Any]]] = {}
        self.places: list[tuple[Path, int]] = []  # where it stands: (file, index in it)

    def build(self, order: Mapping[str, int]) -> Record:
        path, place = self.places[0]
        names = [name for _, name in sorted(self.names, key=lambda pair: order[pair[0]])]
        if not names:
            raise KnowledgeError(path, _line(path, (place,)), "name", "is missing", "a name")
        aliases = [a for a in dict.fromkeys(names[1:] + self.aliases) if a != names[0]]
        try:
            record = KINDS[self.kind].model_validate(
                {
                    "id": self.id,
                    "name": names[0],
                    "aliases": aliases,
                    "mentions": self.mentions,
                    **{name: {"observations": seen} for name, seen in self.fields.items()},
                }
            )
        except ValidationError as error:
            raise self._located(error) from error
        return _by_precedence(record, order)

    def _located(self, error: ValidationError) -> KnowledgeError:
        """The validation error with the file and line of the observation that it is about."""
        where = error.errors()[0]["loc"]
        if len(where) > 2 and where[1] == "observations":
            seen = self.fields[str(where[0])][int(where[2])]
            path, place = next(p for p in self.places if p[0].parent.name == seen["source"])
            return _located(path, (place, str(where[0])), error)
        path, place = self.places[0]
        return _located(path, (place, *map(str, where[:1])), error)


def _by_precedence(record: Record, order: Mapping[str, int]) -> Record:
    def rank(item: Any) -> tuple[Any, ...]:
        when = item.as_of.first if item.as_of else _NEVER
        return (-when.toordinal(), order[item.source])

    changed: dict[str, Any] = {"mentions": tuple(sorted(record.mentions, key=rank))}
    for name, value in record.stated().items():
        changed[name] = type(value)(observations=tuple(sorted(value.observations, key=rank)))
    return record.model_copy(update=changed)


def _collect(path: Path, source: Source, kind: str, drafts: dict[tuple[str, str], _Draft]) -> None:
    specs = fields_of(KINDS[kind])
    for place, raw in enumerate(_list(path)):
        for key in ("id", "at"):
            if not isinstance(raw, dict) or not raw.get(key):
                raise KnowledgeError(
                    path, _line(path, (place,)), key, "is missing", f"a record with {key!r}"
                )
        unknown = [key for key in raw if key not in specs and key not in _OWN_KEYS]
        if unknown:
            raise KnowledgeError(
                path,
                _line(path, (place, unknown[0])),
                unknown[0],
                f"{kind} has no such field",
                f"one of {', '.join((*_OWN_KEYS, *specs))}",
            )
        draft = drafts.setdefault((kind, raw["id"]), _Draft(kind, raw["id"]))
        draft.places.append((path, place))
        if raw.get("name"):
            draft.names.append((source.id, raw["name"]))
        draft.aliases += raw.get("aliases") or []
        base = {
            "source": source.id,
            "at": raw["at"],
            "page": raw.get("page"),
            "as_of": raw.get("as_of") or source.date,
        }
        draft.mentions.append(base)
        for name in specs:
            if name in raw:
                draft.fields.setdefault(name, []).extend(_observations(raw[name], base))


def _observations(raw: Any, base: Mapping[str, Any]) -> list[dict[str, Any]]:
    if isinstance(raw, dict):
        return [{**base, **raw}]
    if isinstance(raw, list) and raw and all(isinstance(item, dict) for item in raw):
        return [{**base, **item} for item in raw]
    return [{**base, "value": raw}]


def _check_references(records: Iterable[Record], drafts: Mapping[tuple[str, str], _Draft]) -> None:
    keys = set(drafts)
    for record in records:
        for name, value in record.stated().items():
            spec = fields_of(type(record))[name]
            if spec.type is not FieldType.REFERENCE:
                continue
            for target in _targets(value):
                if any((kind, target) in keys for kind in spec.targets):
                    continue
                path, place = drafts[record.kind, record.id].places[0]
                raise KnowledgeError(
                    path,
                    _line(path, (place, name)),
                    name,
                    f"no {' or '.join(spec.targets)} {target!r}",
                    f"the id of a {' or '.join(spec.targets)} record",
                )


def _targets(value: Observed[Any]) -> Iterable[str]:
    for observation in value.observations:
        if isinstance(observation.value, tuple):
            yield from observation.value
        else:
            yield observation.value


class _PlainLoader(yaml.CSafeLoader):
    """YAML in which only true, false and null are not text.

    PyYAML's own rules would read the country code NO as false and 2020-10-08 as a date.
    """


_PlainLoader.yaml_implicit_resolvers = {}
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"]
)
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile("^(?:null|~|)$"), ["n", "~", ""]
)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; raises KnowledgeError when it is not YAML or not there."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainLoader)
    except FileNotFoundError as error:
        raise KnowledgeError(path, 0, "file", "is missing", "this file") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise KnowledgeError(path, line, "file", error.problem or "not YAML", "YAML") from error


def _list(path: Path) -> list[Any]:
    content = read_yaml(path)
    if not isinstance(content, list):
        raise KnowledgeError(path, 1, "file", "is not a list", "a list of entries")
    return content


def _validated(model: type[_M], path: Path) -> _M:
    try:
        return model.model_validate(read_yaml(path))
    except ValidationError as error:
        raise _located(path, (), error) from error


def _located(path: Path, prefix: tuple[int | str, ...], error: ValidationError) -> KnowledgeError:
    first = error.errors()[0]
    steps = [step for step in first["loc"] if step not in ("observations", "value")]
    field = ".".join(str(step) for step in steps) or "file"
    place = prefix if prefix else tuple(steps)
    expected = str(first.get("ctx", {}).get("expected", "")) or first["msg"].removeprefix(
        "Value error, "
    )
    problem = f"{first['input']!r} does not fit" if "input" in first else first["msg"]
    return KnowledgeError(path, _line(path, place), field, problem, expected)


def _line(path: Path, steps: tuple[int | str, ...]) -> int:
    """The line (from 1) of the node that the steps lead to, or of the last one that exists."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    line = 1
    for step in steps:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            pair = next((p for p in node.value if p[0].value == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
    return line
