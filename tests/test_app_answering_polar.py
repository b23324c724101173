"""Questions for yes or no about values, several fields in a row, and what two things differ by."""

import pytest

from app.answering.answer import Status
from app.answering.polar import _stronger
from app.answering.understanding import understand
from corpus.records import KINDS
from corpus.schema import fields_of


def said(answer):
    """The text without markers of citations."""
    return " ".join(part for part in answer.text.split() if not part.startswith("["))


@pytest.mark.parametrize(
    ("question", "verdict", "fact"),
    [
        # What a field refers to.
        ("Is project 1 led by Haven Fibre Lab?", "Yes.", "Haven Fibre Lab"),
        ("Does Baltic Yarn Works lead Denim Loop?", "No.", "Haven Fibre Lab"),
        ("Does Tomasz Wilk work for Baltic Yarn Works?", "Yes.", "Baltic Yarn Works"),
        ("Is Tomasz Wilk employed by Costa Weave Centre?", "No.", "Baltic Yarn Works"),
        ("Does Altamira lead natural dyes?", "Yes.", "Costa Verde and Altamira"),
        ("Does Skogland lead natural dyes?", "No, that is not on record.", "Costa Verde"),
        # A value to choose from, a country.
        ("Is thematic area 3 active?", "No.", "not active"),
        ("Is thematic area 2 active, yes or no?", "Yes.", "active"),
        ("Is Baltic Yarn Works Polish?", "Yes.", "Poland"),
        ("Is Costa Weave Centre from Spain?", "No.", "Portugal"),
        ("Is Nadmorze in Poland?", "Yes.", "Poland"),
        ("Is Fjordmark in Poland?", "No.", "Norway"),
        # A date.
        ("Did the Porto meeting take place in February 2022?", "Yes.", "3-4 February 2022"),
        ("Was the Porto meeting held in 2021?", "No.", "3-4 February 2022"),
        # A month or a day without its year, the begin and the end of a span of time.
        ("Did the Porto meeting take place in February?", "Yes.", "3-4 February 2022"),
        ("Was the Porto meeting in March?", "No.", "3-4 February 2022"),
        ("Was the Porto meeting in may?", "No.", "3-4 February 2022"),
        ("Was WCP launched on 12 May?", "Yes.", "12 May 2021"),
        ("Was WCP launched on 13 May?", "No.", "12 May 2021"),
        ("Was the Porto meeting in February 2021?", "No.", "3-4 February 2022"),
        # Before or after a date.
        ("Was the launch of Woven Coasts before 2022?", "Yes.", "12 May 2021"),
        ("Was the launch of Woven Coasts before 12 May 2021?", "No.", "12 May 2021"),
        ("Was the launch of Woven Coasts after 2020?", "Yes.", "12 May 2021"),
        ("Was WCP launched after 12 May 2021?", "No.", "12 May 2021"),
        ("Was WCP launched before 2021?", "No.", "12 May 2021"),
        ("Is the Porto meeting older than 2023?", "Yes.", "3-4 February 2022"),
        ("Is the Porto meeting newer than March 2022?", "No.", "3-4 February 2022"),
        # A text in its very words.
        ("Is project 4 looking for partners?", "Yes.", "Looking for partners"),
        # A value by its own name, a place, two names.
        ("Is Costa Weave Centre a cluster?", "Yes.", "cluster"),
        ("Is Baltic Yarn Works a cluster?", "No.", "company"),
        ("Is Haven Fibre Lab a research organisation?", "Yes.", "research organisation"),
        ("Is goal 12 rated neutral?", "No.", "strongly agree"),
        ("Was the Porto meeting held in Porto?", "Yes.", "Porto"),
        ("Was the Porto meeting held in Lisbon?", "No.", "Porto"),
        ("Was the launch event held in Rotterdam?", "Yes.", "Rotterdam"),
        ("Does WCP contribute to goal 12?", "Yes.", "strongly agree"),
        ("Does WCP contribute to goal 4?", "No.", "neutral"),
        ("Is Tomasz Wilk at Baltic Yarn Works?", "Yes.", "Baltic Yarn Works"),
        ("Is Tomasz Wilk at Haven Fibre Lab?", "No.", "Baltic Yarn Works"),
        # An amount, and bounds to it.
        ("Does project 5 last five years?", "Yes.", "5 years"),
        ("Does project 5 last four years?", "No.", "5 years"),
        ("Does project 1 have 6 partners?", "Yes.", "6 partners"),
        ("Is the budget of project 3 above 1 million euros?", "No.", "€900,000"),
        ("Does project 1 have at least six partners?", "Yes.", "6 partners"),
        ("Does project 1 have more than six partners?", "No.", "6 partners"),
        ("Does project 2 run for at most 12 months?", "No.", "18 months"),
        # What is or is not so.
        ("Does the Fibre Forward Fund complement the partnership?", "Yes.", "complements the p"),
        ("Is project 3 on the project list or isn't it?", "Yes.", "is on the project list"),
    ],
)
def test_a_question_for_yes_or_no_is_told_so_and_what_is_on_record(woven, question, verdict, fact):
    answer = woven.ask(question)
    assert answer.status is Status.ANSWERED
    assert answer.text.startswith(f"{verdict} ")
    assert fact in answer.text
    assert answer.citations


@pytest.mark.parametrize(
    "question",
    [
        "Is project 4 longer than two years?",  # it states no duration
        "Did Tomasz Wilk ever work for Costa Weave Centre and Haven Fibre Lab?",  # two at once
        "Is project 1 led by a bank?",  # not by anybody on record
        "Do we have to have three partners in our project?",
    ],
)
def test_what_no_field_tells_gets_neither_yes_nor_no(woven, question):
    assert not woven.ask(question).text.startswith(("Yes", "No.", "No,"))


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Does project 5 cost more than project 1?", "Yes."),
        ("Does project 5 cost less than project 1?", "No."),
        ("Is Sensor Sails longer than Denim Loop?", "No."),
        ("Does project 5 have at least twice as many partners as project 1?", "Yes."),
        ("Does project 2 have twice as many partners as project 1?", "No."),
        ("Is the budget of project 1 three times that of project 3?", "No."),
        ("Is the Fibre Forward Fund's budget bigger than that of project 5?", "Yes."),
    ],
)
def test_a_comparison_that_expects_something_is_answered_with_yes_or_no(woven, question, verdict):
    answer = woven.ask(question)
    assert answer.text.startswith(f"{verdict} ")
    assert len(answer.citations) == 2


@pytest.mark.parametrize(
    ("question", "difference"),
    [
        ("How much larger is project 5's budget than project 1's?", "€9.6 million"),
        ("What is the difference between the budgets of project 2 and project 3?", "€3.6 million"),
        ("By how much does the budget of project 5 exceed that of project 2?", "€7.5 million"),
        ("How much longer is project 5 than project 3?", "3 years"),
        ("How many more partners does project 5 have than project 2?", "5 partners"),
        ("By how much did the regions committed grow from May 2021 to March 2022?", "2 regions"),
    ],
)
def test_a_difference_is_computed(woven, question, difference):
    assert difference in woven.ask(question).text


@pytest.mark.parametrize(
    ("question", "ratio"),
    [
        ("How many times the budget of project 1 is that of project 5?", "project 5 is 5 times"),
        ("What is the ratio of the budget of project 5 to that of project 2?", "2.67 times"),
        ("How many times as many partners has project 5 as project 1?", "2.33 times"),
        ("By what factor is project 5 dearer than project 1?", "5 times that of project 1"),
        ("How many times longer is project 5 than project 3?", "2.5 times that of project 3"),
    ],
)
def test_how_many_times_as_much_is_computed(woven, question, ratio):
    answer = woven.ask(question)
    assert ratio in answer.text
    assert len(answer.citations) == 2


def test_how_many_times_something_took_place_is_no_ratio(woven):
    assert " times " not in woven.ask("How many times did project 1 and project 2 meet?").text


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("Denim Loop: budget, leader and number of partners",
         ("€2.4 million", "Haven Fibre Lab", "6 partners")),
        ("Give the leader, number of partners and duration of project 5.",
         ("Fjord Textile Institute", "14 partners", "5 years")),
        ("What are the date, place and number of participants of the Porto meeting?",
         ("February 2022", "Porto", "45 people")),
        ("Tomasz Wilk: employed where, and in charge of what?", ("Baltic Yarn Works",)),
        ("Lead region, coordinator and activity of thematic area 3",
         ("Nadmorze", "Tomasz Wilk", "not active")),
        ("Seaweed Vats' budget, duration and partners, please",
         ("€4.5 million", "18 months", "9 partners")),
    ],
)  # fmt: skip
def test_several_fields_in_a_row_are_all_given(woven, question, facts):
    answer = woven.ask(question)
    assert answer.status is Status.ANSWERED
    assert all(fact in answer.text for fact in facts)


@pytest.mark.parametrize(
    "question",
    [
        "Is Denim Loop a textile project?",
        "Which projects do not mention Denim Loop?",
        "What sort of organisation is Haven Fibre Lab?",
        "Is Highmoor a wet region?",
        "Which kind of project is Woad Revival?",
    ],
)
def test_a_name_is_no_text_to_look_for(woven, question):
    assert "mention" not in woven.ask(question).text.replace("not mention", "")


def test_who_has_been_a_partner_is_no_answer_to_whether_one_has_to_have_some(woven):
    answer = woven.ask("Do we have to have six partners in our project?")
    assert "projects where" not in answer.text


def test_a_difference_to_a_sum_is_no_sum_of_all(woven):
    answer = woven.ask("How much more does project 5 cost than projects 1 and 3 together?")
    assert "€15.3 million" not in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Which projects are the least leaders?",  # the least of what is not said
        "May projects have leaders?",  # all projects are neither yes nor no
    ],
)
def test_all_there_are_is_no_answer(woven, question):
    assert not woven.planner.plans(understand(question, woven.lexicon))


def test_the_minimum_requirements_are_the_requirements(woven):
    plans = woven.planner.plans(understand("What are the minimum requirements?", woven.lexicon))
    assert plans[0].query.kind == "requirement"


@pytest.mark.parametrize(
    ("question", "month", "day"),
    [
        ("Did it take place in May?", 5, 0),
        ("Was it in may?", 5, 0),
        ("Was the launch on 8 October?", 10, 8),
        ("Was it on the 8th of October?", 10, 8),
        ("Was it on October 8th?", 10, 8),
    ],
)
def test_a_month_without_its_year_is_read(woven, question, month, day):
    (mention,) = understand(question, woven.lexicon).months
    assert (mention.month, mention.day) == (month, day)


@pytest.mark.parametrize("question", ["May I join?", "What may a region do?", "We march on"])
def test_a_word_that_is_no_month_is_none(woven, question):
    assert understand(question, woven.lexicon).months == ()


def test_a_month_takes_the_year_of_the_next_one(woven):
    dates = understand("Was it in January or July 2020?", woven.lexicon).dates
    assert [str(mention.date) for mention in dates] == ["January 2020", "July 2020"]


def test_events_of_a_month_without_its_year_are_those_of_the_year_on_record(woven):
    text = woven.ask("Which events took place in May?").text
    assert "Launch" in text
    assert "Porto" not in text
    text = woven.ask("Which meetings were there in February?").text  # of two years
    assert all(name in text for name in ("Porto", "Oslo"))
    assert "Gdańsk" not in text
    assert "Porto" not in woven.ask("Which events took place in August?").text


def test_who_strongly_agrees_agrees_and_what_is_not_active_is_not():
    rating = fields_of(KINDS["goal"])["rating"]
    assert _stronger(["agree"], rating) == ["strongly agree"]
    assert _stronger(["strongly agree"], rating) == []
    assert _stronger(["active"], fields_of(KINDS["thematic_area"])["activity"]) == []


def test_that_no_region_is_of_a_country_is_said_before_any_text_is_asked(woven):
    answer = woven.ask("Are there any Greek regions?")
    assert answer.status is Status.ABSTAINED
    assert "none of the 9 regions fits" in answer.text
