"""How the value of a field is put into a sentence.

The vocabulary says it for many fields ("{subject} is led by {value}"); others follow "The budget of
X is", or a colon where a value is a clause of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.answering.wording import Wording, capital, enumerate_words, lowered
from corpus.schema import FieldType, Observation, Record, fields_of
from corpus.values import PartialDate, Quantity
from corpus.vocabulary import Vocabulary
from corpus.words import fold, words

LONG_TEXT = 40  # characters from which a text value reads better after a colon
_LONG_LIST = 60  # words of several values, which no sentence holds together
_TO_DO = ("aim", "objective", "tasks", "task", "next_step")  # "is to develop ..."
_HELD = "held"  # the state of an event that is past
_TITLED = "{subject}: {value}"
_ITSELF = "{value}"
_FEW = 3  # words, of which no sentence is made
_VOWELS = "aeiou"
_LIKE_YOU = ("uni", "use")  # begin with a vowel that is not heard as one


@dataclass(frozen=True, slots=True)
class Sentences:
    """Puts values into sentences, which end without a full stop."""

    vocabulary: Vocabulary
    wording: Wording

    def of(self, record: Record, name: str, seen: Observation[Any], printed: Sequence[str]) -> str:
        """A sentence that gives one field of a record; ``printed`` are its values as text."""
        subject = self._subject(record)
        joined = enumerate_words(printed)
        state = getattr(record, "state", None)
        held = state is not None and state.value == _HELD
        frame = self.vocabulary.sentence(record.kind, name, past=held)
        if frame == _ITSELF:
            return joined if self._is_sentence(joined) else f"{capital(subject)}: {joined}"
        if frame and _fits(seen):
            if frame == _TITLED and fold(joined).startswith(fold(" ".join(subject.split()[:2]))):
                return joined  # the title is how the text begins
            said = frame.format(
                subject=subject, value=joined, a_value=_with_article(joined),
                kind=self.vocabulary.kinds[record.kind].one,
                when=_when(seen.value), where=_where(joined),
            )  # fmt: skip
            return capital(said)
        return capital(self._plain(record, name, printed, subject))

    def _is_sentence(self, text: str) -> bool:
        """Whether a statement can stand alone: more than an address, or than "by cooperation"."""
        said = words(text)
        return len(text.split()) > _FEW and said[0].folded not in self.vocabulary.prepositions

    def _subject(self, record: Record) -> str:
        """What a record is called as the subject: "the launch of X"."""
        subject = self.wording.subject(record)
        first, _, rest = subject.partition(" ")
        if record.kind == "event" and rest.partition(" ")[0] in self.vocabulary.of:
            return f"the {lowered(first)} {rest}"
        return subject

    def _plain(self, record: Record, name: str, printed: Sequence[str], subject: str) -> str:
        spec = fields_of(type(record))[name]
        label = self.wording.label(record.kind, name, len(printed))
        joined = enumerate_words(printed)
        if self.vocabulary.is_predicate(record.kind, name) or record.kind == "event":
            return f"{subject} – {label}: {joined}"  # "the topic of Launch of X is" is no sentence
        if len(printed) > 1 and len(joined.split()) > _LONG_LIST:
            return f"{subject}, {label}: {joined}"
        verbs = [fold(text.partition(" ")[0]) for text in printed]
        if spec.type is FieldType.TEXT and all(". " not in text for text in printed):
            if name in _TO_DO and all(verb in self.vocabulary.deeds for verb in verbs):
                done = enumerate_words([lowered(text) for text in printed])
                return f"the {label} of {subject} {_be(printed)} to {done}"
            if len(printed) == 1 and verbs[0] in self.vocabulary.doings:
                return f"{subject} {lowered(joined)}"
        several = len(printed) == 1 and label.endswith("s") and not label.endswith(("ss", "us"))
        clause = any(word.folded in self.vocabulary.yes_no for word in words(joined))
        told = spec.type is FieldType.TEXT and (clause or several or _is_apart(printed))
        if spec.type is FieldType.CHOICE or told:
            return f"the {label} of {subject}: {joined}"
        return f"the {label} of {subject} {_be(printed)} {joined}"


def _fits(seen: Observation[Any]) -> bool:
    """Whether a value goes into a sentence made for it: a bare number, or what is to come, not."""
    if isinstance(seen.value, PartialDate):
        return seen.as_of is None or seen.value.first <= seen.as_of.last
    return not isinstance(seen.value, Quantity) or bool(seen.value.unit)


def _is_apart(printed: Sequence[str]) -> bool:
    """Whether text stands better behind a colon: long, or a clause that begins in capitals."""
    if sum(len(text) for text in printed if " " in text) > LONG_TEXT:
        return True
    return any(" " in text and text[:1].isupper() and text[1:2].islower() for text in printed)


def _be(printed: Sequence[str]) -> str:
    return "are" if len(printed) > 1 else "is"


def _with_article(text: str) -> str:
    vowel = text[:1].lower() in _VOWELS and not text.lower().startswith(_LIKE_YOU)
    return f"{'an' if vowel else 'a'} {text}"


def _when(value: object) -> str:
    """A date behind its preposition: ``on 8 October 2018``, ``in July 2020``."""
    if not isinstance(value, PartialDate):
        return ""
    return f"{'on' if str(value)[:1].isdigit() and ' ' in str(value) else 'in'} {value}"


def _where(text: str) -> str:
    """A place behind its preposition; "online" has none."""
    return f"in {text}" if text[:1].isupper() else text
