"""Questions to go on with: about what an answer rests on, and answered by the records."""

from collections.abc import Iterable, Sequence

from app.answering.answer import Answer, Status
from app.answering.lexicon import NAMED_KINDS
from app.answering.speaking import Speaker
from corpus.expected import ExpectedQuestion
from corpus.schema import fields_of
from corpus.words import words

_MOST = 3


class FollowUps:
    """Suggests questions that go on from an answer."""

    def __init__(self, questions: Iterable[ExpectedQuestion], speaker: Speaker) -> None:
        self.speaker = speaker
        self._by_record: dict[str, list[ExpectedQuestion]] = {}
        for question in questions:
            self._by_record.setdefault(question.record, []).append(question)

    def of(self, answer: Answer) -> tuple[str, ...]:
        """At most three questions, none about a field that the answer has just quoted."""
        if answer.status is not Status.ANSWERED:
            return ()
        keys = list(dict.fromkeys(c.passage.record for c in answer.citations if c.passage.record))
        said = answer.text.casefold()
        found: dict[str, None] = {}
        for key in keys[:_MOST]:
            for question in self._of_record(key, said)[: _MOST if len(keys) == 1 else 1]:
                found[question] = None
        return tuple(found)[:_MOST]

    def _of_record(self, key: str, said: str) -> Sequence[str]:
        """Questions about one record, one for each field that was not said."""
        record = self.speaker.record(key)
        by_field: dict[str, str] = {}
        for question in self._by_record.get(key, ()):
            by_field.setdefault(question.field, question.text)
        if record.kind in NAMED_KINDS:
            for name, _ in self.speaker.facts(record):
                if self.speaker.vocabulary.is_predicate(record.kind, name):
                    continue  # "what is the led by of X" is no question
                verb = "are" if fields_of(type(record))[name].many else "is"
                asked = f"What {verb} the {self.speaker.wording.of(record, name)}?"
                by_field.setdefault(name, asked)
        fresh = []
        for name, text in by_field.items():
            seen = record.observed(name).first
            value = self.speaker.cards.printer.value(record, name, seen.value) if seen else ""
            if not _told(value, said):
                fresh.append(text)
        return fresh


def _told(value: str, said: str) -> bool:
    """Whether most words of a value stand in what was said."""
    stems = [word.folded for word in words(value)]
    held = {word.folded for word in words(said)}
    return sum(stem in held for stem in stems) * 2 > len(stems)
