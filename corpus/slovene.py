"""Stems of Slovene words, for which there is no Snowball stemmer.

A light stemmer in the manner of Savoy, "Light Stemming Approaches for the French, Portuguese,
German and Hungarian Languages" (SAC 2006): only the endings of nouns and adjectives are taken off,
the longest that leaves a stem. Forms whose stem changes (``članec``, ``članka``) stay apart.
"""

_ENDINGS = sorted(
    [
        "a",
        "e",
        "i",
        "o",
        "u",
        "om",
        "em",
        "oma",
        "ema",
        "ov",
        "ev",
        "am",
        "ah",
        "ih",
        "im",
        "ami",
        "emi",
        "imi",
        "ega",
        "emu",
        "ejo",
    ],
    key=lambda ending: (-len(ending), ending),
)
_SHORTEST = 3  # letters of a stem


def stem(word: str) -> str:
    """The stem of a folded word: ``regijami``, ``regije`` and ``regij`` have one."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word.removesuffix(ending)
    return word
