"""Records said in sentences, each with the lines of the cards that carry it."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.answering.answer import NoteKind
from app.answering.contradictions import contradicts
from app.answering.evidence import Cards, Evidence, Statement, present
from app.answering.sentences import LONG_TEXT, Sentences
from app.answering.wording import Wording, capital, enumerate_words
from corpus.knowledge import Partnership
from corpus.model import Source
from corpus.schema import FieldType, Observation, Record, fields_of
from corpus.vocabulary import Vocabulary
from retrieval.query import Records, first

_SHORT_FACTS = 6  # fields shown when a record is described
_PERSON_DETAILS = ("organisation", "email")


class Speaker:
    """Says what records state; shared by everything that answers from records."""

    def __init__(
        self,
        records: Records,
        cards: Cards,
        partnership: Partnership,
        sources: Mapping[str, Source],
        vocabulary: Vocabulary,
    ) -> None:
        self.records = records
        self.cards = cards
        self.partnership = partnership
        self.vocabulary = vocabulary
        self.wording = Wording(vocabulary, cards.printer, sources)

    def record(self, key: str) -> Record:
        """The record of a key; raises KeyError."""
        kind, _, record_id = key.partition(":")
        found = self.records.get((kind,), record_id)
        if found is None:
            raise KeyError(key)
        return found

    def field(self, record: Record, name: str, seen: Observation[Any]) -> Statement:
        """A sentence that gives one field of a record."""
        spec = fields_of(type(record))[name]
        printed, more = self._values(record, name, seen)
        if spec.type is FieldType.BOOLEAN:
            label = self.wording.label(record.kind, name, 1)
            quality = self.vocabulary.is_quality(record.kind, name)
            subject = capital(self.wording.subject(record))
            if quality or seen.value:
                said = f"is{'' if seen.value else ' not'} {label}" if quality else label
            else:
                said = f"– {label}: {printed[0]}"
            sentence = f"{subject} {said}"
        else:
            sentence = Sentences(self.vocabulary, self.wording).of(record, name, seen, printed)
        if seen.note:
            sentence = f"{sentence.rstrip('.')} ({seen.note.rstrip('.')})"
        return Statement(stopped(sentence), present([self.cards.field(record, name, seen), *more]))

    def value(
        self, record: Record, name: str, seen: Observation[Any]
    ) -> tuple[str, list[Evidence | None]]:
        """A value as text; a person comes with where they work and how to reach them."""
        printed, evidence = self._values(record, name, seen)
        return enumerate_words(printed), evidence

    def _values(
        self, record: Record, name: str, seen: Observation[Any]
    ) -> tuple[list[str], list[Evidence | None]]:
        values = seen.value if isinstance(seen.value, tuple) else (seen.value,)
        printed = []
        evidence: list[Evidence | None] = []
        for value in values:
            text = self.cards.printer.value(record, name, value)
            spec = fields_of(type(record))[name]
            target = self.records.get(spec.targets, value) if spec.targets else None
            if target is not None and target.kind == "person":
                details, more = self._details(target)
                text = f"{text} ({details})" if details else text
                evidence += more
            printed.append(text)
        return printed, evidence

    def _details(self, person: Record) -> tuple[str, list[Evidence | None]]:
        found = [(name, first(person, name)) for name in _PERSON_DETAILS]
        said = [(name, seen) for name, seen in found if seen]
        texts = [self.cards.printer.value(person, name, seen.value) for name, seen in said]
        return ", ".join(texts), [self.cards.field(person, name, seen) for name, seen in said]

    def others(self, record: Record, name: str) -> list[Statement]:
        """What other sources say of a field, when it contradicts what goes first."""
        spec = fields_of(type(record))[name]
        if spec.many or (spec.type is FieldType.TEXT and not contradicts(record, name)):
            return []  # they add to each other
        notes = []
        for other in record.observed(name).differing():
            value = self.cards.printer.value(record, name, other.value)
            source = self.wording.source(other.source, other.as_of)
            text = f"Sources differ. {source}, {self.wording.of(record, name)}: {value}"
            evidence = present([self.cards.field(record, name, other)])
            notes.append(Statement(stopped(text), evidence, (source,), kind=NoteKind.DIFFERENCE))
        return notes

    def facts(self, record: Record) -> list[tuple[str, Observation[Any]]]:
        """The short fields that a record states, at most six."""
        found = []
        for name, observed in record.stated().items():
            spec = fields_of(type(record))[name]
            seen = observed.first
            if seen is None or name in ("summary", "number", "list_number"):
                continue
            if spec.type is FieldType.BOOLEAN or len(str(seen.value)) > 3 * LONG_TEXT:
                continue
            found.append((name, seen))
        return found[:_SHORT_FACTS]

    def ask_whom(self) -> str:
        """Whom to ask what the documents do not say."""
        if not self.partnership.contact:
            return ""
        place = f" ({self.partnership.website})" if self.partnership.website else ""
        return f"Please ask {self.partnership.contact}{place}."

    def names(self, records: Sequence[Record]) -> str:
        """Records in a sentence, by name."""
        return enumerate_words([self.wording.subject(record) for record in records])


def stopped(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text if text.rstrip().endswith((".", "!", "?", ":")) else f"{text.rstrip()}."
