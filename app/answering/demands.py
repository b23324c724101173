"""What evidence must hold for a kind of question, as patterns made of a language's words.

A sum of money, a date, a telephone number: a question for one of these is answered by nothing else.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel.dates import get_month_names

from corpus.countries import countries
from corpus.passage_words import PassageWords
from corpus.vocabulary import languages, load_vocabulary
from corpus.words import fold, stem

# A text that holds such a thing needs none of the nouns that ask for it.
SELF_EVIDENT = frozenset({"email", "phone", "contact", "address", "duration", "share"})
# Kinds of thing that are told in too many ways for a pattern: their absence only counts against.
SOFT = frozenset({"place", "address"})


@dataclass(frozen=True)
class Demands:
    """The patterns of one language; ``holds`` tells for a kind of thing whether a text has it."""

    words: PassageWords
    holds: Mapping[str, re.Pattern[str]]
    nouns: Mapping[str, frozenset[str]]  # stems of nouns that ask for a kind of thing
    reason: re.Pattern[str]
    future: re.Pattern[str]
    orders: re.Pattern[str]
    occasion: re.Pattern[str]
    comparing: re.Pattern[str]
    adding: re.Pattern[str]
    expanding: re.Pattern[str]
    across_sources: re.Pattern[str]
    prompting: re.Pattern[str]
    leaning: re.Pattern[str]
    degree: re.Pattern[str]
    months: frozenset[str]  # folded


@cache
def demands(language: str) -> Demands:
    """The patterns of a language; English ones where its vocabulary has no such section."""
    own = load_vocabulary(language).passages if language in languages() else None
    if own is None:
        return demands("en")
    names = {
        name.rstrip(".")
        for width in ("wide", "abbreviated")
        for name in get_month_names(width, locale=language).values()
    }
    return Demands(
        words=own,
        holds=_holds(own, f"(?:{_either(names)})\\.?"),
        nouns={need: frozenset(map(stem, nouns)) for need, nouns in own.nouns.items()},
        reason=_phrases(own.reasons),
        future=_phrases(own.future),
        orders=_phrases(own.orders),
        occasion=_phrases(own.occasions),
        comparing=_phrases(own.comparing),
        adding=_phrases(own.adding),
        expanding=_phrases(own.expanding),
        across_sources=_phrases(own.sources),
        prompting=_phrases(own.prompts),
        leaning=re.compile(
            rf"(?:{_either(own.openings)}|The (?:latter|former|same))\b"
            rf"(?! (?:{_either(own.connectives)})\b)|The \w+ (?:{_either(own.verbs)})\b"
        ),
        degree=_phrases(
            f"{article} {word}"
            for article in load_vocabulary(language).definite_articles
            for word in own.degrees
        ),
        months=frozenset(map(fold, names)),
    )


def _holds(own: PassageWords, month: str) -> dict[str, re.Pattern[str]]:
    number = _either(own.number_words)
    currency = _either((*own.currencies, *own.currency_codes))
    big = _either(s for s in own.scales if s.endswith("illion"))
    domains = _either(code.lower() for code in countries())
    patterns = {
        "money": rf"[€$£]\s?\d|\d[\d.,\s]*(?:[kKmM]?[€$£]|\s?(?:{_either(own.scales)})?\s?"
        rf"(?:{currency}))|\b(?:{currency})\s?\d|\d\s?(?:{big})",
        "share": rf"\d\s?(?:%|per ?cent)|\b(?:{_either(own.halves)})\b",
        "date": rf"\b(?:19|20)\d{{2}}\b|\b{month} \d|\d(?:st|nd|rd|th)? {month}",
        "number": rf"\d|\b(?:{number})\b",
        "duration": rf"\b(?:\d+|{number})[ -]?(?:{_either(own.time_units)})",
        "phone": r"\+\d[\d\s().-]{6,}\d|\b0\d[\d\s./-]{6,}\d|\btel\b",
        "email": r"\S@\S",
        "contact": r"\S@\S|\+\d[\d\s().-]{6,}\d|contact",
        "place": rf"\b(?:{_either(own.place_words)}) (?:the )?(?!{month}\b)(?-i:[A-ZÀ-Þ])"
        rf"|{_either(own.place_labels)}",
        "country": _either(facts.name for facts in countries().values()),
        "address": rf"https?://|www\.|(?-i:\b[\w-]+\.(?:eu|com|org|net|{domains})\b)",
    }
    return {need: re.compile(text, re.IGNORECASE) for need, text in patterns.items()}


def _either(texts: Iterable[str]) -> str:
    return "|".join(re.escape(text) for text in sorted(texts, key=lambda t: (-len(t), t)))


def _phrases(texts: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_either(texts)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A name that is a number: ``project 9`` is noun ``project`` and number 9."""

    nouns: tuple[str, ...]  # stems of the words before the number, the nearest last
    number: str
    pattern: re.Pattern[str]
    own: frozenset[str]  # stems of the words of the question that are the name

    def named_in(self, text: str) -> bool:
        """Whether the noun and its very number stand in the text."""
        return bool(self.pattern.search(fold(text)))


_INITIALS = 4  # letters of an abbreviation


def numbered_name(nouns: Sequence[str], number: str, written: Sequence[str]) -> Numbered:
    """The ways a numbered name is written: "projects 5 and 9", "WP3", "project no. 9".

    ``written``: the words of the question that are the name.
    """
    near = re.escape(nouns[-1].rstrip("s"))
    initials = "".join(noun[0] for noun in nouns)
    end = rf"{number}(?![\d.,/]*\d|st\b|nd\b|rd\b|th\b|\w)"
    others = r"(?:\d+\s*(?:\([^)]*\))?\s*(?:,|and|&|or)\s*)*"
    ways = [rf"\b{near}s?\s*(?:no\.?|number|nr\.?|n°|#)?\s*{others}{end}"]
    if len(nouns) == 1 and 1 < len(near) <= _INITIALS:  # "WP4" is work package 4
        ways.append(rf"\b{' '.join(rf'{c}[a-z]*' for c in near)}\s?{end}")
    if len(initials) > 1:
        ways.append(rf"\b{initials}\s?{end}")
    pattern = re.compile("|".join(ways))
    stems = tuple(stem(n) for n in nouns)
    return Numbered(stems, number, pattern, frozenset(map(stem, written)))
