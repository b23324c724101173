"""Which records have the words that a question leaves over."""

import re
from collections.abc import Sequence
from typing import Any

from corpus.schema import FieldType, Observation, Record, fields_of
from corpus.vocabulary import Vocabulary
from corpus.words import stem, words
from retrieval.query import Records

_CLAUSE = re.compile(r"[;.]\s")


class Mentions:
    """What the records of one partnership say in words. ``stems`` are of all of it, by key."""

    def __init__(self, records: Records, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.stems = {record.key: _stems(record, records) for record in records}

    def containing(self, found: Sequence[Record], text: Sequence[str]) -> list[Record]:
        """The records that have all of the folded words, in some form.

        Where several clauses of a record have one of them each, that says nothing of both.
        """
        stems = {stem(word) for word in text}
        together = [r for r in found if any(stems <= said for said in self._clauses(r))]
        return together or [record for record in found if stems <= self.stems[record.key]]

    def _clauses(self, record: Record) -> list[frozenset[str]]:
        """The stems of each clause that a record states, and of its name."""
        texts = [record.name, *record.aliases]
        for observed in record.stated().values():
            for observation in observed.observations:
                several = isinstance(observation.value, tuple)
                texts += map(str, observation.value if several else (observation.value,))
        clauses = [frozenset(w.stem for w in words(c)) for t in texts for c in _CLAUSE.split(t)]
        return clauses + self._labelled(record)

    def _labelled(self, record: Record) -> list[frozenset[str]]:
        """The stems of each item of a field with those of its label: an application, rejected."""
        found = []
        for name, observed in record.stated().items():
            label = [w.stem for w in words(self.vocabulary.label(record.kind, name))]
            spec = fields_of(type(record))[name]
            for seen in observed.observations if spec.type is FieldType.TEXT and spec.many else ():
                for item in seen.value:
                    found.append(frozenset({*label, *(w.stem for w in words(item))}))
        return found


def _stems(record: Record, records: Records) -> frozenset[str]:
    """The stems of all that a record says in words, names of what it refers to included."""
    text = [record.name, *record.aliases]
    for name, observed in record.stated().items():
        spec = fields_of(type(record))[name]
        if spec.type not in (FieldType.TEXT, FieldType.CHOICE, FieldType.REFERENCE):
            continue
        for observation in observed.observations:
            several = isinstance(observation.value, tuple)
            for value in observation.value if several else (observation.value,):
                target = records.get(spec.targets, value) if spec.targets else None
                text.append(target.name if target else str(value))
    return frozenset(word.stem for part in text for word in words(part))


def saying(
    record: Record, text: Sequence[str], only: str = ""
) -> tuple[str, Observation[Any]] | None:
    """The statement of a record that has the most of some folded words: (its field, it).

    ``only``: of this field.
    """
    wanted = {stem(word) for word in text}
    found: tuple[str, Observation[Any]] | None = None
    most = 0
    for name, observed in record.stated().items():
        worded = fields_of(type(record))[name].type in (FieldType.TEXT, FieldType.CHOICE)
        if not worded or only not in ("", name):
            continue
        for seen in observed.observations:
            several = seen.value if isinstance(seen.value, tuple) else (seen.value,)
            said = {word.stem for value in several for word in words(str(value))}
            # What sums a record up says what a field of its own says better.
            held = 2 * len(wanted & said) - (name == "summary")
            if held > most and wanted & said:
                found, most = (name, seen), held
    return found
