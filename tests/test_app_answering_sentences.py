"""Each field is said in a sentence as people would say it."""

import pytest

from app.answering.sentences import Sentences
from corpus.records import KINDS
from corpus.schema import Mention, Observation, Observed
from corpus.values import PartialDate, Quantity


def _observed(value):
    seen = Observation(value=value, source="s", at="1", as_of=PartialDate.parse("2022-05"))
    return Observed(observations=(seen,))


@pytest.fixture(scope="module")
def say(woven):
    """The sentence for a field of a new record of a kind."""
    sentences = Sentences(woven.speaker.vocabulary, woven.speaker.wording)

    def sentence(kind, name, field, value, **others):
        record = KINDS[kind](
            id="x", name=name, mentions=(Mention(source="s", at="1"),),
            **{other: _observed(v) for other, v in others.items()},
        )  # fmt: skip
        values = value if isinstance(value, tuple) else (value,)
        seen = _observed(value).observations[0]
        return sentences.of(record, field, seen, [str(v) for v in values])

    return sentence


@pytest.mark.parametrize(
    ("kind", "name", "field", "value", "sentence"),
    [
        # A statement is a sentence of its own, one of what is to be done needs its title.
        ("finding", "How it works", "statement", "The process is open.", "The process is open."),
        ("finding", "Web address", "statement", "https://loom.example/x",
         "Web address: https://loom.example/x"),
        ("finding", "How it goes on", "statement", "By cooperation between weavers and dyers.",
         "How it goes on: By cooperation between weavers and dyers."),
        ("requirement", "Driven by mills", "statement", "Be driven by mills.",
         "Driven by mills: Be driven by mills."),
        ("next_step", "Finish the text", "statement", "Finish the text of project 2.",
         "Finish the text of project 2."),
        # An aim that begins with a verb is to do something, any other one stands apart.
        ("initiative", "Loom", "aim", "Build a loom.", "The aim of Loom is to build a loom."),
        ("initiative", "Loom", "aim", "Looms for all", "The aim of Loom: Looms for all"),
        ("governance_body", "Board", "task", "Gives advice", "Board gives advice"),
        # One value of several possible ones is one.
        ("organisation", "Mill", "tasks", ("take part in project 5",),
         "The task of Mill is to take part in project 5"),
        ("organisation", "Mill", "tasks", ("lead project 2", "Support project 3"),
         "The tasks of Mill are to lead project 2 and support project 3"),
        ("project", "Dye", "obstacles", "FELTCO is not responding",
         "The obstacles of Dye: FELTCO is not responding"),
        ("project", "Dye", "obstacles", "money", "The obstacles of Dye: money"),
        ("project", "Dye", "status", "Under discussion", "The status of Dye: Under discussion"),
        # Choices are said with what they are.
        ("region", "Altamira", "role", "interested",
         "Altamira is an interested region in the partnership"),
        ("barrier", "Cost", "category", "economic", "Cost is an economic barrier"),
        ("initiative", "Loom", "initiative_type", "EU initiative", "Loom is an EU initiative"),
        ("organisation", "Mill", "organisation_type", "university", "Mill is a university"),
        # Labels that are no nouns.
        ("initiative", "Loom", "related_to", ("Weft", "Warp"), "Loom is related to Weft and Warp"),
        ("term", "Technology readiness", "expansion", "TRL", "Technology readiness stands for TRL"),
        # Amounts with their unit; a bare number has its label.
        ("initiative", "Loom", "partners", Quantity.parse("9 partners"), "Loom has 9 partners"),
        ("initiative", "Loom", "partners", Quantity.parse("9"),
         "The number of partners of Loom is 9"),
        ("figure", "Share of wool", "amount", Quantity.parse("9 %"), "Share of wool: 9%"),
        ("supply_share", "Peru's share of wool", "share", Quantity.parse("9 %"),
         "Peru's share of wool is 9%"),
        # Dates have their preposition; what is to come has not happened.
        ("initiative", "Loom", "launched", PartialDate.parse("2021-05-12"),
         "Loom was launched on 12 May 2021"),
        ("initiative", "Loom", "launched", PartialDate.parse("2021-05"),
         "Loom was launched in May 2021"),
        ("initiative", "Loom", "launched", PartialDate.parse("2021"), "Loom was launched in 2021"),
        ("initiative", "Loom", "launched", PartialDate.parse("2023"),
         "The launch of Loom is 2023"),
    ],
)  # fmt: skip
def test_a_field_is_said_as_people_say_it(say, kind, name, field, value, sentence):
    assert say(kind, name, field, value) == sentence


@pytest.mark.parametrize(
    ("state", "field", "value", "sentence"),
    [
        ("held", "place", "Porto", "The launch of Loom took place in Porto"),
        ("held", "place", "online", "The launch of Loom took place online"),
        ("held", "date", PartialDate.parse("2022-02-03"),
         "The launch of Loom took place on 3 February 2022"),
        ("planned", "date", PartialDate.parse("2022-02-03"), "The launch of Loom: 3 February 2022"),
        ("planned", "place", "Porto", "The place of the launch of Loom: Porto"),
    ],
)  # fmt: skip
def test_only_what_was_held_took_place(say, state, field, value, sentence):
    assert say("event", "Launch of Loom", field, value, state=state) == sentence


def test_many_long_values_are_no_sentence(say):
    tasks = tuple(f"Build a loom number {n} that somebody can weave with" for n in range(8))
    said = say("organisation", "Mill", "tasks", tasks)
    assert said.startswith("Mill, tasks: Build a loom number 0")


@pytest.mark.parametrize(
    ("pairs", "missing"),
    [
        ([("initiative:fff", "related_to")],
         "what Fibre Forward Fund is related to"),
        ([("project:loop", "budget"), ("project:sensor-sails", "budget")],
         "the budget of project 1 (Denim Loop) or project 3 (Sensor Sails)"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_once_and_in_words(woven, pairs, missing):
    speaker = woven.speaker
    assert speaker.wording.missing([(speaker.record(k), n) for k, n in pairs]) == missing


@pytest.mark.parametrize(
    "question", ["Where was the partnership launched?", "Where was Woven Coasts launched?"]
)
def test_what_a_day_does_not_tell_the_event_of_that_day_does(woven, question):
    assert "The launch of Woven Coasts took place in Rotterdam." in woven.ask(question).text


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who is the leader and what is the status of project 1?", ("leader of project 1",)),
        ("When was the partnership launched and where?", ("12 May 2021", "Rotterdam")),
        ("What does project 1 cost and who painted its door?", ("budget of project 1", "painted")),
        ("How many regions lead and where is the moon?", ("leading region", "moon")),
    ],
)  # fmt: skip
def test_every_part_is_answered_or_said_to_be_missing(woven, question, parts):
    text = woven.ask(question).text
    assert all(part in text for part in parts)


def test_what_is_counted_in_a_field_is_said_with_its_number(woven):
    text = woven.ask("How many coordinators does thematic area 2 have?").text
    assert text.startswith("1 coordinator. The coordinator of thematic area 2")
