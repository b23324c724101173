"""The words of a question that carry content, how much each counts, and which of them are names.

A verb that the documents lack says little, because they may say it in other words; a name or a rare
noun that they lack says a lot.
"""

import re
from functools import cached_property

from spellchecker import SpellChecker

from app.answering.demands import Demands, Numbered, numbered_name
from app.answering.lexicon import Role
from app.answering.terms import Terms
from app.answering.understanding import Question
from corpus.countries import countries
from corpus.words import Word, stem

_COMMON = 2e-6  # share of running text; a word of the dictionary that is as frequent is common
_COMMON_WEIGHT = 0.35  # of a common word that the documents lack; a rare one weighs 1
_SHORT_NUMBER = 2  # digits of a number that is a name; longer ones are years and amounts


class Worded:
    """The words of a question as far as passages have to hold them."""

    def __init__(
        self, question: Question, terms: Terms, dictionary: SpellChecker, demands: Demands,
        function_words: frozenset[str],
    ) -> None:  # fmt: skip
        self.question = question
        self.demands = demands
        self._function_words = function_words
        self._terms = terms
        self._dictionary = dictionary

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The words of the question."""
        return tuple(w.folded for w in self.question.words)

    @cached_property
    def content(self) -> tuple[int, ...]:
        """The words that carry content."""
        return tuple(
            i
            for i in sorted(self.question.content)
            if not self._in_idiom(i)
            and i not in self._comparatives
            and self.folded[i] not in self.demands.words.empty
            and (len(self.folded[i]) > 1 or self.folded[i].isdigit())
        )

    @cached_property
    def _comparatives(self) -> frozenset[int]:
        """Words that only say that two things are compared ("longer", "more")."""
        return self.question.cue_words("compare") if self.compares or self.weighs else frozenset()

    def _in_idiom(self, at: int) -> bool:
        """``take place``, ``take part``: neither word carries anything."""
        own = self.demands.words
        pairs = (self.folded[max(0, at - 1) : at + 1], self.folded[at : at + 2])
        return any(
            len(pair) > 1 and pair[0] in own.idiom_verbs and pair[1] in own.idiom_nouns
            for pair in pairs
        )

    @cached_property
    def weights(self) -> dict[str, float]:
        """The stems of the content and how much each counts."""
        found: dict[str, float] = {}
        for i in self.content:
            word = self.question.words[i]
            found[word.stem] = max(found.get(word.stem, 0.0), self._weight(i))
        return found

    def _weight(self, at: int) -> float:
        word = self.question.words[at]
        rare = self._terms.rarity(word.stem)
        if self._terms.known(word.folded) or at in self.names:
            return rare
        common = self._dictionary.word_usage_frequency(word.folded) >= _COMMON
        if at and self.folded[at - 1] in ("which", "what"):
            common = False  # "which hotel": just that is asked for
        return rare * (_COMMON_WEIGHT if common else 1.0)

    @cached_property
    def names(self) -> frozenset[int]:
        """The words of the question that are names: capitals, codes, numbers, countries."""
        text = self.question.text
        found = set()
        for i in self.content:
            word = self.question.words[i]
            own = text[word.start : word.end]
            inner = i > 0 and not re.search(r"[.?!:]\s*$", text[: word.start])
            if (
                any(c.isdigit() for c in own)
                or own[1:] != own[1:].lower()
                or len(own) == 1
                or (own[:1].isupper() and inner)
                or (word.folded not in self._dictionary and not self._terms.known(word.folded))
            ):
                found.add(i)
        for span in self.question.spans:
            if span.meaning.role in (Role.ENTITY, Role.COUNTRY):
                found |= set(range(span.start, span.end)) & set(self.content)
        return frozenset(found)

    def known(self, folded: str) -> bool:
        """Whether a word stands in the documents."""
        return self._terms.known(folded)

    def is_word(self, folded: str, frequency: float = 0.0) -> bool:
        """Whether a word is in the dictionary, and at least so frequent (share of running text)."""
        if folded not in self._dictionary:
            return False
        return float(self._dictionary.word_usage_frequency(folded)) >= frequency

    def tells(self, word: Word) -> bool:
        """Whether a word of a text carries content."""
        return len(word.folded) > 1 and word.folded not in self._function_words

    @cached_property
    def plurals(self) -> frozenset[str]:
        """The stems of the words that name several things."""
        found = [self.question.words[i] for i in self.content]
        several = {w.stem for w in found if w.folded.endswith("s") and w.folded != w.stem}
        long = (self._terms.expansions.get(s) for s in several)  # "SDGs" are goals
        return frozenset(several | {stem(nouns[-1]) for nouns in long if nouns})

    @cached_property
    def numbered(self) -> tuple[Numbered, ...]:
        """The names of the question that are numbers."""
        found = []
        for i, word in enumerate(self.question.words):
            if word.folded.isdigit() and len(word.folded) <= _SHORT_NUMBER and i:
                nouns = [w for w in self.folded[max(0, i - 2) : i] if w.isalpha()]
                counts = (i + 1) in self.question.content and (i not in self._after_kinds)
                if nouns and (i - 1) in self.question.content and not counts:
                    found.append(self._name(nouns, word.folded, nouns[-1], word.folded))
            match = re.fullmatch(r"([a-z]{1,8})(\d{1,2})", word.folded)
            if match and self._terms.known(match[1]):
                found.append(self._name([match[1]], match[2], word.folded))
        return tuple(found)

    def _name(self, nouns: list[str], number: str, *written: str) -> Numbered:
        """A name by number; "WP 3" is also a work package where the documents define that."""
        long = self._terms.expansions.get(nouns[-1].removesuffix("s"))
        return numbered_name(long or nouns, number, written)

    @cached_property
    def _after_kinds(self) -> frozenset[int]:
        """The words right after a noun of the vocabulary ("project", "work package")."""
        return frozenset(span.end for span in self.question.kinds())

    @cached_property
    def compares(self) -> bool:
        """Whether two things are to be compared."""
        return self._says(self.demands.comparing)

    @cached_property
    def weighs(self) -> bool:
        """Whether the question is which of two there is more of: "more of one or of the other"."""
        own, said = self.demands.words, set(self.folded)
        return bool({*own.more, *own.less} & said and set(own.alternatives) & said)

    def _says(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(" ".join(self.folded)))

    @cached_property
    def years(self) -> frozenset[str]:
        """The years that the question names."""
        return frozenset(re.findall(r"\b(?:19|20)\d{2}\b", self.question.text))

    @cached_property
    def country_marks(self) -> tuple[re.Pattern[str], ...]:
        """How a list names the countries of the question: ``(FI)``, their names, adjectives."""
        found = []
        for _, codes, excluded in self.question.countries():
            if not excluded:
                names = {n for c in codes for n in countries()[c].names | countries()[c].adjectives}
                words_ = "|".join(re.escape(n) for n in sorted(names))
                marks = "|".join(sorted(codes))
                code = rf"(?<![\w-])(?:{marks})(?![\w-])"
                found.append(re.compile(rf"{code}|(?i:\b(?:{words_})\b)"))
        return tuple(found)

    @cached_property
    def country_stems(self) -> frozenset[str]:
        """The stems of the words that name countries."""
        spans = [span for span, _, excluded in self.question.countries() if not excluded]
        return frozenset(self.question.words[i].stem for s in spans for i in range(s.start, s.end))
