"""What may be done to answer a question from records."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from retrieval.query import RecordQuery, Test


@dataclass(frozen=True, slots=True)
class Lookup:
    """Some fields of some records that the question names; no fields: describe the record.

    A question for yes or no is answered with yes where the field passes ``test`` with ``expected``.
    """

    keys: tuple[str, ...]
    fields: tuple[str, ...]
    source: str = ""
    expected: tuple[Any, ...] = ()
    test: Test = Test.IS
    total: bool = False  # of the fields, over all the records
    via: tuple[tuple[str, str], ...] = ()  # (key, field) that lead from the question to ``keys``


@dataclass(frozen=True, slots=True)
class Select:
    """A query over all records of a kind. ``text`` are folded words that a record must have."""

    query: RecordQuery
    text: tuple[str, ...] = ()
    project: str = ""  # a field whose values are asked for, instead of the records
    having: tuple[Test, int] | None = None  # of the query's groups: how many records each has
    whole: RecordQuery | None = None  # of what the records found are to be told as a share


@dataclass(frozen=True, slots=True)
class Membership:
    """Whether the regions of ``keys`` (with no record: ``subject``) belong to the partnership.

    ``country`` is the ISO code of a country that was asked about instead of a region, ``keys`` are
    then all its regions on record. ``plain``: asked in a way that no bare yes answers.
    """

    keys: tuple[str, ...]
    subject: str = ""
    country: str = ""
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Figures on one topic, over time and sources."""

    keys: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What each source says of some fields of some records; no fields: all that differ.

    ``named``: the question names them, so that an agreement is worth saying too. ``values`` of the
    one field: which of the records each source gives them.
    """

    keys: tuple[str, ...]
    fields: tuple[str, ...] = ()
    named: bool = False
    values: tuple[str, ...] = ()


Plan = Lookup | Select | Membership | Series | Disagreement


class Strength(IntEnum):
    """Which of two plans that explain a question equally well goes first."""

    DESCRIBE = 0
    LIST = 1
    OWN = 2  # a field of the partnership's own record
    SERIES = 3
    COMPUTE = 4
    LOOKUP = 5
    JOIN = 6  # a field of what a named record leads to
    MEMBERSHIP = 7
    DISAGREE = 8  # what each source says: the question asks for nothing less


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plan and the words of the question that it explains."""

    plan: Plan
    explained: frozenset[int]
    strength: Strength
    fit: int = 0  # more words of the question used as something definite
