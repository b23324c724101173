"""Reports as files: what is in them, how they are numbered, and what cannot get into them."""

import json
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from docx import Document
from lxml import etree
from report_sample import cited, exported, hostile_item, item, items, text

from app.report.exports import FORMATS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LINK = "https://partnership.example/note"


def part(docx: bytes, name: str) -> etree._Element:
    with ZipFile(BytesIO(docx)) as package:
        return etree.fromstring(package.read(f"word/{name}.xml"))


def footnotes(docx: bytes) -> list[str]:
    """The texts of the footnotes of a .docx, less the separators that every one has."""
    notes = part(docx, "footnotes").findall(f"{W}footnote")
    return ["".join(n.itertext(f"{W}t")).strip() for n in notes if not n.get(f"{W}type")]


def html(*given: dict, **more: object) -> BeautifulSoup:
    return BeautifulSoup(text("html", *given, **more), "lxml")


# --- Languages ---------------------------------------------------------------------------------


def test_an_item_in_another_language_says_so_and_one_in_the_reports_does_not() -> None:
    spanish, english = item("Tres regiones.", language="es"), item("Three.", language="en")
    page = html(spanish, english)
    assert [each["lang"] for each in page.select("body [lang]")] == ["es"]
    assert "Tres regiones." in page.select_one("[lang=es]").get_text()
    document = part(exported("docx", spanish, english), "document")
    (run,) = {r for r in document.iter(f"{W}r") if "Tres" in "".join(r.itertext())}
    assert run.find(f"{W}rPr/{W}lang").get(f"{W}val") == "es"
    assert "<div" not in text("markdown", spanish)


# --- Word ----------------------------------------------------------------------------------------


def test_word_has_real_footnotes_each_once() -> None:
    made = exported("docx")
    assert footnotes(made) == [
        "Scoping note: the partnership at a glance, The Lakeside Partnership, September 2020, "
        "p. 1, Introduction to the process, https://partnership.example/note "
        "(accessed 20 November 2025).",
        "Progress report, January - June 2020, The Lakeside Partnership, July 2020, pp. 4-5, "
        "State of play > Membership.",
        "Scoping note: the partnership at a glance, The Lakeside Partnership, September 2020, "
        "p. 7, Requirements, https://partnership.example/note (accessed 20 November 2025).",
    ]
    body = part(made, "document")
    ids = [int(one.get(f"{W}id")) for one in body.iter(f"{W}footnoteReference")]
    known = {int(one.get(f"{W}id")) for one in part(made, "footnotes").findall(f"{W}footnote")}
    assert len(ids) == len(set(ids)) == 3
    assert set(ids) <= known


def test_word_points_to_a_footnote_again_by_a_field() -> None:
    body = part(exported("docx"), "document")
    fields = [one.text.split()[1] for one in body.iter(f"{W}instrText")]
    marks = [one.get(f"{W}name") for one in body.iter(f"{W}bookmarkStart")]
    # Two notes and four places of the second item point to what was named before.
    assert fields == ["_Note2", "_Note1", "_Note1", "_Note2", "_Note1", "_Note2"]
    assert sorted(marks) == ["_Note1", "_Note2", "_Note3"]
    # The numbers run on to the end, whatever a program takes for a section.
    assert not list(body.iter(f"{W}numRestart"))


def test_word_opens_with_title_headings_table_and_sources() -> None:
    document = Document(BytesIO(exported("docx")))
    said = {(p.style.name, p.text) for p in document.paragraphs if p.style}
    assert {
        ("Title", "Our region"),
        ("Author", "Ana Novak"),
        ("Date", "22 November 2025"),
        ("Heading 1", "What is the partnership?"),
        ("Heading 1", "Sources"),
    } <= said
    (sheet,) = document.tables
    assert [cell.text for cell in sheet.rows[2].cells] == [
        "Second life of cells", "Lombardy", "€ 4.5 million", "being prepared",
    ]  # fmt: skip
    assert document.sections[0].page_width.mm == pytest.approx(210, abs=0.1)
    assert document.sections[0].page_height.mm == pytest.approx(297, abs=0.1)
    assert document.core_properties.title == "Our region"
    assert document.core_properties.author == "Ana Novak"


def test_word_links_to_the_sources_alone() -> None:
    with ZipFile(BytesIO(exported("docx", *items(), hostile_item()))) as package:
        names = package.namelist()
        outside = {
            relation.get("Target")
            for name in names
            if name.endswith(".rels")
            for relation in etree.fromstring(package.read(name))
            if relation.get("TargetMode") == "External"
        }
    assert outside == {LINK}
    assert not [name for name in names if "media" in name or "embed" in name or "vba" in name]


def test_word_makes_pages_in_libreoffice(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if not office:
        pytest.skip("LibreOffice (soffice) is not on this machine")
    (tmp_path / "report.docx").write_bytes(exported("docx"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "report.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    from pypdf import PdfReader

    page = PdfReader(tmp_path / "report.pdf").pages[0].extract_text()
    below = page[page.index("Status") :]
    assert re.search(r"3\s*Scoping note: the partnership at a glance.*p\. 7", below, re.DOTALL)


# --- Numbers -------------------------------------------------------------------------------------


def test_numbers_run_through_the_report_in_the_order_of_reading() -> None:
    made = text(
        "markdown",
        item("First [7], then [2].", cited(2, page=2), cited(7, page=7)),
        item("Third [1], and again the first [2].", cited(1, page=9), cited(2, page=7)),
    )
    assert "First[^1], then[^2]." in made
    assert "Third[^3], and again the first[^1]." in made
    assert re.findall(r"^\[\^(\d)\]: .*(p\. \d)", made, re.MULTILINE) == [
        ("1", "p. 7"),
        ("2", "p. 2"),
        ("3", "p. 9"),
    ]


def test_another_quote_is_another_footnote_where_quotes_are_printed() -> None:
    given = item("A [1] b [2] c [3].", *(cited(n, quote=q) for n, q in enumerate("xyx", 1)))
    assert "A[^1] b[^1] c[^1]." in text("markdown", given)
    made = text("markdown", given, quoted=True)
    assert "A[^1] b[^2] c[^1]." in made
    assert "“x”" in made


def test_one_place_points_to_a_footnote_once() -> None:
    given = item("A [1][2][3]. B [2] c.", *(cited(n, page=1 if n < 3 else n) for n in (1, 2, 3)))
    assert "A[^1] [^2]. B[^1] c." in text("markdown", given)
    again = item("A [1][3][2][3]. B [1] [2].", *given["citations"])
    assert "A[^1] [^2]. B[^1]." in text("markdown", again)


def test_a_number_without_a_citation_stays_what_it_is() -> None:
    made = text("markdown", item("See [1] and [3] and [0] and `[1]`.", cited(1)))
    assert "See[^1] and \\[3\\] and \\[0\\] and `[1]`." in made


def test_what_an_item_rests_on_is_named_though_its_numbers_were_edited_away() -> None:
    made = text("markdown", item("All edited.", cited(2, page=2), cited(1, page=1)))
    assert "All edited.[^1] [^2]" in made
    listed = text("markdown", item("- a list", cited(1)))
    assert "- a list\n\n[^1]\n" in listed


def test_one_source_has_one_date_of_access_and_none_that_is_still_to_come() -> None:
    days = ("2025-11-03T09:00:00Z", "2025-11-05T09:00:00Z")
    made = text("markdown", *(item("a [1]", cited(1), added=day) for day in days))
    assert made.count("accessed 5 November 2025") == 2  # the footnote and the bibliography
    assert "3 November" not in made
    late = text("markdown", item("a [1]", cited(1), added="2031-01-01T00:00:00Z"))
    assert "accessed 22 November 2025" in late


# --- HTML ----------------------------------------------------------------------------------------


def test_html_notes_lead_there_and_back() -> None:
    page = html()
    pairs = 0
    for link in page.select("a[href^='#']"):
        assert page.find(id=link["href"][1:]), link
        pairs += 1
    assert pairs == 2 * 9  # nine places point to notes
    assert len(page.select("section[role=doc-endnotes] li")) == 3
    backs = page.select("#fn1 a[role=doc-backlink]")
    assert [back["href"] for back in backs] == [f"#fnref1{n}" for n in ("", "-2", "-3", "-4")]
    assert backs[0]["aria-label"] == "Back to the text"


def test_html_stands_alone_on_a4() -> None:
    page = html(language="de")
    style = page.style.string
    assert "size: A4" in style
    assert "url(" not in style
    assert "@import" not in style
    assert page.html["lang"] == "de-DE"
    assert [heading.text for heading in page.find_all(["h1", "h2"])] == [
        "Our region", "What is the partnership?", "What budgets?", "Anmerkungen", "Quellen",
    ]  # fmt: skip
    assert not page.find_all(["script", "img", "link", "iframe", "object"])


@pytest.mark.parametrize("field", ["title", "author"])
def test_html_takes_a_name_for_text(field: str) -> None:
    page = html(**{field: "</title><script>alert(1)</script>"})
    assert not page.find("script")
    assert "<script>alert(1)</script>" in page.get_text()


# --- Nothing acts --------------------------------------------------------------------------------

WILD = (
    "<script>x</script> [a](javascript:alert(1)) ![b](https://evil.example/i.png) "
    "<https://evil.example> [c]: https://evil.example\n\n<div onclick='x'>d</div>\n\n"
    "```{=html}\n<script>y</script>\n```\n\n[^1]: note\n\n$x$ \\include{/etc/passwd}\n\n"
    "::: {.raw}\n:::\n\n# Heading {#id onclick=x}\n\n| a |\n|---|\n| <b>c</b> |"
)


def test_in_html_text_is_text() -> None:
    page = html(item(WILD), hostile_item())
    for tag in page.main.find_all(True):
        assert tag.name not in {"script", "img", "iframe", "div", "svg", "b", "object"}
        assert not [name for name in tag.attrs if name.startswith("on")]
        assert tag.name != "a" or tag["href"].startswith("#")
    said = page.get_text()
    assert "<script>y</script>" in said
    assert "[a](javascript:alert(1))" in said
    assert "![b](https://evil.example/i.png)" in said


def test_in_markdown_text_is_text() -> None:
    # Read again by another reader that lets HTML, links and images through.
    from markdown_it import MarkdownIt

    made = text("markdown", item(WILD), hostile_item())
    page = BeautifulSoup(MarkdownIt("commonmark").enable("table").render(made), "lxml")
    assert not page.find_all(["script", "img", "div", "svg"])
    links = [link["href"] for link in page.find_all("a")]
    assert [link for link in links if link != "https://evil.example"] == []


def test_only_a_source_is_linked_in_the_text() -> None:
    page = html(item(f"See {LINK}. Not https://other.example/x."))
    assert [link["href"] for link in page.main.find_all("a")] == [LINK]
    assert "Not https://other.example/x." in page.get_text()


def test_the_forms_of_markdown_come_through() -> None:
    page = html(item("# H\n\n**b** *e* `c`\n\n3. x\n4. y\n\n> q\n\n| a | b |\n|--|--|\n| 1 | z |"))
    assert page.h3.text == "H"
    assert (page.strong.text, page.em.text, page.code.text) == ("b", "e", "c")
    assert page.ol["start"] == "3"
    assert page.blockquote.text.strip() == "q"
    assert "right" in page.th["style"]  # a column of figures
    assert len(page.select("main tr")) == 2


def test_nesting_has_an_end() -> None:
    assert exported("docx", item("> " * 3000 + "deep"), item("- " * 2000 + "deep"))
    assert exported("html", item("*" * 4000 + "x" + "*" * 4000))


# --- Sources -------------------------------------------------------------------------------------


def test_csl_json_has_the_sources_that_are_cited() -> None:
    first, second = json.loads(exported("csl-json"))
    assert first == {
        "id": "progress-report",
        "type": "document",
        "title": "Progress report, January - June 2020",
        "language": "en",
        "publisher": "The Lakeside Partnership",
        "issued": {"date-parts": [[2020, 7]]},
    }
    assert second["URL"] == LINK
    assert second["accessed"] == {"date-parts": [[2025, 11, 20]]}


def test_bibtex_has_the_same_sources() -> None:
    made = text("bibtex")
    assert re.findall(r"@misc\{(.*),", made) == ["progress-report", "scoping-note"]
    assert "year = {2020},\n  month = {sep}" in made
    assert "note = {Accessed 2025-11-20}" in made
    assert f"url = {{{LINK}}}" in made


def test_bibtex_takes_a_title_for_text() -> None:
    wild = {"source": "a, b}", "title": "50% of <i>x</i> & {y} $z$ \\input{q}", "date": "2014/2020"}
    made = text("bibtex", item("a [1]", {"n": 1, **wild}))
    assert "@misc{a-b-," in made
    assert "50\\% of \\textless i\\textgreater x" in made
    assert "\\& \\{y\\} \\$z\\$ \\textbackslash input\\{q\\}" in made
    assert "year = {2014--2020}" in made


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_report_without_any_source_is_a_file_all_the_same(name: str) -> None:
    made = exported(name, item("Only my own words."), title="", author="")
    assert made.strip() if name != "bibtex" else True
    if name == "markdown":
        assert made.decode().startswith(
            "# Report\n\n22 November 2025\n\n## T\n\nOnly my own words."
        )


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_same_report_is_the_same_file(name: str) -> None:
    if name == "docx":
        first, second = (part(exported(name), "document") for _ in range(2))
        assert etree.tostring(first) == etree.tostring(second)
    else:
        assert exported(name) == exported(name)
