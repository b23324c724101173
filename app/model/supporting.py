"""Whether one line of evidence carries one sentence of a chat model, checked in code.

All that a sentence says has to stand together in one line or sentence that it cites (or in one
statement that was computed), as it stands there: numbers with their sizes, dates, names,
addresses, quotations, in its order (`app.model.ordering`), with the denials and bounds beside them.
In the language of the evidence each word has to stand there; in another language words cannot be
compared, so what a sentence says of roles, countries, records and counts is compared by meaning
(`app.answering.lexicon`).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

from babel.core import UnknownLocaleError
from babel.dates import get_month_names
from babel.numbers import get_decimal_symbol

from app.answering.demands import demands
from app.answering.figures import days_in, number_words_in, numbers_in
from app.answering.lexicon import Lexicon, Role
from app.model.language import tongue
from app.model.ledger import Unit
from app.model.lending import denied_around, lent_fault
from app.model.line import Line, is_digits
from app.model.meaning import MEANT, MEANT_NAMES, Meanings, said_otherwise
from app.model.ordering import head_fault, order_fault
from corpus.values import PartialDate
from corpus.vocabulary import languages, load_vocabulary
from corpus.words import Word, fold, words

_ONE_OF = ["one", "of"]
_QUOTED = re.compile(r"[“„«\"]([^“”„«»\"]{2,})[”“»\"]")
_ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[^\s<>()\[\]]+|"
    r"\b(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s<>()\[\]]*)?",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W_](?:[\w’'&.-]*\w)?")
_DAY = re.compile(r"\b\d{1,2}[./]\d{1,2}[./](?:19|20)\d{2}\b")
_ENDING, _ROOT = 5, 4  # letters that a name may take on in a language, and those that it keeps
# After what a statement can begin in a line that was written in code, and in one of its sentences.
_STARTS = r"(?:[.!?;:,]|\band)\s+[\W_]*$"
_IN_SENTENCE = r"^(?:[^.!?;]|[.](?=\S))*(?:[:,]|\band)\s+[\W_]*$"
_INVISIBLE = ("Cf", "Cc", "Co", "Cn")  # Unicode categories: marks that nobody sees


def plain(text: str) -> str:
    """A text in one form: no compatibility characters, nothing invisible."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(
        " " if c in "\t\u00a0" else c
        for c in folded
        if c in "\n\t" or unicodedata.category(c) not in _INVISIBLE
    )


class Support:
    """Checks the sentences of one answer, which is in ``language`` (ISO 639-1).

    ``common`` are texts in that language, in which words stand that are no names.
    """

    def __init__(
        self, lexicon: Callable[[str], Lexicon], language: str, common: Iterable[str] = ()
    ) -> None:
        self._meanings = Meanings(lexicon)
        self.language = language
        self._own = tongue(language)
        # Words that are written small somewhere are no names where they begin a sentence.
        self._common = frozenset(
            w.folded for text in common for w in words(text, language) if text[w.start].islower()
        )
        self._months = _months(language)

    def fault(self, said: str, unit: Unit, statement: str = "") -> str:
        """What of a sentence its evidence does not carry, in words; "" where it carries all.

        ``statement``: what was computed from it, whose words a sentence may use as well if it is
        in the same language.
        """
        said = self.written(plain(said))
        if _bare(said) == _bare(unit.text):
            return ""
        same = unit.language == self.language
        held = self.written(plain(unit.text)) if same else plain(unit.text)
        line = Line(held, tuple(map(plain, unit.around)), unit.language, unit.computed)
        checks = (self._quotes, self._addresses, self._numbers, self._dates, self._names)
        for check in checks:
            if why := check(said, line, unit):
                return why
        quoted = any(not e.passage.record for e in unit.evidence)
        covered = self._covered(said, line) if same else frozenset()
        starts = "" if quoted else _STARTS if unit.computed else _IN_SENTENCE
        if quoted or same:
            why = head_fault(said, line, self._own, starts=starts, covered=covered)
            if why:
                return why
        if same:
            why = self._words(said, line)
            return why or order_fault(said, line, self._own, covered=covered)
        why = self._abroad(said, line)
        return why or ("" if quoted else self._unknown(said, line, statement))

    def _unknown(self, said: str, line: Line, statement: str) -> str:
        """A word that no vocabulary knows, in a sentence on a record in another language.

        A record says little, in words that the vocabularies have; a sentence with others says more.
        """
        if self.language not in languages():
            return ""
        raw = words(said, self.language)
        own = self._own.told(said)
        held = self._meanings.held(line) | self._meanings.of(statement, self.language, tuple(Role))
        stems = line.stems | {w.stem for w in self._own.told(statement)}
        known = {
            i
            for s in self._meanings.spans(self.language, said, raw)
            if (s.meaning.role, s.meaning.value) in held or s.meaning.role not in MEANT
            for i in range(s.start, s.end)
        }
        plain_words = self._own.neutral | self._own.numbers.keys() | self._own.sizes.keys()
        plain_words |= self._own.measuring | self._own.operators | self._months
        for i, word in enumerate(own):
            named = any(_same(word.folded, h, True) for run in line.runs for h in run)
            new = word.folded not in plain_words and word.stem not in stems and not named
            if new and i not in known and not word.folded[:1].isdigit():
                return f"“{said[word.start : word.end]}” is not known to be in it"
        return ""

    def _covered(self, said: str, line: Line) -> frozenset[int]:
        """The words of a line, in the same language, whose meaning a sentence has in other words.

        Not where it has the words themselves: of a thing that is named twice it would lose one.
        """
        roles = (*MEANT, Role.PARTNERSHIP, Role.KIND)
        own = self._own.told(said)
        held = {w.stem for w in line.words}
        mine = {
            (s.meaning.role, s.meaning.value)
            for s in self._meanings.spans(self.language, said, words(said, self.language))
            if s.meaning.role in roles and any(w.stem not in held for w in own[s.start : s.end])
        }
        spans = self._meanings.spans(self.language, line.text, words(line.text, line.language))
        return said_otherwise(spans, mine, denied=False)

    def written(self, said: str) -> str:
        """A sentence with its numbers written as in English: "4,5" and "25.000" are other ones."""
        if self.language == "en" or _mark(self.language) != ",":
            return said
        grouped = re.sub(r"(?<=\d)[.\u202f ](?=\d{3}(?!\d))", "", said)
        return re.sub(r"(\d),(\d{1,2})(?!\d)", r"\1.\2", grouped)

    def _quotes(self, said: str, line: Line, unit: Unit) -> str:
        held = " ".join("\n".join((line.text, *line.around)).split()).casefold()
        for quoted in _QUOTED.findall(said):
            if " ".join(quoted.split()).casefold().strip(" .,;") not in held:
                return f"“{quoted}” is no quotation of it"
        return ""

    def _addresses(self, said: str, line: Line, unit: Unit) -> str:
        held = {a.casefold().rstrip(".,;/") for a in _ADDRESS.findall(line.text)}
        for address in _ADDRESS.findall(said):
            if address.casefold().rstrip(".,;/") not in held:
                return f"{address} is not in it"
        return ""

    def _numbers(self, said: str, line: Line, unit: Unit) -> str:
        held = numbers_in(line.text) | self._worded(line.text, unit.language)
        around = _named_numbers(line.around)
        own = words(said, self.language)
        undated = _DAY.sub(" ", said)  # seen to as a date
        called = self._numbers_called(said, line)
        for number in numbers_in(undated) | self._worded(said, self.language):
            if number in held | called or (
                number in _dated(unit.dates)
                and all(self._in_date(own, at, said) for at in _at(own, number))
            ):
                continue
            if not any(_before(own, at) in around.get(number, ()) for at in _at(own, number)):
                return f"the number {number} is not in it"
        sizes = self._own.sizes_of(said) - tongue(unit.language).sizes_of(line.text)
        return f"“{min(sizes)}” is not in it" if sizes else ""

    def _numbers_called(self, said: str, line: Line) -> frozenset[str]:
        """The numbers that are part of what a record is called, whatever the language."""
        own = words(said, self.language)
        held = self._meanings.held(line)
        inside = {
            i
            for s in self._meanings.spans(self.language, said, own)
            if s.meaning.role is Role.ENTITY and (s.meaning.role, s.meaning.value) in held
            for i in range(s.start, s.end)
        }
        outside = {w.folded for i, w in enumerate(own) if i not in inside}
        return frozenset(own[i].folded for i in inside if is_digits(own[i])) - outside

    def _in_date(self, own: list[Word], at: int, said: str) -> bool:
        """Whether a number is part of a date, not of a count: "in 2020", not "2020 regions"."""
        after = own[at + 1] if at + 1 < len(own) else None
        if {w.folded for w in (*own[max(at - 1, 0) : at], *own[at + 1 : at + 2])} & self._months:
            return True
        if not re.fullmatch(r"(?:19|20)\d\d", own[at].folded):
            return False
        told = said[own[at].end :].lstrip()[:1]
        return after is None or told in ".,;:!?)" or (at > 0 and after.folded in self._own.neutral)

    def _worded(self, text: str, language: str) -> frozenset[str]:
        known = number_words_in(text, language) if language in languages() else frozenset()
        return (known | tongue(language).numbers_of(text)) - {"1"}

    def _dates(self, said: str, line: Line, unit: Unit) -> str:
        held = (*_days(line.text, unit.language), *unit.dates)
        for day in _days(said, self.language):
            # As exact as the evidence at most: "May 2021" is carried by "12 May 2021" alone.
            if not any(day.first <= d.first and d.last <= day.last for d in held):
                return f"the date {day} is not in it"
        return ""

    def _names(self, said: str, line: Line, unit: Unit) -> str:
        for start, end in _namelike(said):
            name = said[start:end]
            tokens = [
                w
                for n, w in enumerate(words(name, self.language))
                if not self._is_no_name(said, start + w.start, w, alone=n == 0)
            ]
            if tokens and not self._stands(tokens, line) and not self._meant(name, line):
                return f"the name {name} is not in it"
        return ""

    def _is_no_name(self, said: str, at: int, word: Word, *, alone: bool) -> bool:
        """Whether a word has its capital for another reason than being a name."""
        own = self._own
        if word.folded in own.neutral | own.operators | own.numbers.keys() | self._common:
            return True
        if word.folded[:1].isdigit() or word.folded in self._months | own.sizes.keys():
            return True
        if self._meanings.of(word.folded, self.language, (Role.KIND, Role.FIELD, Role.CHOICE)):
            return True
        before = words(said[:at], self.language)
        return alone and bool(before) and own.is_noun(before[-1].folded, word.folded)

    def _stands(self, tokens: list[Word], line: Line) -> bool:
        """Whether the words of a name stand together in the line or in what it stands under."""
        wanted = [w.folded for w in tokens]
        loose = self.language != line.language
        return any(
            all(
                _same(a, b, loose) for a, b in zip(wanted, held[at : at + len(wanted)], strict=True)
            )
            for held in line.runs
            for at in range(len(held) - len(wanted) + 1)
        )

    def _meant(self, name: str, line: Line) -> bool:
        """Whether a name is another one of something that the line names."""
        named = self._meanings.of(
            name, self.language, (Role.ENTITY, Role.COUNTRY, Role.PARTNERSHIP)
        )
        return bool(named & self._meanings.held(line))

    def _words(self, said: str, line: Line) -> str:
        """The first word of a sentence that its evidence, in the same language, does not have."""
        spans = self._meanings.spans(self.language, said, words(said, self.language))
        own = self._own.told(said)
        held = self._meanings.held(line, lent=MEANT_NAMES)
        # Of "committed" and "not committed" a word for the same meaning would lose the "not".
        denied = self._own.denies(line.text) or denied_around(line, self._own)
        meant = set(said_otherwise(spans, held, denied=denied))
        for i, word in enumerate(own):
            one_of = [w.folded for w in own[i : i + 2]] == _ONE_OF
            known = word.folded in self._own.neutral or word.stem in line.stems or one_of
            if not known and i not in meant and not word.folded[:1].isdigit():
                return f"“{said[word.start : word.end]}” is not in it"
        return lent_fault(own, line, self._own, meant)

    def _abroad(self, said: str, line: Line) -> str:
        """What a sentence in another language than its evidence says otherwise than that."""
        theirs = tongue(line.language)
        if self._own.denies(said) != (theirs.denies(line.text) or denied_around(line, theirs)):
            return "one of the two denies what the other says"
        lent = (*MEANT, Role.PARTNERSHIP, Role.KIND)
        held = self._meanings.held(line, lent=MEANT_NAMES)
        around = self._meanings.of(" . ".join(line.around), line.language, lent)
        if sum(role is Role.CHOICE for role, _ in around) == 1:  # else it is one of several
            held |= around
        for role, value in sorted(
            self._meanings.of(said, self.language, (Role.CHOICE, Role.COUNTRY))
        ):
            if (role, value) not in held:
                return f"“{value.rpartition('=')[2]}” is not in it"
        return self._other_kind(said, line) or order_fault(said, line, self._own, names_only=True)

    def _other_kind(self, said: str, line: Line) -> str:
        """A number that counts another kind of thing than in the line."""
        theirs = self._meanings.counts(line.text, line.language)
        for number, kind in self._meanings.counts(said, self.language):
            own = {k for n, k in theirs if n == number}
            others = {k for n, k in theirs if n != number}
            if kind not in own and (own or kind in others):
                return f"it is not {number} of those"
        return ""


def _namelike(text: str) -> list[tuple[int, int]]:
    """The stretches of words that begin with a capital, only spaces between them."""
    found: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        if not match[0][0].isupper():
            continue
        if found and text[found[-1][1] : match.start()].isspace():
            found[-1] = (found[-1][0], match.end())
        else:
            found.append(match.span())
    return found


def _bare(text: str) -> str:
    return " ".join(plain(text).split()).strip(" .,;:!")


def _mark(language: str) -> str:
    """The decimal mark of a language."""
    if language in languages():
        return load_vocabulary(language).decimal
    try:
        return get_decimal_symbol(language)
    except UnknownLocaleError:
        return "."


def _months(language: str) -> frozenset[str]:
    """The names of the months in a language, as they are written in dates."""
    known = demands(language).months if language in languages() else frozenset()
    try:
        names = get_month_names("wide", locale=language).values()
    except UnknownLocaleError:
        return known
    return known | {fold(name) for name in names}


def _days(text: str, language: str) -> tuple[PartialDate, ...]:
    return days_in(text, language if language in languages() else "en")


def _dated(dates: Iterable[PartialDate]) -> frozenset[str]:
    """The numbers of which the dates of the evidence consist."""
    return frozenset(n for date in dates for n in (*numbers_in(str(date)), str(date.first.year)))


def _named_numbers(around: Iterable[str]) -> dict[str, set[str]]:
    """Numbers that belong to a name ("project 3", "review 2023"), with the word before each."""
    found: dict[str, set[str]] = {}
    for text in around:
        own = words(text)
        for at, word in enumerate(own):
            if word.folded[:1].isdigit():
                found.setdefault(word.folded, set()).add(_before(own, at))
    return found


def _before(own: list[Word], at: int) -> str:
    return own[at - 1].stem if at else ""


def _at(own: list[Word], number: str) -> list[int]:
    return [i for i, word in enumerate(own) if word.folded.replace(",", "") == number]


def _same(said: str, held: str, loose: bool) -> bool:
    """Whether a word of a name is that of the evidence; ``loose``: but for an ending."""
    if said == held:
        return True
    grown = len(said) - len(held)
    return loose and len(held) >= _ROOT and said.startswith(held) and 0 < grown <= _ENDING
