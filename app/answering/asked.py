"""What a question asks for and what an answer to it must hold.

Numbers and names in a question have to stand in the evidence; a question for a sum of money, a
date or a telephone number is answered by nothing else. A verb that the documents lack says little,
because they may say it in other words; a name or a rare noun that they lack says a lot.
"""

import re
from collections.abc import Callable
from functools import cached_property

from spellchecker import SpellChecker

from app.answering.demands import SELF_EVIDENT, Demands, Numbered, numbered_name
from app.answering.lexicon import Role
from app.answering.understanding import Question
from corpus.countries import countries
from corpus.words import Word, stem, words

_COMMON = 2e-6  # share of running text; a word of the dictionary that is as frequent is common
_COMMON_WEIGHT = 0.35  # of a common word that the documents lack; a rare one weighs 1


class Asked:
    """A question as far as passages have to answer it."""

    def __init__(
        self, question: Question, rarity: Callable[[str], float], known: Callable[[str], bool],
        dictionary: SpellChecker, demands: Demands, function_words: frozenset[str],
    ) -> None:  # fmt: skip
        self.question = question
        self.demands = demands
        self._function_words = function_words
        self._rarity = rarity
        self._known = known
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
        return self.question.cue_words("compare") if self.compares else frozenset()

    def _in_idiom(self, at: int) -> bool:
        """``take place``, ``take part``: the noun carries nothing."""
        before = self.folded[at - 1] if at else ""
        own = self.demands.words
        return self.folded[at] in own.idiom_nouns and before in own.idiom_verbs

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
        rare = self._rarity(word.stem)
        if self._known(word.folded) or at in self.names:
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
                or (word.folded not in self._dictionary and not self._known(word.folded))
            ):
                found.add(i)
        for span in self.question.spans:
            if span.meaning.role in (Role.ENTITY, Role.COUNTRY):
                found |= set(range(span.start, span.end)) & set(self.content)
        return frozenset(found)

    def known(self, folded: str) -> bool:
        """Whether a word stands in the documents."""
        return self._known(folded)

    def is_word(self, folded: str, frequency: float = 0.0) -> bool:
        """Whether a word is in the dictionary, and at least so frequent (share of running text)."""
        if folded not in self._dictionary:
            return False
        return float(self._dictionary.word_usage_frequency(folded)) >= frequency

    def tells(self, word: Word) -> bool:
        """Whether a word of a text carries content."""
        return len(word.folded) > 1 and word.folded not in self._function_words

    @cached_property
    def needs(self) -> frozenset[str]:
        """What kinds of thing the evidence must hold."""
        q, found = self.question, set()
        stems = {self.question.words[i].stem for i in range(len(self.folded))}
        asks_what = bool(
            set(self.folded) & {"what", "who", "whom", "which", "give", "how", "much"}
        ) or (len(self.folded) <= _KEYWORDS)
        for need, nouns in self.demands.nouns.items():
            if asks_what and stems & nouns and not self.is_definition:
                found.add(need)
        if q.asks("when") and not (
            q.asks("how_long") or self.demands.occasion.search(" ".join(self.folded))
        ):
            found.add("date")
        if q.asks("how_long"):
            found.add("duration")
        elif q.asks("how_much"):
            spends = set(self.folded) & set(self.demands.words.spending)
            found.add("money" if spends else "number")
        if asks_what and set(self.folded) & set(self.demands.words.quantities):
            found.add("number")
        if self.is_count:
            found.add("number")
        if {"phone", "email"} & found:
            found -= {"contact", "address"}
        if q.asks("who") and not self.is_definition and "contact" not in found:
            found.add("agent")
        if self._asked_nouns & {stem(noun) for noun in self.demands.words.people}:
            found.add("person")
        if self.folded[:1] == ("name",) and len(self.folded) > 1:
            found.add("name")
        if self.folded[:1] == ("where",):
            found.add("place")
        if not self.is_count and re.search(r"\b(?:which|what) countr", " ".join(self.folded)):
            found.add("country")
        return frozenset(found)

    @cached_property
    def _asked_nouns(self) -> frozenset[str]:
        """The stems of what "which president" and "the name of the expert" ask for."""
        found: set[str] = set()
        for i, word in enumerate(self.folded):
            named = self.folded[max(0, i - 1) : i + 1] in (("name", "of"), ("names", "of"))
            at = i + 1
            while at < len(self.folded) and self.folded[at] in ("the", "a", "an"):
                at += 1
            while (named or word in ("which", "what")) and at in self.question.content:
                found.add(self.question.words[at].stem)
                at += 1
        return frozenset(found)

    @cached_property
    def is_count(self) -> bool:
        """Whether the question is how many there are."""
        if "how many" in " ".join(self.folded):
            return True
        stems = {word.stem for word in self.question.words}
        return self.question.has_cue("count") and not stems & self.demands.nouns["phone"]

    @cached_property
    def is_list(self) -> bool:
        """Whether several things are asked for."""
        first = self.folded[:1]
        plural = any(
            self.folded[i].endswith("s") and not self.folded[i].endswith("ss") for i in self.content
        )
        wide = self.question.has_cue("list") or first in (("list",), ("name",))
        if self.folded[:1] == ("what",) and len(self.folded) > 1:
            wide = wide or (1 in self.content and self.question.words[1].stem in self.plurals)
        if self.folded[:2] == ("which", "of"):
            return False
        wide = wide or (len(self.folded) <= _KEYWORDS and not self._is_sentence)
        return plural and wide and not self.is_count

    @cached_property
    def is_for_several(self) -> bool:
        """Whether the very noun that is asked for is a plural: "which towns are"."""
        if not self.is_list or self.is_yes_no:
            return False
        at = next((i for i in self.content if self.question.words[i].stem in self.plurals), None)
        run = range(self.content[0], at) if at is not None else ()
        if at is None or at + 1 in self.content or any(i not in self.content for i in run):
            return False
        return self.folded[at + 1 : at + 2] not in (("a",), ("an",), ("the",))

    @cached_property
    def _is_sentence(self) -> bool:
        """Whether the question has a verb or a question word."""
        asking = {"what", "who", "whom", "which", "when", "where", "why", "how"}
        return bool(set(self.folded) & (asking | set(self.demands.words.verbs)))

    @cached_property
    def expands(self) -> bool:
        """Whether the question is what an abbreviation stands for."""
        return self.is_definition and self._says(self.demands.expanding)

    @cached_property
    def plurals(self) -> frozenset[str]:
        """The stems of the words that name several things."""
        found = [self.question.words[i] for i in self.content]
        return frozenset(w.stem for w in found if w.folded.endswith("s") and w.folded != w.stem)

    @cached_property
    def is_definition(self) -> bool:
        """Whether the question is what a name means."""
        q = self.question
        if not q.has_cue("definition") or not 0 < len(self.content) <= _DEFINED:
            return False
        if any(
            q.words[i].stem in nouns for nouns in self.demands.nouns.values() for i in self.content
        ):
            return False
        return not q.asks("who") or all(i in self.names for i in self.content)

    @cached_property
    def is_yes_no(self) -> bool:
        """Whether the answer is yes or no."""
        first = self.folded[0] if self.folded else ""
        asks = {"what", "which", "who", "when", "where", "why", "how"} & set(self.folded)
        return first in self.demands.words.verbs or (
            not asks and "?" in self.question.text and bool(self.content) and not self.is_list
        )

    @cached_property
    def counted(self) -> frozenset[str]:
        """The stems of what is counted: the words right after "how many"."""
        found = []
        for i, word in enumerate(self.folded):
            if word == "many" and i and self.folded[i - 1] == "how":
                for at in range(i + 1, len(self.folded)):
                    if at not in self.question.content:
                        break
                    found.append(at)
        return frozenset(self.question.words[w].stem for w in found)

    @cached_property
    def numbered(self) -> tuple[Numbered, ...]:
        """The names of the question that are numbers."""
        found = []
        for i, word in enumerate(self.question.words):
            if word.folded.isdigit() and len(word.folded) <= _SHORT_NUMBER and i:
                nouns = [w for w in self.folded[max(0, i - 2) : i] if w.isalpha()]
                counts = (i + 1) in self.question.content and (i not in self._after_kinds)
                if nouns and (i - 1) in self.question.content and not counts:
                    found.append(numbered_name(nouns, word.folded))
            match = re.fullmatch(r"([a-z]{1,8})(\d{1,2})", word.folded)
            if match and self._known(match[1]):
                found.append(numbered_name([match[1]], match[2]))
        return tuple(found)

    @cached_property
    def _after_kinds(self) -> frozenset[int]:
        """The words right after a noun of the vocabulary ("project", "work package")."""
        return frozenset(span.end for span in self.question.kinds())

    @cached_property
    def extremes(self) -> frozenset[str]:
        """The stems of "largest", "average": only a text that says so answers them."""
        q = self.question
        cues = q.cue_words("largest", "smallest", "sum", "average")
        found = {q.words[i] for i in cues}
        return frozenset(
            w.stem
            for w in found
            if w.folded.endswith("est") or w.folded in self.demands.words.computed
        )

    @cached_property
    def adds_up(self) -> bool:
        """Whether a result of reckoning is asked for, which no sentence holds but by chance."""
        return self._says(self.demands.adding)

    @cached_property
    def compares(self) -> bool:
        """Whether two things are to be compared."""
        return self._says(self.demands.comparing)

    @cached_property
    def chooses(self) -> bool:
        """Whether one of several is asked for ("which of them is later")."""
        return "which" in self.folded and bool(self.question.cue_words("compare", "largest"))

    @cached_property
    def across_sources(self) -> bool:
        """Whether the question is what each source says."""
        return self._says(self.demands.across_sources)

    @cached_property
    def is_order(self) -> bool:
        """Whether it is an order to whoever answers rather than a question."""
        return self._says(self.demands.orders)

    def _says(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(" ".join(self.folded)))

    def held_nouns(self, text: str) -> frozenset[str]:
        """Nouns of the question that a text answers without having them ("e-mail": an address)."""
        found: set[str] = set()
        for need in self.needs & SELF_EVIDENT:
            if self.demands.holds[need].search(text):
                found |= self.demands.nouns[need]
        return frozenset(found)

    @cached_property
    def years(self) -> frozenset[str]:
        """The years that the question names."""
        return frozenset(re.findall(r"\b(?:19|20)\d{2}\b", self.question.text))

    @cached_property
    def is_future(self) -> bool:
        """Whether the question is about what is yet to come, counted from today."""
        return bool(self.demands.future.search(" ".join(self.folded)))

    @cached_property
    def is_foreign(self) -> bool:
        """Whether most words of the question are of a language that the passages are not in."""
        strange = [w for w in self.folded if w not in self._dictionary and not self._known(w)]
        return len(strange) * 2 >= len(self.folded) > 1

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

    @property
    def lists_countries(self) -> bool:
        """Whether things of a country are to be listed or counted."""
        return bool(self.country_marks) and (self.is_list or self.is_count)

    @cached_property
    def country_stems(self) -> frozenset[str]:
        """The stems of the words that name countries."""
        spans = [span for span, _, excluded in self.question.countries() if not excluded]
        return frozenset(self.question.words[i].stem for s in spans for i in range(s.start, s.end))

    def reasons(self, text: str) -> bool:
        """Whether a text gives a reason."""
        return bool(self.demands.reason.search(text))

    def lacks(self, text: str) -> frozenset[str]:
        """The kinds of thing that are asked for and that a text does not hold."""
        holds = self.demands.holds
        return frozenset(n for n in self.needs if n in holds and not holds[n].search(text))

    def counts(self, text: str) -> bool:
        """Whether a number stands close to what is counted: "six work packages"; or a tile's."""
        found = words(text)
        tile = bool(found) and (found[0].folded.isdigit() or found[-1].folded.isdigit())
        if tile and any(w.stem in self.counted for w in found):
            return True
        for i, word in enumerate(found):
            if word.stem in self.counted and "number" in [
                f.folded for f in found[max(0, i - 3) : i]
            ]:
                return any(w.folded[0].isdigit() for w in found)
        for i, word in enumerate(found):
            if word.stem in self.counted:
                near = found[max(0, i - _NEAR) : i] + found[i + 1 : i + 3]
                if any(
                    w.folded[0].isdigit() or w.folded in self.demands.words.number_words
                    for w in near
                ):
                    return True
        return False


_KEYWORDS = 4  # words; a question of no more may be keywords
_DEFINED = 3  # words of content; a question for a definition has no more
_SHORT_NUMBER = 2  # digits of a number that is a name; longer ones are years and amounts
_NEAR = 4  # words between a number and what it counts
