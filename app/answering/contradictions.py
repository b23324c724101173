"""Which records contradict themselves: sources say different things of one field."""

from collections.abc import Iterable

from app.answering.figures import numbers_in
from corpus.schema import FieldType, Record, fields_of


def contradictory(records: Iterable[Record]) -> list[Record]:
    """The records of which sources say different things, figures that share a topic included."""
    every = list(records)
    values: dict[str, set[str]] = {}
    for record in every:
        if record.kind == "figure":
            said = values.setdefault(str(record.observed("topic").value), set())
            for name in ("amount", "money"):
                said |= {str(o.value) for o in record.observed(name).observations}
    found = []
    for record in every:
        if record.kind == "figure":
            if len(values[str(record.observed("topic").value)]) > 1:
                found.append(record)
        elif any(contradicts(record, name) for name in record.stated()):
            found.append(record)
    return found


def contradicts(record: Record, name: str, *, thorough: bool = False) -> bool:
    """Whether sources say different things in a field (see `differences` for ``thorough``)."""
    spec = fields_of(type(record))[name]
    seen = record.observed(name).observations
    other = record.observed(name).differing()
    if not other or spec.many or name == "summary" or len({o.source for o in seen}) < 2:
        return False
    if spec.type is not FieldType.TEXT or thorough:
        return True
    # Of texts that add to each other only those contradict whose numbers differ, or of which
    # the records themselves note it.
    numbers = {numbers_in(str(o.value)) for o in seen}
    sources = {o.source for o in other}
    return name == "statement" and bool(sources) and (
        len(numbers) > 1 or any(o.note for o in seen)
    )  # fmt: skip
