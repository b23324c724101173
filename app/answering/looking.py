"""From the names in a question to plans that look up fields of what it names."""

from collections.abc import Iterable, Mapping, Sequence

from app.answering.lexicon import Lexicon, Role, Span
from app.answering.plans import Candidate, Lookup, Select, Strength
from app.answering.polar import polar, polar_of_one
from app.answering.shaping import aggregate_of, in_a_row, nouns_for_fields
from app.answering.understanding import Question
from corpus.records import KINDS
from corpus.schema import FieldSpec, FieldType, Record, fields_of
from corpus.values import PartialDate
from corpus.words import fold, words
from retrieval.query import RecordQuery, Records

_WAYS = ("email", "phone", "address")  # to reach somebody


class LookupReader:
    """Reads which fields of which named records a question asks for."""

    def __init__(
        self,
        records: Records,
        lexicon: Lexicon,
        own_record: str,
        stems: Mapping[str, frozenset[str]],
    ) -> None:
        self.records = records
        self.stems = stems  # of all that a record says, by key
        self.lexicon = lexicon
        self.own_record = own_record

    def candidates(
        self, question: Question, said: frozenset[int], past: frozenset[int], source: str
    ) -> Iterable[Candidate]:
        """Plans for what the question names, by kind of record.

        ``said`` are words that any plan explains, ``past`` those of dates that the records cover,
        ``source`` the publication that is asked about.
        """
        by_kind: dict[str, list[tuple[Span, str]]] = {}
        named = [
            (s, s.meaning.value) for s in question.entities if s.meaning.value != self.own_record
        ]
        # The partnership's own record speaks only when nothing else is named.
        own = [(s, self.own_record) for s in question.of(Role.PARTNERSHIP) if self.own_record]
        for span, key in named or own:
            by_kind.setdefault(key.partition(":")[0], []).append((span, key))
        if len(by_kind) > 1 and question.has_cue("sum", "compare"):
            yield from self._across(question, named, said | past)
        for kind, pairs in by_kind.items():
            spans = [span for span, _ in pairs]
            keys = tuple(dict.fromkeys(key for _, key in pairs))
            names = self._names(question, pairs)
            weak = not named
            # Nouns of the kind, and any noun beside the name: "the X project", "region X".
            nouns = [
                s
                for s in question.kinds()
                if s.meaning.value == kind
                or any(s.end == n.start or n.end == s.start for n in spans)
            ]
            base = said | names | question.words_of(nouns)
            base |= question.cue_words("sum") | (past if self._of_then(question, keys) else set())
            base |= question.multiple[1] if question.multiple and len(keys) > 1 else set()
            base |= self._context(question, keys) | self._sort_asked(question, keys)
            fields, used, fit = self.asked_fields(question, kind, names, keys)
            if not question.has_cue("count"):
                yield from self._of_contacts(fields, keys, base | used, source)
            yield from self._reached(fields, keys, base | used, source)
            if len(keys) > 1:
                yield from self._values(question, kind, keys, base, names)
            record = self._record(keys[0])
            if len(keys) == 1 and record:
                yield from polar(question, record, self.lexicon.vocabulary, base, names)
                yield from polar_of_one(question, record, self.records, base)
            yield from self._computed(question, kind, keys, base)
            yield from self._chained(question, kind, keys, base, names)
            yield from self._through(question, kind, keys, base, source)
            if fields:
                if len(keys) > 1 and question.has_cue("ratio"):
                    used |= question.cue_words("ratio", "compare")
                plan = Lookup(keys, fields, source)
                strength = Strength.OWN if weak else Strength.LOOKUP
                yield Candidate(plan, base | used, strength, fit + len(names))
            elif _may_describe(question):
                strength = _describes(question, kind, names)
                yield Candidate(Lookup(keys, (), source), base, strength, len(names))

    def _names(self, question: Question, pairs: Sequence[tuple[Span, str]]) -> frozenset[int]:
        """The words of the names, neighbours that belong to the whole name included."""
        found = set(question.words_of([span for span, _ in pairs]))
        for span, key in pairs:
            record = self._record(key)
            names = (record.name, *record.aliases) if record else ()
            stems = {word.stem for name in names for word in words(name)}
            for step, at in ((-1, span.start - 1), (1, span.end)):
                place = at
                while 0 <= place < len(question.words) and question.words[place].stem in stems:
                    found.add(place)
                    place += step
        return frozenset(found)

    def _sort_asked(self, question: Question, keys: Sequence[str]) -> frozenset[int]:
        """The noun after "which" that says what the named things are: "which network, X or Y"."""
        found = set()
        kinds = question.words_of([*question.kinds(), *question.of(Role.COUNTRY)])
        for span in question.of(Role.CUE):
            at = span.end
            if question.words[span.end - 1].folded not in self.lexicon.vocabulary.determiners:
                continue
            while at < len(question.words) and at in question.content:
                word = question.words[at].stem
                if all(word in self.stems[key] for key in keys) and at not in kinds:
                    found.add(at)
                at += 1
        return frozenset(found)

    def _of_then(self, question: Question, keys: Sequence[str]) -> bool:
        """Whether anything that is on record of these things is of the time asked about."""
        held = []
        for record in filter(None, map(self._record, keys)):
            for observed in record.stated().values():
                held += [o.as_of for o in observed.observations if o.as_of]
                held += [o.value for o in observed.observations if isinstance(o.value, PartialDate)]
        return any(
            when.first <= m.date.last and m.date.first <= when.last
            for when in held
            for m in question.dates
        )

    def _record(self, key: str) -> Record | None:
        kind, _, record_id = key.partition(":")
        return self.records.get((kind,), record_id)

    def _across(
        self, question: Question, named: Sequence[tuple[Span, str]], base: frozenset[int]
    ) -> Iterable[Candidate]:
        """Things of several kinds, summed up or compared: the budget of a programme and a call."""
        keys = tuple(dict.fromkeys(key for _, key in named))
        kinds = [KINDS[key.partition(":")[0]] for key in keys]
        for span, name in question.fields(keys[0].partition(":")[0]):
            stating = [k for k in keys if self._states(k, name)] if all(
                name in fields_of(kind) for kind in kinds
            ) else []  # fmt: skip
            if len(stating) == len(keys) and fields_of(kinds[0])[name].type is FieldType.MONEY:
                used = self._names(question, named) | question.words_of([span])
                used |= question.cue_words("sum", "compare")
                used |= question.multiple[1] if question.multiple else set()
                plan = Lookup(keys, (name,), total=question.has_cue("sum"))
                yield Candidate(plan, base | used, Strength.JOIN, len(used))

    def _chained(
        self,
        question: Question,
        kind: str,
        keys: Sequence[str],
        base: frozenset[int],
        names: frozenset[int],
    ) -> Iterable[Candidate]:
        """Fields of what a field refers to: "the region of the leader of project 9"."""
        for span, name in (*question.fields(kind), *nouns_for_fields(question, kind)):
            spec = fields_of(KINDS[kind])[name]
            link = question.words_of([span])
            if not spec.targets or link & names or self._direct(question, kind, span, spec):
                continue
            for key in keys:
                record = self._record(key)
                found = self.records.values(record, name) if record else ()
                targets = [self.records.get(spec.targets, value) for value in found]
                known = [target for target in targets if target]
                if not known or len({t.kind for t in known}) != 1:
                    continue
                nexts = tuple(target.key for target in known)
                fields, used, fit = self.asked_fields(question, known[0].kind, names | link, nexts)
                back = [self.records.values(t, f) for t in known for f in fields]
                if any(key.partition(":")[2] in values for values in back):
                    continue  # it would lead back to what is named
                if fields and used - link - question.words_of(question.of(Role.ANSWER)):
                    plan = Lookup(nexts, fields, via=((key, name),))
                    yield Candidate(plan, base | link | used, Strength.JOIN, fit + len(names))

    def _of_contacts(
        self, fields: Sequence[str], keys: Sequence[str], explained: frozenset[int], source: str
    ) -> Iterable[Candidate]:
        """What the people to contact state, where what is named does not: their e-mail address."""
        if not fields or any(self._states(key, name) for key in keys for name in fields):
            return
        asked = [name for name in fields if name in fields_of(KINDS["person"])]
        for record in filter(None, map(self._record, keys)):
            for spec in fields_of(type(record)).values():
                if spec.targets != ("person",):
                    continue
                people = [f"person:{value}" for value in self.records.values(record, spec.name)]
                told = tuple(name for name in asked if any(self._states(p, name) for p in people))
                if told:
                    plan = Lookup(tuple(people), told, source, via=((record.key, spec.name),))
                    yield Candidate(plan, explained, Strength.JOIN, 1)

    def _reached(
        self, fields: Sequence[str], keys: Sequence[str], explained: frozenset[int], source: str
    ) -> Iterable[Candidate]:
        """How to reach what has nobody to contact: its e-mail address, its telephone."""
        if "contacts" not in fields or any(self._states(key, "contacts") for key in keys):
            return
        specs = fields_of(KINDS[keys[0].partition(":")[0]])
        told = [name for name in _WAYS if name in specs and self._states(keys[0], name)]
        if told:
            yield Candidate(Lookup(tuple(keys), tuple(told), source), explained, Strength.JOIN, 1)

    def _direct(self, question: Question, kind: str, span: Span, spec: FieldSpec) -> bool:
        """Whether another field that the same word asks for leads to what the question names.

        "Which region leads area 5": its lead region, not that of its leader.
        """
        nouns = {s.meaning.value for s in question.kinds()}
        others = [
            fields_of(KINDS[kind])[name]
            for other, name in question.fields(kind)
            if (other.start, other.end) == (span.start, span.end)
            and question.words[other.start].folded in self._words(kind, name)
        ]
        return not nouns & set(spec.targets) and any(nouns & set(o.targets) for o in others)

    def label(self, kind: str, name: str) -> str:
        """What answers call a field."""
        return self.lexicon.vocabulary.label(kind, name)

    def _words(self, kind: str, name: str) -> frozenset[str]:
        """The very words that ask for a field, as they are written."""
        found = self.lexicon.vocabulary.field_words(kind, name)
        return frozenset(map(fold, found.words)) if found else frozenset()

    def _through(
        self, question: Question, kind: str, keys: Sequence[str], base: frozenset[int], source: str
    ) -> Iterable[Candidate]:
        """Fields of what refers to the named records: the support that a leader's project asks."""
        if not question.has_cue("compare") or len(keys) < 2:
            return
        for other in KINDS:
            links = [s.name for s in fields_of(KINDS[other]).values() if kind in s.targets]
            found: list[str] = []
            for key in keys:
                wanted = key.partition(":")[2]
                referring = [
                    r.key for r in self.records.of(other)
                    if any(wanted in self.records.values(r, name) for name in links)
                ]  # fmt: skip
                found += referring if len(referring) == 1 else []
            if other == kind or len(set(found)) != len(keys):
                continue
            fields, used, fit = self.asked_fields(question, other, frozenset(), found)
            if fields and used:
                plan = Lookup(tuple(found), fields, source)
                yield Candidate(plan, base | used, Strength.JOIN, fit)

    def _computed(
        self, question: Question, kind: str, keys: tuple[str, ...], base: frozenset[int]
    ) -> Iterable[Candidate]:
        """A sum or an extreme over several named records."""
        aggregate, field, used = aggregate_of(question, kind)
        compares = question.multiple or question.direction  # "more than X and Y together"
        if len(keys) > 1 and aggregate and field and not compares:
            ids = frozenset(key.partition(":")[2] for key in keys)
            query = RecordQuery(kind, aggregate=aggregate, field=field, ids=ids)
            yield Candidate(Select(query), base | used, Strength.JOIN)

    def _values(
        self,
        question: Question,
        kind: str,
        keys: tuple[str, ...],
        base: frozenset[int],
        names: frozenset[int],
    ) -> Iterable[Candidate]:
        """Whether a choice field of several named records has a value: "are X and Y leading?"."""
        plain = question.yes_no and not question.negations
        for span, field, values in question.choices(kind) if plain else ():
            used = question.words_of([span])
            if not used & names:
                plan = Lookup(keys, (field,), expected=values)
                yield Candidate(plan, base | used, Strength.JOIN, len(names) + 1)

    def asked_fields(
        self, question: Question, kind: str, names: frozenset[int], keys: Sequence[str]
    ) -> tuple[tuple[str, ...], frozenset[int], int]:
        """The fields of a kind that the question asks for, the words used, and how well."""
        specs = fields_of(KINDS[kind])
        best: dict[tuple[int, int], tuple[int, str, frozenset[int]]] = {}
        nouns = {(s.start, s.end) for s in question.kinds()}
        counting = question.has_cue("count")
        for span, name in question.fields(kind):
            used = question.words_of([span])
            if used <= names | (question.multiple[1] if question.multiple else frozenset()):
                continue
            if used <= question.cue_words("ratio"):  # "how many times" asks for no time
                continue
            noun = (span.start, span.end) in nouns
            if noun and specs[name].type is FieldType.QUANTITY and not counting:
                continue  # "which regions" does not ask for the number of them
            score, extra = self._fit(question, kind, specs[name], span, keys)
            place = (span.start, span.end)
            if place not in best or score > best[place][0]:
                best[place] = (score, name, used | extra)
        best = {
            place: (score, self._in_words(question, kind, place, name, keys), used)
            for place, (score, name, used) in best.items()
        }
        kept = [
            (place, *choice)
            for place, choice in best.items()
            if not any(o[0] <= place[0] and place[1] <= o[1] and o != place for o in best)
        ]
        if not kept:
            implied = self._implied_fields(question, kind)
            return implied, frozenset(), 0
        top = max(score for _, score, _, _ in kept)
        # A word that only may be a field gives way where another clearly is one.
        sure = [item for item in kept if item[1] >= top - 1]
        row = in_a_row(question, [item[0] for item in kept], [item[0] for item in sure])
        fields = tuple(
            dict.fromkeys(
                self._very(question, kind, item[0], item[2]) if item[0] in row else item[2]
                for item in kept
                if item in sure or item[0] in row
            )
        )
        used = frozenset(i for _, _, _, words_used in kept for i in words_used)
        return fields, used, top

    def _in_words(
        self, question: Question, kind: str, place: tuple[int, int], name: str, keys: Sequence[str]
    ) -> str:
        """The field that says in words what a reference would, where only that one is stated.

        "Which regions are involved": no region is named, but a source says "Nordic regions".
        """
        specs = fields_of(KINDS[kind])
        if not specs[name].targets or any(self._states(key, name) for key in keys):
            return name
        said = [n for s, n in question.fields(kind) if (s.start, s.end) == place]
        told = [
            n for n in said
            if specs[n].type is FieldType.TEXT and not specs[n].many
            and any(self._states(key, n) for key in keys)
        ]  # fmt: skip
        return told[0] if told else name

    def _very(self, question: Question, kind: str, place: tuple[int, int], name: str) -> str:
        """The field that words stand for as they are written, else the one that fits best.

        In a row with "lead region", "coordinator" is another field than that which "coordinates".
        """
        said = " ".join(w.folded for w in question.words[place[0] : place[1]])
        named = [n for s, n in question.fields(kind) if (s.start, s.end) == place]
        exact = [n for n in named if said in self._words(kind, n)]
        return exact[0] if exact and name not in exact else name

    def _fit(
        self, question: Question, kind: str, spec: FieldSpec, span: Span, keys: Sequence[str]
    ) -> tuple[int, frozenset[int]]:
        """How well a field answers the question, and the further words that it explains."""
        words_of_field = self.lexicon.vocabulary.field_words(kind, spec.name)
        asks = words_of_field.asks if words_of_field else ""
        score = 2 * (span.end - span.start)
        if any(self._states(key, spec.name) for key in keys):
            score += 1
        if question.has_cue("count") or question.multiple or question.direction:
            score += 2 if spec.type in (FieldType.QUANTITY, FieldType.INTEGER) else -2
        if spec.type is FieldType.DATE and (question.dates or question.months):
            score += 2  # "did it take place in 2021 or in 2022"
        if asks:
            score += 3 if question.asks(asks) else 0
            score -= 3 if asks == "who" and question.kinds() and not question.asks("who") else 0
        elif question.asks("who") and spec.targets != ("person",):
            score -= 2
        nouns = [s for s in question.kinds() if s.meaning.value in spec.targets]
        if nouns:
            score += 3
        return score, question.words_of(nouns)

    def _states(self, key: str, field: str) -> bool:
        kind, _, record_id = key.partition(":")
        record = self.records.get((kind,), record_id)
        return record is not None and bool(record.observed(field))

    def _implied_fields(self, question: Question, kind: str) -> tuple[str, ...]:
        """The fields that a bare "when", "where" or "who" asks of a record of the kind."""
        if question.has_cue("definition"):
            return ()
        vocabulary = self.lexicon.vocabulary
        found = []
        for name in fields_of(KINDS[kind]):
            field_words = vocabulary.field_words(kind, name)
            if field_words and field_words.asks and question.asks(field_words.asks):
                found.append(name)
        return tuple(found[:1])

    def _context(self, question: Question, keys: Sequence[str]) -> frozenset[int]:
        """Other names that only say where the named records belong: "WP4 of project X".

        One of several that it belongs to says more: "organisations from X that take part in Y".
        """
        around: set[str] = set()
        for record in filter(None, map(self._record, keys)):
            for spec in fields_of(type(record)).values():
                values = self.records.values(record, spec.name)
                if len(values) == 1:
                    around.update(f"{target}:{values[0]}" for target in spec.targets)
        named = [s for s in question.entities if s.meaning.value in around]
        return question.words_of(named)


def _may_describe(question: Question) -> bool:
    """Whether what a thing is may be meant: not its number, nor whether it was on some day."""
    dated = bool(question.dates or question.months)
    return not question.has_cue("count") and not (question.yes_no and dated)


def _describes(question: Question, kind: str, names: frozenset[int]) -> Strength:
    """How strongly a question asks what something is: a term is to be explained, not listed."""
    asks = question.has_cue("definition") and not question.has_cue("list")
    explain = kind == "term" and asks and question.content <= names
    return Strength.LOOKUP if explain else Strength.DESCRIBE
