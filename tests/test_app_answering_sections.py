"""Answers that rest on where a piece stands: numbered sections, lists to count, whom to turn to."""

import re
from collections.abc import Iterator

import pytest
from fakes import ContentEmbedder

from app.answering.answer import Answer, Status
from app.answering.asked import Asked
from app.answering.engine import Engine
from app.answering.figures import with_year
from app.answering.understanding import understand
from corpus.knowledge import Knowledge, Partnership
from corpus.model import Source
from corpus.vocabulary import load_vocabulary
from ingest.passages import split
from ingest.read import read_file
from retrieval.library import Library

HANDBOOK = """# Harbour handbook

## Work Unit 1

### Surveys

WU 1 and no other unit measures the depth of every basin and the flow of tidal currents.

- Buoys are set out
- Soundings are taken
- Maps are drawn

## Work Unit 2

### Repairs

This unit mends cranes, piers and slipways, and keeps the spare parts.

- Cranes are painted
- Piers are drained

## Storm damage

### OBSTACLES

#### Financial

- Insurance pays late

## Night sailing

### OBSTACLES

#### Financial

- Lamps are dear
- Crews cost double

## Please give the list of founding towns

1. Alderport (FI)
2. Birchmouth (SE)
3. Cedarness (NO)

## Quarter Boats

Quarter Boats lends small boats to schools.

### CONTACTS

Ida Holm : ida.holm@boats.example

Nils Berg : nils.berg@boats.example

## Past meetings

| # | Meeting | Date | Place |
|---|---|---|---|
| 1 | Pier council | 4 March 2021 | Online |
| 2 | Pier council | 21 April | Town hall |
| 3 | Crane hearing | 28 May 2021 | Online |
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that holds the handbook."""
    folder = tmp_path_factory.mktemp("handbook")
    path = folder / "harbour-handbook.md"
    path.write_text(HANDBOOK, encoding="utf-8")
    embedder = ContentEmbedder()
    with Library.open(folder / "library", embedder) as library:
        document = read_file(path, Source(id="harbour-handbook", title="Harbour handbook"))
        library.put(document, split(document, embedder.count_tokens))
        about = Partnership(name="Lakeside Partnership", abbreviation="LSP")
        yield Engine(library, Knowledge(about, (), {}, ()), load_vocabulary())


def asked(engine: Engine, question: str) -> Asked:
    """A question as the passages see it."""
    return engine.from_passages.asked(understand(question, engine.lexicon))


def one_line(answer: Answer) -> str:
    """The text of an answer without breaks."""
    return answer.text.replace("\n", " ")


@pytest.mark.parametrize(
    ("question", "must", "must_not"),
    [
        ("Which activities are listed under WU1?", "Buoys.*Soundings.*Maps", "Cranes"),
        ("What are the activities of work unit 2?", "Cranes.*Piers", "Buoys"),
        ("Which work unit mends cranes and slipways?", "Work Unit 2", "Buoys"),
        (
            "List the financial obstacles.",
            "Storm damage: Insurance.*Night sailing: Lamps.*Night sailing: Crews",
            "Buoys",
        ),
        ("How many towns are founding towns?", r"\b3 are listed under", "Ida"),
        ("How do I reach Quarter Boats?", "ida.holm@.*nils.berg@", "lends"),
        ("Who should I ask at Quarter Boats?", "ida.holm@.*nils.berg@", "lends"),
        ("What took place on 28 May 2021?", "Crane hearing", "Pier council"),
        ("What was on 21 April 2021 for the pier council?", "21 April", "4 March"),
        ("How many pier council meetings took place in the first half of 2021?", r"^2:", "Crane"),
    ],
)
def test_answers(engine: Engine, question: str, must: str, must_not: str) -> None:
    answer = engine.ask(question)
    assert answer.status is Status.ANSWERED, answer.text
    assert re.search(must, one_line(answer)), answer.text
    assert not re.search(must_not, one_line(answer)), answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Which activities are listed under WU7?",
        "How many boats do the founding towns own?",
        "What took place on 29 May 2021?",
    ],
)
def test_abstains(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert answer.status is Status.ABSTAINED, answer.text


@pytest.mark.parametrize(
    ("question", "defines"),
    [
        ("What is Quarter Boats?", True),
        ("What's a slipway?", True),
        ("What does WU mean?", True),
        ("What took place in May?", False),
        ("What does Quarter Boats lend?", False),
        ("What are the two main sources of money?", False),
    ],
)
def test_what_asks_for_a_meaning_only_of_a_name(
    engine: Engine, question: str, defines: bool
) -> None:
    assert asked(engine, question).is_definition is defines


@pytest.mark.parametrize(
    ("question", "needs"),
    [
        ("Why do people avoid the pier?", set()),
        ("How many people use the pier?", {"number"}),
        ("Which people use the pier?", {"agent"}),
        ("What lamps were lit when the pier was opened?", set()),
        ("When was the pier opened?", {"date"}),
        ("Who leads the dry area?", {"agent"}),
        ("What is the area of the basin?", {"number"}),
        ("contact of Quarter Boats please", {"contact"}),
        ("How do the boats reach the pier?", set()),
    ],
)
def test_the_kind_of_thing_that_is_asked_for(
    engine: Engine, question: str, needs: set[str]
) -> None:
    assert asked(engine, question).needs == needs


def test_a_name_written_out_is_not_called_unknown(engine: Engine) -> None:
    assert "WU2" not in engine.ask("What is the dress code of WU2?").text
    assert "“Zanzibar” is not named" in engine.ask("Is Zanzibar a founding town?").text


def test_a_month_without_a_year_takes_it_from_outside() -> None:
    assert with_year("21 April and 3 may", 2021) == "21 April 2021 and 3 may 2021"
