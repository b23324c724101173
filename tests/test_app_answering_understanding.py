import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.answering.lexicon import Role
from app.answering.understanding import understand


@pytest.fixture(scope="module")
def read(woven):
    return lambda text: understand(text, woven.lexicon)


def entities(question):
    return {span.meaning.value for span in question.entities}


# --- What is named -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("project 2", {"project:vats"}),
        ("Project no. 2", {"project:vats"}),
        ("projects 1 and 5", {"project:loop", "project:open-mill"}),
        ("projects 1, 3 and 5", {"project:loop", "project:sensor-sails", "project:open-mill"}),
        ("thematic area 3", {"thematic_area:smart"}),
        ("SDG 12", {"goal:goal-12"}),
        ("SDG14", {"goal:goal-14"}),
        ("project 99", set()),
        ("project 2022", set()),
        ("Denim Loop and Open Mill", {"project:loop", "project:open-mill"}),
    ],
)
def test_records_by_number_and_by_name(read, text, named):
    assert entities(read(text)) == named


@pytest.mark.parametrize(
    ("text", "codes", "negated"),
    [
        ("regions from PL", {"PL"}, False),
        ("Polish regions", {"PL"}, False),
        ("regions in Norway", {"NO"}, False),
        ("regions not from Norway", {"NO"}, True),
        ("all regions except Polish ones", {"PL"}, True),
        ("Baltic regions", {"EE", "LV", "LT"}, False),
    ],
)
def test_countries(read, text, codes, negated):
    ((_, found, excluded),) = read(text).countries()
    assert (set(found), excluded) == (codes, negated)


@pytest.mark.parametrize("text", ["it is no problem", "at home in the mill", "no, not us"])
def test_small_words_are_no_country_codes(read, text):
    assert read(text).countries() == []


def test_a_slip_is_mended_and_the_question_as_asked_is_kept(read):
    question = read("Wich projetcs are there?")
    assert question.asked == "Wich projetcs are there?"
    assert question.text == "which projects are there?"
    assert {s.meaning.value for s in question.kinds()} == {"project"}


def test_fields_and_choices_of_a_kind(read):
    question = read("What is the budget of interested regions?")
    assert {name for _, name in question.fields("project")} == {"budget"}
    assert question.fields("region") == []
    assert [(name, values) for _, name, values in question.choices("region")] == [
        ("role", ("interested",))
    ]
    assert question.choices("project") == []


def test_cues_and_question_words(read):
    question = read("How many projects were there, and when?")
    assert question.has_cue("count")
    assert not question.has_cue("average")
    assert question.asks("when")
    assert not question.asks("who", "where")
    assert len(question.cue_words("count")) >= 1


def test_content_leaves_out_the_words_between(read):
    question = read("Which of the looms are in Tallinn?")
    assert {question.words[i].folded for i in question.content} == {"looms", "tallinn"}


# --- Dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("in 2022", [("2022", "in")]),
        ("in March 2022", [("2022-03", "in")]),
        ("on 12 May 2021", [("2021-05-12", "in")]),
        ("on the 12th of May 2021", [("2021-05-12", "in")]),
        ("on May 12, 2021", [("2021-05-12", "in")]),
        ("in Sept. 2021", [("2021-09", "in")]),
        ("before 2022", [("2022", "before")]),
        ("after May 2021", [("2021-05", "after")]),
        ("since 2021", [("2021", "from")]),
        ("until June 2023", [("2023-06", "until")]),
        ("between 2021 and 2023", [("2021", "from"), ("2023", "until")]),
        ("from May 2021 to June 2022", [("2021-05", "from"), ("2022-06", "until")]),
        ("2021 and 2022", [("2021", "in"), ("2022", "until")]),
        ("of 22.11.2021", [("2021-11-22", "in")]),
        ("on 8/10/2021", [("2021-10-08", "in")]),
        ("on 2021-10-08", [("2021-10-08", "in")]),
        ("from 2021-05 to 1.6.2022", [("2021-05", "from"), ("2022-06-01", "until")]),
        ("on 31.2.2022", []),
        ("version 3.2022 and 4.2023", []),
        ("31 February 2022", []),
        ("in 1822 or 3022", []),
        ("May 0000", []),
        ("nothing", []),
        ("in the first half of 2022", [("2022-01/2022-06", "in")]),
        ("since the third quarter of 2022", [("2022-07/2022-09", "from")]),
        ("the fifth quarter of 2022", [("2022", "in")]),
    ],
)
def test_dates(read, text, dates):
    found = [(mention.date.iso(), mention.relation) for mention in read(text).dates]
    assert found == dates


def test_the_words_of_a_date_are_known(read):
    question = read("What happened on 12 May 2021 in Rotterdam?")
    assert {question.words[i].folded for i in question.dated} == {"12", "may", "2021"}


# --- Any text ----------------------------------------------------------------------------------

SOUP = """which how many projects project regions 2 WCP before since 2022 May not outside EU
Nordic it more than less
most budget 1.2.3 22.11.2018 3.2022 5,5 million and or Fjordmark Natural dyes her ? , . € second"""
WORDS = st.sampled_from(SOUP.split())


@settings(deadline=None)  # how fast it is depends on what else the machine does
@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=12).map(" ".join)))
@example("İstanbul’s ½ ﬁfth Ⅷ ² project²")
@example("\x00\ud7ff\u202e")
def test_understanding_never_raises_and_stays_within_the_question(woven, text):
    for daring in (False, True):
        question = understand(text, woven.lexicon, daring=daring)
        inside = range(len(question.words))
        assert question.asked == text
        for span in question.spans:
            assert span.start in inside
            assert span.end - 1 in inside
        assert all(i in inside for i in question.content | question.dated)
        for word in question.words:
            assert question.text[word.start : word.end]
        assert all(span.meaning.role is Role.KIND for span in question.kinds())


ODD = {
    "a month with a letter of another alphabet": "aprıl 2022",
    "a number that is too long": f"project {'9' * 5000}",
    "an amount that is no number": "more than 1.2.3 projects",
    "a digit that is no decimal": "more than ፩ projects",
}


@pytest.mark.parametrize("case", ODD)
def test_odd_questions_are_read_too(read, case):
    assert read(ODD[case]).words


# --- What is said around a question ------------------------------------------------------------


def content(question):
    return {question.words[i].folded for i in question.content}


@pytest.mark.parametrize(
    "text",
    [
        "I came across Denim Loop.",
        "I don't know what Denim Loop is.",
        "In two lines, for our readers: Denim Loop",
        "My boss wants to know about Denim Loop",
    ],
)
def test_what_is_said_around_a_question_carries_nothing(read, text):
    question = read(text)
    assert content(question) <= {"denim", "loop", "about"}
    assert not question.negations
    assert entities(question) == {"project:loop"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please confirm that Denim Loop is on the list", True),
        ("Denim Loop on the list, yes or no?", True),
        ("Denim Loop is on the list, isn't it?", True),
        ("Is Denim Loop on the list or not?", True),
        ("I work in X: is Denim Loop on the list?", True),
        ("Do you know who leads Denim Loop?", False),
        ("Which project is on the list or not listed?", False),
        ("Who leads Denim Loop, is that known?", False),
        ("What is right", False),
    ],
)
def test_frames_tell_questions_for_yes_or_no(read, text, expected):
    assert read(text).yes_no is expected


def test_words_of_an_idiom_mean_nothing_else(read):
    question = read("What interest rate do the regions pay?")
    assert not question.of(Role.CHOICE)
    assert {"interest", "rate"} <= content(question)


def test_a_question_of_nothing_but_a_frame_keeps_its_words(read):
    assert content(read("Is it true?")) == {"true"}
