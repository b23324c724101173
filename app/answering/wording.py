"""How plans, fields and values are said in plain words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from corpus.cards import Printer, title
from corpus.countries import GROUPS, country_name, members
from corpus.model import Source
from corpus.records import KINDS
from corpus.schema import FieldType, Record, fields_of
from corpus.values import PartialDate, Quantity
from corpus.vocabulary import KindWords, Vocabulary
from retrieval.query import Condition, RecordQuery, Test

_YES = {True: "yes", False: "no"}
_WHEN = "date: "
_PLACED = ("on ", "in ", "at ")  # how a label begins that stands right behind a noun
_VOWELS = "aeio"
_MANY_NAMES = 3  # beyond this a list of names says less than their number
_MANY_COUNTRIES = 5  # beyond this a group's name says more than its members


class Wording:
    """Plain words for one language's vocabulary."""

    def __init__(
        self, vocabulary: Vocabulary, printer: Printer, sources: Mapping[str, Source]
    ) -> None:
        self.vocabulary = vocabulary
        self.printer = printer
        self.sources = sources

    def label(self, kind: str, field: str, count: int) -> str:
        """The label of a field, for one value or several."""
        label = self.vocabulary.label(kind, field)
        if self.vocabulary.is_predicate(kind, field):
            return label
        if count == 1:
            return _one_of(label) if fields_of(KINDS[kind])[field].many else label
        if label.endswith("s"):
            return label
        return f"{label[:-1]}ies" if label.endswith("y") else f"{label}s"

    def subject(self, record: Record) -> str:
        """A record as the subject of a sentence: ``project 9 (Network of centres)``."""
        number = getattr(record, "number", None)
        kind = self.vocabulary.kinds[record.kind].one
        if number is not None and number.value is not None and title(record) != record.name:
            return f"{kind} {number.value} ({record.name})"
        return record.name

    def short(self, record: Record) -> str:
        """A record in a comparison: ``project 9``, or its name where it has no number."""
        return self.subject(record).partition(" (")[0]

    def difference(self, apart: Any) -> str:
        """How far two values are apart: ``1 partner``, ``3 partners``, ``2 years``."""
        if isinstance(apart, Quantity) and apart.low == apart.high == 1:
            unit = self.vocabulary.singulars.get(apart.unit, apart.unit)
            return str(Quantity(apart.low, apart.high, unit))
        return str(apart)

    def headline(self, query: RecordQuery, text: Sequence[str], count: int) -> str:
        """What was found, with its number: ``6 participating regions (country is Finland)``.

        What was found by name is named right after that: names are no condition worth saying.
        """
        words = self.vocabulary.kinds[query.kind]
        adjectives: list[str] = []
        linked: list[str] = []
        behind: list[str] = []
        named = any(c.path == "id" and len(c.values) == count for c in query.conditions)
        for condition in () if named else query.conditions:
            spec = fields_of(KINDS[query.kind]).get(condition.path)
            if condition.path == "id" or (
                spec and spec.type is FieldType.TEXT and spec.name in query.fields
            ):
                continue  # what is shown of each says it
            single = spec and spec.type is FieldType.CHOICE and condition.test is Test.IS
            if said := self._linked(query.kind, condition, count):
                linked.append(said)
            elif single and all(" " not in str(value) for value in condition.values):
                adjectives.append(enumerate_words([str(v) for v in condition.values], "or"))
            elif condition.test is not Test.STATED:
                behind.append(self._condition(query.kind, condition, between=": "))
        behind = _spans_of_time(behind)
        times = [text for text in behind if text.startswith(_WHEN)]
        spans = [text.removeprefix(_WHEN) for text in times]
        linked += [f"{'from' if ' to ' in span else 'in'} {span}" for span in spans]
        behind = [text for text in behind if text not in times]
        if text:
            speak = self.vocabulary.speaking_of[min(count, 2) - 1]
            linked.append(f"{speak} {enumerate_words(list(text))}")
        if query.source:
            behind.append(f"according to {self.source(query.source, None)}")
        noun = words.one if count == 1 else words.many
        for kind_of in [a for a in adjectives if _is_noun(a, words)]:  # "10 held meetings"
            adjectives.remove(kind_of)
            noun = kind_of if count == 1 else f"{kind_of}s"
        head = " ".join([str(count), *adjectives, noun, *linked])
        return f"{head} ({', '.join(behind)})" if behind else head

    def _linked(self, kind: str, condition: Condition, count: int) -> str:
        """A condition as it stands right behind a noun: ``led by X``; empty where none does."""
        spec = fields_of(KINDS[kind]).get(condition.path)
        link = self.vocabulary.link(kind, condition.path)
        if spec is None or condition.test is not Test.IS:
            return ""
        if self.vocabulary.is_quality(kind, spec.name) and spec.type is FieldType.BOOLEAN:
            label = self.vocabulary.label(kind, spec.name)
            if condition.values == (True,) and link == "" and label.startswith(_PLACED):
                return label
            which = self.vocabulary.being[min(count, 2) - 1]
            return f"{which} {label}" if condition.values == (True,) else f"{which} not {label}"
        if not link or spec.type is FieldType.DATE:
            return ""
        if spec.type is FieldType.COUNTRY:
            said = _countries(condition.values)
            return said if said.startswith("in ") else f"{link} {said}"
        if spec.type is FieldType.REFERENCE:
            named = [self._name(kind, spec.name, value) for value in condition.values]
            return f"{link} {enumerate_words(named, 'or')}"
        said = enumerate_words([str(value) for value in condition.values], "or")
        return f"{link}{'n' if link.endswith(' a') and said[0] in _VOWELS else ''} {said}"

    def of(self, record: Record, field: str) -> str:
        """``budget of project 4 (Modules)``; what a record states is the record itself."""
        if field == "statement":
            return self.subject(record)
        if self.vocabulary.is_predicate(record.kind, field):
            return self.asked(record.kind, field, self.subject(record))
        return f"{self.vocabulary.label(record.kind, field)} of {self.subject(record)}"

    def asked(self, kind: str, field: str, subject: str) -> str:
        """What a label that is no noun asks of a thing: ``what X is related to``."""
        frame = self.vocabulary.sentence(kind, field)
        before, slot, after = frame.partition("{subject}")
        said = after.partition("{")[0].strip(" :")
        if not slot:
            return f"“{self.vocabulary.label(kind, field)}” of {subject}"
        return f"{before.lower()}{subject}" if before else f"what {subject} {said}"

    def stated(self, record: Record, field: str) -> str:
        """What a record states, as one of several things: ``budget``, ``what it is part of``."""
        if self.vocabulary.is_predicate(record.kind, field):
            return self.asked(record.kind, field, "it").removesuffix(" of it")
        return f"the {self.vocabulary.label(record.kind, field)}"

    def missing(self, pairs: Sequence[tuple[Record, str]]) -> str:
        """What records do not state: ``the budget of X and Y, and what X is part of``."""
        by_field: dict[tuple[str, str], list[Record]] = {}
        for record, field in dict.fromkeys(pairs):
            by_field.setdefault((record.kind, field), []).append(record)
        said = []
        for (kind, field), records in by_field.items():
            names = enumerate_words([self.subject(r) for r in records], "or")
            if self.vocabulary.is_predicate(kind, field):
                said.append(self.asked(kind, field, names))
            elif field == "statement":
                said.append(names)
            else:
                said.append(f"the {self.vocabulary.label(kind, field)} of {names}")
        return enumerate_words(said, "or")

    def source(self, source_id: str, as_of: PartialDate | None) -> str:
        """A source with its date, as a note names it."""
        source = self.sources.get(source_id)
        name = source.title if source else source_id
        return f"{name} ({as_of})" if as_of else name

    def called(self, source_id: str, as_of: PartialDate | None) -> str:
        """A source by its short name, with the date: for several side by side."""
        source = self.sources.get(source_id)
        name = source_id
        if source:
            name = min((source.title, *source.aliases[:1]), key=len)
        return f"{name} ({as_of})" if as_of else name

    def query(self, query: RecordQuery, text: Sequence[str] = ()) -> str:
        """A query in plain words: ``regions where country is Finland``."""
        many = self.vocabulary.kinds[query.kind].many
        conditions = self.conditions(query, text)
        if query.ids is not None:  # the ones named, or those the partnership itself speaks of
            many = f"{len(query.ids)} of all {many}, picked by the question"
            return f"{many}, where {conditions}" if conditions else many
        return f"{many} where {conditions}" if conditions else f"all {many}"

    def conditions(self, query: RecordQuery, text: Sequence[str] = ()) -> str:
        """The conditions of a query in plain words."""
        parts = [self._condition(query.kind, condition) for condition in query.conditions]
        if text:
            parts.append(f"the record mentions {enumerate_words(list(text))}")
        if query.source:
            parts.append(f"according to {self.source(query.source, None)}")
        return ", ".join(parts)

    def _condition(self, kind: str, condition: Condition, between: str = "") -> str:
        """A condition in words; ``between`` replaces "is": a colon after the label."""
        name, _, rest = condition.path.partition(".")
        if name == "id":
            keys = (f"{kind}:{value}" for value in condition.values)
            named = [self.printer.names[key] for key in keys if key in self.printer.names]
            if len(named) > _MANY_NAMES:
                return f"among {len(named)} named together"
            return f"the name is {enumerate_words(named, 'or')}"
        spec = fields_of(KINDS[kind])[name]
        label = self.vocabulary.label(kind, name)
        owner, field = kind, name
        for step in rest.split(".") if rest else ():
            owner = next((t for t in spec.targets if step in fields_of(KINDS[t])), "")
            if not owner:  # what every record has: its name
                said = enumerate_words([str(value) for value in condition.values], "or")
                return f"{step} of the {label}{_verb(condition.test, between)}{said}"
            label, field = f"{self.vocabulary.label(owner, step)} of the {label}", step
            spec = fields_of(KINDS[owner])[step]
        if condition.test in (Test.STATED, Test.NOT_STATED):
            return f"{label} {condition.test.value}"
        if spec.type is FieldType.COUNTRY:
            return f"{label}{_verb(condition.test, between)}{_countries(condition.values)}"
        if spec.type is FieldType.BOOLEAN:
            holds = condition.values == (True,)
            plain = between or self.vocabulary.is_quality(owner, field)
            return (label if holds else f"not {label}") if plain else f"{label}: {_YES[holds]}"
        if spec.type is FieldType.REFERENCE:
            printed = [self._name(owner, field, value) for value in condition.values]
        else:
            printed = [_amount(value, spec.type) for value in condition.values]
        return f"{label}{_verb(condition.test, between)}{enumerate_words(printed, 'or')}"

    def _name(self, kind: str, field: str, record_id: str) -> str:
        targets = fields_of(KINDS[kind])[field].targets
        keys = (f"{target}:{record_id}" for target in targets)
        return next((self.printer.names[k] for k in keys if k in self.printer.names), record_id)


def _amount(value: object, type_of_field: FieldType) -> str:
    """A value that a condition compares with: numbers with their thousands, durations in months."""
    if not isinstance(value, (Decimal, int)):
        return str(value)
    number = f"{value:,f}"
    return f"{number} months" if type_of_field is FieldType.DURATION else number


def _verb(test: Test, between: str) -> str:
    if between and test is Test.IS:
        return between
    if between and test is Test.IS_NOT:
        return f"{between}not "
    return f" {test.value} "


def _spans_of_time(conditions: list[str]) -> list[str]:
    """``date from May 2020`` and ``date until May 2020`` are one span, equal bounds one amount."""
    joined: list[str] = []
    for text in conditions:
        for begin, end in ((" from ", " until "), (" at least ", " at most ")):
            if joined and begin in joined[-1] and joined[-1].replace(begin, end, 1) == text:
                joined[-1] = joined[-1].replace(begin, ": ", 1)
                break
            label = joined[-1].partition(begin)[0] if joined else ""
            if joined and begin in joined[-1] and text.startswith(f"{label}{end}"):
                last = text.removeprefix(f"{label}{end}")
                joined[-1] = f"{joined[-1].replace(begin, ': ', 1)} to {last}"
                break
        else:
            joined.append(text)
    return joined


def _countries(codes: Sequence[str]) -> str:
    if len(codes) > _MANY_COUNTRIES:
        for group in GROUPS:
            if members(group) == frozenset(codes):
                return f"in {group.upper() if group.startswith('eu') else group}"
    return enumerate_words([country_name(code) for code in codes], "or")


def enumerate_words(items: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``; semicolons where an item has a comma of its own."""
    if len(items) < 2:
        return "".join(items)
    separator = "; " if any("," in item for item in items) else ", "
    return f"{separator.join(items[:-1])}{';' if separator == '; ' else ''} {last} {items[-1]}"


def _one_of(label: str) -> str:
    """The singular of a label for several values: ``task`` of ``tasks``."""
    if label.endswith("ies"):
        return f"{label[:-3]}y"
    return label[:-1] if label.endswith("s") and not label.endswith("ss") else label


def capital(text: str) -> str:
    """The text with its first letter in capitals."""
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """The text with its first letter small, unless it begins with an abbreviation."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _is_noun(value: str, words: KindWords) -> bool:
    """Whether a value is itself one of the words for the kind, in singular and plural."""
    return value != words.one and {value, f"{value}s"} <= set(words.words)
