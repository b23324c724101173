"""Shares of all records of a kind, and counts by a field or a year."""

import pytest


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("What percentage of the regions is Polish?", "14 % (1 of 7 regions): Nadmorze."),
        ("What share of the regions lead?", "29 % (2 of 7 regions): Westhaven and Costa Verde."),
        ("What share of the regions are interested?", "22 % (2 of 9 regions)"),
        ("What proportion of the projects is led by Baltic Yarn Works?", "20 % (1 of 5 projects)"),
    ],
)
def test_a_share_is_computed_over_all_of_them(woven, question, share):
    answer = woven.ask(question)
    assert answer.text.startswith(share)
    assert answer.citations
    assert "Counted:" in str(answer.notes[0])


def test_a_share_of_nothing_that_is_counted_is_none(woven):
    assert " % (" not in woven.ask("What is the share of the regions?").text


@pytest.mark.parametrize(
    "question", ["How many events per year?", "How many events were held each year?"]
)
def test_events_are_counted_by_year(woven, question):
    text = woven.ask(question).text
    assert "- 2022: 2 events (Porto meeting and Gda\u0144sk meeting)" in text
    assert "- 2021: 1 event (Launch of Woven Coasts)" in text


def test_regions_are_counted_per_country(woven):
    assert "- Poland: 1 region (Nadmorze)" in woven.ask("How many regions per country?").text


@pytest.mark.parametrize(
    "question",
    ["What share of the Polish regions lead?", "What proportion of leading regions are Polish?"],
)
def test_a_share_of_some_is_not_told_of_all(woven, question):
    assert " % (" not in woven.ask(question).text
