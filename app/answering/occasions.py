"""What events tell of the days on record: where something was launched, and by whom."""

from app.answering.evidence import Statement
from app.answering.speaking import Speaker
from app.answering.understanding import Question
from corpus.schema import Record
from corpus.words import words
from retrieval.query import first

_TOLD = {"where": "place", "who": "organisers"}  # by question word, the field of the event


def on_the_day(
    record: Record, name: str, question: Question, speaker: Speaker
) -> tuple[Statement, ...]:
    """Where, or by whom, what a date of a record dates was done; empty where no event tells.

    The event is of that very day and names the record, or two words of its name. "By whom was X
    launched" is told by who organised the launch of X, not by a day.
    """
    seen = first(record, name)
    names = [{w.stem for w in words(called)} for called in (record.name, *record.aliases)]
    function_words = speaker.vocabulary.function_words
    told = []
    for event in speaker.records.of("event"):
        day = first(event, "date")
        if not (seen and day and day.value == seen.value):
            continue
        told_of = {w.stem for w in words(event.name) if w.folded not in function_words}
        if not any(called <= told_of or len(told_of & called) > 1 for called in names):
            continue
        for word, field in _TOLD.items():
            value = first(event, field) if question.asks(word) else None
            told += [speaker.field(event, field, value)] if value else []
    return tuple(told)
