"""What an answer's text becomes in the browser."""

import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.conversation import growing, paced
from app.web.markup import answer_html, link_html, sentence_html, text_html


def test_markers_become_links_to_their_evidence() -> None:
    html = answer_html("Launched in 2018 [1][2].", 3, 2)
    assert 'href="#evidence-3-1"' in html
    assert 'href="#evidence-3-2"' in html
    assert html.startswith("<p>Launched in 2018<sup")
    assert html.rstrip().endswith("</sup>.</p>")


@pytest.mark.parametrize("text", ["[0]", "[3]", "[99]", "[1234]", "[a]", "[]", "1]"])
def test_what_only_looks_like_a_marker_stays_text(text: str) -> None:
    html = answer_html(f"As {text} says", 1, 2)
    assert "cite" not in html
    assert text in html


def test_markers_inside_code_are_left_alone() -> None:
    assert "cite" not in answer_html("`[1]`", 1, 1)


def test_lists_tables_and_emphasis_are_drawn() -> None:
    html = answer_html("- **a** [1]\n- b\n\n| h |\n|---|\n| c [1] |", 1, 1)
    assert "<strong>a</strong>" in html
    assert html.count("<li>") == 2
    assert "<table>" in html
    assert html.count('class="cite"') == 2


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>x</script>",
        "<img src=x onerror=x>",
        "[a](javascript:x)",
        "![a](https://evil.example/x.png)",
        "<https://evil.example>",
        "<svg/onload=x>",
        "[a]: javascript:x\n\n[a]",
        "[a](https://evil.example)",
        "https://evil.example/\"onmouseover='x'",
    ],
)
def test_nothing_in_a_text_can_act(hostile: str) -> None:
    for html in (answer_html(hostile, 1, 9), sentence_html(hostile, 1, 9), text_html(hostile)):
        for tag in ("<script", "<img", "<svg", 'href="javascript', " onmouseover="):
            assert tag not in html


@given(st.text(alphabet="<>\"'&[]()!:/ahref1*`|\\\n ", max_size=60))
def test_only_known_tags_and_addresses_come_out(text: str) -> None:
    html = answer_html(text, 1, 3)
    for place in html.split("<")[1:]:
        name = place.lstrip("/").split(">")[0].split(" ")[0]
        assert name in {
            *(
                "p",
                "em",
                "strong",
                "ul",
                "ol",
                "li",
                "code",
                "pre",
                "blockquote",
                "hr",
                "hr/",
                "br",
            ),
            *("h1", "h2", "h3", "h4", "h5", "h6", "sup", "a", "span"),
            *("table", "thead", "tbody", "tr", "th", "td"),
        }


def test_addresses_can_be_followed_without_their_punctuation() -> None:
    html = text_html("See https://a.example/b?c=1&d=2, or http://e.example.")
    assert 'href="https://a.example/b?c=1&amp;d=2"' in html
    assert 'href="http://e.example"' in html
    assert html.count('rel="noopener noreferrer"') == 2


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//a.example", "ftp://a"]
)
def test_other_addresses_are_text(url: str) -> None:
    assert "<a" not in link_html(url, url)


def test_an_answer_grows_to_its_whole_text_in_few_steps() -> None:
    text = "word " * 900
    steps = growing(text)
    assert steps[-1] == text
    assert len(steps) <= 11
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(steps))


async def _shown(steps: list[str], seconds: float, drawing: float) -> list[str]:
    shown = []
    async for step in paced(steps, seconds):
        shown.append(step)
        await asyncio.sleep(drawing)
    return shown


def test_who_draws_too_slowly_is_spared_steps_but_not_the_first_and_the_last() -> None:
    steps = [str(each) for each in range(20)]
    assert asyncio.run(_shown(steps[:3], 0.2, 0.0)) == steps[:3]
    slow = asyncio.run(_shown(steps, 0.002, 0.02))
    assert (slow[0], slow[-1]) == ("0", "19")
    assert len(slow) < 8


def test_bold_print_and_table_rows_appear_whole() -> None:
    text = (
        "One **two three four five six seven** eight.\n\n| a b c | d e f |\n|---|---|\n| g h | i |"
    )
    for step in growing(text):
        assert step.count("**") % 2 == 0
        assert not step.rstrip().endswith("|") or step.rstrip().split("\n")[-1].count("|") >= 3


@given(st.text(max_size=200))
def test_whatever_the_text_it_grows_to_itself(text: str) -> None:
    assert growing(text)[-1] == text
