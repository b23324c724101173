from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.words import fold, folded_words, stem, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ångström", "angstrom"), ("Łódź", "lodz"), ("Øresund", "oresund"), ("STRASSE", "strasse"),
        ("Straße", "strasse"), ("ﬁre", "fire"), ("ÉTÉ", "ete"), ("Ελλάδα", "ελλαδα"), ("", ""),
    ],
)  # fmt: skip
def test_folding(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Which regions?", ["which", "regions"]),
        ("Europe's R&D in the EU28", ["europe", "r&d", "in", "the", "eu28"]),
        ("the region’s budget", ["the", "region", "budget"]),
        ("EUR 25,267,000 or 3.5 %", ["eur", "25,267,000", "or", "3.5"]),
        ("don't e-mail A_B", ["don't", "e", "mail", "a", "b"]),
        ("1,000. Next", ["1,000", "next"]),
        ("... – !", []),
        ("", []),
    ],
)
def test_the_words_of_a_text(text, found):
    assert [word.folded for word in words(text)] == found
    assert list(folded_words(text)) == found


def test_stems_bring_forms_together():
    assert stem("regions") == stem("region")
    assert stem("leading") == stem("leads")
    assert stem("regiones", "es") == stem("región", "es") or stem("regiones", "es") == "region"


def test_a_language_without_a_stemmer_keeps_its_words():
    assert stem("regions", "xx") == "regions"
    assert [w.stem for w in words("All regions", "xx")] == ["all", "regions"]


@given(st.text(max_size=60))
def test_every_word_has_its_place(text):
    found = words(text)
    for word in found:
        assert text[word.start : word.end].strip()
        assert 0 <= word.start < word.end <= len(text)
        assert fold(text[word.start : word.end]).replace("’", "'").startswith(word.folded)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(st.text(max_size=40))
def test_folding_ignores_case_and_is_done_at_once(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("several", "one"), [("sdgs", "sdg"), ("trls", "trl"), ("wps", "wp"), ("css", "css")]
)
def test_several_of_an_abbreviation_have_its_stem(several: str, one: str) -> None:
    assert stem(several) == stem(one) == one
