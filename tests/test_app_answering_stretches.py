import pytest

from app.answering.understanding import understand
from corpus.values import PartialDate


def stretch(question):
    return [(d.relation, d.date.iso()) for d in question.dates]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("What took place between May and July 2022?", ["2022-05", "2022-07"]),
        ("What took place between May 2022 and July 2022?", ["2022-05", "2022-07"]),
        ("What took place from 3 May to 30 June 2022?", ["2022-05-03", "2022-06-30"]),
        ("What took place from May 2022 until July?", ["2022-05", "2022-07"]),
        ("What took place between October and March 2022?", ["2021-10", "2022-03"]),
        ("What took place from October 2021 to March?", ["2021-10", "2022-03"]),
        ("What took place May to July 2022?", ["2022-05", "2022-07"]),
        ("What took place between 3 and 9 May 2022?", ["2022-05-03", "2022-05-09"]),
        ("What took place from the 3rd to the 9th of May 2022?", ["2022-05-03", "2022-05-09"]),
        ("What took place between 2021 and 2022?", ["2021", "2022"]),
    ],
)
def test_a_stretch_has_a_begin_and_an_end(woven, asked, found):
    assert stretch(understand(asked, woven.lexicon)) == [("from", found[0]), ("until", found[1])]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Which events are older than 2022?", [("before", "2022")]),
        ("Which events were later than May 2022?", [("after", "2022-05")]),
        ("Do 3 regions and 5 May 2022 go together?", [("in", "2022-05-05")]),
    ],
)
def test_a_side_of_a_date_is_said_in_two_words_too(woven, asked, found):
    assert stretch(understand(asked, woven.lexicon)) == found


@pytest.mark.parametrize(
    "asked", ["What took place in May and July 2022?", "What took place in May or July 2022?"]
)
def test_two_months_are_no_stretch(woven, asked):
    assert stretch(understand(asked, woven.lexicon)) == [("in", "2022-05"), ("in", "2022-07")]


def test_without_a_year_it_is_one_stretch_of_each(woven):
    (month,) = understand("What took place between 1 May and 15 July?", woven.lexicon).months
    assert month.of(2022) == PartialDate.parse("2022-05-01/2022-07-15")
    (month,) = understand("What took place between 1 and 15 July?", woven.lexicon).months
    assert month.of(2022) == PartialDate.parse("2022-07-01/2022-07-15")
    backwards = understand("What took place between October and March?", woven.lexicon)
    assert [m.of(2022) for m in backwards.months] == [None]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("Which events took place between January and November 2022?", {"Porto", "Gda\u0144sk"}),
        ("Which events took place between January and March?", {"Porto"}),
        ("Which events were there from May 2021 to March 2022?", {"Launch", "Porto"}),
        ("Which meetings were there from May 2021 to March 2022?", {"Porto"}),
    ],
)
def test_events_of_a_stretch_are_found(woven, asked, named):
    text = woven.ask(asked).text
    every = {"Launch", "Porto", "Gda\u0144sk", "Tallinn", "Oslo"}
    assert {name for name in every if name in text} == named


def test_meetings_are_counted_without_other_events(woven):
    assert woven.ask("How many meetings were held?").text.startswith("2 held meetings")
    assert woven.ask("How many events were held?").text.startswith("3 held events")
    assert "1 cancelled meeting" in woven.ask("Which meetings were cancelled?").text
