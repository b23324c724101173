"""Records as text that can be found, read and quoted: one card per record and source.

A card has one line per statement, ``Label: value``; `line_of` gives the line of one observation, so
that an answer can quote exactly it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpus.countries import country_name
from corpus.knowledge import Knowledge
from corpus.schema import FieldType, Observation, Record, fields_of
from corpus.values import PartialDate
from corpus.vocabulary import Vocabulary
from corpus.words import folded_words


@dataclass(frozen=True, slots=True)
class Card:
    """What one source says of one record, as text."""

    record_key: str
    heading: tuple[str, ...]
    text: str
    section: str
    page: int | None
    as_of: PartialDate | None


@dataclass(frozen=True, slots=True)
class Printer:
    """Prints values of records; ``names`` maps ``kind:id`` to the record's name."""

    names: Mapping[str, str]
    vocabulary: Vocabulary

    @classmethod
    def of(cls, knowledge: Knowledge, vocabulary: Vocabulary) -> "Printer":
        """A printer that knows the names of all records."""
        return cls({record.key: title(record) for record in knowledge.records}, vocabulary)

    def value(self, record: Record, field: str, value: Any) -> str:
        """A value for readers: the one way in which it is printed everywhere."""
        if isinstance(value, tuple):
            separator = "; " if any("," in str(v) for v in value) else ", "
            return separator.join(self.value(record, field, item) for item in value)
        spec = fields_of(type(record))[field]
        if spec.type is FieldType.REFERENCE:
            keys = (f"{kind}:{value}" for kind in spec.targets)
            return next((self.names[key] for key in keys if key in self.names), str(value))
        if spec.type is FieldType.COUNTRY:
            return country_name(value)
        if spec.type is FieldType.BOOLEAN:
            return "yes" if value else "no"
        return str(value)

    def line(self, record: Record, field: str, observation: Observation[Any]) -> str:
        """The line of a card that carries one observation."""
        label = self.vocabulary.label(record.kind, field)
        text = f"{label[0].upper()}{label[1:]}: {self.value(record, field, observation.value)}"
        return f"{text} ({observation.note.rstrip('.')})" if observation.note else text


def title(record: Record) -> str:
    """The name of a record as answers print it: ``Network of centres (project 9)``."""
    number = getattr(record, "number", None)
    if number is None or number.value is None or str(number.value) in folded_words(record.name):
        return record.name
    return f"{record.name} ({record.kind.replace('_', ' ')} {number.value})"


def cards_of(knowledge: Knowledge, source_id: str, vocabulary: Vocabulary) -> list[Card]:
    """The cards of all that one source says, in the order of the records."""
    printer = Printer.of(knowledge, vocabulary)
    cards = []
    for record in knowledge.records:
        for mention in record.mentions:
            if mention.source == source_id:
                cards.append(_card(record, source_id, mention.at, mention.page, printer))
                break
    return cards


def _card(record: Record, source_id: str, at: str, page: int | None, printer: Printer) -> Card:
    kind = printer.vocabulary.kinds[record.kind].one
    lines = [f"{kind[0].upper()}{kind[1:]}: {title(record)}"]
    if record.aliases:
        lines.append(f"Also: {', '.join(record.aliases)}")
    dates = []
    for field, value in record.stated().items():
        for observation in value.observations:
            if observation.source == source_id:
                lines.append(printer.line(record, field, observation))
                dates.append(observation.as_of)
    known = [when for when in dates if when]
    mention = next(m for m in record.mentions if m.source == source_id)
    return Card(
        record_key=record.key,
        heading=(printer.vocabulary.kinds[record.kind].many.capitalize(),),
        text="\n".join(lines),
        section=at,
        page=page,
        as_of=max(known, default=mention.as_of),
    )
