from pathlib import Path

import pytest
from reading import Shown, show, show_file

from ingest.readers.html import HtmlReader


def read(body: str, head: str = "") -> Shown:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()
    assert HtmlReader().accepts(Path("a.html"), page)
    return show(HtmlReader().read(Path("a.html"), page))


@pytest.mark.parametrize(
    ("file", "must", "must_not"),
    [
        (
            "albatts-work-packages.html",
            [
                "# Sectoral Intelligence",
                "- The management of the project has been designed around three governance "
                "functions: => Steering Board – provides strategic industrial direction",
                "IP handling",
            ],
            ["tracking", "font-family", "cookies", "home", "<"],
        ),
        (
            "ambp-monitoring-report-2020-h1.html",
            [
                "Goal 7. Ensure access to affordable, reliable, sustainable and modern energy for "
                "all: Strongly agree",
                "Goal 1. End poverty in all its forms everywhere: Neutral",
                "Partnership for Sustainable Development: no option chosen",
                "=> 2; Event: FI regional meeting; Date: 29-30 January 2020; Place: Outokumpu",
                "P Start date of your partnership: October 2018",
                "P Partnership's webpage: https://s3platform.jrc.ec.europa.eu/batteries",
                "- As a reminder, the key requirements for the AMBP partners are: => "
                "Involve a minimum of 3 regions from 3 different countries",
                "- The current Thematic Areas are the following: => Thematic Area 6",
                "# Please provide the list of leading regions\n- 1 Andalusia (ES)",
            ],
            ["Login", "EUSurvey", "<", "☐", "☑", "| 7\n", "are the following: => Regional"],
        ),
    ],
)
def test_the_publications(originals: Path, file: str, must: list[str], must_not: list[str]) -> None:
    shown = show_file(originals / file)
    assert [text for text in must if text not in shown] == []
    assert [text for text in must_not if text in shown] == []


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        # what stands around the content
        (
            "<nav>Menu</nav><header><a>Home</a></header><main><h1>T</h1><p>Text.</p></main>"
            "<aside>Ad</aside><footer>Foot</footer>",
            ["# T", "P Text."],
        ),
        (
            "<div class='cookie-banner'>Accept</div><div id='sidebar'>Links</div>"
            "<div role='navigation'>Nav</div><p hidden>no</p><p style='display: none'>no</p>"
            "<p aria-hidden='true'>no</p><script>no()</script><style>no</style>"
            "<noscript>no</noscript><p>Yes.</p>",
            ["P Yes."],
        ),
        (
            "<header><h1>Title of the page</h1></header><p>Text.</p>",
            ["# Title of the page", "P Text."],
        ),
        ("<div class='social-partners'><p>Kept.</p></div>", ["P Kept."]),
        ("<main></main><div><p>All of the text is here.</p></div>", ["P All of the text is here."]),
        ("<article><p>One.</p></article><article><p>Two.</p></article>", ["P One.", "P Two."]),
        # words
        ("<p>one<b>two</b><i>three</i> four</p>", ["P onetwothree four"]),
        ("<p>Li<sub>2</sub>O, m<sup>2</sup><sup><a href='#n'>1</a></sup></p>", ["P Li2O, m2"]),
        ("<p>A wrapped\n   line</p>", ["P A wrapped line"]),
        ("<p>Name<br>Street 5<br/>and so on</p>", ["P Name\nStreet 5\nand so on"]),
        ("<p>a&nbsp;b&amp;c <!-- not --> d</p>", ["P a b&c d"]),
        (
            "loose <em>words</em><div>and a block</div>more",
            ["P loose words", "P and a block", "P more"],
        ),
        ("<pre>line one\n  line two</pre>", ["P line one", "P line two"]),
        # links
        ("<p>Read <a href='https://a.org/x'>the page</a>.</p>", ["P Read the page."]),
        ("<p>Read <a href='https://a.org/x'>here</a>.</p>", ["P Read here (https://a.org/x)."]),
        ("<p><a href='mailto:a@b.org?subject=x'>Ann Lee</a></p>", ["P Ann Lee (a@b.org)"]),
        ("<p><a href='mailto:a@b.org'>a@b.org</a></p>", ["P a@b.org"]),
        ("<p><a href='mailto:a@b.org'>Ann</a>: a@b.org</p>", ["P Ann: a@b.org"]),
        ("<p><a href='mailto:%C3%A4@b.org'></a></p>", ["P ä@b.org"]),
        ("<p><a href='javascript:x()'>Words</a></p>", ["P Words"]),
        # labels
        (
            "<p><b>Date</b></p><p>May</p><p><b>Place</b></p><p>Graz</p>",
            ["P Date: May", "P Place: Graz"],
        ),
        ("<p><b>Parts:</b></p><ul><li>a</li></ul>", ["# Parts:", "- a"]),
        ("<p><b>Note</b> that this is text.</p>", ["P Note that this is text."]),
        (
            "<p><b>Site</b><a href='x'>x.org</a><b>Next</b></p><p>v</p>",
            ["P Site: x.org", "P Next: v"],
        ),
        ("<p><b>A sentence in bold, at the end.</b></p>", ["P A sentence in bold, at the end."]),
        # lists
        (
            "<p>We need:</p><ul><li>a<ul><li>b</li></ul>rest</li><li><p>c</p><p>d</p></li></ul>",
            [
                "P We need:",
                "- We need: => a",
                "- a => b",
                "- We need: => rest",
                "- We need: => c\nd",
            ],
        ),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", ["- a", "- a => b"]),
        (
            "<dl><dt>TRL</dt><dd>A scale</dd><dt>A</dt><dt>B</dt><dd>C</dd></dl>",
            ["- TRL: A scale", "- A / B: C"],
        ),
        # figures and forms
        ("<figure><img src='x'><figcaption>A chart</figcaption></figure>", ["P A chart"]),
        (
            "<form><fieldset><legend>Size</legend><input type='text' value='12'></fieldset></form>",
            ["P Size: 12"],
        ),
        ("<select><option>a</option><option selected>b</option></select>", ["P b"]),
        ("<p><input type='hidden' value='secret'>Seen</p>", ["P Seen"]),
    ],
)
def test_what_a_page_says(body: str, lines: list[str]) -> None:
    assert read(body).lines == lines


TABLES = {
    "headers": (
        "<table><tr><th>Name</th><th>Place</th></tr><tr><td>A</td><td>Graz</td></tr></table>",
        ["| Name: A; Place: Graz"],
    ),
    "no header cells": (
        "<table><tr><td>Name</td><td>Members</td></tr><tr><td>A</td><td>12</td></tr></table>",
        ["| Name: A; Members: 12"],
    ),
    "no headers at all": (
        "<table><tr><td>Fee</td><td>5</td></tr><tr><td>Tax</td><td>6</td></tr></table>",
        ["| Fee; 5", "| Tax; 6"],
    ),
    "row headers": (
        "<table><tr><th></th><th>2019</th><th>2020</th></tr>"
        "<tr><th>Regions</th><td>25</td><td>29</td></tr></table>",
        ["| Regions; 2019: 25; 2020: 29"],
    ),
    "spans": (
        "<table><thead><tr><th rowspan=2>Metal</th><th colspan=2>Share</th></tr>"
        "<tr><th>World</th><th>EU</th></tr></thead><tr><td rowspan='2'>Tin</td><td>1</td><td>2</td>"
        "</tr><tr><td>3</td><td>4</td></tr></table>",
        [
            "| Metal: Tin; Share – World: 1; Share – EU: 2",
            "| Metal: Tin; Share – World: 3; Share – EU: 4",
        ],
    ),
    "caption and parts": (
        "<table><caption>Dues</caption><tr><th>Who</th><th>Sum</th></tr>"
        "<tr><td colspan=2>In Europe</td></tr><tr><td>A</td><td>5</td></tr></table>",
        ["| Dues: In Europe => Who: A; Sum: 5"],
    ),
    "the sentence before": (
        "<p>These are dues.</p><table><tr><th>Who</th><th>Sum</th></tr>"
        "<tr><td>A</td><td>5</td></tr></table>",
        ["P These are dues.", "| These are dues. => Who: A; Sum: 5"],
    ),
    "empty rows and repeated headers": (
        "<table><tr><th></th><th>Who</th><th>Sum</th></tr><tr><td>1</td><td>A</td><td>5</td></tr>"
        "<tr><th></th><th>Who</th><th>Sum</th></tr><tr><td>2</td><td></td><td></td></tr></table>",
        ["| 1; Who: A; Sum: 5"],
    ),
    "marks": (
        "<table><tr><th>Task</th><th>Ann</th><th>Bo</th></tr><tr><td>Cook</td><td>✓</td><td></td></tr>"
        "<tr><td>Wash</td><td>X</td><td>x</td></tr><tr><td>Rest</td><td></td><td>-</td></tr></table>",
        ["| Task: Cook: Ann", "| Task: Wash: Ann, Bo", "| Task: Rest"],
    ),
    "cells of several lines": (
        "<table><tr><th>Who</th><th>What</th></tr><tr><td>A</td><td><p>One.</p><ul><li>two</li>"
        "<li>Three</li></ul></td></tr></table>",
        ["| Who: A; What: One. two; Three"],
    ),
    "layout": (
        "<table><tr><td><h2>Head</h2><p>Left.</p></td><td><p>Right.</p></td></tr></table>",
        ["# Head", "P Left.", "P Right."],
    ),
    "a nested table": (
        "<table role='presentation'><tr><td><table><tr><th>A</th><th>B</th></tr><tr><td>1</td>"
        "<td>2</td></tr></table></td></tr></table>",
        ["| A: 1; B: 2"],
    ),
    "a figure's caption": (
        "<figure><figcaption>Dues</figcaption><table><tr><th>A</th><th>B</th></tr><tr><td>1</td>"
        "<td>2</td></tr></table></figure>",
        ["| Dues => A: 1; B: 2"],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str) -> None:
    body, lines = TABLES[name]
    assert read(body).lines == lines


def test_heading_paths_and_title() -> None:
    shown = read("<h1>A</h1><h3>B</h3><p>x</p><h2>C</h2><p>y</p>", "<title> The\n title </title>")
    assert shown.paths["x"] == ("A", "B")
    assert shown.paths["y"] == ("A", "C")
    assert shown.title == "The title"
    assert read("<h1>A</h1>").title == "A"


def test_a_label_ends_where_the_next_question_begins() -> None:
    shown = read(
        "<p><b>Which regions lead?</b></p><ul><li>A</li></ul>"
        "<p>Please name the others</p><ul><li>B</li></ul>"
    )
    assert shown.paths["A"] == ("Which regions lead?",)
    assert shown.paths["B"] == ()


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_encodings(encoding: str) -> None:
    declared = f"<meta charset='{encoding}'>" if encoding != "utf-16" else ""
    page = f"<html><head>{declared}</head><body><p>Région Åland</p></body></html>".encode(encoding)
    assert show(HtmlReader().read(Path("a.html"), page)).lines == ["P Région Åland"]


@pytest.mark.parametrize(
    "page",
    [
        "<html>",
        "<html><body><table><tr></tr></table><ul></ul><dl></dl>",
        "<html><p><b></b></p>",
        "<html><table><tr><td colspan='99999999' rowspan='x'>a</td></tr>",
        "<html><li>a",
        "<html></p></p>",
    ],
)
def test_odd_pages_do_not_fail(page: str) -> None:
    show(HtmlReader().read(Path("a.html"), page.encode()))


def test_what_is_a_page() -> None:
    reader = HtmlReader()
    assert reader.accepts(Path("page.txt"), b"\xef\xbb\xbf \n<!DOCTYPE html><p>x")
    assert reader.accepts(Path("a.xhtml"), b'<?xml version="1.0"?><html xmlns="x"></html>')
    assert reader.accepts(Path("a.htm"), b"<p>part of a page")
    assert not reader.accepts(Path("a.txt"), b"a < b")
    assert not reader.accepts(Path("a.html"), b"no tags")
