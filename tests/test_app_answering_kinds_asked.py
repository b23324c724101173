"""What a question asks for, and the rows, items and lines that are of that kind."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import ContentEmbedder

from app.answering.answer import Answer, Status
from app.answering.engine import Engine
from app.answering.terms import Terms
from corpus.knowledge import Knowledge, Partnership
from corpus.model import Source
from corpus.vocabulary import load_vocabulary
from ingest.passages import split
from ingest.read import read_file
from retrieval.library import Library

NOTE = """# Harbour report

## The Harbour Partnership and the Clean Harbour Goals (CHGs)

| Goal | Rating |
| --- | --- |
| Goal 1. Clean water for every boat | strongly supported |
| Goal 2. Quiet nights in the old town | neutral |
| Goal 3. Cheap berths for young sailors | strongly supported |
| Goal 4. Safe stairs along the wall | neutral |

## Meetings

| # | Event | Date |
| --- | --- | --- |
| 1 | Regatta board | 3 April 2021 |
| 2 | Lock keepers | 9 April 2021 |
| 3 | Regatta board | 4 May 2021 |
| 4 | Dredging round | 6 May 2021 |
| 5 | Quay walk | 8 June 2021 |

## Projects

| # | Project leaders | Project |
| --- | --- | --- |
| 1 | Miller and Sons | Rebuilding of the northern mole |
| 2 | Harbour Ropeworks | Ropes made of hemp |

## Members of the Harbour Partnership

- Sandhaven (NO)
- Oldport (DK)
- Westquay (SE)

## Contacts

Harriet Skipper
Mooring expert
harriet@harbour.example

Jean-Paul de Mossy
Dredging expert
jeanpaul@harbour.example

## Involvement

Evaluation of the involvement of sailing associations and rowing clubs in the work of the harbour

The sailing association (SAILA) took part in every round.

## Ferries

There are more ferries to Oldport than ever, and each carries bicycles.
Most of the ferries to Westquay have a restaurant.
Of all the ferries the one to Sandhaven has the most seats.

## State of the projects

| # | Project leaders | State |
| --- | --- | --- |
| 1 | Miller and Sons | Waiting for stone |
| 2 | Harbour Ropeworks | Hemp is bought |
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    library = Library.open(tmp_path / "library", ContentEmbedder())
    path = tmp_path / "report.md"
    path.write_text(NOTE, encoding="utf-8")
    document = read_file(path, Source(id="report", title="Report of the year"))
    library.put(document, split(document, library.embedder.count_tokens))
    about = Partnership(name="Harbour Partnership", abbreviation="HP")
    yield Engine(library, Knowledge(about, (), {}, ()), load_vocabulary())
    library.close()


@pytest.fixture
def ask(engine: Engine) -> Callable[[str], Answer]:
    return engine.ask


def test_the_passages_tell_what_their_abbreviations_stand_for(engine: Engine) -> None:
    terms: Terms = engine.terms
    assert terms.expansions["chg"] == ("clean", "harbour", "goals")
    assert "saila" not in terms.expansions, "these are not the first letters of what precedes it"
    assert not terms.holding(frozenset({"ferri", "mole"}))
    assert [p.heading_path[-1] for p in terms.holding(frozenset({"ferri", "bicycl"}))] == [
        "Ferries"
    ]


@pytest.mark.parametrize("name", ["CHG 3", "goal 3", "CHG3"])
def test_a_number_is_found_under_the_abbreviation_and_in_full(
    ask: Callable[[str], Answer], name: str
) -> None:
    answer = ask(f"Does the partnership support {name}?")
    assert "Cheap berths" in answer.text
    assert "Goal 1" not in answer.text


def test_the_items_of_one_value_are_listed(ask: Callable[[str], Answer]) -> None:
    answer = ask("On which CHGs is HP neutral?")
    assert "Goal 2" in answer.text
    assert "Goal 4" in answer.text
    assert "Goal 1" not in answer.text
    assert "Goal 3" not in answer.text


def test_each_row_of_the_same_name_is_given_where_several_are_asked_for(
    ask: Callable[[str], Answer],
) -> None:
    answer = ask("When were the meetings of the regatta board?")
    assert "3 April 2021" in answer.text
    assert "4 May 2021" in answer.text
    assert "9 April" not in answer.text


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("Who leads project 2?", True),
        ("Which region leads project 2?", False),  # the row tells of no region
        ("The leader of project 2 is of which region?", False),
    ],
)
def test_a_row_answers_for_what_it_tells_of(
    ask: Callable[[str], Answer], question: str, answered: bool
) -> None:
    answer = ask(question)
    assert (answer.status is Status.ANSWERED) is answered
    assert ("Harbour Ropeworks" in answer.text) is answered


def test_the_expert_who_is_named_first_is_not_taken_for_another(
    ask: Callable[[str], Answer],
) -> None:
    assert "de Mossy" in ask("Who is the dredging expert at the harbour?").text
    assert "Skipper" in ask("Who is the mooring expert at the harbour?").text


def test_a_line_without_verb_and_full_stop_tells_nothing(ask: Callable[[str], Answer]) -> None:
    answer = ask("Which sailing association is involved in the work of the harbour?")
    assert "Evaluation" not in answer.text


@pytest.mark.parametrize(
    ("question", "place"),
    [("Is Oldport in HP?", "Oldport (DK)"), ("Does Westquay take part in HP?", "Westquay (SE)")],
)
def test_a_name_is_of_the_partnership_where_a_list_has_it(
    ask: Callable[[str], Answer], question: str, place: str
) -> None:
    assert f"“{place}” stands under" in ask(question).text


@pytest.mark.parametrize("name", ["Goosewick", "Regatta"])
def test_no_sentence_answers_whether_a_name_is_of_the_partnership(
    ask: Callable[[str], Answer], name: str
) -> None:
    assert ask(f"Is {name} in HP?").status is Status.ABSTAINED


@pytest.mark.parametrize(
    "question",
    [
        "Are there more members from Norway or from Denmark?",
        "Which town has the most members?",
    ],
)
def test_what_would_have_to_be_counted_is_not_listed(
    ask: Callable[[str], Answer], question: str
) -> None:
    assert ask(question).status is Status.ABSTAINED


def test_the_most_is_not_most_of_them(ask: Callable[[str], Answer]) -> None:
    assert "Sandhaven" in ask("Which of the ferries has the most seats?").text
    assert "restaurant" not in ask("Which of the ferries has the most restaurants?").text


def test_a_number_alone_is_answered_by_its_rows_in_every_table(
    ask: Callable[[str], Answer],
) -> None:
    answer = ask("Tell me about project 2")
    assert "Ropes made of hemp" in answer.text
    assert "Hemp is bought" in answer.text
    assert "Miller" not in answer.text


def test_who_makes_one_slip_may_have_made_another(ask: Callable[[str], Answer]) -> None:
    assert "Harbour Ropeworks" in ask("who leeds projekt 2").text
    assert ask("Who leeds project 2?").status is Status.ABSTAINED, "Leeds is a town"
