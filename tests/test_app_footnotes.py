"""One form of footnote: what it names, in which order, in six languages."""

from dataclasses import replace
from datetime import date

import pytest
from stub_assistant import NOTE, REPORT, overview

from app.footnotes import ENGLISH, FORMS, Reference, entry, footnote, numbered
from corpus.values import PartialDate

DAY = date(2025, 11, 22)
FULL = Reference(NOTE, 4, 5, "State of play", PartialDate.parse("2014/2015"), "Two\n  lines")


def test_all_parts_in_their_order() -> None:
    assert str(footnote(FULL, accessed=DAY, quoted=True)) == (
        "Scoping note: the partnership at a glance, The Lakeside Partnership, September 2020, "
        "pp. 4-5, State of play, as of 2014 to 2015, https://partnership.example/note "
        "(accessed 22 November 2025). “Two lines”"
    )


def test_what_is_not_known_is_left_out() -> None:
    source = replace(REPORT, publisher="", date=None)
    assert str(footnote(Reference(source), accessed=DAY, quoted=True)) == (
        "Progress report, January - June 2020."
    )


def test_a_date_of_access_belongs_to_a_link() -> None:
    assert "accessed" not in str(footnote(Reference(REPORT), accessed=DAY))
    assert str(footnote(Reference(NOTE))).endswith(", https://partnership.example/note")


def test_a_page_is_named_once() -> None:
    there = replace(FULL, page=4, page_end=None, section="page 4, the ecosystem")
    assert ", p. 4, the ecosystem, " in str(footnote(there))
    assert ", p. 4, as of" in str(footnote(replace(there, section="page 4")))
    assert ", page 41, as of" in str(footnote(replace(there, page=None, section="page 41")))


def test_the_date_of_the_statement_is_named_only_where_it_is_another() -> None:
    same = replace(FULL, as_of=NOTE.date)
    assert "as of" not in str(footnote(same))
    assert "as of 2012" in str(footnote(replace(FULL, as_of=PartialDate.parse("2012"))))


def test_the_link_can_be_told_apart() -> None:
    note = footnote(FULL, accessed=DAY)
    assert note.url == NOTE.url
    assert note.before.endswith(", ")
    assert f"{note.before}{note.url}{note.after}" == str(note)


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [(None, None, ""), (3, None, "p. 3"), (3, 3, "p. 3"), (2, 4, "pp. 2-4")],
)
def test_pages(first: int | None, last: int | None, text: str) -> None:
    assert ENGLISH.place(first, last) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "septiembre de 2020, pp. 4-5, State of play, a fecha de 2014–2015"),
        ("fr", "septembre 2020, p. 4-5, State of play, état : 2014–2015"),
        ("de", "September 2020, S. 4-5, State of play, Stand 2014–2015"),
        ("it", "settembre 2020, pp. 4-5, State of play, dati: 2014–2015"),
        ("sl", "september 2020, str. 4-5, State of play, stanje: 2014–2015"),
    ],
)
def test_footnotes_in_other_languages(language: str, text: str) -> None:
    assert text in str(footnote(FULL, FORMS[language]))


@pytest.mark.parametrize("language", sorted(FORMS))
@pytest.mark.parametrize("when", ["2018", "2018-10", "2018-10-08", "2018-10-08/2019-11-09"])
def test_a_date_names_its_year_and_no_more_than_is_known(language: str, when: str) -> None:
    text = FORMS[language].partial(PartialDate.parse(when))
    assert "2018" in text
    assert ("8" in text.replace("2018", "")) == (len(when) > 7)


def test_under_an_answer_it_has_its_number() -> None:
    _, second, _ = overview("q").citations
    assert numbered(second).startswith("[2] Progress report, January - June 2020, The Lakeside")
    assert second.quote not in numbered(second)
    assert second.quote in numbered(second, quoted=True)


def test_a_bibliography_lists_the_publication_as_a_whole() -> None:
    assert str(entry(NOTE, accessed=DAY)) == (
        "Scoping note: the partnership at a glance, The Lakeside Partnership, September 2020, "
        "https://partnership.example/note (accessed 22 November 2025)."
    )
