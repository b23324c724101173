"""Another partnership is another folder: the same kinds of questions work on it as on the first.

tests/second_partnership holds other regions, projects, persons, numbers and sources. Nothing in the
code knows it.
"""

import re

import pytest
from conftest import SECOND_PARTNERSHIP

from app.answering.answer import Status
from app.evaluation import Expectation, Verdict, judge
from corpus.knowledge import load

BRIEF, REVIEW, GUILD = "coast-brief", "coast-review", "weavers-page"
MEMBERS = ("Westhaven", "Costa Verde", "Fjordmark", "Skogland", "Altamira", "Nadmorze", "Saareland")
OTHERS = ("Bretagne Sud", "Highmoor")
FIVE = ("Denim Loop", "Seaweed Vats", "Sensor Sails", "Woad Revival", "Open Mill")


def only(names, every=MEMBERS + OTHERS):
    """What an answer has to name, and what it must not."""
    return {"must": list(names), "must_not": [name for name in every if name not in names]}


QUESTIONS = {
    "What is the total number of projects?": {"must": [r"\b5\b", *FIVE], "must_not": [r"\b15\b"]},
    # --- How many, which all ---
    "How many regions take part?": only(MEMBERS) | {"must": [r"\b7\b", *MEMBERS]},
    "List the regions": only(MEMBERS),
    "Which regions are interested?": only(OTHERS) | {"must": [r"\b2\b", *OTHERS]},
    "Who are the leading regions?": only(("Westhaven", "Costa Verde")),
    "Which are the participating regions?": only(MEMBERS[2:]),
    "How many projects are there?": {"must": [r"\b5\b", *FIVE]},
    "How many thematic areas are active?": {"must": [r"\b3\b"], "must_not": ["Smart fabrics"]},
    "Which thematic areas are not active?": {"must": ["Smart fabrics"], "must_not": ["Natural"]},
    "Which goals are rated strongly agree?": {
        "must": ["Responsible consumption", "Life below water"], "must_not": ["Quality"],
    },
    "What are the next steps?": {"must": ["catalogue of looms", "Tallinn"], "sources": [REVIEW]},
    "Which events are planned?": {"must": ["Tallinn"], "must_not": ["Porto", "Oslo"]},
    "Which meeting was cancelled?": {"must": ["Oslo"], "must_not": ["Porto", "Tallinn"]},
    "Which initiatives complement the partnership?": {
        "must": ["Fibre Forward Fund"], "must_not": ["Blue Loom"],
    },
    "Which events took place before 2022?": {"must": ["Launch"], "must_not": ["Porto"]},
    "Which projects are led by Portuguese organisations?": only(
        ("Seaweed Vats", "Woad Revival"), FIVE
    ),
    "Which projects ask for support?": only(("Sensor Sails",), FIVE),
    "What happened in the first quarter of 2022?": {"must": ["Porto"], "must_not": ["Launch"]},
    "Not counting the leading ones, how many regions participate?": {
        "must": [r"\b5\b", *MEMBERS[2:]], "must_not": ["Westhaven", *OTHERS],
    },
    "Who are the interested members?": only(OTHERS),
    "Which region leads thematic area 2?": {"must": ["Westhaven|Costa Verde|Fjordmark|Nadmorze"]},
    "Which organisations are based in Poland?": {
        "must": ["Baltic Yarn Works"], "must_not": ["Haven Fibre Lab", "Institute"],
    },
    "Which projects have no stated budget?": only(("Woad Revival",), FIVE),
    "Which projects come without a budget?": only(("Woad Revival",), FIVE),
    "For which projects is the cost unknown?": only(("Woad Revival",), FIVE),
    # --- By country and by groups of countries ---
    "Which regions are Nordic?": only(("Fjordmark", "Skogland")),
    "How many Norwegian regions take part?": only(("Fjordmark",)) | {"must": [r"\b1\b"]},
    "Which EU13 regions participate?": only(("Nadmorze", "Saareland")),
    "Which Baltic regions are in the partnership?": only(("Saareland",)),
    "Which regions are from Poland?": only(("Nadmorze",)),
    "Which Iberian regions take part?": only(("Costa Verde", "Altamira")),
    "Which interested regions are outside the EU?": only(("Highmoor",)),
    "Which participating regions are outside the EU?": only(("Fjordmark",)),
    "Which countries do the regions come from?": {
        "must": ["Netherlands", "Portugal", "Norway", "Sweden", "Spain", "Poland", "Estonia"],
        "must_not": ["France", "United Kingdom"],
    },
    "Which organisation is from Poland?": {"must": ["Baltic Yarn Works"], "must_not": ["Guild"]},
    # --- Belonging, asked of countries and in other forms ---
    "Is Norway in the partnership?": {"must": ["Yes", "Fjordmark"], "must_not": ["Skogland"]},
    "Is France a member?": {"must": ["No region of France is committed", "Bretagne Sud"]},
    "Is Hungary in the partnership?": {"must": ["no record", "Hungary", "To join"]},
    "Fjordmark - part of the partnership?": {"must": ["participating"], "must_not": ["Yes"]},
    "We are from Skogland. Are we in?": {"must": ["Skogland", "participating"]},
    "Does Poland or Norway have more regions in the partnership?": {
        "must": ["Poland", "Norway", "same"],
    },
    "Which regions do not lead a thematic area?": {
        "must": ["Saareland"], "must_not": ["Westhaven"],
    },
    "What must a project fulfil?": {"must": ["four regions", "no dye"]},
    "How has the number of regions evolved?": {"must": ["4 regions.*6 regions.*7 regions"]},
    # --- What excludes, bounds and dates reach ---
    "Which regions are not from Norway or Sweden?": {
        "must": ["Westhaven", "Nadmorze"], "must_not": ["Fjordmark", "Skogland"],
    },
    "Which projects cost more than 1 million euros and last less than 4 years?": {
        "must": ["Denim Loop", "Seaweed Vats"], "must_not": ["Open Mill", "Sensor Sails"],
    },
    # --- Order, extremes, chains ---
    "List the projects in alphabetical order": {
        "must": ["Denim Loop.*Open Mill.*Seaweed Vats.*Sensor Sails.*Woad Revival"],
    },
    "Rank the projects by budget": {"must": ["Open Mill.*Seaweed Vats.*Denim Loop.*Sensor Sails"]},
    "What are the two largest budgets of projects?": {
        "must": ["Open Mill", "Seaweed Vats"], "must_not": ["Denim Loop", "Sensor Sails"],
    },
    "What is the e-mail of the coordinator of natural dyes?": {"must": ["beatriz@weave.example"]},
    # --- What the sources disagree on ---
    "Where do the sources disagree?": {"must": ["4.5 million", "€4 million", "7 regions"]},
    "Do the sources agree on the budget of project 2?": {"must": ["4.5 million", "€4 million"]},
    "Do both documents give the same number of committed regions?": {
        "must": ["4 regions", "6 regions", "7 regions"],
    },
    "Do the sources contradict each other on the duration of project 1?": {"must": ["3 years"]},
    # --- Facts of one thing ---
    "What is the budget of project 3?": {"must": ["900,000"], "sources": [BRIEF]},
    "How much support does Sensor Sails ask for?": {"must": ["300,000"]},
    "How long does Seaweed Vats run?": {"must": ["18 months"]},
    "Who leads project 5?": {"must": ["Fjord Textile Institute"]},
    "Who coordinates natural dyes?": {"must": ["Beatriz Moura"], "must_not": ["Joost"]},
    "What is the e-mail of Beatriz Moura?": {"must": ["beatriz@weave.example"]},
    "What is the phone number of Beatriz Moura?": {"must": [r"\+351 000 000 111"]},
    "Where does Ingrid Solheim work?": {"must": ["Fjord Textile Institute"]},
    "When was WCP launched?": {"must": ["12 May 2021"]},
    "When was the Porto meeting?": {"must": ["3-4 February 2022"]},
    "Where did the launch take place?": {"must": ["Rotterdam"]},
    "What is the rating of SDG 12?": {"must": ["strongly agree"], "sources": [REVIEW]},
    "What is the budget of the Fibre Forward Fund?": {"must": ["€60 million"]},
    "Which areas does Altamira lead?": {"must": ["Natural dyes"], "must_not": ["fibres"]},
    "When was Costa Weave Centre founded?": {"must": ["1998"]},
    "What is a selvedge?": {"must": ["finished edge"], "sources": [GUILD]},
    "What is the Woven Coasts Partnership?": {"must": ["coastal regions", "without waste"]},
    # --- What a project and a region have to do ---
    "How does a region join?": {"must": ["charter", "survey"], "must_not": ["four regions"]},
    "What are the requirements for an investment project?": {
        "must": ["four regions", "no dye reach the sea"], "must_not": ["charter"],
    },
    # --- Membership: leading, participating, interested, no record ---
    "Is Costa Verde a member of the partnership?": {"must": ["yes", "leading"]},
    "Is Fjordmark in WCP?": {"must": ["yes", "participating"]},
    "Is Bretagne Sud part of WCP?": {
        "must": ["interest", "not committed", "charter"], "must_not": ["yes"],
    },
    "Is Sicily part of WCP?": {
        "must": ["no record", "Sicily", r"\b7\b", "June 2023", "charter"], "must_not": ["yes"],
        "abstain": None,
    },
    # --- Computed ---
    "Which project has the largest budget?": {"must": ["Open Mill", "€12 million"]},
    "Which project has the smallest budget?": {"must": ["Sensor Sails", "900,000"]},
    "What is the total budget of the projects?": {"must": [r"€19\.8 million", r"\b4\b"]},
    "What is the average budget of all projects?": {"must": ["4,950,000"]},
    "Which project lasts the longest?": {"must": ["Open Mill", "5 years"]},
    "Which project has the most partners?": {"must": ["Open Mill", "14 partners"]},
    "Which projects last longer than 2 years?": only(("Denim Loop", "Open Mill"), FIVE),
    "How much textile waste is there?": {"must": ["350,000 t"]},
    "Compare the budgets of project 1 and project 5": {
        "must": [r"€2\.4 million", "€12 million", "project 5 has more"],
    },
    "Compare Denim Loop and Sensor Sails": {"must": [r"€2\.4 million", "€900,000", "2 years"]},
    "How many projects have a stated budget?": {
        "must": [r"^4 projects", "Sensor Sails"], "must_not": ["Woad"],
    },
    # --- Over two and more steps ---
    "Which project is led by the organisation where Tomasz Wilk works?": {
        "must": ["Sensor Sails"], "must_not": ["Open Mill"],
    },
    "Which projects are about natural dyes?": {
        "must": ["Seaweed Vats", "Woad Revival"], "must_not": ["Denim", "Open Mill"],
    },
    "Which project belongs to smart fabrics?": {"must": ["Sensor Sails"], "must_not": ["Mill"]},
    "Which regions lead the thematic areas?": {
        "must": ["Westhaven", "Costa Verde", "Altamira", "Nadmorze", "Fjordmark"],
        "must_not": ["Skogland"],
    },
    # --- One source alone, one date alone, over time ---
    "According to the brief, what is the budget of project 2?": {
        "must": ["€4 million"], "must_not": [r"4\.5"], "sources": [BRIEF],
    },
    "According to the annual review, what is the budget of project 2?": {
        "must": [r"€4\.5 million"], "must_not": ["€4 million"], "sources": [REVIEW],
    },
    "How many regions were committed in March 2022?": {"must": [r"\b6 regions"]},
    "How many regions were committed over time?": {
        "must": ["4 regions.*May 2021.*6 regions.*March 2022.*7 regions.*June 2023"],
    },
    # --- Not stated, not known ---
    "What is the budget of project 4?": {"abstain": True, "must": ["Woad Revival", "budget"]},
    "What is the phone number of Joost van Dijk?": {"abstain": True},
}  # fmt: skip

# What the records do not hold.
FROM_PASSAGES = {
    "What do the seaweed dye vats need?": {"must": ["cold, clean water"], "sources": [BRIEF]},
    "How many schools does the Guild have?": {"must": ["three schools"], "sources": [GUILD]},
    "Who is the king of Sweden?": {"abstain": True},
    "Why did Nadmorze leave?": {"abstain": True},
    "Who won the football world cup in 2018?": {"abstain": True},
    "Which unicorns graze in the mills?": {"abstain": True},
    "the of and": {"abstain": True},
}


def check(woven, question, expected, history=()):
    row = {"id": question, "question": question, "abstain": False, **expected}
    answer = woven.ask(question, history)
    judged = judge(Expectation.model_validate(row), answer)
    assert judged.verdict is Verdict.CORRECT, f"{judged.why}: {answer.text}"
    return answer


def test_it_is_another_partnership_with_records_of_most_kinds():
    knowledge = load(SECOND_PARTNERSHIP)
    assert knowledge.partnership.abbreviation != "AMBP"
    assert len({record.kind for record in knowledge.records}) >= 12


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question(woven, question):
    answer = check(woven, question, QUESTIONS[question])
    for citation in answer.citations:
        passage = citation.passage
        assert passage.text[citation.start : citation.end] == citation.quote != ""


@pytest.mark.parametrize("question", FROM_PASSAGES)
def test_a_question_to_the_passages(woven, question):
    check(woven, question, FROM_PASSAGES[question])


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (["Who leads project 2?"], "What is its budget?", {"must": [r"€4\.5 million"]}),
        (["What is the budget of project 3?"], "And project 5?", {"must": ["€12 million"]}),
        (["What is the budget of project 3?", "And project 5?"], "Who leads it?", {
            "must": ["Fjord Textile Institute"]}),
        (["How many Norwegian regions take part?"], "And Polish?", only(("Nadmorze",))),
        (["Who coordinates natural dyes?"], "What is her e-mail?", {
            "must": ["beatriz@weave.example"]}),
        (["Is Fjordmark in WCP?"], "And Highmoor?", {"must": ["interest", "not committed"]}),
    ],
)  # fmt: skip
def test_a_question_that_follows_on_another(woven, history, question, expected):
    check(woven, question, expected, history)


@pytest.mark.parametrize(
    ("question", "first", "other", "source"),
    [
        ("What is the budget of Seaweed Vats?", "€4.5 million", "€4 million", "a brief"),
        ("Is Saareland in the partnership?", "participating", "interested", "a brief"),
    ],
)
def test_where_sources_differ_both_are_told_with_source_and_date(
    woven, question, first, other, source
):
    answer = woven.ask(question)
    assert first in answer.text
    (note,) = [note for note in answer.notes if note.startswith("Sources differ")]
    assert other in note
    assert source in note
    assert "March 2022" in note
    assert {citation.source.id for citation in answer.citations} == {BRIEF, REVIEW}


@pytest.mark.parametrize(
    ("question", "completeness"),
    [
        ("How many regions take part?", r"all 9 regions.*7 match"),
        ("What is the total budget of the projects?", r"4 of 5 projects"),
        ("Which project has the largest budget?", r"4 of 5 projects"),
    ],
)
def test_an_answer_says_how_complete_it_is(woven, question, completeness):
    assert any(re.search(completeness, note) for note in woven.ask(question).notes)


@pytest.mark.parametrize(
    ("question", "never"),
    [
        ("Which regions lead more than one thematic area?", "Westhaven"),  # the bound has no field
        ("Which regions were leading in 2017?", "Westhaven"),  # of that year nothing is on record
        ("What is the total budget and duration of all projects?", "in total"),  # two sums
        ("Who leads the two largest projects?", "2 projects"),  # largest in what is not said
    ],
)
def test_what_the_rules_do_not_cover_is_never_guessed(woven, question, never):
    assert never not in woven.ask(question).text


def test_what_is_not_stated_is_said_with_what_is_and_whom_to_ask(woven):
    answer = woven.ask("What is the budget of project 4?")
    assert answer.status is Status.ABSTAINED
    assert "leader" in answer.text
    assert "office in Rotterdam" in answer.text
    assert "https://wovencoasts.example" in answer.text


def test_the_same_question_has_the_same_answer(woven):
    question = "What is the total budget of the projects?"
    assert woven.ask(question) == woven.ask(question)
