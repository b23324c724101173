"""The conversation and the evidence panel as HTML."""

import json
from collections.abc import Callable
from dataclasses import replace
from html import escape
from html.parser import HTMLParser

import pytest
from stub_assistant import EVIL, NOTE, citation, hostile, overview, refusal, table

from app.answering.answer import Answer, NoteKind, Status
from app.report.items import answer_item
from app.report.model import Item
from app.web.conversation import Phase, Turn, earlier_questions
from app.web.evidence import panel_html, place
from app.web.examples import ExampleGroup
from app.web.reader import Reader
from app.web.texts import LANGUAGES
from app.web.transcript import newest_html, past_html, plain_text, start_html
from corpus.knowledge import Partnership

LAKESIDE = Partnership(name="The Lakeside <Partnership>", abbreviation="TLP")


class Tags(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def done(answer: Answer) -> Turn:
    return Turn(answer.question, Phase.DONE, answer, answer.text)


def talk(*turns: Turn, language: str = "en") -> str:
    reader = Reader(language)
    return past_html(turns, LAKESIDE, reader) + newest_html(turns, reader)


def test_the_start_page_offers_the_examples() -> None:
    groups = (ExampleGroup(title="New <here>", questions=("What is it?", 'Who is "in"?')),)
    html = start_html(LAKESIDE, groups)
    asked = [a["data-ask"] for t, a in Tags(html).tags if "data-ask" in a]
    assert asked == ["What is it?", 'Who is "in"?']
    assert "New &lt;here&gt;" in html
    assert "<Partnership>" not in html


def test_an_answer_shows_its_notes_its_date_and_what_to_ask_next() -> None:
    html = talk(done(overview("What is it?")))
    assert "The sources disagree" in html
    assert "September 2020" in html
    assert 'data-ask="How can my region join?"' in html
    assert "Copy answer" in html
    assert "data-retry" in html


def test_a_refusal_looks_like_one() -> None:
    html = talk(done(refusal("Who?")))
    assert 'class="refused"' in html
    assert "Not in the documents" in html


def test_what_sources_say_differently_stands_apart_from_how_it_was_worked_out() -> None:
    answer = replace(
        overview("q"),
        notes=("25 regions [1].", "Counted over 29 records.", "8 in 2018 [1].", "Not stated: who."),
        kinds=tuple(NoteKind),
    )
    html = talk(done(answer))
    for kind, note in zip(answer.kinds, answer.notes, strict=True):
        box = html.partition(f'class="notes {kind}"')[2].partition("</div>")[0]
        assert note.removesuffix(" [1].") in box
        assert box.count("<li>") == 1
    assert html.index("notes difference") < html.index("notes method") < html.index("notes dates")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_interface_is_in_the_visitors_language_and_the_answer_in_its_own(language: str) -> None:
    html = talk(done(overview("What is it?")), language=language)
    panel = panel_html([done(overview("What is it?"))], Reader(language))
    words = Reader(language).words
    for key in ("copy", "again", "note_difference", "was_helpful"):
        assert escape(words[key]) in html
    for key in ("whole", "publisher", "back"):
        assert escape(words[key]) in panel
    assert '<div class="text" lang="en">' in html
    assert "{" not in Tags(html).text + Tags(panel).text


def test_an_answer_in_another_language_says_which() -> None:
    answer = replace(overview("¿Qué es?"), language="es")
    html = talk(done(replace(answer, table=table("q").table)))
    for tag in ('<div class="text" lang="es">', '<table lang="es">', 'class="ask-this" lang="es"'):
        assert tag in html


def test_an_answer_makes_an_item_that_a_report_takes() -> None:
    for answer in (overview("What is it?"), table("Budget? " * 90), refusal("Who?")):
        item = Item.model_validate_json(json.dumps(answer_item(answer)))
        assert answer.text in item.markdown
        assert [c.n for c in item.citations] == [c.number for c in answer.citations]
        assert bool(item.table) == bool(answer.table)


def test_a_page_that_can_be_shown_is_shown_with_what_it_is() -> None:
    reader = Reader("en", lambda citation: "ask/p.webp" if citation.number == 2 else "")
    images = [a for t, a in Tags(panel_html([done(overview("q"))], reader)).tags if t == "img"]
    assert images == [
        {
            "src": "ask/p.webp",
            "alt": "Page 4-5 of Progress report, January - June 2020",
            "loading": "lazy",
        }
    ]


def test_only_the_last_turn_can_be_asked_again() -> None:
    html = talk(done(overview("a")), done(refusal("b")))
    assert html.count("data-retry") == 1
    assert "Ask next" not in html


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (Turn("q"), "Searching"),
        (Turn("q", Phase.STOPPED), "Stopped before there was an answer"),
        (Turn("q", Phase.STOPPED, overview("q"), "The beginning"), "Stopped here"),
        (Turn("q", Phase.FAILED, problem="It broke <b>."), "It broke &lt;b&gt;."),
    ],
)
def test_a_turn_says_how_far_it_is(turn: Turn, words: str) -> None:
    html = talk(turn)
    assert words in html
    assert "Copy answer" not in html
    assert f'aria-busy="{"true" if turn.running else "false"}"' in html


def test_a_table_keeps_its_cells_and_sets_figures_right() -> None:
    html = talk(done(table("Budget?")))
    parsed = Tags(html)
    assert sum(tag == "th" for tag, _ in parsed.tags) == 4
    assert sum(tag == "td" for tag, _ in parsed.tags) == 16
    assert sum(a.get("class") == "figure" for t, a in parsed.tags if t == "td") == 4
    assert "€ 4.5 million" in parsed.text


def test_evidence_shows_source_place_date_and_the_quote_in_its_passage() -> None:
    answer = overview("What is it?")
    html = panel_html([done(answer)])
    parsed = Tags(html)
    assert [a["id"] for t, a in parsed.tags if t == "details"] == [
        f"evidence-1-{n}" for n in (1, 2, 3)
    ]
    for each in answer.citations:
        assert f"<mark>{each.quote}</mark>" in html
        assert each.source.title in parsed.text
        assert place(each) in parsed.text
        assert each.passage.text in parsed.text
        assert str(each.as_of) in parsed.text


def test_only_the_latest_evidence_is_on_show() -> None:
    turns = [done(overview("a")), Turn("failed", Phase.FAILED), done(refusal("b"))]
    sections = [a for _, a in Tags(panel_html(turns)).tags if "data-turn" in a]
    assert [("hidden" in a, a["data-turn"]) for a in sections] == [(True, "1"), (False, "3")]


def test_an_answer_without_evidence_says_so() -> None:
    refused = Answer("c", "Nothing.", Status.ABSTAINED)
    turns = [done(overview("a")), done(refused)]
    assert '<p class="none of-turn">This answer rests on no source.' in panel_html(turns)
    assert [("hidden" in a) for _, a in Tags(panel_html(turns)).tags if "data-turn" in a] == [True]
    waiting = panel_html([done(overview("a")), Turn("b")])
    assert '<p class="none of-turn" hidden>' in waiting  # the last evidence stays meanwhile


@pytest.mark.parametrize(("before", "after"), [(0, 0), (50, 50), (400, 0), (0, 400), (900, 900)])
def test_of_a_long_passage_all_is_there_and_the_quote_is_near(before: int, after: int) -> None:
    text = "word " * (before // 5) + "The quote." + "\nline" * (after // 5)
    cited = citation(1, NOTE, text, "The quote.")
    html = panel_html([done(Answer("q", "A [1]", Status.ANSWERED, (cited,)))])
    assert text in Tags(html).text
    assert html.count('class="far"') == (before > 300) + (after > 300)
    assert ("Show the whole passage" in html) == (max(before, after) > 300)


def test_pages_and_sections_are_named_as_readers_would() -> None:
    first, second, _ = overview("q").citations
    assert place(first) == "page 1, Introduction to the process"
    assert place(second) == "pages 4-5, State of play > Membership"
    assert place(second, Reader("de")) == "Seiten 4-5, State of play > Membership"


def test_a_table_that_is_taken_along_has_its_headers_as_the_page_shows_them() -> None:
    answer = table("q")
    assert answer.table
    lower = replace(answer, table=replace(answer.table, header=("project", "EU funds", "a", "b")))
    assert "Project\tEU funds\tA\tB\n" in plain_text(lower)
    assert answer_item(lower)["table"]["header"] == ("Project", "EU funds", "A", "B")


def test_a_copied_answer_has_its_table_notes_and_footnotes() -> None:
    text = plain_text(table("q"))
    assert "**" not in text
    assert "Electrolyte pilot line\tAndalusia\t€ 18 million" in text
    assert "4 of 4 projects; 3 state a budget." in text
    assert text.splitlines()[-1].startswith("[2] Progress report")
    german = plain_text(table("q"), Reader("de")).splitlines()[-1]
    assert "Juli 2020" in german
    assert "S. 4" in german


@pytest.mark.parametrize("draw", [talk, lambda turn: panel_html([turn])])
def test_nothing_that_a_document_says_can_act(draw: Callable[[Turn], str]) -> None:
    html = draw(done(hostile(f"Question {EVIL}")))
    for tag, attributes in Tags(html).tags:
        assert tag not in {"script", "img", "svg", "iframe", "style"}
        assert not [name for name in attributes if name.startswith("on")]
        assert not (attributes.get("href") or "").startswith("javascript")
    assert "window.hacked" in Tags(html).text  # shown, as what it is: text


def test_follow_ups_know_the_answered_questions() -> None:
    turns = [done(overview("a")), Turn("b", Phase.FAILED), done(refusal("c"))]
    assert earlier_questions(turns) == ("a", "c")
