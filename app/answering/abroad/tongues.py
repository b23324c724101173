"""Which language a question is in, and the words of each language that there is a vocabulary for.

Two witnesses decide together: the detector of languages, and how many of the question's words each
vocabulary knows. English wins a tie, and with it any short question made of names. A question that
is too short to tell keeps the language of the one before it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from babel import Locale

from app.answering.lexicon import Lexicon
from corpus.countries import names_in
from corpus.languages import detect
from corpus.vocabulary import Vocabulary, languages, load_vocabulary
from corpus.words import Word, fold, stem, words

ENGLISH = "en"
_DETECTED = 1.5  # words that the word of the detector counts as much as
_BEFORE = 2.0  # the same of the language of the question before
_TIE = 0.5  # the same of English
_WHOLE = 1.0  # the same of knowing every word
_FEWEST = 2  # words that a language must explain when the detector does not name it
_APOSTROPHES = ("'", "’")
_CURT = 3  # words; what has no more may be keywords, which no vocabulary has
_SHORT = 3  # letters of words that have no other forms
_MOSTLY = 0.6  # share of words to explain where the detector names a language without vocabulary


class Tongues:
    """Tells the language of questions; ``make`` builds the lexicon of a vocabulary."""

    def __init__(self, english: Lexicon, make: Callable[[Vocabulary], Lexicon]) -> None:
        self._lexicons = {ENGLISH: english}
        self._make = make

    def lexicon(self, language: str) -> Lexicon:
        """The lexicon of a language, made when it is first needed."""
        if language not in self._lexicons:
            self._lexicons[language] = self._make(load_vocabulary(language))
        return self._lexicons[language]

    def language_of(self, question: str, before: str = "") -> str:
        """The language of a question; ``before`` is that of the one before it, "" for none."""
        said = [fold(w.folded) for w in words(question) if not w.folded.isdigit()]
        if not said:
            return before or ENGLISH
        polite = [own for own in _all() if own.is_small_talk(said)]
        if polite:
            return next((own.language for own in polite if own.language == before), "") or (
                polite[0].language
            )
        if not before and self._lexicons[ENGLISH].explains(said):
            return ENGLISH
        return self._weighed(question, said, before)

    def is_foreign(self, question: str) -> bool:
        """Whether a question is in a language that there is no vocabulary for.

        So it is where the detector says so and English knows hardly any of its words.
        """
        detected = detect(question) or ""
        if detected in ("", *languages()):
            return False
        named = self._lexicons[ENGLISH].names_of(question)
        plain = [w for w in words(question) if w.folded not in named and not w.folded.isdigit()]
        return 2 * _Own(ENGLISH).known(question, named) < len(plain)

    def _weighed(self, question: str, said: list[str], before: str) -> str:
        named = self._lexicons[ENGLISH].names_of(question)
        plain = [word for word in said if word not in named]
        detected = detect(question) or ""
        scores: dict[str, float] = {}
        for own in _all():
            known = own.known(question, named)
            if own.language == ENGLISH and len(plain) <= _CURT:
                known = max(known, sum(map(self._lexicons[ENGLISH].in_dictionary, plain)))
            enough = known >= min(_FEWEST, len(plain)) or own.language == before
            # The detector errs on a few words of a trade ("lithium demand"); one has to be known.
            enough = enough or (own.language == detected and known > 0) or own.language == ENGLISH
            foreign = detected not in ("", ENGLISH) and detected not in languages()
            if foreign and own.language != ENGLISH:
                enough = enough and known >= _MOSTLY * max(1, len(plain))
            bonus = _DETECTED * (own.language == detected) + _BEFORE * (own.language == before)
            bonus += _TIE * (own.language == ENGLISH)
            bonus += _WHOLE * (known == len(plain) >= _FEWEST)
            if enough:
                scores[own.language] = known + bonus
        return max(scores, key=lambda language: (scores[language], language == ENGLISH, language))


@dataclass(frozen=True)
class _Own:
    """The words of one language, as far as its vocabulary has them."""

    language: str

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return load_vocabulary(self.language)

    @cached_property
    def _folded(self) -> frozenset[str]:
        every = (w.folded for p in self._phrases() for w in words(p, self.language))
        return self._vocabulary.function_words | frozenset(every)

    @cached_property
    def _stems(self) -> frozenset[str]:
        every = (stem(word, self.language) for word in self._folded if len(word) > _SHORT)
        return frozenset(every)

    @cached_property
    def _polite(self) -> frozenset[str]:
        talk = self._vocabulary.small_talk
        return frozenset(_joined(words(phrase)) for t in talk for phrase in t.phrases)

    def _phrases(self) -> Iterable[str]:
        vocabulary = self._vocabulary
        yield from vocabulary.glossary
        yield from vocabulary.partnership
        yield from vocabulary.continuations
        for named in vocabulary.kinds.values():
            yield from named.words
        for field in vocabulary.fields.values():
            yield from (field.label, *field.words)
        if self.language != ENGLISH:
            yield from names_in(self.language).values()
        for groups in (vocabulary.cues, vocabulary.answers, vocabulary.country_adjectives):
            for phrases in groups.values():
                yield from phrases
        for choice in vocabulary.choices.values():
            for phrases in choice.values():
                yield from phrases

    def is_small_talk(self, said: list[str]) -> bool:
        """Whether the words are one of the language's greetings and the like."""
        return " ".join(said) in self._polite

    def known(self, question: str, named: frozenset[str]) -> int:
        """How many words of a question the language knows; those of names do not count."""
        said = words(question, self.language)
        plain = [w for w in said if w.folded not in named and not w.folded.isdigit()]
        plain = [w for w in plain if not _is_genitive(w, question)]
        return sum(1 for w in plain if w.folded in self._folded or self._has_form_of(w))

    def _has_form_of(self, word: Word) -> bool:
        return len(word.folded) > _SHORT and word.stem in self._stems


def _is_genitive(word: Word, question: str) -> bool:
    """Whether a word is the ending of "region's": no word, though "s'" is one of French."""
    return len(word.folded) == 1 and question[word.start - 1 : word.start] in _APOSTROPHES


def readable() -> str:
    """In which languages questions are read, as a sentence."""
    names = [str(Locale(ENGLISH).languages[own.language]) for own in _all()]
    every = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"I read questions in {every}; please ask in one of these."


def _joined(found: Iterable[Word]) -> str:
    return " ".join(word.folded for word in found)


@cache
def _all() -> tuple[_Own, ...]:
    """Every language with a vocabulary, English first."""
    others = (language for language in languages() if language != ENGLISH)
    return (_Own(ENGLISH), *(_Own(language) for language in others))
