"""The words by which a sentence is seen to answer a question: section ``passages`` of a vocabulary.

They say what a question asks for ("how much" with "pay": money) and what a sentence tells ("due
to": a reason). A language without this section uses the English one.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from corpus.words import folded_words

# Written as text in the files, words with spaces between.
_LISTS = ("number_words", "empty", "idiom_verbs", "idiom_nouns", "spending", "quantities", "people",
          "bodies", "halves", "currencies", "currency_codes", "scales", "time_units", "openings",
          "open_ends", "connectives", "verbs", "computed", "degrees", "any_money", "lasting",
          "more", "less", "relating", "meaning")  # fmt: skip


class PassageWords(BaseModel):
    """One language's words; the comments in its file say what each list is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number_words: tuple[str, ...]
    empty: tuple[str, ...]
    idiom_verbs: tuple[str, ...]
    idiom_nouns: tuple[str, ...]
    nouns: Mapping[str, tuple[str, ...]]  # kind of thing -> nouns that ask for it
    spending: tuple[str, ...]
    quantities: tuple[str, ...]
    people: tuple[str, ...]
    bodies: tuple[str, ...]
    halves: tuple[str, ...]
    currencies: tuple[str, ...]
    currency_codes: tuple[str, ...]
    scales: tuple[str, ...]
    time_units: tuple[str, ...]
    place_words: tuple[str, ...]
    place_labels: tuple[str, ...]
    reasons: tuple[str, ...]
    future: tuple[str, ...]
    occasions: tuple[str, ...]
    orders: tuple[str, ...]
    comparing: tuple[str, ...]
    alternatives: tuple[str, ...]
    pairs: tuple[str, ...]
    relating: tuple[str, ...]
    meaning: tuple[str, ...]
    adding: tuple[str, ...]
    expanding: tuple[str, ...]
    any_money: tuple[str, ...]
    computed: tuple[str, ...]
    degrees: tuple[str, ...]
    lasting: tuple[str, ...]
    more: tuple[str, ...]
    less: tuple[str, ...]
    sources: tuple[str, ...]
    prompts: tuple[str, ...]
    openings: tuple[str, ...]
    open_ends: tuple[str, ...]
    connectives: tuple[str, ...]
    verbs: tuple[str, ...]

    @field_validator(*_LISTS, mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("nouns", mode="before")
    @classmethod
    def _split_nouns(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return {k: tuple(v.split()) if isinstance(v, str) else v for k, v in value.items()}


def in_words(phrases: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Phrases as folded words, the longest first."""
    return sorted((folded_words(p) for p in phrases), key=len, reverse=True)
