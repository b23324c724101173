"""The language of a text: of a question, of a passage, of a document.

Naive Bayes over byte n-grams (py3langid, after Lui and Baldwin, "langid.py: An Off-the-shelf
Language Identification Tool", ACL 2012), kept from taking names for language: a question like
"Is Rio de Janeiro in?" is an English one. Its words are therefore also looked at without what is
written as a name, and that look counts twice.
"""

import re
from functools import cache, lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# ISO 639-1. A short text is told apart among these only: the more languages there are to choose
# from, the more often a few words look like one that nobody meant.
LANGUAGES = (
    "en", "es", "fr", "de", "it", "sl", "fi", "nl", "no", "da", "sv", "pt", "ro", "pl",
)  # fmt: skip
_LONG = 120  # characters from which a text tells any language that the model knows
_SURE = 0.5  # probability from which a language is named
_SURE_LONG = 0.8
_PLAIN_SHARE = 1 / 3  # weight of the look at the text as it stands, names included
_READ = 2000  # characters that are looked at
_SAME = {"nb": "no", "nn": "no"}

_WORD = re.compile(r"[^\W_]+(?:['’&/-][^\W_]+)*")
# What stands between the parts of one name: "Rio de Janeiro", "Bosnia and Herzegovina".
_LINKS = frozenset(
    {"and", "d", "da", "de", "del", "della", "den", "der", "des", "di", "do", "du", "e", "et", "i",
     "l", "la", "las", "le", "les", "los", "of", "the", "van", "von", "y", "zu"}
)  # fmt: skip
_LONGEST_LINK = 3  # words


@cache
def _model() -> LanguageIdentifier:
    """The model, read when it is first needed: that takes about a second."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@lru_cache(maxsize=2_000)
def detect(text: str) -> str | None:
    """The language of a text (ISO 639-1; Norwegian of either form is ``no``).

    None where the text does not tell: it is too short, nothing but names, or the model is in
    doubt. A text of under 120 characters is one of `LANGUAGES` or None.
    """
    text = " ".join(text[:_READ].split())
    if len(text) >= _LONG:
        likely = _likely(text)
        best = max(likely, key=lambda code: (likely[code], code))
        return best if likely[best] >= _SURE_LONG else None
    common = _without_names(text)
    # A single word may always be a name that begins with a capital as every text does.
    if not common or " " not in text:
        return None
    plain, bare = _likely(text), _likely(common)
    shares = {
        code: _PLAIN_SHARE * _among(plain, code) + (1 - _PLAIN_SHARE) * _among(bare, code)
        for code in LANGUAGES
    }
    best = max(shares, key=lambda code: (shares[code], code))
    return best if shares[best] >= _SURE else None


def language_of(text: str, otherwise: str) -> str:
    """The language of a text of some length; ``otherwise`` where it is short or does not tell."""
    return detect(text) or otherwise if len(text) >= _LONG else otherwise


def _likely(text: str) -> dict[str, float]:
    """The probability of each language that the model knows."""
    likely: dict[str, float] = {}
    for label, share in _model().rank(text):
        code = _SAME.get(label, label)
        likely[code] = likely.get(code, 0.0) + share
    return likely


def _among(likely: dict[str, float], code: str) -> float:
    """The probability of a language when it has to be one of `LANGUAGES`."""
    return likely[code] / (sum(likely[other] for other in LANGUAGES) or 1.0)


def _without_names(text: str) -> str:
    """The words that are not written like a name, a number or an abbreviation, in small letters."""
    words: list[str] = _WORD.findall(text)
    named = _named(words)
    return " ".join(word.lower() for n, word in enumerate(words) if n not in named)


def _named(words: list[str]) -> set[int]:
    """Which words belong to names; the first only with a link after it, as it has a capital."""
    capital = [word[0].isupper() for word in words]
    named = {n for n, word in enumerate(words) if (n and capital[n]) or not _spoken(word)}
    for n in range(len(words)):
        after = n + 1
        while after < len(words) and words[after] in _LINKS:
            after += 1
        linked = capital[n] and n + 1 < after <= n + 1 + _LONGEST_LINK
        if linked and after < len(words) and capital[after]:
            named.update(range(n, after))
    return named


def _spoken(word: str) -> bool:
    """Whether a word has no digit and no capital but its first letter."""
    return word[1:] == word[1:].lower() and not any(c.isdigit() for c in word)
