"""What evidence must hold for a kind of question, as patterns of English text.

A sum of money, a date, a telephone number: a question for one of these is answered by nothing else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.countries import countries
from corpus.words import fold, stem

NUMBER_WORDS = frozenset(
    [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "dozen",
        "hundred",
        "thousand",
    ]
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
HOLDS = {
    "money": re.compile(
        r"[€$£]\s?\d|\d[\d.,\s]*(?:[kKmM]?[€$£]|\s?(?:m|k|bn|million|billion|thousand)?\s?"
        r"(?:euros?|eur|usd|dollars?))|\b(?:euros?|eur|usd)\s?\d|\d\s?(?:million|billion)",
        re.IGNORECASE,
    ),
    "share": re.compile(r"\d\s?(?:%|per ?cent)|\b(?:half|third|quarter|majority)\b", re.IGNORECASE),
    "date": re.compile(rf"\b(?:19|20)\d{{2}}\b|\b{_MONTH}\.? \d|\d(?:st|nd|rd|th)? {_MONTH}", re.I),
    "number": re.compile(rf"\d|\b(?:{'|'.join(sorted(NUMBER_WORDS))})\b", re.IGNORECASE),
    "duration": re.compile(
        r"\b(?:\d+|" + "|".join(sorted(NUMBER_WORDS)) + r")[ -]?(?:year|month|week|day|hour)",
        re.IGNORECASE,
    ),
    "phone": re.compile(r"\+\d[\d\s().-]{6,}\d|\b0\d[\d\s./-]{6,}\d|\btel\b", re.IGNORECASE),
    "email": re.compile(r"\S@\S"),
    "contact": re.compile(r"\S@\S|\+\d[\d\s().-]{6,}\d|contact", re.IGNORECASE),
    "place": re.compile(
        r"\b(?:in|at|near|to) (?:the )?(?!" + _MONTH + r"\b)(?-i:[A-ZÀ-Þ])|"
        r"place:|online|venue",
        re.IGNORECASE,
    ),
    "country": re.compile("|".join(re.escape(f.name) for f in countries().values())),
    "address": re.compile(r"https?://|www\.|\b[\w-]+\.(?:eu|com|org|be|es|si|net)\b"),
    "person": re.compile(r"\b[A-ZÀ-Þ][\w’'.-]+ (?:[a-z]{2,3} )?[A-ZÀ-Þ][\w’'-]+|\b[A-Z]{3,}\b"),
}
# The nouns that ask for each of these. One asks for it when it is what the question is about.
_NOUNS = {
    "money": "budget cost price fee salary turnover revenue cash money subsidy",
    "share": "share percentage proportion percent",
    "phone": "phone telephone mobile",
    "email": "email mail e-mail",
    "address": "website webpage url homepage link",
    "duration": "duration",
    "contact": "contact",
}
NOUN_STEMS = {need: frozenset(map(stem, nouns.split())) for need, nouns in _NOUNS.items()}
FUTURE = re.compile(r"\bnext (?:year|month|week|decade|spring|summer|autumn|winter)\b|\btomorrow\b")
REASON = re.compile(
    r"\b(?:because|due to|since|therefore|reasons?|in order to|so that|"
    r"hence|as (?:the|too|it|there)|"
    r"owing to|caused?|leads? to|would|to (?:avoid|ensure|create|increase))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A name that is a number: ``project 9`` is noun ``project`` and number 9."""

    nouns: tuple[str, ...]  # stems of the words before the number, the nearest last
    number: str
    pattern: re.Pattern[str]

    def named_in(self, text: str) -> bool:
        """Whether the noun and its very number stand in the text."""
        return bool(self.pattern.search(fold(text)))


COMPUTED = ("average", "altogether", "combined", "sum", "least", "most", "together")
COMPARES = re.compile(r"\bthan\b|\b(?:before|after|more|or)\b.*\bor\b|\bor (?:before|after|more)\b")
ADDS = re.compile(r"\badds? up\b|^together\b|\baltogether\b")
SELF_EVIDENT = frozenset({"email", "phone", "contact", "address", "duration", "share"})


def numbered_name(nouns: Sequence[str], number: str) -> Numbered:
    """The ways a numbered name is written: "projects 5 and 9", "WP3", "project no. 9"."""
    near = re.escape(nouns[-1].rstrip("s"))
    initials = "".join(noun[0] for noun in nouns)
    end = rf"{number}(?![\d.,/]*\d|st\b|nd\b|rd\b|th\b|\w)"
    others = r"(?:\d+\s*(?:\([^)]*\))?\s*(?:,|and|&|or)\s*)*"
    ways = [rf"\b{near}s?\s*(?:no\.?|number|nr\.?|n°|#)?\s*{others}{end}"]
    if len(initials) > 1:
        ways.append(rf"\b{initials}\s?{end}")
    pattern = re.compile("|".join(ways))
    return Numbered(tuple(stem(n) for n in nouns), number, pattern)


# Kinds of thing that are told in too many ways for a pattern: their absence only counts against.
SOFT = frozenset({"place", "person", "address"})
