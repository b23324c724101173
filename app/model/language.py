"""What the verification knows of a language: its neutral words, denials, numbers and sizes."""

import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import yaml
from num2words import num2words
from spellchecker import SpellChecker

from corpus.vocabulary import languages, load_vocabulary
from corpus.words import Word, fold, stem, words

_WRITES_NOUNS_LARGE = "de"  # so that a capital makes no name; its dictionary takes seconds to read
_ADJECTIVE = re.compile(r"(?:lich|isch|ig|sam|bar|end|igt|iert|ielle?)(?:e|en|er|es|em)$")
_COUNTED = (*range(2, 101), *range(200, 1000, 100))
_SIZES = (1_000, 1_000_000, 1_000_000_000)
_MILLIONS = re.compile(r"\d ?M ?€|€ ?[\d.,]+ ?M\b")
_SHORTEST = 3  # letters of a number word; a shorter one ("to", "ni") is mostly another word


@cache
def _lists() -> dict[str, object]:
    text = (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
    loaded: dict[str, object] = yaml.safe_load(text)
    return loaded


@cache
def _addressed() -> re.Pattern[str]:
    patterns = _lists()["addressed"]
    assert isinstance(patterns, list)
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.MULTILINE)


def is_addressed(text: str) -> bool:
    """Whether a text speaks to a program or to whoever writes an answer: then it tells nothing."""
    return bool(_addressed().search(" ".join(text.lower().split())))


@dataclass(frozen=True)
class Tongue:
    """What is known of the words of one language (ISO 639-1)."""

    code: str
    neutral: frozenset[str]
    operators: frozenset[str]
    denials: frozenset[str]
    numbers: dict[str, str]  # word -> digits
    measuring: frozenset[str]  # verbs that only join a figure to what it is of
    sizes: dict[str, str]  # thousand, million, billion, euro, percent... in this language
    alike: dict[str, str] = field(default_factory=dict)  # stem -> that of a word that says the same

    def told(self, text: str) -> list[Word]:
        """The words of a text, those that say the same in one form: "three" is "3"."""
        return [self._told(word) for word in words(text, self.code)]

    def _told(self, word: Word) -> Word:
        if digits := self.numbers.get(word.folded):
            return replace(word, folded=digits, stem=digits)
        same = self.alike.get(word.stem)
        return replace(word, stem=same) if same else word

    def is_noun(self, before: str, folded: str) -> bool:
        """Whether a word with a capital may be no name, as nouns are written with one.

        So only after an article, a number or an adjective: a name mostly stands without.
        """
        if self.code != _WRITES_NOUNS_LARGE or folded not in _nouns():
            return False
        return (
            before in str(_lists()["articles"]).split()
            or before[:1].isdigit()
            or bool(_ADJECTIVE.search(before))
        )

    def denies(self, text: str) -> bool:
        """Whether a text holds a denial."""
        said = f" {' '.join(w.folded for w in words(text, self.code))} "
        return any(f" {denial} " in said for denial in self.denials)

    def numbers_of(self, text: str) -> frozenset[str]:
        """The numbers that a text has as words, in digits."""
        found = (self.numbers.get(w.folded) for w in words(text, self.code))
        return frozenset(n for n in found if n)

    def sizes_of(self, text: str) -> frozenset[str]:
        """The scales and units that a text names (million, percent...), by their English names."""
        marks = {"€": "euro", "%": "percent", "$": "dollar", "£": "pound"}
        found = {self.sizes[w.folded] for w in words(text, self.code) if w.folded in self.sizes}
        if _MILLIONS.search(text):
            found.add("million")
        return frozenset(found | {name for mark, name in marks.items() if mark in text})


@cache
def tongue(code: str) -> Tongue:
    """What is known of a language; of one without a vocabulary that is less."""
    lists = _lists()
    known = code in languages() or code == "en"
    vocabulary = load_vocabulary(code) if known else None
    other = lists["denials"]
    assert isinstance(other, dict)
    denials = vocabulary.negations if vocabulary else tuple(other.get(code, ()))
    folded = frozenset(" ".join(w.folded for w in words(d, code)) for d in denials)
    numbers = _numbers(code)
    sizes: dict[str, str] = {}
    if vocabulary:
        numbers |= {word: str(n) for n, word in enumerate(vocabulary.numbers, 1) if n > 1}
        for name, said in (*vocabulary.scales.items(), *vocabulary.units.items()):
            sizes |= {fold(word): name for word in said if len(word) > 1}
    if code == "en":
        neutral, operators = (frozenset(str(lists[k]).split()) for k in ("neutral", "operators"))
    else:
        own = vocabulary.function_words if vocabulary else frozenset()
        bounds = vocabulary.bounds.values() if vocabulary else ()
        phrases = {" ".join(w.folded for w in words(p, code)) for b in bounds for p in b}
        operators = frozenset(part for phrase in phrases for part in phrase.split())
        operators |= frozenset(part for denial in folded for part in denial.split())
        # Of "apart from" it is "apart" that limits; "from" alone says nothing.
        alone = frozenset(phrase for phrase in (*folded, *phrases) if " " not in phrase)
        operators -= own - alone
        neutral = own - operators - numbers.keys()
    verbs = lists["measuring"]
    assert isinstance(verbs, dict)
    measuring = frozenset(fold(word) for word in verbs.get(code, ()))
    alike = _alike() if code == "en" else {}
    return Tongue(code, neutral, operators, folded, numbers, measuring, sizes, alike)


def _alike() -> dict[str, str]:
    groups = _lists()["alike"]
    assert isinstance(groups, list)
    stems = [[stem(word, "en") for word in str(group).split()] for group in groups]
    return {each: group[0] for group in stems for each in group}


def _numbers(code: str) -> dict[str, str]:
    """Number words of a language as num2words spells them."""
    found: dict[str, str] = {}
    for value in (*_COUNTED, *_SIZES):
        try:
            said = fold(num2words(value, lang=code))
        except (NotImplementedError, KeyError, ValueError):
            return found  # not one of its languages
        if len(said) >= _SHORTEST and " " not in said:
            found[said] = str(value)
    return found


@cache
def _nouns() -> frozenset[str]:
    checker = SpellChecker(language=_WRITES_NOUNS_LARGE)
    # Its words have their accents, ours are folded.
    return frozenset(fold(word) for word in checker.word_frequency.dictionary)
