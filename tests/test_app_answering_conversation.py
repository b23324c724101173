import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answering.conversation import Turn, resolve
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
