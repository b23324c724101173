"""A partnership's knowledge on disk, read and checked.

One folder per partnership::

    partnership.yaml                 its name, abbreviation, contact and how to join
    sources.yaml                     the publications
    digests/SOURCE.md                the facts of one publication in words of our own
    records/SOURCE/KIND.yaml         what one publication says of things that have fields
    records/SOURCE/KIND.TOPIC.yaml   the same, where one file would be too long
    questions/SOURCE.yaml            questions that people may ask of these records

A records file is a list of records. Each has ``id``, ``at`` (the place in the publication) and, if
known, ``page``; ``name`` where the publication names it; and the fields of its kind (see
`corpus.records`). A field is a plain value, or a mapping ``{value, at, page, as_of, note}`` where
it differs from the record in place or date, or a list of such mappings for several statements.
What two publications say of one thing (same kind and id) is put together into one record that
keeps every observation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import KnowledgeError
from corpus.expected import ExpectedQuestion, expected_questions
from corpus.model import Source
from corpus.records import KINDS
from corpus.schema import FieldType, Record, fields_of
from corpus.values import PartialDate
from corpus.yaml_files import line_of, misfit, read_list, read_yaml

_OWN_KEYS = ("id", "name", "aliases", "at", "page", "as_of")
_OBSERVATION_KEYS = ("value", "at", "page", "as_of", "note")
_EXPECTED: Mapping[FieldType, str] = {
    FieldType.DATE: "a date (YYYY, YYYY-MM, YYYY-MM-DD, or two of them with / between)",
    FieldType.MONEY: "an amount of money (like EUR 18000000)",
    FieldType.QUANTITY: "a quantity (like 51 %, 29 or 4-5 million jobs)",
    FieldType.DURATION: "a duration (like 5 years or 9 months)",
    FieldType.COUNTRY: "an ISO 3166-1 alpha-2 country code (like SI)",
}
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
    own_sources: tuple[str, ...] = ()  # ids of the publications that it speaks in itself


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that is shipped about one partnership.

    ``sources`` are in the order of precedence, ``digests`` maps a source id to its file, and
    ``records`` are in the order of the files; ``questions`` are those that people may ask of them.
    """

    partnership: Partnership
    sources: tuple[Source, ...]
    digests: Mapping[str, Path]
    records: tuple[Record, ...]
    questions: tuple[ExpectedQuestion, ...] = ()

    def without(self, source_ids: Iterable[str]) -> "Knowledge":
        """The same knowledge with nothing in it that rests on the given sources."""
        gone = frozenset(source_ids)
        dropped = (drop_sources(record, gone) for record in self.records)
        kept = tuple(record for record in dropped if record)
        about = self.partnership
        if all(record.key != about.record for record in kept):
            about = about.model_copy(update={"record": ""})
        return Knowledge(
            about,
            tuple(s for s in self.sources if s.id not in gone),
            {k: v for k, v in self.digests.items() if k not in gone},
            kept,
            _answerable(self.questions, kept),
        )

    def with_records(self, added: Iterable[Record], sources: Iterable[str]) -> "Knowledge":
        """The same knowledge with what records of other sources (their ids) say, by precedence."""
        ids = dict.fromkeys((*(source.id for source in self.sources), *sources))
        order = {source_id: place for place, source_id in enumerate(ids)}
        held = {record.key: record for record in self.records}
        for record in added:
            known = held.get(record.key)
            held[record.key] = _by_precedence(_joined(known, record) if known else record, order)
        return replace(self, records=tuple(held.values()))


def _joined(one: Record, other: Record) -> Record:
    """What two records of one thing say, together; the first one names it."""
    names = [name for name in (other.name, *other.aliases) if name != one.name]
    changed: dict[str, Any] = {
        "aliases": tuple(dict.fromkeys((*one.aliases, *names))),
        "mentions": (*one.mentions, *other.mentions),
    }
    for name, value in other.stated().items():
        own = one.observed(name)
        changed[name] = type(value)(observations=(*own.observations, *value.observations))
    return one.model_copy(update=changed)


def _answerable(
    questions: Iterable[ExpectedQuestion], records: Iterable[Record]
) -> tuple[ExpectedQuestion, ...]:
    """The questions that the records still answer."""
    held = {record.key: record for record in records}
    return tuple(q for q in questions if q.record in held and held[q.record].observed(q.field))


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
    _check_references(records, drafts)
    _check_partnership(folder / "partnership.yaml", partnership, drafts)
    questions = expected_questions(folder / "questions", records)
    return Knowledge(partnership, sources, digests, records, questions)


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
    for place, raw in enumerate(read_list(path)):
        try:
            model = _SourceModel.model_validate(raw)
            when = PartialDate.parse(model.date) if model.date else None
        except ValidationError as error:
            first = error.errors()[0]
            raise misfit(path, (place, *first["loc"]), first) from error
        except ValueError as error:
            line = line_of(path, (place, "date"))
            raise KnowledgeError(
                path, line, "date", f"{model.date!r} does not fit", _EXPECTED[FieldType.DATE]
            ) from error
        if model.id in sources:
            line = line_of(path, (place, "id"))
            raise KnowledgeError(path, line, "id", f"{model.id!r} stands twice", "unique ids")
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
            raise KnowledgeError(path, line_of(path, (place,)), "name", "is missing", "a name")
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
        """The validation error with the file and line of what it is about."""
        first = error.errors()[0]
        name, *inner = first["loc"]
        date = _EXPECTED[FieldType.DATE]
        if name == "mentions":  # what the record as a whole says of place and date
            part = str(inner[1])
            path, place = self.place_of(self.mentions[int(inner[0])]["source"])
            return misfit(path, (place, part), first, date if part == "as_of" else "")
        if len(inner) > 1:  # "observations", which one, what of it
            spec, part = fields_of(KINDS[self.kind])[str(name)], str(inner[2])
            path, place = self.place_of(self.fields[spec.name][int(inner[1])]["source"])
            if part == "value":
                expected = (
                    "a list" if spec.many and len(inner) == 3 else _EXPECTED.get(spec.type, "")
                )
                return misfit(path, (place, spec.name), first, expected)
            return misfit(path, (place, spec.name, part), first, date if part == "as_of" else "")
        path, place = self.places[0]
        return misfit(path, (place, str(name)), first)

    def place_of(self, source_id: str) -> tuple[Path, int]:
        """Where the source speaks of the thing: (file, index in it)."""
        return next(place for place in self.places if place[0].parent.name == source_id)


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
    for place, raw in enumerate(read_list(path)):
        _check_entry(path, place, raw, kind)
        draft = drafts.setdefault((kind, raw["id"]), _Draft(kind, raw["id"]))
        for other, there in draft.places:
            if other.parent == path.parent:
                line = line_of(path, (place, "id"))
                before = f"{other.name}:{line_of(other, (there, 'id'))}"
                problem = f"{raw['id']!r} stands in {before} already"
                raise KnowledgeError(path, line, "id", problem, "one entry per thing and source")
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


def _check_entry(path: Path, place: int, raw: Any, kind: str) -> None:
    """Raises KnowledgeError for an entry that is not the mapping that `_collect` reads."""
    specs = fields_of(KINDS[kind])
    if not isinstance(raw, dict):
        line = line_of(path, (place,))
        raise KnowledgeError(path, line, f"entry {place + 1}", "is no record", "id, at and fields")
    for key in ("id", "at"):
        if not raw.get(key):
            line = line_of(path, (place,))
            raise KnowledgeError(path, line, key, "is missing", f"a record with {key!r}")
    for key in ("id", "at", "name"):
        if raw.get(key) and not isinstance(raw[key], str):
            line = line_of(path, (place, key))
            raise KnowledgeError(path, line, key, f"{raw[key]!r} does not fit", "text")
    aliases = raw.get("aliases") or []
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        line = line_of(path, (place, "aliases"))
        raise KnowledgeError(path, line, "aliases", f"{aliases!r} does not fit", "a list of names")
    for key in raw:
        if key not in specs and key not in _OWN_KEYS:
            line = line_of(path, (place, key))
            expected = f"one of {', '.join((*_OWN_KEYS, *specs))}"
            raise KnowledgeError(path, line, key, f"{kind} has no such field", expected)
        for seen in _mappings(raw[key]):
            odd = [k for k in seen if k not in _OBSERVATION_KEYS]
            if odd or "value" not in seen:
                line = line_of(path, (place, key))
                problem = f"{odd[0]!r} is no part of a statement" if odd else "has no value"
                expected = f"{', '.join(_OBSERVATION_KEYS[:-1])} or {_OBSERVATION_KEYS[-1]}"
                raise KnowledgeError(path, line, key, problem, expected)


def _observations(raw: Any, base: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**base, **seen} for seen in _mappings(raw)] or [{**base, "value": raw}]


def _mappings(raw: Any) -> list[dict[str, Any]]:
    """The statements of a field that are written as mappings; none for a plain value."""
    items = raw if isinstance(raw, list) else [raw]
    return items if all(isinstance(item, dict) for item in items) else []


def _check_references(records: Iterable[Record], drafts: Mapping[tuple[str, str], _Draft]) -> None:
    for record in records:
        for name, value in record.stated().items():
            kinds = fields_of(type(record))[name].targets
            for observation in value.observations if kinds else ():
                several = isinstance(observation.value, tuple)
                for target in observation.value if several else (observation.value,):
                    if any((kind, target) in drafts for kind in kinds):
                        continue
                    path, place = drafts[record.kind, record.id].place_of(observation.source)
                    what = " or ".join(kinds)
                    raise KnowledgeError(
                        path,
                        line_of(path, (place, name)),
                        name,
                        f"no {what} {target!r}",
                        f"the id of a record of kind {what}",
                    )


def _check_partnership(
    path: Path, partnership: Partnership, drafts: Mapping[tuple[str, str], _Draft]
) -> None:
    """What the partnership's own file says of records has to fit them."""
    kind, _, record_id = partnership.record.partition(":")
    roles = fields_of(KINDS["region"])["role"].choices
    wrong = [role for role in partnership.member_roles if role not in roles]
    for field, value, fits, expected in (
        ("record", partnership.record, (kind, record_id) in drafts, "KIND:ID of a record"),
        (
            "joining",
            partnership.joining,
            ("requirement", partnership.joining) in drafts,
            "the id of a requirement record",
        ),
        ("member_roles", wrong, not wrong, f"some of {', '.join(roles)}"),
    ):
        if value and not fits:
            line = line_of(path, (field,))
            raise KnowledgeError(path, line, field, f"{value!r} does not fit", expected)


def _validated(model: type[_M], path: Path) -> _M:
    try:
        return model.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        raise misfit(path, first["loc"], first) from error
