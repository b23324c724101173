"""A model's text, verified: what of it may be said, what fell and why, whether that is enough."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from app.answering.answer import Answer, Status
from app.answering.evidence import Statement, supported
from app.answering.figures import numbers_in
from app.answering.lexicon import NAMES, Lexicon, Role
from app.model.language import is_addressed
from app.model.ledger import Ledger, Unit, Whole, is_list
from app.model.sentences import Sentence, parts_of, sentences_of
from app.model.supporting import Support
from corpus.vocabulary import languages
from corpus.words import words

NO_ANSWER = "NO ANSWER"
_MOST = 60  # sentences that are looked at
_LONGEST = 600  # characters of a sentence; what is longer is none
_ANSWER = 8  # statements of an answer at most
_YES_NO = re.compile(
    r"(yes|no|ja|nein|oui|non|sí|si|nee|kyllä|ei|da|ne|nei)[,.:;!–-]\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that its evidence carries, with that evidence; or a computed list, whole."""

    text: str = ""
    units: tuple[Unit, ...] = ()
    item: bool = False
    whole: Whole | None = None


@dataclass
class Verified:
    """What stands of a text. ``why_not``: why it is no answer, "" where it is one."""

    said: list[Said] = field(default_factory=list)
    fallen: list[tuple[str, str]] = field(default_factory=list)  # a sentence, and what is wrong
    why_not: str = ""


class Verifier:
    """Verifies what a model writes for one question against what it was shown."""

    def __init__(
        self, ledger: Ledger, offline: Answer, lexicon: Callable[[str], Lexicon], language: str
    ) -> None:
        self._ledger = ledger
        self._offline = offline
        self._lexicon = lexicon
        self._language = language
        self._support = Support(lexicon, language, (offline.question, offline.text))

    def verify(self, text: str) -> Verified:
        """What of a text stands, and whether that answers as much as the answer without a model."""
        result = Verified()
        sentences = sentences_of(text)[:_MOST]
        first_fell = False
        for number, sentence in enumerate(sentences):
            if sentence.leads:
                continue  # whether what it announces stands is seen with that
            for said in self._whole(sentence) or self._each_carried(sentence, result):
                result.said += [said] if said not in result.said else []
            if number == 0 and result.fallen:
                first_fell = True
            if len(result.said) >= _ANSWER:
                break
        result.why_not = self._insufficient(result, first_fell)
        return result

    def _each_carried(self, sentence: Sentence, result: Verified) -> list[Said]:
        """What stands of the sentences before one group of keys: all, or some of them."""
        if len(sentence.text) <= _LONGEST and (said := self._carried(sentence, Verified())):
            return [said]
        parts = parts_of(sentence, self._language)[:_MOST]
        return [said for part in parts if (said := self._carried(part, result))]

    def _whole(self, sentence: Sentence) -> list[Said]:
        """The computed list that a sentence cites; its own words are not needed."""
        for key in sentence.keys:
            entry = self._ledger.get(key)
            if isinstance(entry, Whole):
                return [Said(whole=entry)]
        return []

    def _carried(self, sentence: Sentence, result: Verified) -> Said | None:
        """A sentence with those of its citations that carry it; None, and why, where none does."""
        if not sentence.text:
            return None
        if not sentence.keys or len(sentence.text) > _LONGEST:
            why = "it is too long" if sentence.keys else "it cites nothing"
            result.fallen.append((sentence.text, why))
            return None
        text, why = self._without_yes(sentence.text), "it cites nothing that was given"
        units = []
        for key in dict.fromkeys(sentence.keys):
            entry = self._ledger.get(key)
            if isinstance(entry, Unit):
                fault = self._fault_of_all(text, entry)
                why = fault or why
                units += [] if fault else [entry]
        if not units:
            result.fallen.append((sentence.text, why))
            return None
        return Said(text, tuple(units), sentence.item)

    def _fault_of_all(self, text: str, unit: Unit) -> str:
        """What is wrong with a sentence, whichever form of its evidence it is held against."""
        faults = [self._fault(text, one, unit.text) for one in self._ledger.siblings(unit)]
        return "" if "" in faults else faults[0]

    def _fault(self, text: str, unit: Unit, statement: str) -> str:
        quoted = any(not e.passage.record for e in unit.evidence)
        if quoted and (is_addressed(text) or is_addressed(unit.text)):
            return "it tells the reader what to do instead of telling something"
        if fault := self._support.fault(text, unit, statement):
            return fault
        # The same check that every statement passes without a model.
        computed = (self._support.written(unit.text),) if unit.computed else ()
        written = self._support.written(text)
        if not supported(Statement(written, unit.evidence, computed)):
            return "a number or date of it is not in it"
        return ""

    def _without_yes(self, text: str) -> str:
        """A sentence without a "yes" or "no" that the answer without a model does not say."""
        match = _YES_NO.match(text)
        if match is None or self._offline.text.casefold().startswith(match[1].casefold()):
            return text
        rest = text[match.end() :]
        return rest[:1].upper() + rest[1:]

    def _insufficient(self, result: Verified, first_fell: bool) -> str:
        """Why what stands is no answer, as the end of a sentence; "" where it is one."""
        if not result.said:
            return "nothing that it wrote is carried by the evidence that it cites"
        if first_fell:
            return "its first statement is not carried by the evidence that it cites"
        if self._offline.status is Status.ABSTAINED:
            return ""
        wholes = [s.whole.answer for s in result.said if s.whole]
        if is_list(self._offline):
            return "" if self._offline in wholes else "it left out the list that was computed"
        if self._offline in wholes:
            return ""
        if any(not c.passage.record for c in self._offline.citations):
            cited = {e.passage.id for s in result.said for u in s.units for e in u.evidence}
            own = {c.passage.id for c in self._offline.citations}
            return "" if cited & own else "it left out what the documents say of it"
        return self._left_out(" ".join(s.text for s in result.said))

    def _left_out(self, text: str) -> str:
        """Whether a number or a name of the computed answer is missing from a text."""
        wanted, have = self._facts(self._offline.text), self._facts(text)
        # "project 2 (Woven Sails)" may be called by its name alone.
        own = {n for title in self._ledger.titles for n in numbers_in(title)}
        missing = wanted[0] - have[0] - own or wanted[1] - have[1]
        return "it left out part of what was computed" if missing else ""

    def _facts(self, text: str) -> tuple[frozenset[str], frozenset[str]]:
        text = re.sub(r"\[\d+\]|\([^()]*\)", "", self._support.written(text))
        known = self._language if self._language in languages() else "en"
        spans = self._lexicon(known).spans(text, words(text, known))
        named = (s.meaning for s in spans if s.meaning.role in NAMES - {Role.SOURCE})
        return numbers_in(text), frozenset(m.value for m in named if m.role is Role.ENTITY)
