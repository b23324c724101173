"""How answers from records read: sentences, lists, tables and notes, each with its evidence."""

import pytest

from app.answering.answer import Status
from app.answering.series import vouches
from corpus.values import PartialDate


def said(answer):
    """The text without markers of citations."""
    return " ".join(part for part in answer.text.split() if not part.startswith("["))


def cited(answer):
    return {(c.source.id, c.quote) for c in answer.citations}


# --- Fields ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "sentence", "evidence"),
    [
        ("What is the budget of project 3?", "The budget of project 3 (Sensor Sails) is €900,000.",
         ("coast-brief", "Budget: €900,000")),
        ("Where does Tomasz Wilk work?", "Tomasz Wilk works at Baltic Yarn Works.",
         ("coast-brief", "Organisation: Baltic Yarn Works")),
        ("What is the rating of SDG 4?",
         "Sustainable Development Goal 4 (Quality education) is rated “neutral”.",
         ("coast-review", "Rating: neutral")),
    ],
)  # fmt: skip
def test_a_field_is_said_in_a_sentence_and_quoted_from_its_line(
    woven, question, sentence, evidence
):
    answer = woven.ask(question)
    assert said(answer) == sentence
    assert cited(answer) == {evidence}


def test_a_person_comes_with_where_they_work_and_how_to_reach_them(woven):
    answer = woven.ask("Who coordinates natural dyes?")
    assert "Beatriz Moura (Costa Weave Centre, beatriz@weave.example)" in answer.text
    assert ("coast-brief", "E-mail: beatriz@weave.example") in cited(answer)


def test_several_leaders_are_all_named(woven):
    answer = woven.ask("Which regions lead natural dyes?")
    assert "Costa Verde" in answer.text
    assert "Altamira" in answer.text


def test_the_as_of_date_of_an_answer_is_that_of_its_evidence(woven):
    assert str(woven.ask("What is the budget of project 3?").as_of) == "March 2022"
    assert str(woven.ask("What is the rating of SDG 4?").as_of) == "June 2023"


def test_some_of_what_was_asked_is_not_stated(woven):
    answer = woven.ask("What are the budget and the requested support of project 1?")
    assert answer.status is Status.ANSWERED
    assert "€2.4 million" in answer.text
    assert any("requested support" in note for note in answer.notes)


# --- Lists -------------------------------------------------------------------------------------


def test_a_short_list_is_a_sentence(woven):
    answer = woven.ask("Which regions are interested?")
    assert said(answer).endswith("Highmoor and Bretagne Sud.")
    assert said(answer).startswith("2 interested regions, as of June 2023")


def test_a_long_list_has_a_line_for_each_with_evidence_of_its_own(woven):
    answer = woven.ask("List the regions")
    lines = [line for line in answer.text.split("\n") if line.startswith("- ")]
    assert len(lines) == 7
    assert len({line.split("[")[1] for line in lines}) == 7


def test_a_list_has_a_table_of_what_it_tests(woven):
    table = woven.ask("Which regions are Nordic?").table
    assert table.header[0] == "region"
    assert "country" in table.header
    assert {row[0] for row in table.rows} == {"Fjordmark", "Skogland"}
    assert all(len(row) == len(table.header) for row in table.rows)


def test_a_list_with_the_fields_asked_for(woven):
    answer = woven.ask("List all projects with their budgets")
    assert "€2.4 million" in answer.text
    assert "not stated" in answer.text


def test_nothing_that_fits_is_no_answer(woven):
    answer = woven.ask("Which regions are from Iceland?")
    assert answer.status is Status.ABSTAINED
    assert answer.citations == ()


def test_nothing_that_fits_is_said_of_how_many(woven):
    assert "none of the 9 regions" in woven.ask("Which regions are from Iceland?").text


def test_what_was_counted_is_said(woven):
    (note,) = woven.ask("Which thematic areas are not active?").notes
    assert "4 thematic areas" in note
    assert "activity is not active" in note


# --- Computed ----------------------------------------------------------------------------------


def test_a_sum_shows_its_parts_and_what_is_missing(woven):
    answer = woven.ask("What is the total budget of the projects?")
    assert "€19.8 million" in answer.text
    for part in ("€2.4 million", "€4.5 million", "€900,000", "€12 million"):
        assert part in answer.text
    assert len(answer.citations) == 4
    assert any("4 of 5 projects" in note for note in answer.notes)


def test_the_largest_is_the_largest_that_is_stated(woven):
    answer = woven.ask("Which project has the largest budget?")
    assert "that is stated is €12 million: project 5 (Open Mill)" in answer.text


def test_a_comparison_says_which_has_more(woven):
    answer = woven.ask("Compare the budget and the duration of project 1 and project 3")
    assert "€2.4 million; project 3: €900,000 (project 1 has more, by €1.5 million)" in answer.text
    assert "3 years; project 3: 2 years (project 1 is longer, by 1 year)" in answer.text
    assert ".;" not in answer.text
    assert answer.table is not None


# --- Membership --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("Is Westhaven in WCP?", "Yes. Westhaven is one of the leading regions of WCP"),
        ("Is Skogland in WCP?", "Yes. Skogland is a participating region of WCP"),
        ("Is Highmoor in WCP?", "Highmoor has expressed interest in WCP but is not committed"),
        ("Is Atlantis in WCP?", "There is no record of Atlantis in WCP"),
        ("Is Bretagne in WCP?", "Bretagne Sud has expressed interest in WCP"),  # part of a name
    ],
)
def test_the_four_outcomes_are_worded_apart(woven, question, start):
    assert woven.ask(question).text.startswith(start)


def test_no_record_tells_of_the_lists_and_how_to_join(woven):
    answer = woven.ask("Is Atlantis in WCP?")
    assert "7 committed and 2 interested regions (lists as of June 2023)" in answer.text
    assert "To join: Sign the charter" in answer.text
    assert answer.citations


def test_two_regions_at_once(woven):
    text = woven.ask("Are Fjordmark and Highmoor in WCP?").text
    assert "Fjordmark is a participating region" in text
    assert "Highmoor has expressed interest" in text


# --- Figures over time -------------------------------------------------------------------------


def test_a_course_is_told_in_order_of_time(woven):
    text = woven.ask("How many regions were committed over time?").text
    assert "4 regions (May 2021) → 6 regions (March 2022) → 7 regions (June 2023)" in text


def test_the_figure_of_a_date(woven):
    assert "6 regions (March 2022)" in woven.ask("How many regions were committed in 2022?").text


def test_other_figures_that_sources_state_stand_beside_a_count(woven):
    answer = woven.ask("How many regions are committed?")
    assert "7" in answer.text
    assert any("4 regions (May 2021)" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("when", "wanted", "told"),
    [
        ("2020-01", "2020-01", True),
        ("2020-01", "2020", True),
        ("2018-10", "2018-10-08", True),  # as near as a month
        ("2020", "2020-01", False),  # a year alone vouches for no month of it
        ("2019-07", "2020-01", False),
    ],
)
def test_a_figure_speaks_for_the_dates_that_it_covers(when, wanted, told):
    assert vouches(PartialDate.parse(when), PartialDate.parse(wanted)) is told


# --- Labels and amounts ------------------------------------------------------------------------


def test_a_label_that_is_no_noun_is_not_said_as_one(woven):
    vocabulary = woven.vocabulary
    predicates = [name for name, words in vocabulary.fields.items() if words.predicate]
    assert "governance_body.led_by" in predicates
    wording = woven.speaker.wording
    assert wording.label("governance_body", "led_by", 2) == "led by"
    assert wording.label("project", "partners", 1) == "number of partners"


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("Which projects have a budget above 3 million?", "budget more than 3,000,000"),
        ("Which projects last longer than 2 years?", "duration more than 24 months"),
    ],
)
def test_a_bound_is_said_as_people_write_it(woven, question, condition):
    assert condition in woven.ask(question).text


def test_who_is_not_told_by_texts_that_nobody_named(woven):
    assert "requirement" not in woven.ask("Who proposed it?").text


def test_none_is_said_where_every_record_states_another_choice(woven):
    answer = woven.ask("Which goals does WCP disagree with?")
    assert answer.status is Status.ANSWERED
    assert answer.text.startswith("None of the")
    assert answer.citations
    # A name that no record states may still be meant by what is not on record.
    assert woven.ask("Which goals are led by Rotterdam?").status is Status.ABSTAINED
