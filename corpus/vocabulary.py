"""The words in which people ask, per language: ``corpus/vocabulary/LANGUAGE.yaml``.

A vocabulary says which words stand for a kind of record, for a field, for a value of a choice
field, for a group of countries and for what a question wants done. It knows no record.
"""

from collections.abc import Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from corpus.countries import GROUPS
from corpus.errors import KnowledgeError
from corpus.passage_words import PassageWords
from corpus.records import KINDS
from corpus.schema import FieldType, fields_of
from corpus.words import fold, folded_words
from corpus.yaml_files import misfit, read_yaml

# Written as text in the files, words with spaces between.
_WORD_LISTS = (
    "function_words",
    "particles",
    "articles",
    "definite_articles",
    "yes_no",
    "determiners",
    "question_words",
    "prepositions",
    "having",
    "clause_joints",
    "relatives",
    "turns",
    "beginnings",
    "endings",
    "existing",
    "deeds",
    "doings",
    "pronouns",
    "personal_pronouns",
    "own_pronouns",
)
_FOLDER = Path(__file__).parent / "vocabulary"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KindWords(_Model):
    """How a kind is named (one, many) and asked for (words)."""

    one: str
    many: str
    words: tuple[str, ...]


class FieldWords(_Model):
    """How a field is labelled in answers and asked for; ``asks`` is a question word for it.

    ``predicate``: the label is no noun ("led by"), so that nothing is "the led by of" a thing.
    ``quality``: the label says how a thing is, so that another is "not" so ("on the list").
    ``link``: what stands between things and a value of theirs ("projects led by X").
    """

    label: str
    words: tuple[str, ...] = ()
    asks: str = ""
    predicate: bool = False
    quality: bool = False
    link: str = ""


class Frames(_Model):
    """What people say around a question, as folded words; "my/our" in the file is either word.

    Words of ``plain`` say nothing of what is asked. Who says a ``polar`` frame anywhere, or a
    ``tag`` at the end, wants a yes or a no. The words of ``idioms`` mean together what none of
    them means alone: they keep their content, but stand for no kind, field or value.
    """

    plain: frozenset[tuple[str, ...]] = frozenset()
    polar: frozenset[tuple[str, ...]] = frozenset()
    tags: frozenset[tuple[str, ...]] = frozenset()
    idioms: frozenset[tuple[str, ...]] = frozenset()

    @field_validator("plain", "polar", "tags", "idioms", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return {
            tuple(folded_words(" ".join(words)))
            for phrase in value
            for words in product(*(word.split("/") for word in phrase.split()))
        }


class SmallTalk(_Model):
    """What is no question, and the reply, with the partnership's ``{name}``, ``{abbreviation}``."""

    phrases: tuple[str, ...]
    reply: str


class Phrases(_Model):
    """Sentences in which answers are said in a language that has no composer of its own.

    ``{slots}`` are filled in by `app.answering.abroad`; the comments in the files say what with.
    """

    yes: str
    no: str
    not_on_record: str  # of a list, which may leave somebody out
    conjunction: str
    disjunction: str
    negated: str  # {value}
    refusal: str
    in_english: str
    ask_whom: str  # {contact}
    not_stated: str  # {what}
    stated: str  # {subject} {labels}
    unstated: str
    no_match: str  # {many} {total} {conditions}
    counted: str  # {many} {total} {found} {conditions}
    stating: str  # {label} {stating} {matching} {many}
    as_of: str  # {date}
    leading: str  # {name} {about}
    participating: str  # {name} {about}
    interested: str  # {name} {about}
    no_record: str  # {name} {about} {committed} {interested}
    may_have_changed: str
    joining: str  # {text}
    quoted: str  # {text}
    as_in_sources: str
    differ: str
    total: str  # {label} {stating} {many} {value}
    average: str  # {label} {stating} {many} {value}
    largest: str  # {label} {value} {names}
    smallest: str  # {label} {value} {names}
    mixed: str  # {label} {many}
    other_figures: str
    mentions: str  # {words}
    according_to: str  # {source}
    from_date: str  # {value}
    until_date: str  # {value}
    more_than: str  # {value}
    less_than: str  # {value}
    nearly: str  # {value}


class Vocabulary(_Model):
    """One language's words; see the comments in the files for what each part means."""

    language: str
    function_words: frozenset[str]
    negations: tuple[str, ...]
    numbers: tuple[str, ...]
    ordinals: tuple[str, ...]
    joints: tuple[str, ...]
    of: tuple[str, ...]
    what_is: str
    bounds: Mapping[str, tuple[str, ...]]
    inclusive: tuple[str, ...] = ()  # bounds that the amount itself passes
    each_source: tuple[str, ...] = ()  # "both" of "both reports"
    source_nouns: tuple[str, ...] = ()
    exactly: tuple[str, ...] = ()  # words beside a number that is neither a bound nor about
    multiples: Mapping[int, tuple[str, ...]] = {}
    decimal: str
    scales: Mapping[str, tuple[str, ...]]
    units: Mapping[str, tuple[str, ...]]
    date_relations: Mapping[str, tuple[str, ...]]
    day_marks: tuple[str, ...]
    more_months: tuple[tuple[str, ...], ...]
    year_parts: Mapping[int, tuple[str, ...]] = {}  # by how many of them a year has
    month_endings: tuple[str, ...] = ()
    inclusions: tuple[str, ...]
    particles: frozenset[str]
    articles: frozenset[str] = frozenset()
    definite_articles: frozenset[str] = frozenset()
    yes_no: frozenset[str]
    free_order: bool = False  # a question for yes or no may begin with any word
    inflects_names: bool = False
    partnership: tuple[str, ...]
    determiners: frozenset[str]
    question_words: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    having: frozenset[str] = frozenset()  # between a noun and what it has: "persons with e-mail"
    clause_joints: frozenset[str] = frozenset()
    relatives: frozenset[str] = frozenset()
    turns: frozenset[str] = frozenset()  # make another question of one that is near in meaning
    beginnings: frozenset[str] = frozenset()  # words that ask of a span of time when it begins
    endings: frozenset[str] = frozenset()  # ... or when it ends
    existing: frozenset[str] = frozenset()  # ask whether there is such a thing: "are there any"
    deeds: frozenset[str] = frozenset()  # verbs with which what is to be done begins: "develop"
    doings: frozenset[str] = frozenset()  # ... or what somebody does: "develops"
    pronouns: frozenset[str]
    personal_pronouns: frozenset[str]
    own_pronouns: frozenset[str] = frozenset()
    continuations: tuple[str, ...]
    small_talk: tuple[SmallTalk, ...]
    frames: Frames = Frames()
    cues: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, KindWords]
    fields: Mapping[str, FieldWords]
    yes: str = "Yes"
    no: str = "No"
    not_on_record: str = "No"  # of a list, which may leave somebody out
    more: Mapping[str, str] = {}  # that one of two values is larger, by type of field or "*"
    speaking_of: tuple[str, str] = ("", "")  # of one thing or several, behind their noun
    being: tuple[str, str] = ("", "")  # ... before what they are: "projects that are late"
    sentences: Mapping[str, str] = {}  # by KIND.FIELD, see the files
    past_sentences: Mapping[str, str] = {}
    choices: Mapping[str, Mapping[str, tuple[str, ...]]]
    country_groups: Mapping[str, tuple[str, ...]]
    country_adjectives: Mapping[str, tuple[str, ...]] = {}
    glossary: Mapping[str, str] = {}
    values: Mapping[str, str] = {}
    quantities: Mapping[str, str] = {}
    singulars: Mapping[str, str] = {}  # what is counted -> what one of it is called
    phrases: Phrases | None = None
    passages: PassageWords | None = None

    @field_validator(*_WORD_LISTS, mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return frozenset(part for word in value.split() for part in folded_words(word))

    @field_validator("continuations", "joints", "numbers", "ordinals", mode="after")
    @classmethod
    def _fold(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(fold(word) for word in value)

    def label(self, kind: str, field: str) -> str:
        """The label of a field in answers: ``number of partners``."""
        words = self.field_words(kind, field)
        return words.label if words else field.replace("_", " ")

    def is_predicate(self, kind: str, field: str) -> bool:
        """Whether the label of a field is no noun: ``led by``."""
        words = self.field_words(kind, field)
        return words is not None and words.predicate

    def link(self, kind: str, field: str) -> str:
        """What stands between things and a value of theirs: ``led by``; empty for a colon."""
        words = self.field_words(kind, field)
        return words.link if words else ""

    def is_quality(self, kind: str, field: str) -> bool:
        """Whether the label of a field says how a thing is: ``critical``, ``not critical``."""
        words = self.field_words(kind, field)
        return words is not None and words.quality

    def sentence(self, kind: str, field: str, *, past: bool = False) -> str:
        """The sentence with slots that gives a value of a field; empty where there is none."""
        names = (f"{kind}.{field}", f"*.{field}")
        held = self.past_sentences if past else {}
        return next((of[n] for of in (held, self.sentences) for n in names if n in of), "")

    def field_words(self, kind: str, field: str) -> FieldWords | None:
        """The words of a field: its own entry, else the one for every kind, else None."""
        return self.fields.get(f"{kind}.{field}") or self.fields.get(f"*.{field}")


@cache
def languages() -> tuple[str, ...]:
    """The languages (ISO 639-1) that there is a vocabulary for."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


@cache
def load_vocabulary(language: str = "en") -> Vocabulary:
    """The vocabulary of a language.

    Raises KnowledgeError when there is none, or when it names a kind, field, value or group that
    does not exist.
    """
    path = _FOLDER / f"{language}.yaml"
    try:
        vocabulary = Vocabulary.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        raise misfit(path, first["loc"], first) from error
    _check(path, vocabulary)
    return vocabulary


def _check(path: Path, vocabulary: Vocabulary) -> None:
    for kind in KINDS:
        if kind not in vocabulary.kinds:
            raise KnowledgeError(path, 0, "kinds", f"{kind} is missing", "words for every kind")
    for name in (*vocabulary.fields, *vocabulary.sentences, *vocabulary.past_sentences):
        kind, _, field = name.partition(".")
        owners = KINDS.values() if kind == "*" else [KINDS[kind]] if kind in KINDS else []
        if not any(field in fields_of(owner) for owner in owners):
            raise KnowledgeError(path, 0, f"fields.{name}", "no such field", "KIND.FIELD")
        asks = vocabulary.fields[name].asks if name in vocabulary.fields else ""
        if asks and asks not in vocabulary.answers:
            expected = f"one of {', '.join(vocabulary.answers)}"
            raise KnowledgeError(path, 0, f"fields.{name}.asks", f"{asks!r} is unknown", expected)
    for name, values in vocabulary.choices.items():
        kind, _, field = name.partition(".")
        spec = fields_of(KINDS[kind]).get(field) if kind in KINDS else None
        parts = [part for value in values for part in value.split(" or ")]
        unknown = [v for v in parts if spec is None or v not in spec.choices]
        if spec is None or spec.type is not FieldType.CHOICE or unknown:
            expected = "KIND.FIELD of a choice field and its values"
            raise KnowledgeError(path, 0, f"choices.{name}", f"{unknown} is not known", expected)
    for group in vocabulary.country_groups:
        if group not in GROUPS:
            expected = f"one of {', '.join(GROUPS)}"
            raise KnowledgeError(path, 0, "country_groups", f"no group {group!r}", expected)
