"""A question in a conversation: what it takes over from the one before it."""

import re
from dataclasses import dataclass, replace

from app.answering.lexicon import Lexicon, Role
from app.answering.understanding import Question, understand
from corpus.records import KINDS
from corpus.schema import fields_of
from corpus.vocabulary import Vocabulary
from corpus.words import Word, words

# Kinds whose records are numbered in the publications.
_NUMBERED = frozenset(kind for kind, cls in KINDS.items() if "number" in fields_of(cls))
_SHORT = 4  # words of content up to which a question may lean on the one before


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question as understood, the names of what its answer was about, and listed."""

    question: Question
    subjects: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


def resolve(asked: str, before: Turn | None, lexicon: Lexicon) -> Question:
    """Understand a question; one that leans on the turn before it is completed from there."""
    question = understand(asked, lexicon)
    if before is None or small_talk(question, lexicon.vocabulary):
        return question
    rewritten = _completed(question, before, lexicon.vocabulary)
    if not rewritten:
        return question
    found = understand(rewritten, lexicon)
    # "Why?" is put before the whole question: that is no sentence to show to anybody.
    return found if question.content or question.numbers else replace(found, asked=question.asked)


def small_talk(question: Question, vocabulary: Vocabulary) -> str:
    """The reply to a greeting, to thanks or to "what can you do?"; empty for a question.

    To the last of several ("great, thanks"). It has places for the partnership's ``name`` and
    ``abbreviation``.
    """
    replies = {
        tuple(w.folded for w in words(phrase)): talk.reply
        for talk in vocabulary.small_talk
        for phrase in talk.phrases
    }
    left = tuple(w.folded for w in question.words)
    reply = ""
    while left:
        length = next((n for n in range(len(left), 0, -1) if left[:n] in replies), 0)
        if not length:
            return ""
        reply, left = replies[left[:length]], left[length:]
    return reply


def leaning_on(question: Question, before: Turn, lexicon: Lexicon) -> Question | None:
    """A question that names nothing, asked of what the turn before was about; else None."""
    subject = subject_of(before)
    if (
        names(question)
        or not subject
        or not question.of(Role.FIELD)
        or len(question.content) > _SHORT
    ):
        return None
    of = lexicon.vocabulary.of[0]
    leaning = understand(f"{question.text.rstrip('?.! ')} {of} {subject}?", lexicon)
    return replace(leaning, asked=question.asked)


def names(question: Question) -> bool:
    """Whether a question names anything that it may be about."""
    return bool(question.entities or question.countries() or question.of(Role.PARTNERSHIP))


def _completed(question: Question, before: Turn, vocabulary: Vocabulary) -> str:
    """The question with what it leaves out filled in; empty when it stands alone."""
    own = [w for w in question.words if w.folded in vocabulary.own_pronouns]
    named = question.entities or question.of(Role.COUNTRY) or question.of(Role.GROUP)
    begins = " ".join(w.folded for w in question.words[:2])
    continues = any(begins.startswith(opening) for opening in vocabulary.continuations)
    compared = question.has_cue("compare") and not continues
    if named and not (compared and any(w.folded in vocabulary.pronouns for w in question.words)):
        roles = (Role.FIELD, Role.KIND, Role.CHOICE)
        opening = 2  # words: "what about"
        own_topic = any(s.meaning.role in roles and s.start >= opening for s in question.spans)
        if continues and not own_topic:
            return _swapped(question, before)
        return ""
    subject = subject_of(before)
    if own and question.has_cue("membership") and subject and question.yes_no:
        return _replaced(question, own[0], subject)
    for completed in (_of_the_list, _dated, _numbered, _renumbered):
        if told := completed(question, before, vocabulary):
            return told
    articles = question.words_of([s for s in question.of(Role.FIELD) if s.end - s.start > 1])
    articles |= {s.start - 1 for s in question.of(Role.PARTNERSHIP)}
    pronouns = [
        w for i, w in enumerate(question.words)
        if w.folded in vocabulary.pronouns and i not in articles
    ]  # fmt: skip
    if pronouns and pronouns[0].folded in vocabulary.personal_pronouns and before.subjects:
        subject = before.subjects[0]  # somebody whom the answer named
    if pronouns and subject:
        return _replaced(question, pronouns[0], subject)
    short = len(question.content) <= _SHORT
    if continues and subject and short:
        return f"{question.text.rstrip('?.! ')} {vocabulary.of[0]} {subject}?"
    if not question.content and question.words:
        return f"{question.text.rstrip('?.! ')} {before.question.text}"
    return ""


def _replaced(question: Question, word: Word, subject: str) -> str:
    end = word.end
    following = [s for s in question.kinds() if question.words[s.start].start > end]
    if following and not question.text[end : question.words[following[0].start].start].strip(" an"):
        end = question.words[following[0].end - 1].end  # "such a project"
    return f"{question.text[: word.start]}{subject}{question.text[end:]}"


def _of_the_list(question: Question, before: Turn, vocabulary: Vocabulary) -> str:
    """The question with "the second one" named after what the answer before listed there."""
    if question.kinds() or len(before.listed) < 2:
        return ""
    for word in question.words:
        place = word.folded in vocabulary.ordinals and vocabulary.ordinals.index(word.folded)
        if place is False or place >= len(before.listed):
            continue
        name = before.listed[place]
        one = re.compile(r"\s*ones?\b").match(question.text, word.end)
        rest = question.text[one.end() if one else word.end :]
        after = next((w.folded for w in question.words if w.start >= word.end), "")
        if after and after not in vocabulary.function_words:
            continue  # "the first half of 2020"
        asked = f"{question.text[: word.start]}{name}{rest}"
        says = any(question.words[i] is not word for i in question.content)
        return asked if says else f"{vocabulary.what_is} {name}?"
    return ""


def _dated(question: Question, before: Turn, vocabulary: Vocabulary) -> str:
    """The question before with another date: "and in July 2020?", "and in July?" of its year."""
    said = question.dated | {i for month in question.months for i in month.words}
    if not said or question.content - said or question.of(Role.FIELD):
        return ""
    at = [question.words[i] for i in sorted(said)]
    text, words_of, old = before.question.text, before.question.words, before.question.dates
    new = question.text[at[0].start : at[-1].end]
    if not question.dates:
        if len(old) != 1:
            return ""
        new += f" {old[0].date.first.year}"
    if len(old) == 1:
        start, end = words_of[min(old[0].words)].start, words_of[max(old[0].words)].end
        return f"{text[:start]}{new}{text[end:]}"
    before_it = [w.folded for w in question.words if w.end <= at[0].start]
    opening = [word for word in before_it if word in vocabulary.prepositions]
    new = f"{opening[-1]} {new}" if opening else new
    return "" if old else f"{text.rstrip('?.! ')} {new}?"


def _numbered(question: Question, before: Turn, vocabulary: Vocabulary) -> str:
    """The question with "the fifth one" or "number 5" named after what was spoken of before."""
    kinds = [s.meaning.value.partition(":")[0] for s in before.question.entities]
    kinds += [s.meaning.value for s in before.question.kinds()]
    content = [question.words[i] for i in sorted(question.content)]
    for word in question.words:
        number = _number(word.folded, vocabulary)
        if not number or not kinds or question.kinds():
            continue
        noun = next((k for k in kinds if k in _NUMBERED), "")
        if not noun:
            continue
        if before.question.has_cue("largest", "smallest") and not word.folded.isdigit():
            return _next_in_rank(word, question, before, vocabulary)
        name = f"{vocabulary.kinds[noun].one} {number}"
        if question.of(Role.FIELD) or any(other is not word for other in content):
            end = word.end
            following = question.text[end:].lstrip()
            if following.startswith("one"):
                end = question.text.index("one", end) + len("one")
            return f"{question.text[: word.start]}{name}{question.text[end:]}"
        old = before.question.entities
        if old:
            said, text = before.question.words, before.question.text
            start, end = said[old[0].start].start, said[old[0].end - 1].end
            return f"{text[:start]}{name}{text[end:]}"
        return f"{vocabulary.what_is} {name}?"
    return ""


def _renumbered(question: Question, before: Turn, vocabulary: Vocabulary) -> str:
    """The question before, of another number: "and work package 5?" after one of package 4."""
    for noun in question.kinds():
        own = question.words_of([noun]) | {noun.end}
        if noun.end not in question.numbers or question.content - own:
            continue
        for old in before.question.kinds():
            if old.meaning == noun.meaning and old.end in before.question.numbers:
                said, text = before.question.words, before.question.text
                start, end = said[old.start].start, said[old.end].end
                new = question.words[noun.start].start, question.words[noun.end].end
                return f"{text[:start]}{question.text[new[0] : new[1]]}{text[end:]}"
    return ""


def _next_in_rank(word: Word, question: Question, before: Turn, vocabulary: Vocabulary) -> str:
    """The question before with "the second" put before its "largest": no second project."""
    said = before.question
    at = min(said.cue_words("largest", "smallest"))
    own = {question.words.index(word)}
    if word.folded not in vocabulary.ordinals or question.content - own:
        return ""
    start = said.words[at].start
    return f"{said.text[:start]}{word.folded} {said.text[start:]}"


def _number(word: str, vocabulary: Vocabulary) -> int:
    for row in (vocabulary.ordinals, vocabulary.numbers):
        if word in row and word != "one":
            return row.index(word) + 1
    return int(word) if word.isdigit() else 0


def subject_of(before: Turn) -> str:
    """What the turn before was about, in words."""
    spans = before.question.entities
    if spans:
        first, last = spans[0], spans[0]
        found = before.question.words
        return before.question.text[found[first.start].start : found[last.end - 1].end]
    return before.subjects[0] if before.subjects else _topic(before.question)


def _topic(question: Question) -> str:
    """The longest run of content words: what a question without known names was about."""
    runs: list[list[int]] = []
    for at in sorted(question.content):
        if runs and at == runs[-1][-1] + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    named = [r for r in runs if any(_names(question, at) for at in r)]
    best = max(named or runs[-1:], key=len, default=[])
    if not best:
        return ""
    return question.text[question.words[best[0]].start : question.words[best[-1]].end]


def _names(question: Question, at: int) -> bool:
    own = question.text[question.words[at].start : question.words[at].end]
    return (at > 0 and own[:1].isupper()) or any(c.isdigit() for c in own)


def _swapped(question: Question, before: Turn) -> str:
    """The question before with its name replaced by the one asked about now."""

    def places(q: Question) -> list[tuple[int, int]]:
        roles = (Role.ENTITY, Role.COUNTRY, Role.GROUP)
        return [(s.start, s.end) for s in q.spans if s.meaning.role in roles]

    new, old = places(question), places(before.question)
    if not new or not old:
        return ""
    text = before.question.text
    start = before.question.words[old[0][0]].start
    end = before.question.words[old[0][1] - 1].end
    name = question.text[question.words[new[0][0]].start : question.words[new[0][1] - 1].end]
    return f"{text[:start]}{name}{text[end:]}"
