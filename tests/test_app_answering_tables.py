"""Answers from whole tables: cells, rows, counts, sums, the largest, two beside each other."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from fakes import ContentEmbedder

from app.answering.answer import Status
from app.answering.engine import Engine
from app.answering.quantities import TIME, amount, quantities
from corpus.knowledge import Knowledge, Partnership
from corpus.model import Source
from corpus.vocabulary import load_vocabulary
from ingest.passages import split
from ingest.read import read_file
from retrieval.library import Library

FERRIES = """# Ferry plan

The council looked at its ferries in spring.

## Lines

| # | Line | Operator | State |
|---|---|---|---|
| 1 | North shore | Bergen Boats | Under repair |
| 2 | South shore | Blue Line | Running |
| 3 | Island loop | Blue Line | Running, repair planned |
| 4 | Harbour taxi | Quay Cabs | Under repair |

## Costs

The table gives what is known of each line:

| # | Line | Known facts |
|---|---|---|
| 1 | North shore | 3 boats, budget €2 400 000, grant asked for €900 000 / 2 years |
| 2 | South shore | 5 boats, budget €1.5 million / 18 months |
| 4 | Harbour taxi | 12 boats, budget under discussion |

## Past meetings

| # | Meeting | Date | Place |
|---|---|---|---|
| 1 | Start of the plan | 4 March 2021 | Online |
| 2 | Hearing | 9 April 2021 | Town hall |
| 3 | Second hearing | 21 April 2021 | Online |
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that holds the ferry plan."""
    folder = tmp_path_factory.mktemp("ferries")
    path = folder / "ferry-plan.md"
    path.write_text(FERRIES, encoding="utf-8")
    embedder = ContentEmbedder()
    with Library.open(folder / "library", embedder) as library:
        document = read_file(path, Source(id="ferry-plan", title="Ferry plan"))
        library.put(document, split(document, embedder.count_tokens))
        about = Partnership(name="Shore Partnership", abbreviation="SHP")
        yield Engine(library, Knowledge(about, (), {}, ()), load_vocabulary())


@pytest.mark.parametrize(
    ("question", "must", "must_not"),
    [
        ("What is the state of line 4?", ["Under repair"], ["Running"]),
        ("Which lines does Blue Line operate?", ["South shore", "Island loop"], ["taxi"]),
        ("Which lines are under repair?", ["North shore", "Harbour taxi"], ["Island loop"]),
        ("How many meetings were online?", ["2", "Start of the plan"], ["Town hall"]),
        ("Which meetings took place in April 2021?", ["9 April", "21 April"], ["4 March"]),
        ("What is the total budget of lines 1 and 2?", ["€3,900,000", "900"], []),
        ("Which line has the smallest budget?", ["South shore", "€1.5 million"], ["taxi"]),
        ("Which line has the most boats?", ["Harbour taxi", "12 boats"], ["North shore"]),
        ("Does line 1 last longer than line 2?", ["Yes", "2 years", "18 months"], ["No:"]),
        ("Does line 2 have more boats than line 4?", ["No:", "5 boats against 12"], ["Yes"]),
        ("How many lines have a budget of more than 2 million euros?", ["1:", "North"], ["South"]),
        ("What is the budget of line 1?", ["€2 400 000"], ["South shore"]),
    ],
)
def test_a_table_answers(
    engine: Engine, question: str, must: list[str], must_not: list[str]
) -> None:
    answer = engine.ask(question)
    assert answer.status is Status.ANSWERED, answer.text
    assert all(text in answer.text for text in must), answer.text
    assert not any(text in answer.text for text in must_not), answer.text
    assert answer.citations


def test_what_is_computed_says_over_how_many_rows(engine: Engine) -> None:
    notes = " ".join(engine.ask("Which line has the largest budget?").notes)
    assert "2 of 3 rows" in notes


@pytest.mark.parametrize(
    "question",
    [
        "What is the total budget of line 7 and line 9?",  # no such rows
        "Which line has the largest crew?",  # no such amounts
        "How many lines sank last winter?",  # a word that the table lacks
        "Which lines are not operated by Blue Line?",  # an exclusion that no row states
    ],
)
def test_a_table_that_does_not_explain_the_question_is_not_computed(
    engine: Engine, question: str
) -> None:
    answer = engine.ask(question)
    assert not any("rows of the table" in note for note in answer.notes), answer.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("€25 267 000", [(Decimal(25267000), "euro")]),
        ("15+ partners, EUR 1.2 million", [(Decimal(15), ""), (Decimal(1200000), "euro")]),
        ("6 months / 40 %", [(Decimal("0.5"), TIME), (Decimal(40), "percent")]),
        ("1st draft; 12 May 2020; 2019; 3-4 boats", []),
        ("1,250 km", [(Decimal(1250), "")]),
    ],
)
def test_amounts_of_a_cell(text: str, expected: list[tuple[Decimal, str]]) -> None:
    assert [(q.value, q.unit) for q in quantities(text)] == expected


def test_a_computed_amount_is_written_with_its_unit() -> None:
    assert amount(Decimal("3900000"), "euro") == "€3,900,000"
    assert amount(Decimal("2.5"), TIME) == "2.5 years"
