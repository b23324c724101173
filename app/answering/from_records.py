"""Answers computed from records: lookups, lists, counts, sums, orderings, membership, series."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.answering.answer import Status, Table
from app.answering.evidence import Cards, Draft, Evidence, Statement, present
from app.answering.planning import Lookup, Membership, Planner, Select, Series
from app.answering.understanding import Question
from app.answering.wording import Wording, enumerate_words
from corpus.cards import title
from corpus.knowledge import Partnership
from corpus.model import Source
from corpus.records import KINDS
from corpus.schema import FieldType, Observation, Record, fields_of
from corpus.values import PartialDate
from retrieval.query import Aggregate, QueryResult, Records, first

_INLINE = 3  # items that still read well in a sentence
_SHORT_FACTS = 6  # fields shown when a record is described
_LONG_TEXT = 40  # characters from which a text value reads better after a colon


class RecordAnswers:
    """Turns plans over records into drafts of answers."""

    def __init__(
        self,
        planner: Planner,
        cards: Cards,
        partnership: Partnership,
        sources: Sequence[Source],
    ) -> None:
        self.planner = planner
        self.records: Records = planner.records
        self.cards = cards
        self.partnership = partnership
        self.sources = {source.id: source for source in sources}
        self.vocabulary = planner.lexicon.vocabulary
        self.wording = Wording(self.vocabulary, cards.printer, self.sources)

    def draft(
        self, plan: Lookup | Select | Membership | Series, question: Question
    ) -> Draft | None:
        """What to say for a plan; None when the records turn out to say nothing."""
        if isinstance(plan, Lookup):
            return self._lookup(plan, question)
        if isinstance(plan, Membership):
            return self._membership(plan)
        if isinstance(plan, Series):
            return self._series(plan, question)
        return self._select(plan, question)

    def record(self, key: str) -> Record:
        """The record of a key; raises KeyError."""
        kind, _, record_id = key.partition(":")
        found = self.records.get((kind,), record_id)
        if found is None:
            raise KeyError(key)
        return found

    # -- fields of named records --------------------------------------------------------------

    def _lookup(self, plan: Lookup, question: Question) -> Draft | None:
        records = [self.record(key) for key in plan.keys]
        if not plan.fields:
            return self._describe(records, question)
        statements: list[Statement] = []
        notes: list[Statement] = []
        missing: list[str] = []
        for record in records:
            for name in plan.fields:
                seen = first(record, name, plan.source)
                if seen is None:
                    missing.append(self.wording.of(record, name))
                    continue
                statements.append(self.field(record, name, seen))
                if not plan.source:
                    notes += self._others(record, name)
        if not statements:
            return self._nothing_stated(records, missing)
        notes += [Statement(f"Not stated in the documents: {m}.") for m in missing]
        table = self._table(records, plan.fields)
        return Draft(tuple(statements), tuple(notes), table=table, subjects=self._found(plan))

    def _found(self, plan: Lookup) -> tuple[str, ...]:
        """The names of what the fields asked for refer to: what "it" may mean next."""
        names = []
        for key in plan.keys:
            record = self.record(key)
            for field in plan.fields:
                spec = fields_of(type(record))[field]
                for value in self.records.values(record, field, plan.source):
                    target = self.records.get(spec.targets, value) if spec.targets else None
                    names += [target.name] if target else []
        return tuple(names)

    def field(self, record: Record, name: str, seen: Observation[Any]) -> Statement:
        """A sentence that gives one field of a record."""
        spec = fields_of(type(record))[name]
        values = seen.value if isinstance(seen.value, tuple) else (seen.value,)
        evidence = [self.cards.field(record, name, seen)]
        printed = []
        for value in values:
            text, more = self._value(record, name, value)
            printed.append(text)
            evidence += more
        label = self.wording.label(record.kind, name, len(values))
        subject = self.wording.subject(record)
        joined = enumerate_words(printed)
        long = spec.type is FieldType.TEXT and len(joined) > _LONG_TEXT
        if long or spec.type in (FieldType.BOOLEAN, FieldType.CHOICE):
            sentence = f"{subject[0].upper()}{subject[1:]} – {label}: {joined}"
        else:
            verb = "are" if len(values) > 1 else "is"
            sentence = f"The {label} of {subject} {verb} {joined}"
        if seen.note:
            sentence += f" ({seen.note.rstrip('.')})"
        return Statement(_stopped(sentence), present(evidence))

    def _value(self, record: Record, name: str, value: Any) -> tuple[str, list[Evidence | None]]:
        """A value as text; a person comes with where they work and how to reach them."""
        spec = fields_of(type(record))[name]
        text = self.cards.printer.value(record, name, value)
        target = self.records.get(spec.targets, value) if spec.targets else None
        if target is None or target.kind != "person":
            return text, []
        extra: list[str] = []
        evidence: list[Evidence | None] = []
        for detail in ("organisation", "email"):
            seen = first(target, detail)
            if seen:
                extra.append(self.cards.printer.value(target, detail, seen.value))
                evidence.append(self.cards.field(target, detail, seen))
        return (f"{text} ({', '.join(extra)})" if extra else text), evidence

    def _others(self, record: Record, name: str) -> list[Statement]:
        """What other sources say, when it differs from what goes first."""
        notes: list[Statement] = []
        spec = fields_of(type(record))[name]
        if spec.many or spec.type is FieldType.TEXT:
            return []  # they add to each other; only single values can contradict
        for other in record.observed(name).differing():
            value = self.cards.printer.value(record, name, other.value)
            source = self.wording.source(other.source, other.as_of)
            text = f"{source} says of the {self.wording.of(record, name)}: {value}"
            notes.append(
                Statement(_stopped(text), present([self.cards.field(record, name, other)]))
            )
        return notes

    def _nothing_stated(self, records: Sequence[Record], missing: Sequence[str]) -> Draft:
        subject = enumerate_words(list(missing))
        statements = [Statement(f"The documents do not state the {subject}.")]
        for record in records:
            facts = self._facts(record)
            if facts:
                held = enumerate_words([self.vocabulary.label(record.kind, n) for n, _ in facts])
                name = self.wording.subject(record)
                statements.append(Statement(f"For {name} they do state: {held}."))
        statements.append(Statement(self.ask_whom()))
        return Draft(tuple(statements), status=Status.ABSTAINED)

    def ask_whom(self) -> str:
        """Whom to ask what the documents do not say."""
        place = f" ({self.partnership.website})" if self.partnership.website else ""
        return f"Please ask {self.partnership.contact}{place}." if self.partnership.contact else ""

    def _facts(self, record: Record) -> list[tuple[str, Observation[Any]]]:
        """The short fields that a record states."""
        found = []
        for name, observed in record.stated().items():
            spec = fields_of(type(record))[name]
            seen = observed.first
            if seen is None or name in ("summary", "number", "on_project_list", "list_number"):
                continue
            if spec.type is FieldType.TEXT and len(str(seen.value)) > 3 * _LONG_TEXT:
                continue
            found.append((name, seen))
        return found[:_SHORT_FACTS]

    def _describe(self, records: Sequence[Record], question: Question) -> Draft | None:
        statements: list[Statement] = []
        brief = question.has_cue("definition") and len(question.words) > 1
        for record in records:
            seen = record.summary.first
            if seen:
                evidence = present([self.cards.field(record, "summary", seen)])
                statements.append(Statement(_stopped(seen.value), evidence))
            if seen and brief and not _wants_more(question):
                continue
            for name, fact in self._facts(record):
                value, more = self._values(record, name, fact)
                label = self.wording.label(record.kind, name, 1)
                text = f"{label[0].upper()}{label[1:]}: {value}"
                evidence = present([self.cards.field(record, name, fact), *more])
                statements.append(Statement(text, evidence, item=True))
        return Draft(tuple(statements)) if statements else None

    def _values(
        self, record: Record, name: str, seen: Observation[Any]
    ) -> tuple[str, list[Evidence | None]]:
        values = seen.value if isinstance(seen.value, tuple) else (seen.value,)
        pairs = [self._value(record, name, value) for value in values]
        return enumerate_words([t for t, _ in pairs]), [e for _, more in pairs for e in more]

    def _table(self, records: Sequence[Record], fields: Sequence[str]) -> Table | None:
        if len(records) < 2:
            return None
        header = ("", *(self.vocabulary.label(records[0].kind, name) for name in fields))
        rows = []
        for record in records:
            cells = []
            for name in fields:
                seen = first(record, name)
                cells.append(self._values(record, name, seen)[0] if seen else "not stated")
            rows.append((title(record), *cells))
        return Table(header, tuple(rows))

    # -- queries over all records of a kind ---------------------------------------------------

    def _select(self, plan: Select, question: Question) -> Draft | None:
        result = self.records.run(plan.query)
        found = list(result.records)
        if plan.text:
            found = self.planner.containing(found, plan.text)
        if plan.query.aggregate and plan.query.aggregate is not Aggregate.COUNT:
            return self._computed(result)
        if plan.project:
            return self._projected(plan, found)
        draft = self._listed(plan, found, result)
        if plan.query.aggregate is Aggregate.COUNT and draft.status is Status.ANSWERED:
            return replace(draft, notes=(*draft.notes, *self._other_figures(question, len(found))))
        return draft

    def _listed(self, plan: Select, found: list[Record], result: QueryResult) -> Draft:
        kind = plan.query.kind
        what = self.wording.query(plan.query, plan.text)
        if not found:
            text = f"The records hold no {self.vocabulary.kinds[kind].one} of that kind ({what})."
            checked = f"{result.total} {self.vocabulary.kinds[kind].many} were checked."
            statements = (Statement(text), Statement(checked), Statement(self.ask_whom()))
            return Draft(statements, status=Status.ABSTAINED)
        one, many = self.vocabulary.kinds[kind].one, self.vocabulary.kinds[kind].many
        noun = one if len(found) == 1 else many
        evidence = [self._why(record, plan) for record in found]
        names = [self._item(record) for record in found]
        count = f"{len(found)} {noun}"
        when = self._as_of(plan, found)
        head = f"{count}{self._qualified(plan)}{f', as of {when}' if when else ''}"
        notes = [Statement(self._how(plan, result, len(found)))]
        computed = (str(len(found)), what, head)
        if len(found) <= _INLINE and all(len(name) < 2 * _LONG_TEXT for name in names):
            joined = enumerate_words(names)
            text = _stopped(f"{head}: {joined}")
            flat = present(e for group in evidence for e in group)
            subjects = tuple(record.name for record in found) if len(found) == 1 else ()
            statement = Statement(text, flat, (*computed, *names))
            return Draft((statement,), tuple(notes), subjects=subjects)
        lead = Statement(f"{head}:", evidence[0][:1], computed)
        items = [
            Statement(name, group, (name,), item=True)
            for name, group in zip(names, evidence, strict=True)
        ]
        return Draft((lead, *items), tuple(notes))

    def _as_of(self, plan: Select, found: Sequence[Record]) -> PartialDate | None:
        """The latest date for which the records' matching fields hold."""
        names = [condition.path.split(".")[0] for condition in plan.query.conditions]
        seen = [first(r, name, plan.query.source) for r in found for name in names if name != "id"]
        return max((s.as_of for s in seen if s and s.as_of), default=None)

    def _qualified(self, plan: Select) -> str:
        conditions = self.wording.conditions(plan.query, plan.text)
        return f" ({conditions})" if conditions else ""

    def _how(self, plan: Select, result: QueryResult, found: int) -> str:
        what = self.wording.query(plan.query, plan.text)
        many = self.vocabulary.kinds[plan.query.kind].many
        return f"Counted over all {result.total} {many} on record: {what} ({found} match)."

    def _item(self, record: Record) -> str:
        """A record as an item of a list: its name, or what it states."""
        statement = fields_of(type(record)).get("statement")
        seen = record.observed("statement").first if statement else None
        return _unstopped(str(seen.value)) if seen else title(record)

    def _why(self, record: Record, plan: Select) -> tuple[Evidence, ...]:
        """The lines that make a record match; its name's line when nothing else does."""
        lines: list[Evidence | None] = []
        names = [condition.path.split(".")[0] for condition in plan.query.conditions]
        if "statement" in fields_of(type(record)):
            names.insert(0, "statement")
        for name in names[:1]:
            seen = first(record, name, plan.query.source)
            if seen:
                lines.append(self.cards.field(record, name, seen))
        return present(lines) or present([self.cards.record(record)])

    def _projected(self, plan: Select, found: Sequence[Record]) -> Draft | None:
        """The values of a field over the records found, each with the records that state it."""
        name = plan.project
        groups: dict[str, list[Record]] = {}
        evidence: dict[str, list[Evidence | None]] = {}
        for record in found:
            seen = first(record, name, plan.query.source)
            if seen is None:
                continue
            for value in seen.value if isinstance(seen.value, tuple) else (seen.value,):
                printed = self.cards.printer.value(record, name, value)
                groups.setdefault(printed, []).append(record)
                evidence.setdefault(printed, []).append(self.cards.field(record, name, seen))
        if not groups:
            return None
        items = []
        for printed, records in groups.items():
            detail = self._detail(plan, records, name)
            text = f"{printed}{f' ({detail})' if detail else ''}"
            items.append(Statement(text, present(evidence[printed])[:_INLINE], item=True))
        stating = sum(1 for r in found if first(r, name, plan.query.source))
        label = self.vocabulary.label(plan.query.kind, name)
        many = self.vocabulary.kinds[plan.query.kind].many
        note = (
            f"{stating} of {len(found)} {many} state the {label}: {self.wording.query(plan.query)}."
        )
        if len(items) == 1:
            only = items[0]
            return Draft((Statement(_stopped(only.text), only.evidence),), (Statement(note),))
        noun = self.wording.label(plan.query.kind, name, len(items))
        head = f"{len(items)} {noun}{self._qualified(plan)}:"
        lead = Statement(head, items[0].evidence[:1], (head,))
        return Draft((lead, *items), (Statement(note),))

    def _detail(self, plan: Select, records: Sequence[Record], name: str) -> str:
        """What goes in brackets behind a projected value: a share, or the records' names."""
        for other, spec in fields_of(KINDS[plan.query.kind]).items():
            if other != name and spec.type is FieldType.QUANTITY and len(records) == 1:
                seen = first(records[0], other, plan.query.source)
                if seen:
                    return str(seen.value)
        return ", ".join(record.name for record in records)

    def _computed(self, result: QueryResult) -> Draft | None:
        query = result.query
        many = self.vocabulary.kinds[query.kind].many
        label = self.vocabulary.label(query.kind, query.field)
        note = Statement(
            f"{result.stating} of {result.matching} {many} state the {label}; "
            f"computed over those: {self.wording.query(query)}."
        )
        if result.value is None:
            return self._nothing_stated([], [f"{label} of any of the {result.matching} {many}"])
        evidence = []
        for record in result.records:
            seen = first(record, query.field, query.source)
            evidence.append(self.cards.field(record, query.field, seen) if seen else None)
        value = str(result.value)
        names = enumerate_words([self.wording.subject(record) for record in result.records])
        if query.aggregate in (Aggregate.LARGEST, Aggregate.SMALLEST):
            adjective = "largest" if query.aggregate is Aggregate.LARGEST else "smallest"
            text = f"The {adjective} {label} among the {many} that state one is {value}: {names}"
            return Draft((Statement(_stopped(text), present(evidence), (names,)),), (note,))
        word = "total" if query.aggregate is Aggregate.SUM else "average"
        text = f"The {word} {label} of the {result.stating} {many} that state one is {value}"
        total = Statement(_stopped(text), present(evidence)[:1], (value, str(result.stating)))
        items = [
            Statement(f"{title(r)}: {first(r, query.field).value}", present([e]), item=True)  # type: ignore[union-attr]
            for r, e in zip(result.records, evidence, strict=True)
        ]
        return Draft((total, *items), (note,))

    # -- membership ---------------------------------------------------------------------------

    def _membership(self, plan: Membership) -> Draft:
        if not plan.key:
            return self._no_record(plan.subject)
        record = self.record(plan.key)
        seen = record.observed("role").first
        if seen is None:
            return self._no_record(record.name)
        name, about = record.name, self.partnership.abbreviation
        when = f", as of {seen.as_of}" if seen.as_of else ""
        text = {
            "leading": f"Yes. {name} is one of the leading regions of {about}{when}.",
            "participating": f"Yes. {name} is a participating region of {about}{when}.",
            "interested": f"{name} has expressed interest in {about} but is not committed{when}.",
        }[seen.value]
        statement = Statement(text, present([self.cards.field(record, "role", seen)]), (text,))
        extra = self._joining() if seen.value == "interested" else []
        return Draft((statement, *extra), tuple(self._others(record, "role")))

    def _no_record(self, subject: str) -> Draft:
        """No record is not the same as no: say so, with the date of the list and the way in."""
        roles = {"committed": ("leading", "participating"), "interested": ("interested",)}
        counts = []
        dates: list[PartialDate] = []
        evidence: list[Evidence | None] = []
        for word, values in roles.items():
            found = [r for r in self.records.of("region") if r.observed("role").value in values]
            counts.append(f"{len(found)} {word}")
            seen = [r.observed("role").first for r in found]
            dates += [s.as_of for s in seen if s and s.as_of]
            if found and seen[0]:
                evidence.append(self.cards.field(found[0], "role", seen[0]))
        when = f" (lists as of {max(dates)})" if dates else ""
        text = (
            f"There is no record of {subject} in {self.partnership.abbreviation}: it is not listed "
            f"among the {' and '.join(counts)} regions{when}. "
            "The lists may have changed since."
        )
        return Draft((Statement(text, present(evidence), (text,)), *self._joining()))

    def _joining(self) -> list[Statement]:
        """How a region joins, from the requirements on record."""
        statements = []
        for record in self.records.of("requirement"):
            if record.observed("applies_to").value == "joining region":
                seen = record.observed("statement").first
                if seen:
                    evidence = present([self.cards.field(record, "statement", seen)])
                    statements.append(Statement(_stopped(f"To join: {seen.value}"), evidence))
        return statements[:2]

    # -- figures over time --------------------------------------------------------------------

    def _series(self, plan: Series, question: Question) -> Draft | None:
        rows = self._figures(plan)
        if question.dates and not question.has_cue("timeline") and len(question.dates) == 1:
            wanted = question.dates[0].date
            rows = [r for r in rows if r[1] and _overlap(r[1], wanted)] or rows
        elif not question.has_cue("timeline") and not plan.source:
            rows.sort(key=lambda r: r[1] or _EARLIEST, reverse=True)
        if not rows:
            return None
        statements = []
        for record, when, evidence, value in rows:
            date = f" ({when})" if when else ""
            statements.append(
                Statement(f"{record.name}: {value}{date}", evidence, item=len(rows) > 1)
            )
        if len(rows) == 1:
            return Draft(tuple(statements))
        if question.has_cue("timeline") or len(question.dates) > 1:
            steps = " → ".join(f"{value} ({when})" if when else value for _, when, _, value in rows)
            every = present(e for _, _, group, _ in rows for e in group)
            return Draft((Statement(f"Over time: {steps}.", every, (steps,)),))
        latest, *others = statements
        latest = Statement(_stopped(latest.text), latest.evidence)
        lead = Statement("Other figures on record, by date and source:")
        return Draft((latest,), (lead, *(Statement(s.text, s.evidence) for s in others)))

    def _figures(
        self, plan: Series
    ) -> list[tuple[Record, PartialDate | None, tuple[Evidence, ...], str]]:
        """The figures of a series by date: record, date, evidence, printed value with unit."""
        rows = []
        for key in plan.keys:
            record = self.record(key)
            for name in ("amount", "money"):
                for seen in record.observed(name).observations:
                    if plan.source and seen.source != plan.source:
                        continue
                    date = first(record, "date", seen.source) or first(record, "date")
                    when = date.value if date else seen.as_of
                    lines = [self.cards.field(record, name, seen)]
                    if date:
                        lines.append(self.cards.field(record, "date", date))
                    value = self.cards.printer.value(record, name, seen.value)
                    rows.append((record, when, present(lines), value))
        return sorted(rows, key=lambda r: r[1] or _EARLIEST)

    def _other_figures(self, question: Question, count: int) -> list[Statement]:
        """Figures that sources state about what was just counted, where they differ from it."""
        found = []
        for plan in self.planner.series(question):
            for record, when, evidence, value in self._figures(plan):
                if str(count) not in value.split():
                    date = f" ({when})" if when else ""
                    found.append(Statement(f"{record.name}: {value}{date}", evidence))
        lead = Statement("Sources also state other figures, by date:")
        return [lead, *found] if found else []


_EARLIEST = PartialDate.parse("0001")


def _overlap(left: PartialDate, right: PartialDate) -> bool:
    return left.first <= right.last and right.first <= left.last


def _wants_more(question: Question) -> bool:
    return any(word.folded in ("about", "describe") for word in question.words)


def _stopped(text: str) -> str:
    return text if text.rstrip().endswith((".", "!", "?", ":")) else f"{text.rstrip()}."


def _unstopped(text: str) -> str:
    return text.rstrip().rstrip(".")
