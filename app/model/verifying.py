"""A model's text, verified: what of it may be said, what fell and why, whether that is enough."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from app.answering.answer import Answer, Status
from app.answering.evidence import Statement, supported
from app.answering.figures import numbers_in
from app.answering.lexicon import Lexicon
from app.model.completeness import told_in, wanted_of
from app.model.language import is_addressed, tongue
from app.model.ledger import Ledger, Unit, Whole, is_list
from app.model.relevance import is_whole
from app.model.sentences import Sentence, parts_of, sentences_of
from app.model.supporting import Support
from corpus.sentences import sentence_spans
from corpus.vocabulary import languages

NO_ANSWER = "NO ANSWER"
_MOST = 60  # sentences that are looked at
_LONGEST = 600  # characters of a sentence; what is longer is none
_ANSWER = 8  # statements of an answer at most
_YES_NO = re.compile(
    r"(yes|no|ja|nein|oui|non|sí|si|nee|kyllä|ei|da|ne|nei)[,.:;!–-]\s*", re.IGNORECASE
)
_JOINING = re.compile(r"(?:and|but|while|whereas|although|though|however)\b,?\s+", re.IGNORECASE)
_PROSE = 5  # words of a document's line that can stand in an answer as it is, at least


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that its evidence carries, with that evidence; or a computed list, whole."""

    text: str = ""
    units: tuple[Unit, ...] = ()
    item: bool = False
    whole: Whole | None = None
    instead: bool = False  # the evidence's own words, in the place of a sentence that fell


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

    def verify(self, text: str, *, mended: bool = False) -> Verified:
        """What of a text stands, and whether that answers as much as the answer without a model.

        ``mended``: in the place of a sentence that fell stands the line that it cites, unless
        another sentence rests on that line.
        """
        result = Verified()
        sentences = sentences_of(text)[:_MOST]
        first_fell = False
        for number, sentence in enumerate(sentences):
            if sentence.leads:
                continue  # whether what it announces stands is seen with that
            fallen = len(result.fallen)
            for said in self._whole(sentence) or self._each_carried(sentence, result):
                result.said += [said] if said not in result.said else []
            if len(result.fallen) > fallen:
                instead = self._instead(sentence) if mended else []
                result.said += instead
                first_fell = first_fell or (number == 0 and not instead)
            if len(result.said) >= _ANSWER:
                break
        result.said = self._filled_in(result.said)
        result.why_not = self._insufficient(result, first_fell)
        return result

    def _instead(self, sentence: Sentence) -> list[Said]:
        """The lines that a sentence cites, as far as they read alone in the answer's language."""
        found = []
        for key in dict.fromkeys(sentence.keys):
            entry = self._ledger.get(key)
            if not isinstance(entry, Unit) or entry.language != self._language:
                continue
            prose = entry.text.rstrip()[-1:] in ".!?" and len(entry.text.split()) >= _PROSE
            own = tongue(entry.language)
            quoted = any(not e.passage.record for e in entry.evidence)
            orders = quoted and is_addressed(entry.text)  # as for a sentence of the model's
            told = not orders and not any(map(own.denies, entry.around))
            if told and len(entry.text) <= _LONGEST and (entry.computed or prose):
                found.append(Said(sentence.text, (entry,), sentence.item, instead=True))
        return found

    def _filled_in(self, said: list[Said]) -> list[Said]:
        """What stands, with the evidence's own words in each place where a sentence fell.

        That is the line; where another sentence rests on it already, the sentence of it that has
        most of the words of the one that fell.
        """
        carried = {unit.key for s in said if not s.instead for unit in s.units}
        found: list[Said] = []
        for one in said:
            kept = one
            if one.instead:
                unit = one.units[0]
                own = unit.text if unit.key not in carried else self._nearest(one.text, unit)
                kept = replace(one, text=own)
            found += [kept] if (kept.text or kept.whole) and kept not in found else []
        return found

    def _nearest(self, text: str, unit: Unit) -> str:
        """The sentence of several in a computed line that has most words of a text; "" if none."""
        spans = sentence_spans(unit.text, self._language)
        if not unit.computed or len(spans) == 1:
            return ""
        own = tongue(self._language)
        wanted = {w.stem for w in own.told(text) if w.folded not in own.neutral}
        parts = [unit.text[a:b].strip() for a, b in spans]
        has = [len(wanted & {w.stem for w in own.told(part)}) for part in parts]
        return parts[has.index(max(has))] if wanted and max(has) * 2 > len(wanted) else ""

    def _each_carried(self, sentence: Sentence, result: Verified) -> list[Said]:
        """What stands of the sentences before one group of keys: all, or some of them."""
        sentence = replace(sentence, text=self._without_yes(sentence.text))
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
        text, why = sentence.text, "it cites nothing that was given"
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
        """A sentence without a "yes" or "no" that the answer without a model does not say.

        And without the word that joins it to the sentence before, whose key parted the two.
        """
        match = _YES_NO.match(text)
        if match and self._offline.text.casefold().startswith(match[1].casefold()):
            return text
        rest = text[match.end() :] if match else text
        rest = rest[joined.end() :] if (joined := _JOINING.match(rest)) else rest
        return text if rest == text else rest[:1].upper() + rest[1:]

    def _insufficient(self, result: Verified, first_fell: bool) -> str:
        """Why what stands is no answer, as the end of a sentence; "" where it is one."""
        if all(s.instead for s in result.said):
            return "nothing that it wrote is carried by the evidence that it cites"
        computed = is_list(self._offline) or is_whole(self._offline)
        if first_fell and not computed:  # else it is seen below whether all of it is said
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
        lexicon = self._lexicon(self._language if self._language in languages() else "en")
        computed = re.sub(r"\[\d+\]", "", self._offline.text)
        wanted = wanted_of(self._support.written(computed), lexicon)
        has = told_in(self._support.written(text), lexicon)
        # "project 2 (Woven Sails)" may be called by its name alone; the date of an answer stands
        # beside it; and "one requirement" is "a requirement".
        told = {n for title in self._ledger.titles for n in numbers_in(title)}
        told |= numbers_in(str(self._offline.as_of or "")) | {"1"}
        missing = wanted.numbers - has.numbers - told or wanted.records - has.records
        return "it left out part of what was computed" if missing else ""
