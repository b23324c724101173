"""What texts mean by the vocabularies and the records: countries, records, kinds, fields, values.

In another language words cannot be compared one by one, meanings can.
"""

from collections.abc import Callable, Container, Iterable

from app.answering.lexicon import Lexicon, Meaning, Role, Span
from app.model.language import tongue
from app.model.line import Line
from corpus.records import KINDS
from corpus.schema import fields_of
from corpus.vocabulary import languages
from corpus.words import Word, words
from retrieval.query import ORDERED_TYPES

MEANT_NAMES = (Role.COUNTRY, Role.GROUP, Role.ENTITY, Role.PARTNERSHIP, Role.KIND)
MEANT = (Role.CHOICE, Role.FIELD, Role.COUNTRY, Role.GROUP, Role.ENTITY)
_AFTER = 3  # words after a number, among which is what it counts


class Meanings:
    """What a lexicon of each language knows of texts."""

    def __init__(self, lexicon: Callable[[str], Lexicon]) -> None:
        self._lexicon = lexicon

    def spans(self, language: str, text: str, own: list[Word]) -> list[Span]:
        """What is meant in a text, by place; in a language without a vocabulary as in English."""
        return self._lexicon(language if language in languages() else "en").spans(text, own)

    def of(self, text: str, language: str, roles: Iterable[Role]) -> frozenset[tuple[Role, str]]:
        """What a text means that has one of the roles."""
        known = language if language in languages() else "en"
        wanted = frozenset(roles)
        spans = self.spans(known, text, words(text, known))
        return frozenset(
            (s.meaning.role, s.meaning.value) for s in spans if s.meaning.role in wanted
        )

    def held(
        self, line: Line, lent: tuple[Role, ...] = (*MEANT_NAMES, Role.FIELD, Role.CHOICE)
    ) -> frozenset[tuple[Role, str]]:
        """What a line means, and of what it stands under what has one of the roles ``lent``."""
        own = self.of(line.text, line.language, (*MEANT_NAMES, Role.FIELD, Role.CHOICE))
        return own | self.of(" . ".join(line.around), line.language, lent)

    def counts(self, text: str, language: str) -> set[tuple[str, str]]:
        """(number, kind) for each number with a kind of record among the words after it."""
        own = words(text, language if language in languages() else "en")
        spans = self.spans(language, text, own)
        numbers = tongue(language).numbers
        return {
            (word.folded if word.folded.isdigit() else numbers[word.folded], s.meaning.value)
            for at, word in enumerate(own)
            if word.folded.isdigit() or word.folded in numbers
            for s in spans
            if s.meaning.role in (Role.KIND, Role.COUNTRY)
            and at < s.start <= at + _AFTER
            and not any(w.folded.isdigit() for w in own[at + 1 : s.start])
        }


def said_otherwise(
    spans: Iterable[Span], held: Container[tuple[Role, str]], *, denied: bool
) -> frozenset[int]:
    """The places of words that may stand for other words of one of the meanings ``held``.

    A word that somewhere says who does it ("leads", "leader") stands for no other, whatever else
    it means: as a value of a field, too, it would turn that round.
    """
    spans = list(spans)
    turning = {
        i
        for s in spans
        if s.meaning.role is Role.FIELD and not replaces(s.meaning, denied=denied)
        for i in range(s.start, s.end)
    }
    return frozenset(
        i
        for s in spans
        if (s.meaning.role, s.meaning.value) in held and replaces(s.meaning, denied=denied)
        for i in range(s.start, s.end)
        if s.meaning.role not in (Role.CHOICE, Role.FIELD) or i not in turning
    )


def replaces(meaning: Meaning, *, denied: bool) -> bool:
    """Whether any word of one meaning may stand for any other.

    Not those of a field that names somebody: "leads" and "leader" turn who does it round.
    """
    if meaning.role is Role.FIELD:
        kind, _, name = meaning.value.partition(".")
        specs = [fields_of(KINDS[k]).get(name) for k in (KINDS if kind == "*" else (kind,))]
        return all(spec is None or spec.type in ORDERED_TYPES for spec in specs)
    if meaning.role is Role.CHOICE and denied:
        return False
    return meaning.role not in (Role.CUE, Role.ANSWER, Role.NEGATION, Role.INCLUSION)
