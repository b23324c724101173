"""What a refusal says is missing: the thing that nothing is said of, or the kind of answer."""

from app.answering.asked import Asked

_MOST = 3  # names that a refusal gives
_COMMON = 2e-6  # share of running text; a word that is as frequent is no name
_NOTHING = "The documents do not hold an answer to this."
# Kinds of answer, the most telling first: of several that are asked for, one is said to be missing.
_KINDS = (
    ("phone", "no telephone number"),
    ("email", "no e-mail address"),
    ("money", "no sum of money"),
    ("share", "no share"),
    ("duration", "no duration"),
    ("person", "no name"),
    ("name", "no names"),
    ("agent", "nobody by name"),
    ("date", "no date"),
    ("number", "no figure"),
)


def missing_in_words(asked: Asked) -> str:
    """The first sentences of a refusal."""
    if asked.is_order:
        return "I only answer questions, from the documents that I hold."
    if asked.is_future:
        return f"{_NOTHING} They say nothing of what is yet to come."
    names = _unknown_names(asked)
    if names:
        return (
            f"{_NOTHING} {_listed(names)} {'is' if len(names) == 1 else 'are'} not named in them."
        )
    kind = next((said for need, said in _KINDS if need in asked.needs), "")
    return f"{_NOTHING} They give {kind} for it." if kind else _NOTHING


def _unknown_names(asked: Asked) -> list[str]:
    """The names and rare words of the question that stand nowhere in the documents, as written."""
    text, found = asked.question.text, []
    by_number = {s for n in asked.numbered for s in n.own}  # "WP4" may be written out
    for i in asked.content:
        word = asked.question.words[i]
        if (
            word.stem not in by_number
            and not asked.known(word.folded)
            and not asked.is_word(word.folded, _COMMON)
        ):
            found.append(text[word.start : word.end])
    return list(dict.fromkeys(found))[:_MOST]


def _listed(names: list[str]) -> str:
    return " and ".join(f"“{name}”" for name in names)
