"""What everything said in another language than English has in common."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.answering.abroad.local import Local
from app.answering.answer import NoteKind, Status
from app.answering.evidence import Cards, Draft, Evidence, Statement, present
from corpus.knowledge import Partnership
from corpus.model import Source
from corpus.records import KINDS
from corpus.schema import FieldType, Observation, Record, fields_of
from corpus.values import Duration, PartialDate
from corpus.vocabulary import Phrases
from retrieval.query import Condition, RecordQuery, Records, Test, first

_FACTS = 7  # fields shown when a record is described
_LONG = 160  # characters of a text beyond which it is no fact to list
_NAMES = 3  # records that a condition names
_DETAILS = ("organisation", "email")  # of a person


class Voice:
    """Says values, conditions, sources and refusals in one language."""

    def __init__(
        self,
        local: Local,
        phrases: Phrases,
        records: Records,
        cards: Cards,
        partnership: Partnership,
        sources: Mapping[str, Source],
    ) -> None:
        self.local, self.phrases, self.records = local, phrases, records
        self.cards, self.partnership, self.sources = cards, partnership, sources

    def refusal(self) -> Draft:
        """That there is no answer in this language, and what to do about it."""
        said = (self.phrases.refusal, self.phrases.in_english, self.ask_whom())
        return Draft(tuple(Statement(s) for s in said if s), status=Status.ABSTAINED)

    def ask_whom(self) -> str:
        """Whom to ask what the documents do not say."""
        contact = self.partnership.website or self.partnership.contact
        return self.phrases.ask_whom.format(contact=contact) if contact else ""

    def named(self, keys: Iterable[str]) -> list[Record]:
        """The records of some keys."""
        found = (self.records.get((k.partition(":")[0],), k.partition(":")[2]) for k in keys)
        return [record for record in found if record]

    def value(
        self, record: Record, name: str, seen: Observation[Any]
    ) -> tuple[str, tuple[Evidence, ...]]:
        """A value in words and its lines; a person comes with where they work and their address."""
        targets = fields_of(type(record))[name].targets
        values = seen.value if isinstance(seen.value, tuple) else (seen.value,)
        printed = []
        lines = [self.cards.field(record, name, seen)]
        for value in values:
            text = self.local.value(record, name, value)
            target = self.records.get(targets, value) if targets else None
            details = _DETAILS if target is not None and target.kind == "person" else ()
            known = [(d, o) for d in details if target and (o := first(target, d))]
            if target and known:
                lines += [self.cards.field(target, d, o) for d, o in known]
                more = ", ".join(self.local.value(target, d, o.value) for d, o in known)
                text = f"{text} ({more})"
            printed.append(text)
        return self.local.several(printed), present(lines)

    def own(self, record: Record, *said: tuple[str, Observation[Any] | None]) -> tuple[str, ...]:
        """What a statement may say in figures that its lines say in English ones.

        The record's name and number, and of each (field, observation) whose line can be cited the
        value and its date, in the language. The sentence itself is never among them: it would
        vouch for itself.
        """
        forms = [self.local.title(record)]
        for name, seen in said:
            if seen and self.cards.field(record, name, seen):
                forms += [self.local.value(record, name, seen.value), self.as_of([seen])]
        return tuple(form for form in forms if form)

    def others(self, record: Record, name: str) -> list[Statement]:
        """What other sources say of a single value, where it contradicts what goes first."""
        spec = fields_of(type(record))[name]
        if spec.many or spec.type is FieldType.TEXT:
            return []
        said = []
        for other in record.observed(name).differing():
            value, lines = self.value(record, name, other)
            text = f"{self.phrases.differ} {self.who(other)}: {value}"
            known = (*self.own(record, (name, other)), self.who(other))
            said.append(Statement(stopped(text), lines, known))
        return said

    def not_stated(self, records: Iterable[Record], missing: Sequence[str]) -> Draft:
        """What is missing, what is held instead, and whom to ask."""
        said = [self.phrases.not_stated.format(what="; ".join(missing))]
        for record in records:
            labels = [self.local.label(record.kind, name) for name, _ in self.facts(record)]
            if labels:
                subject, held = self.local.subject(record), self.local.several(labels)
                said.append(self.phrases.stated.format(subject=subject, labels=held))
        said.append(self.ask_whom())
        return Draft(tuple(Statement(s) for s in said if s), status=Status.ABSTAINED)

    def facts(self, record: Record) -> list[tuple[str, Observation[Any]]]:
        """The short fields that a record states, at most seven."""
        skipped = ("summary", "number", "list_number", "on_project_list")
        stated = [(n, o.first) for n, o in record.stated().items() if n not in skipped]
        short = [(n, seen) for n, seen in stated if seen and len(str(seen.value)) < _LONG]
        return short[:_FACTS]

    def draft(
        self, said: Sequence[Statement], notes: Sequence[Statement], subjects: tuple[str, ...] = ()
    ) -> Draft:
        """A draft with the note that names and texts are not translated."""
        note = Statement(self.phrases.as_in_sources, kind=NoteKind.REST)
        return Draft(tuple(dict.fromkeys(said)), (*notes, note), subjects=subjects)

    def announced(self, draft: Draft) -> Draft:
        """A draft of quotations with the note that they are not translated, where any needs it."""
        lines = (line for statement in draft.statements for line in statement.evidence)
        if all(line.passage.language == self.local.vocabulary.language for line in lines):
            return draft
        note = Statement(self.phrases.as_in_sources, kind=NoteKind.REST)
        return replace(draft, notes=(*draft.notes, note))

    def who(self, seen: Observation[Any]) -> str:
        """A source by its title, with the date that its statement holds for."""
        source = self.sources.get(seen.source)
        title = source.title if source else seen.source
        return f"{title}, {self.local.date(seen.as_of)}" if seen.as_of else title

    def as_of(self, seen: Iterable[Observation[Any]]) -> str:
        """``, as of July 2020``: the latest date of some observations; empty without dates."""
        when = max((s.as_of for s in seen if s.as_of), default=None)
        return f", {self.phrases.as_of.format(date=self.local.date(when))}" if when else ""

    def conditions(self, query: RecordQuery, text: Sequence[str] = ()) -> str:
        """What narrows a query, in words: ``role: leading or participating; country: Finland``."""
        told = {c.path for c in query.conditions if c.test is not Test.STATED}
        said = [
            self._condition(query.kind, c) for c in _spans(query.conditions)
            if c.test is not Test.STATED or c.path not in told
        ]  # fmt: skip
        if text:
            own = [self.local.own_word(word) for word in text]
            said.append(self.phrases.mentions.format(words=", ".join(own)))
        if query.source and query.source in self.sources:
            title = self.sources[query.source].title
            said.append(self.phrases.according_to.format(source=title))
        return "; ".join(dict.fromkeys(part for part in said if part))

    def _condition(self, kind: str, condition: Condition) -> str:
        name, _, rest = condition.path.partition(".")
        if name == "id":
            named = self.named(f"{kind}:{value}" for value in condition.values)
            return self.local.several([r.name for r in named[:_NAMES]])
        label = self.local.label(kind, name)
        if condition.test is Test.STATED:
            return label if not rest else ""
        if condition.test is Test.NOT_STATED:
            return f"{label}: {self.phrases.unstated}"
        spec = fields_of(KINDS[kind])[name]
        country = rest == "country" or spec.type is FieldType.COUNTRY
        months = spec.type is FieldType.DURATION
        targets = spec.targets
        printed = []
        for value in condition.values:
            target = self.records.get(targets, value) if targets and not rest else None
            plain = self.local.plain(Duration(int(value)) if months else value)
            plain = self.local.country(value) if country else plain
            printed.append(target.name if target else plain)
        joined = self.local.several(printed, self.phrases.disjunction)
        frames = {
            Test.IS_NOT: self.phrases.negated,
            Test.FROM: self.phrases.from_date,
            Test.UNTIL: self.phrases.until_date,
            Test.MORE: self.phrases.more_than,
            Test.LESS: self.phrases.less_than,
            Test.AT_LEAST: self.phrases.from_date,
            Test.AT_MOST: self.phrases.until_date,
        }
        frame = frames.get(condition.test, "{value}")
        return f"{label}: {frame.format(value=joined)}"


def _spans(conditions: Sequence[Condition]) -> list[Condition]:
    """The conditions, those from and until the same date or amount as one."""
    found = list(conditions)
    ends = {Test.FROM: Test.UNTIL, Test.AT_LEAST: Test.AT_MOST}
    for start in conditions:
        end = Condition(start.path, ends.get(start.test, start.test), start.values)
        if start.test in ends and end in found:
            found[found.index(start)] = Condition(start.path, Test.IS, start.values)
            found.remove(end)
    return found


def overlap(left: PartialDate, right: PartialDate) -> bool:
    """Whether two dates have a day in common."""
    return left.first <= right.last and right.first <= left.last


def stopped(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."
