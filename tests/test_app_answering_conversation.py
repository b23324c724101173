import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answering.answer import Status
from app.answering.conversation import Turn, resolve, small_talk
from app.answering.understanding import understand


@pytest.fixture(scope="module")
def follow(woven):
    """The question as it is understood after another whose answer was about some subjects."""

    def understood(before, asked, *subjects):
        turn = Turn(understand(before, woven.lexicon), subjects)
        return resolve(asked, turn, woven.lexicon)

    return understood


def entities(question):
    return {span.meaning.value for span in question.entities}


def test_the_first_question_stands_alone(woven):
    question = resolve("What is its budget?", None, woven.lexicon)
    assert question.text == "What is its budget?"
    assert entities(question) == set()


@pytest.mark.parametrize(
    ("before", "asked", "subjects", "named"),
    [
        ("Who leads project 2?", "What is its budget?", (), {"project:vats"}),
        ("Who leads Denim Loop?", "And when does it end?", (), {"project:loop"}),
        ("What is the budget of project 3?", "And project 5?", (), {"project:open-mill"}),
        ("What is the budget of project 3?", "What about Denim Loop?", (), {"project:loop"}),
        ("Which project is the largest?", "Who leads it?", ("Open Mill",), {"project:open-mill"}),
        ("Is Fjordmark in WCP?", "And Highmoor?", (), {"region:highmoor"}),
    ],
)
def test_what_a_question_leaves_out_comes_from_the_one_before(
    follow, before, asked, subjects, named
):
    assert entities(follow(before, asked, *subjects)) == named


def test_the_topic_stays_when_only_the_name_changes(follow):
    question = follow("What is the budget of project 3?", "And project 5?")
    assert {name for _, name in question.fields("project")} == {"budget"}


def test_the_country_of_a_filter_changes(follow):
    question = follow("How many Norwegian regions take part?", "And Polish?")
    assert [set(codes) for _, codes, _ in question.countries()] == [{"PL"}]
    assert question.has_cue("count")


@pytest.mark.parametrize(
    "asked",
    [
        "What is the budget of Denim Loop?",
        "How many projects are there?",
        "Which regions lead the thematic areas?",
    ],
)
def test_a_question_that_stands_alone_takes_nothing_over(follow, asked):
    assert follow("Who leads project 2?", asked).text == asked


def test_a_question_that_names_a_topic_of_its_own_keeps_it(follow):
    question = follow("What is the budget of project 3?", "And who leads project 5?")
    assert entities(question) == {"project:open-mill"}
    assert "budget" not in question.text


@pytest.mark.parametrize("asked", ["Thanks!", "Great, thank you very much.", "Hello"])
def test_thanks_take_nothing_over(follow, woven, asked):
    said = follow("What is the budget of project 3?", asked)
    assert said.text == asked
    assert small_talk(said, woven.lexicon.vocabulary)


@pytest.mark.parametrize(
    ("asked", "read_as"),
    [
        ("And the second one?", "What is Denim Loop?"),
        ("the first", "What is Open Mill?"),
        ("Who leads the second one?", "Who leads the Denim Loop?"),
    ],
)
def test_the_second_one_is_that_of_the_list(woven, asked, read_as):
    before = understand("Which projects take part?", woven.lexicon)
    turn = Turn(before, (), ("Open Mill", "Denim Loop"))
    assert resolve(asked, turn, woven.lexicon).text == read_as


def test_beyond_the_list_a_number_is_that_of_the_record(woven):
    before = understand("Which projects take part?", woven.lexicon)
    said = resolve("And the fifth one?", Turn(before, (), ("A", "B")), woven.lexicon)
    assert entities(said) == {"project:open-mill"}


def test_what_an_answer_listed_is_there_for_the_next_question(woven):
    listed = woven.ask("Which projects are there?")
    second = woven.ask("And the second one?", ["Which projects are there?"])
    name = second.text.split(" ")[0]
    assert second.status is Status.ANSWERED
    assert name in listed.text.splitlines()[3]


@pytest.mark.parametrize(
    ("before", "asked", "read_as"),
    [
        ("How many joined in 2018?", "and in July 2020?", "How many joined in July 2020?"),
        ("How many joined in May 2018?", "And in July?", "How many joined in July 2018?"),
        ("How many regions joined?", "And in 2020?", "How many regions joined in 2020?"),
    ],
)
def test_another_date_is_asked_of_the_same(follow, before, asked, read_as):
    assert follow(before, asked).text == read_as


def test_thanks_between_two_questions_are_no_turn(woven):
    history = ["What is the budget of project 3?", "Great, thanks!"]
    assert (
        woven.ask("And of project 5?", history).text
        == woven.ask("And of project 5?", history[:1]).text
    )
    assert not small_talk(
        understand("Thanks, who leads it?", woven.lexicon), woven.lexicon.vocabulary
    )


def test_another_number_of_a_kind_that_no_record_holds(follow):
    """What a document that somebody added numbers is no record."""
    read = follow("What is work package 14 about?", "And work package 15?")
    assert read.text == "What is work package 15 about?"
    assert follow("What is Open Mill about?", "And work package 15?").text != read.text


def test_a_pronoun_with_nothing_to_stand_for_is_left(follow):
    assert entities(follow("What is the weather like?", "Who leads it?")) == set()


@given(
    st.lists(
        st.sampled_from(
            ["And?", "it", "What about Poland?", "and project 5", "its budget", "Who leads it?",
             "Natural dyes", "", "?", "her", "And Polish?", "the second one", "How many regions?"]
        ),
        min_size=1,
        max_size=4,
    )
)  # fmt: skip
def test_any_run_of_questions_is_understood(woven, run):
    before = None
    for asked in run:
        question = resolve(asked, before, woven.lexicon)
        assert len(question.text) < 400
        before = Turn(question, ("Open Mill",))
