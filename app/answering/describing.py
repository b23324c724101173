"""Things that a question describes instead of naming: "the project whose application failed".

The description is a question of its own ("which project's application failed?"). What answers it
takes its place, so that the rest can be asked of it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from app.answering.conversation import Turn, resolve
from app.answering.expected import ExpectedAnswers
from app.answering.lexicon import Lexicon, Span
from app.answering.planning import Planner
from app.answering.plans import Select
from app.answering.understanding import Question, understand
from corpus.records import KINDS
from corpus.schema import Record, fields_of
from corpus.words import fold, words
from retrieval.query import Records, Test

# Cosines of the default embedder, calibrated as docs/evaluation.md tells.
_NEAR = 0.55
_CLEARLY = 0.05  # nearer than any other record of the kind
_ADJECTIVES = 3  # words between the article and the noun
_END = re.compile(r"[,;:?!–—]|\.(?:\s|$)|\s-\s")


@dataclass(frozen=True, slots=True)
class _Described:
    """A noun with what describes it: the kind, the words before it and behind it, its place."""

    kind: str
    before: str
    behind: str
    start: int  # offsets into the question's text
    end: int
    noun: str
    plural: bool = False


class Descriptions:
    """Finds the records that questions describe."""

    def __init__(
        self, records: Records, lexicon: Lexicon, planner: Planner, expected: ExpectedAnswers
    ) -> None:
        self.records = records
        self.lexicon = lexicon
        self.planner = planner
        self.expected = expected

    def named(
        self, question: Question, plain: Callable[[Question], bool], *, surely: bool = False
    ) -> Question | None:
        """The question with a description replaced by a name, where ``plain`` accepts it so.

        ``surely``: only what a query finds counts, not what is nearest in meaning.
        """
        for described in self._described(question):
            record = self._asked_for(described) if surely else self._found(described)
            if record is None:
                continue
            named = self._replaced(question, described, record)
            if plain(named):
                return replace(named, asked=question.asked)
        return None

    def lacking(self, question: Question) -> Select | None:
        """The query for a description by names that no record meets: "the area that X leads"."""
        for described in self._described(question):
            noun = self.lexicon.vocabulary.kinds[described.kind].one
            asked = understand(f"Which {noun} {described.behind}?", self.lexicon)
            plan = next(iter(self.planner.plans(asked)), None)
            if not isinstance(plan, Select) or plan.project or plan.text:
                continue
            named = any(
                c.test is Test.IS and fields_of(KINDS[described.kind])[c.path].targets
                for c in plan.query.conditions
                if c.path in fields_of(KINDS[described.kind])
            )
            if named and plan.query.kind == described.kind and not self.planner.found(plan):
                return plan
        return None

    def meant(self, text: str) -> Record | None:
        """What a text without a question describes; None for a name or for nothing."""
        found = (self._found(d) for d in self._described(understand(text, self.lexicon)))
        return next((record for record in found if record), None)

    def _found(self, described: _Described) -> Record | None:
        return self._asked_for(described) or self._nearest(described)

    def _described(self, question: Question) -> Iterator[_Described]:
        """The nouns with an article and a description, the last one first: it is the innermost."""
        vocabulary = self.lexicon.vocabulary
        for noun in sorted(question.kinds(), key=lambda s: -s.start):
            first = noun.start
            while first > 0 and noun.start - first < _ADJECTIVES:
                first -= 1
                if question.words[first].folded in vocabulary.definite_articles:
                    break
            if question.words[first].folded not in vocabulary.definite_articles:
                continue
            found = self._with_tail(question, noun, first)
            if found.before or found.behind:
                yield found

    def _with_tail(self, question: Question, noun: Span, first: int) -> _Described:
        text, words = question.text, question.words
        begin, noun_start = words[first].end, words[noun.start].start
        noun_end = words[noun.end - 1].end
        end = _END.search(text, noun_end)
        stop = end.start() if end else len(text)
        return _Described(
            noun.meaning.value, text[begin:noun_start].strip(), text[noun_end:stop].strip(),
            words[first].start, stop, text[noun_start:noun_end],
            self._in_plural(question, noun),
        )  # fmt: skip

    def _in_plural(self, question: Question, noun: Span) -> bool:
        """Whether a noun is one of several things, so that nothing single is described."""
        nouns = self.lexicon.vocabulary.kinds[noun.meaning.value]
        said = question.words[noun.end - 1].folded
        return said == fold(nouns.many.split()[-1]) != fold(nouns.one.split()[-1])

    def _asked_for(self, described: _Described) -> Record | None:
        """The one record that a query for the description finds."""
        noun = self.lexicon.vocabulary.kinds[described.kind].one
        asked = f"Which {described.before} {noun} {described.behind}?"
        top = f"Which {noun} {described.behind} is the {described.before}?"  # "the costliest"
        if named := self._name(described):
            return named
        for text in (asked, top) if described.before else (asked,):
            for plan in self.planner.plans(understand(text, self.lexicon)):
                if (
                    not isinstance(plan, Select)
                    or plan.project
                    or plan.query.kind != described.kind
                ):
                    continue
                found = self.planner.found(plan)
                if len(found) == 1:
                    return found[0]
        return None

    def _name(self, described: _Described) -> Record | None:
        """The record that is named before the noun: "the X project"; nothing else stands there."""
        before = understand(described.before, self.lexicon)
        named = [s for s in before.entities if s.meaning.value.startswith(f"{described.kind}:")]
        if len(named) != 1 or before.content - before.words_of(named):
            return None
        kind, _, record_id = named[0].meaning.value.partition(":")
        return self.records.get((kind,), record_id)

    def _nearest(self, described: _Described) -> Record | None:
        """The record of the kind whose expected questions are the nearest in meaning."""
        if not described.behind or described.plural:
            return None
        said = understand(f"{described.before} {described.behind}", self.lexicon)
        if not said.content:
            return None  # "of it all" describes nothing
        noun = self.lexicon.vocabulary.kinds[described.kind]
        asked = f"Which {described.before} {noun.one} {described.behind}?"
        best = self.expected.of_kind(asked, described.kind)
        if not best or best[0][1] < _NEAR:
            return None
        clear = len(best) == 1 or best[0][1] - best[1][1] >= _CLEARLY
        key = best[0][0]
        record = self.records.get((described.kind,), key.partition(":")[2]) if clear else None
        return record if record and self._is_such(record, described) else None

    def _is_such(self, record: Record, described: _Described) -> bool:
        """Whether a record may be what is described: nothing that is said of it is another's.

        Of a kind with sorts, a word for one of them ("deadline") must be the record's own too.
        """
        own = self.planner.selector.stems[record.key]
        nouns = self.lexicon.vocabulary.kinds[described.kind]
        noun = understand(described.noun, self.lexicon)
        sort = {w.stem for w in noun.words} - {w.stem for w in words(f"{nouns.one} {nouns.many}")}
        plain = f"{described.kind}_type" not in fields_of(type(record))
        plain = plain or bool(noun.choices(described.kind)) or sort <= own
        return plain and self._has_names(record, described.behind)

    def _has_names(self, record: Record, text: str) -> bool:
        """Whether a record says all that is written with a capital: another place is not near."""
        said = [w for w in words(text) if text[w.start].isupper()]
        return all(w.stem in self.planner.selector.stems[record.key] for w in said)

    def _replaced(self, question: Question, described: _Described, record: Record) -> Question:
        """The question with the name in the place of the description."""
        text = question.text
        rest = text[described.end :].lstrip(" ,;:–—-")
        if text[: described.start].strip() or not rest:
            named = f"{text[: described.start]}{record.name}{text[described.end :]}"
            return understand(named, self.lexicon)
        about = Turn(understand(record.name, self.lexicon))
        asked = resolve(rest, about, self.lexicon)  # "The project that ...: what does it cost?"
        if asked.entities:
            return asked
        of = self.lexicon.vocabulary.of[0]
        return understand(f"{rest.rstrip('?.! ')} {of} {record.name}?", self.lexicon)
