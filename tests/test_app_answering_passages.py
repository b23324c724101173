"""Answers from passages: what is quoted, what is listed, and when nothing is said."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from fakes import ContentEmbedder

from app.answering.answer import Answer, Status
from app.answering.engine import Engine
from app.answering.understanding import understand
from corpus.knowledge import Knowledge, Partnership
from corpus.model import Source
from corpus.vocabulary import load_vocabulary
from ingest.passages import split
from ingest.read import read_file
from retrieval.library import Library

Ask = Callable[..., Answer]

NOTE = """# Lake note

## Aims

The Lakeside Partnership was founded in Turku on 3 May 2019 by four towns.
It cleans the water of seven lakes. The Fund for Inner Lakes (FIL) pays for the boats.
The first plan was called too costly.

## Members

Please give the list of member towns:

1. Nokia Shore (FI)
2. Lake Land (SE)
3. Muddy Bay (FI)
4. Deep Ford (NO)

## Obstacles

- Boats are dear
- Reeds grow back every year

## Projects

| # | Project leader | Title | Budget |
|---|---|---|---|
| 1 | Anna Berg | Reed harvest | €200 000 |
| 2 | Olof Strand | Clean inflow | under preparation |
| 3 | Maria Lind | Swim again | €1.5 million |

Project 2 (Clean inflow) was sent to the fund. The project was refused as too small.

## Contact

Questions go to office@lakes.example at any time.

Chairwoman: Ida Holm

Please describe the role of the harbour.

## Duties of a member

Each town that joins has to:

- pay a fee
- send a boat
- report in spring

## Aims in detail

The fund backs reeds and nets.
"""


@pytest.fixture
def ask_with(tmp_path: Path) -> Iterator[Callable[[Sequence[tuple[str, str]]], Ask]]:
    """Opens an engine over files given as (name, text); the same source for the same stem."""
    opened: list[Library] = []

    def open_with(files: Sequence[tuple[str, str]]) -> Ask:
        embedder = ContentEmbedder()
        library = Library.open(tmp_path / "library", embedder)
        opened.append(library)
        for name, text in files:
            path = tmp_path / name
            path.write_text(text, encoding="utf-8")
            source = Source(id=path.stem, title=path.stem.replace("-", " ").capitalize())
            document = read_file(path, source)
            library.put(document, split(document, embedder.count_tokens))
        about = Partnership(name="Lakeside Partnership", abbreviation="LSP")
        knowledge = Knowledge(about, (), {}, ())
        engine = Engine(library, knowledge, load_vocabulary())
        return engine.ask

    yield open_with
    for library in opened:
        library.close()


@pytest.fixture
def ask(ask_with: Callable[[Sequence[tuple[str, str]]], Ask]) -> Ask:
    """An engine that holds the note."""
    return ask_with([("lake-note.md", NOTE)])


@pytest.mark.parametrize(
    ("question", "must", "must_not"),
    [
        ("When was the Lakeside Partnership founded?", "3 May 2019", "boats"),
        ("Which Finnish towns are members?", "Nokia Shore.*Muddy Bay", "Lake Land|Deep Ford"),
        ("How many Finnish towns are members?", r"\b2\b", "Lake Land"),
        ("List the member towns.", "Nokia Shore.*Lake Land.*Muddy Bay.*Deep Ford", "Anna"),
        ("What are the obstacles?", "dear.*Reeds", "Anna"),
        ("Is Muddy Bay a member?", "Muddy Bay.*stands under.*member towns", "Nokia"),
        ("Who is the leader of project 3?", "Maria Lind", "Anna|Olof"),
        ("What is the budget of project 1?", "200 000", "1.5 million"),
        ("Why was project 2 refused?", "too small", "costly"),
        ("What does FIL stand for?", "Fund for Inner Lakes", "reed"),
        ("Who is the chairwoman?", "Ida Holm", "Anna"),
        ("What is the e-mail address of the office?", "office@lakes.example", "reed"),
    ],
)
def test_answers(ask: Ask, question: str, must: str, must_not: str) -> None:
    answer = ask(question)
    text = answer.text.replace("\n", " ")
    assert answer.status is Status.ANSWERED, text
    assert re.search(must, text), text
    assert not re.search(must_not, text), text


@pytest.mark.parametrize(
    "question",
    [
        "What is the budget of project 2?",  # its row states none
        "What is the budget of project 7?",
        "What is the phone number of Maria Lind?",
        "How many boats does the partnership own?",
        "Who won the football world cup in 2018?",
        "Is Copenhagen a member?",
        "What will the lakes cost next year?",
        "Combien de villes participent au partenariat?",
    ],
)
def test_abstains(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is Status.ABSTAINED, answer.text
    assert not answer.citations


def test_every_quote_stands_in_its_passage(ask: Ask) -> None:
    for question in ("List the member towns.", "Why was project 2 refused?", "What is FIL?"):
        for citation in ask(question).citations:
            quote = citation.passage.text[citation.start : citation.end]
            assert quote
            assert quote.strip() == quote


def test_the_same_bytes_each_time(ask: Ask) -> None:
    assert ask("List the member towns.").text == ask("List the member towns.").text


def test_a_sentence_that_leans_takes_the_one_before(ask: Ask) -> None:
    text = ask("How many lakes are cleaned?").text
    assert "seven lakes" in text
    assert "Lakeside Partnership was founded" in text


def test_text_extracted_from_a_publication_is_left_out(
    ask_with: Callable[[Sequence[tuple[str, str]]], Ask],
) -> None:
    """The page is quoted, not the same words cut up by lines."""
    page = "<html><body><h1>Note</h1><p>The council meets twice a year to choose a new chair for "
    page += "the boats, the reeds and the shores of all seven lakes.</p></body></html>"
    plain = "The council meets twice a year to choose a\nnew chair for the boats, the reeds and\n"
    plain += "the shores of all seven lakes."
    ask = ask_with([("note.html", page), ("note.txt", plain)])
    citations = ask("Who chooses the chair for the boats?").citations
    assert {c.passage.document_id.rpartition("/")[2] for c in citations} == {"html"}


def test_a_list_goes_on_over_the_end_of_a_passage(
    ask_with: Callable[[Sequence[tuple[str, str]]], Ask],
) -> None:
    items = "\n".join(
        f"- Harbour {name} with its own crane, two piers, a slipway and a long breakwater"
        for name in ("Alder", "Birch", "Cedar", "Dogwood", "Elm")
    )
    filler = " ".join(["The water was calm and the reeds stood still on that day."] * 12)
    ask = ask_with([("ports.md", f"# Ports\n\n{filler}\n\nThe harbours are:\n\n{items}\n")])
    text = ask("List the harbours.").text
    assert all(name in text for name in ("Alder", "Birch", "Cedar", "Dogwood", "Elm"))


def test_demands_of_a_question(ask: Ask) -> None:
    engine = ask.__self__  # type: ignore[attr-defined]
    answers = engine.from_passages

    def needs(question: str) -> frozenset[str]:
        return frozenset(answers.asked(understand(question, engine.lexicon)).needs)

    assert needs("What is the phone number of Anna?") == {"phone"}
    assert needs("What is the budget of project 1?") == {"money"}
    assert needs("When was it founded?") == {"date"}
    assert needs("When do the boats go out?") == frozenset()
    assert needs("How many boats are there?") == {"number"}


def test_a_field_of_a_form_is_no_answer(ask: Ask) -> None:
    assert "Please describe" not in ask("What is the role of the harbour?").text


def test_which_of_several_is_not_answered_with_one_thing(ask: Ask) -> None:
    answer = ask("Which boats does the plan call costly?")
    assert answer.status is Status.ABSTAINED, answer.text
