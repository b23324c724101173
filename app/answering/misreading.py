"""When a query over records is no answer to the question that it was made from."""

from collections.abc import Sequence

from app.answering.conditions import BOUNDS
from app.answering.lexicon import NAMED_KINDS, NAMES, Role, Span
from app.answering.plans import Select
from app.answering.shares import asks_share
from app.answering.understanding import Question
from corpus.records import KINDS
from corpus.schema import Record, fields_of
from corpus.vocabulary import Vocabulary
from corpus.words import fold, words
from retrieval.query import ORDERED_TYPES, Aggregate, Condition, RecordQuery, Test

_NEAR = 3  # words from an article to its noun
_ENDING = 2  # letters that a plural has more, at most


def unread(question: Question, plan: Select) -> bool:
    """Whether what is excluded or bounded was not understood.

    What is computed leaves out by itself what states nothing: "ignoring those without a budget".
    """
    conditions = plan.query.conditions
    excluded = any(_excludes(condition) for condition in conditions)
    excluded = excluded or (computes(plan.query.aggregate) and question.has_cue("stating"))
    bounded = plan.having is not None
    bounded = bounded or any(condition.test in BOUNDS.values() for condition in conditions)
    excluding = bool(question.negations and not excluded)
    if excluding or bool(question.bounds and not bounded):
        return True
    nouns = [noun for noun in question.kinds() if noun.meaning.value == plan.query.kind]
    if plan.whole is None and asks_share(question, nouns):
        return True  # some of them would be listed, and no share told
    return _unranked(question, plan) or _uncompared(question, plan)


def _uncompared(question: Question, plan: Select) -> bool:
    """Whether "more advanced" is asked for and all are listed."""
    query = plan.query
    compared = computes(query.aggregate) or query.order or query.group or plan.having
    said = question.cue_words("compare") - question.cue_words("description", "stating")
    said -= frozenset(w for bound in question.bounds for w in bound.words) | question.dated
    return bool(question.direction and said) and not compared


def _unranked(question: Question, plan: Select) -> bool:
    """Whether "the most advanced" is asked for and all are listed; "minimum requirements" are."""
    query = plan.query
    ranked = computes(query.aggregate) or query.order or query.group or plan.having
    elsewhere = question.words_of([s for s in question.spans if s.meaning.role in NAMES])
    elsewhere |= question.dated | frozenset(w for b in question.bounds for w in b.words)
    elsewhere |= {kind.start - 1 for kind in question.kinds()}
    stated = [s for s, name in question.fields(query.kind) if name == "statement"]
    elsewhere |= question.words_of(stated)  # "requisiti minimi": what is required
    return not ranked and bool(question.cue_words("largest", "smallest") - elsewhere)


def computes(aggregate: Aggregate | None) -> bool:
    """Whether an aggregate computes a value from a field."""
    return aggregate not in (None, Aggregate.COUNT)


def is_no_answer(question: Question, query: RecordQuery, used: int) -> bool:
    """Whether what the query finds is not what is asked, though every word is explained.

    ``used`` is the number of words that its conditions take up.
    """
    if query.kind == "person" and query.aggregate:  # those whom the documents name are not all
        return any(c.path == "organisation" for c in query.conditions)
    listed = query.kind in NAMED_KINDS and not query.aggregate and not query.order
    if listed and question.yes_no and query.fields and not used:
        return True  # what all there are have says neither yes nor no
    return listed and _asks_how(question)  # a list of things is no way of doing something


def lists_for_one(question: Question, plan: Select, vocabulary: Vocabulary) -> bool:
    """Whether all there are would be listed where one is spoken of: "is the goal good"."""
    query = plan.query
    narrowed = query.aggregate or query.group or query.fields or plan.project or plan.having
    nouns = [noun for noun in question.kinds() if noun.meaning.value == query.kind]
    asked = question.has_cue("count", "order", "compare", "timeline") or any(
        cue.meaning.value == "list" and cue.start < noun.end
        for cue in question.of(Role.CUE) for noun in nouns
    )  # fmt: skip
    singular = (_in_singular(question, noun, vocabulary) for noun in nouns)
    return bool(nouns) and not (narrowed or asked) and all(singular)


def is_another(question: Question, record: Record, vocabulary: Vocabulary) -> bool:
    """Whether it is asked if something is a barrier, say, and a record is not that very thing.

    "Is cobalt a technical barrier?" is not answered by a material, nor by a barrier that mentions
    it.
    """
    indefinite = vocabulary.articles - vocabulary.definite_articles
    nouns = [s for s in question.kinds() if s.meaning.value not in NAMED_KINDS]
    for noun in nouns if question.yes_no else ():
        near = range(max(0, noun.start - _NEAR), noun.start)
        article = next((i for i in near if question.words[i].folded in indefinite), 0)
        said = {question.words[i].stem for i in question.content if i < article}
        if said:
            kinds = {s.meaning.value for s in nouns}
            plain = vocabulary.function_words
            names = [
                {w.stem for w in words(n) if w.folded not in plain}
                for n in (record.name, *record.aliases)
            ]
            return record.kind not in kinds or said not in names
    return False


def _in_singular(question: Question, noun: Span, vocabulary: Vocabulary) -> bool:
    """Whether a kind is named by a word that has a longer form among its words."""
    last = question.words[noun.end - 1]
    said = fold(question.text[last.start : last.end])
    forms = {fold(w.split()[-1]) for w in vocabulary.kinds[noun.meaning.value].words}
    longer = (f for f in forms if len(said) < len(f) <= len(said) + _ENDING)
    return said in forms and any(form.startswith(said[:-1]) for form in longer)


def _asks_how(question: Question) -> bool:
    """Whether "how" stands alone: not in "how many", "how much" or "how long"."""
    counting = question.cue_words("count") | question.words_of(
        [s for s in question.of(Role.ANSWER) if s.meaning.value.startswith("how_")]
    )
    return any(
        s.meaning.value == "how" and s.start not in counting for s in question.of(Role.ANSWER)
    )


def asks_more(question: Question, kind: str, field: str) -> bool:
    """Whether fields that have an order are asked for beside the one that is computed."""
    specs = fields_of(KINDS[kind])
    named = question.words_of([s for s, n in question.fields(kind) if n == field])
    others = [s for s, n in question.fields(kind) if specs[n].type in ORDERED_TYPES]
    return any(not question.words_of([span]) & named for span in others)


def _excludes(condition: Condition) -> bool:
    return condition.test in (Test.IS_NOT, Test.NOT_STATED) or condition.values == (False,)


def said_of(question: Question, kind: str, text: Sequence[str], nouns: Sequence[Span]) -> bool:
    """Whether a named thing is said to be one of a kind: "is X a technical barrier".

    What a record of the kind mentions is not the record.
    """
    if kind in NAMED_KINDS or not nouns or nouns[0].start == 0:
        return False
    named = question.words_of(question.entities) & set(range(nouns[0].start))
    return any(question.words[i].folded in text for i in named)


def telling(question: Question, kind: str) -> list[Span]:
    """Names, places and values: what makes a list an answer to a question for yes or no."""
    own = {s.start for s in question.of(Role.PARTNERSHIP)}
    named = [s for s in question.entities if s.start not in own]
    values = [span for span, _, _ in question.choices(kind)]
    return [*named, *question.countries_named, *values]


def is_head(question: Question, noun: Span) -> bool:
    """Whether the noun is what the question asks for: the first kind that it names."""
    return all(noun.start <= other.start for other in question.kinds())
