import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentence_spans


def sentences(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


@pytest.mark.parametrize(
    "whole",
    [
        "They use e.g. lithium or cobalt.",
        "Other metals, i.e. nickel, follow.",
        "The plant needs approx. 40 people.",
        "It costs ca. 5 million euros.",
        "Mr. Smith met Dr. Jones and Prof. Lee.",
        "See No. 5 on p. 12 and Fig. 3.",
        "Art. 5 says so.",
        "The market is worth € 2.7 billion a year.",
        "It grew by 3.5 percent, from 1.250,50 to 1.293,25.",
        "Read https://example.org/a.b/c.d?e=f&g=h. it is short.",
        "Write to first.last@example.org now.",
        "U.S. companies took part.",
        "Batteries, metals, etc. are listed.",
        "Anode vs. cathode is the question.",
        "Example Inc. has two sites.",
        "They said etc., and left",
        "1. Introduction",
        "2.3 Scope and aims.",
        "Version 2.0.1 is out",
        "Table row: a; b: c; d",
        "Well... maybe.",
        "no mark at all",
    ],
)
def test_one_sentence_stays_whole(whole: str) -> None:
    assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("Is it? Yes! Good.", ["Is it?", "Yes!", "Good."]),
        ("The answer is no. We left.", ["The answer is no.", "We left."]),
        ("He said “stop.” Then he left.", ["He said “stop.”", "Then he left."]),
        ("It ended (in May). Then June came.", ["It ended (in May).", "Then June came."]),
        ("Same. Same. Same.", ["Same.", "Same.", "Same."]),
        ("It began in 2020. 29 regions joined.", ["It began in 2020.", "29 regions joined."]),
        ("They left at 5 p.m. Then came night.", ["They left at 5 p.m.", "Then came night."]),
        ("First cell\nsecond cell\n\nthird", ["First cell", "second cell", "third"]),
        ("1. One thing.\n2. Another. More.", ["1. One thing.", "2. Another.", "More."]),
        ("  Spaces around.  \r\n next ", ["Spaces around.", "next"]),
    ],
)
def test_sentences_are_parted(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@pytest.mark.parametrize(
    ("language", "text", "parts"),
    [
        ("de", "Es kostet ca. 5 Mio. Euro, z.B. in Berlin. Das ist viel.", 2),
        ("fr", "M. Dupont est là. Il parle.", 2),
        ("es", "La Sra. López vive aquí. Sí.", 2),
        ("zh", "我们去。他来了！好", 3),
        ("xx", "An unknown language. Two sentences.", 2),
        ("en-GB", "A regional code. Two sentences.", 2),
    ],
)
def test_other_languages(language: str, text: str, parts: int) -> None:
    assert len(sentences(text, language)) == parts


@pytest.mark.parametrize("empty", ["", " ", "\n \t\n"])
def test_nothing_gives_nothing(empty: str) -> None:
    assert sentence_spans(empty) == []


def test_long_lines_are_read_in_reasonable_time() -> None:
    text = "This is one sentence of a long line, approx. so long. " * 1000
    assert len(sentence_spans(text)) == 1000
    assert len(sentence_spans("word " * 20_000 + ".")) == 1


@given(st.text(alphabet=st.sampled_from("aBc. !?\n\t1€…”()[]&ᓴ∯ȸ。é'\"-:;") | st.characters()))
def test_spans_hold_everything_but_white_space(text: str) -> None:
    spans = sentence_spans(text)
    end_before = 0
    for start, end in spans:
        assert end_before <= start < end
        assert not text[end_before:start].strip()
        assert text[start:end] == text[start:end].strip()
        end_before = end
    assert not text[end_before:].strip()
