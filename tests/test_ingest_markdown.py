from pathlib import Path

import pytest
from reading import Shown, show, show_file

from ingest.readers.markdown import MarkdownReader


def read(text: str) -> Shown:
    data = text.encode()
    assert MarkdownReader().accepts(Path("a.md"), data)
    return show(MarkdownReader().read(Path("a.md"), data))


@pytest.mark.parametrize(
    ("file", "must", "must_not"),
    [
        (
            "ambp-monitoring-report-2020-h1.md",
            [
                "Goal 7. Ensure access to affordable, reliable, sustainable and modern energy for "
                "all: Strongly agree",
                "Goal 16. Promote peaceful & inclusive societies",
                "institutions at all levels: no option chosen",
                "=> 2; Event: FI regional meeting; Date: 29-30 January 2020; Place: Outokumpu",
                "working areas of your partnership => 5; Working area: Thematic area 5",
                "P Start date of your partnership: October 2018",
                "# Please provide the executive summary of the objectives of your partnership",
                "- As a reminder, the key requirements for the AMBP partners are: => "
                "Be an industrial innovation (TRL6+) project",
                "P Fields marked with * are mandatory.",
            ],
            ["**", "\\*", "<p>", "<input", "\t", "| 7\n"],
        ),
        (
            "batteries-in-wallonia.md",
            [
                "# BatFactory",
                "Prof. Bao-Lian SU : bao-lian.su@unamur.be (UNamur)",
                "| INTRODUCTION; p.3",
            ],
            ["<b>", "](", "%C3"],
        ),
    ],
)
def test_the_publications(originals: Path, file: str, must: list[str], must_not: list[str]) -> None:
    shown = show_file(originals / "as-text" / file)
    assert [text for text in must if text not in shown] == []
    assert [text for text in must_not if text in shown] == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "# A\n\nText *with* `code`\nand a [good link](https://x.org).",
            ["# A", "P Text with code and a good link."],
        ),
        ("A\n===\n\nB\n---\n\nx", ["# A", "# B", "P x"]),
        ("Steps:\n\n- a\n  - b\n- c", ["P Steps:", "- Steps: => a", "- a => b", "- Steps: => c"]),
        ("1. one\n2. two", ["- one", "- two"]),
        ("| A | B |\n|---|---|\n| 1 | **2** |\n", ["| A: 1; B: 2"]),
        ("Caption\n\n| A | B |\n|---|---|\n| 1 | 2 |\n", ["P Caption", "| Caption => A: 1; B: 2"]),
        ("A\tB\tC\n1\t2\t3\n\n4\t5\t6\n", ["| A: 1; B: 2; C: 3", "| A: 4; B: 5; C: 6"]),
        (
            "\tYes\tNo\nWe go\t<input type='radio' checked>\t<input type='radio'>\n",
            ["| We go: Yes"],
        ),
        ("A\tB & <b>C</b>\n1 < 2\t3\n", ["| A: 1 < 2; B & C: 3"]),
        ("x\n\n\tindented by a tab\n", ["P x", "P indented by a tab"]),
        ("    indented text", ["P indented text"]),
        ("```\na\tb\tc\nd\te\tf\n```", ["P a b c", "P d e f"]),
        ("**Start**\n\nMay\n\n**End**\n\nJune", ["P Start: May", "P End: June"]),
        ("**One****\\* Two**\n\nvalue", ["# One", "P Two: value"]),
        (
            "<div><p>In <b>HTML</b></p></div>\n\n<script>x</script>\n\nafter",
            ["P In HTML", "P after"],
        ),
        ("A line  \nBroken", ["P A line\nBroken"]),
        ("<https://x.org> and <a@b.org>", ["P https://x.org and a@b.org"]),
        ("![a picture](x.png)\n\nText", ["P Text"]),
        ("> quoted", ["P quoted"]),
        ("a\r\n\r\nb\rc", ["P a", "P b c"]),
    ],
)
def test_what_markdown_says(text: str, lines: list[str]) -> None:
    assert read(text).lines == lines


@pytest.mark.parametrize(
    ("text", "title", "lines"),
    [
        ("---\ntitle: Its title\nx: 1\n---\n# Other\n\ntext", "Its title", ["# Other", "P text"]),
        ("\ufeff---\ntitle: With a mark\n---\ntext", "With a mark", ["P text"]),
        ("# The *first* heading\n\ntext", "The first heading", ["# The first heading", "P text"]),
        ("---\nnot: [closed\n---\ntext", "", None),
        ("---\njust words\n---\ntext", "", None),
        ("---\n\ntext", "", ["P text"]),
    ],
)
def test_front_matter_and_title(text: str, title: str, lines: list[str] | None) -> None:
    shown = read(text)
    assert shown.title == title
    if lines is not None:
        assert shown.lines == lines
    else:
        assert "text" in shown.all
