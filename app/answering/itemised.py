"""Conditions on the items of a field in words: "projects rejected by X", "tasks about Y"."""

from app.answering.understanding import Question
from corpus.records import KINDS
from corpus.schema import FieldType, Record, fields_of
from corpus.vocabulary import Vocabulary
from corpus.words import words
from retrieval.query import Condition, Records, Test


def naming_items(
    question: Question, kind: str, records: Records, vocabulary: Vocabulary
) -> tuple[list[Condition], frozenset[int]]:
    """Those with an item that names what the question names: (conditions, words explained).

    A word that asks for the field and is not its label has to stand in the item too: "rejected".
    """
    specs = fields_of(KINDS[kind])
    linked = {kind}.union(*(spec.targets for spec in specs.values()))  # conditions of their own
    nouns = question.words_of(question.kinds())
    named = {}
    for span in question.entities:
        other, _, record_id = span.meaning.value.partition(":")
        record = records.get((other,), record_id) if other not in linked else None
        if record:
            named[span] = record
    for span, field in question.fields(kind) if named else ():
        spec = specs[field]
        if spec.type is not FieldType.TEXT or not spec.many or question.words_of([span]) & nouns:
            continue
        label = {w.stem for w in words(vocabulary.label(kind, field))}
        said = {question.words[i].stem for i in range(span.start, span.end)}
        for name, record in named.items():
            naming = [
                item
                for r in records.of(kind)
                for item in records.values(r, field)
                if _names(item, record)
            ]
            telling = [item for item in naming if said <= {w.stem for w in words(item)}]
            if items := naming if said & label else telling or naming:
                condition = Condition(field, Test.IS, tuple(dict.fromkeys(items)))
                return [condition], question.words_of([span, name])
    return [], frozenset()


def _names(item: str, record: Record) -> bool:
    """Whether an item has one of the names of a record, word by word."""
    said = f" {' '.join(w.folded for w in words(item))} "
    names = (" ".join(w.folded for w in words(n)) for n in (record.name, *record.aliases))
    return any(f" {name} " in said for name in names)
