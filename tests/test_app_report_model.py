"""What a browser may send as a report, and what it may not."""

import json
from typing import Any

import pytest
from report_sample import KNOWN, NOTE, cited, hostile_item, item, items, sent
from stub_assistant import table

from app.report import model
from app.report.items import answer_item
from app.report.model import read_report
from corpus.errors import ReportError
from corpus.values import PartialDate


def test_what_the_pages_hand_out_can_be_sent_back() -> None:
    report = read_report(sent(*items(), hostile_item(), language="sl", quoted=True))
    assert [len(one.citations) for one in report.items] == [3, 2, 1]
    first = report.items[0].citations[1]
    assert (first.source, first.page, first.page_end) == ("progress-report", 4, 5)
    assert first.quote == "Regions: 29 committed regions from 13 countries"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"items": []}, "items"),
        ({"items": "x"}, "items"),
        ({"title": 5}, "title"),
        ({"title": "x" * (model.MAX_TITLE + 1)}, "title"),
        ({"language": "xx"}, "language"),
        ({"quoted": "yes"}, "quoted"),
        ({"surprise": 1}, "surprise"),
        ({"items": [item("x", kind="script")]}, "items.0.kind"),
        ({"items": [item("x", surprise=1)]}, "items.0.surprise"),
        ({"items": [item("x", added="yesterday")]}, "items.0.added"),
        ({"items": [item("x", added="2025-11-20T10:00:00")]}, "items.0.added"),
        ({"items": [item("x" * (model.MAX_TEXT + 1))]}, "items.0.markdown"),
        ({"items": [item("x")] * (model.MAX_ITEMS + 1)}, "items"),
        ({"items": [item("x", cited(0))]}, "citations.0.n"),
        ({"items": [item("x", cited(1, page="3"))]}, "citations.0.page"),
        ({"items": [item("x", cited(1, page=-3))]}, "citations.0.page"),
        ({"items": [item("x", cited(1, date="2020-13"))]}, "citations.0.date"),
        ({"items": [item("x", cited(1), cited(1))]}, "same number"),
        ({"items": [item("x", table={"header": [], "rows": []})]}, "table.header"),
        ({"items": [item("x", table={"header": ["a"], "rows": [["b", "c"]]})]}, "as many cells"),
        ({"items": [item("x", table={"header": ["a"] * 21, "rows": []})]}, "table.header"),
    ],
)
def test_anything_else_is_refused_with_its_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(ReportError) as refused:
        read_report(sent(**change))
    assert place in str(refused.value)
    assert refused.value.remedy


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"items": NaN}', b"\xff\xfe"])
def test_what_is_no_report_is_refused(body: bytes) -> None:
    with pytest.raises(ReportError, match="cannot be read"):
        read_report(body)


def test_a_report_has_a_largest_size() -> None:
    assert read_report(sent(item("x" * model.MAX_TEXT)))
    with pytest.raises(ReportError, match="larger than 2 MB"):
        read_report(b" " * (model.MAX_BYTES + 1))


def test_characters_that_no_document_may_have_are_taken_out() -> None:
    body = json.dumps({"items": [item("a\x00b\x0bc\ud800d\u202ee\ufffff\r\ng\th")]})
    assert read_report(body.replace("\\ud800", "").encode()).items[0].markdown == "abcdef\ng\th"
    with pytest.raises(ReportError):
        read_report(body.encode())  # half a character is no JSON


def test_titles_and_names_are_one_line() -> None:
    report = read_report(sent(item("x", cited(1, section=" a\n b ")), title="One\n\ntwo"))
    assert report.title == "One two"
    assert report.items[0].citations[0].section == "a b"


def test_a_source_that_is_held_is_named_as_the_library_names_it() -> None:
    claimed = cited(1, url="https://evil.example/", publisher="Somebody", date="1999")
    (one,) = read_report(sent(item("x [1]", claimed))).items[0].citations
    assert one.reference(KNOWN).source is NOTE


def test_a_source_that_is_not_held_keeps_its_name_but_no_link() -> None:
    claimed = cited(1, url="https://evil.example/", publisher="Somebody", date="1999")
    (one,) = read_report(sent(item("x [1]", claimed))).items[0].citations
    source = one.reference({}).source
    assert (source.title, source.publisher) == ("as the browser remembers it", "Somebody")
    assert (source.date, source.url) == (PartialDate.parse("1999"), "")


def test_an_answer_is_an_item_with_its_notes_and_its_table() -> None:
    asked = table("x" * 1000)
    one = read_report(sent(answer_item(asked))).items[0]
    assert one.title == "x" * model.MAX_TITLE
    assert one.markdown.endswith("\n\n4 of 4 projects; 3 state a budget.")
    assert one.table
    assert asked.table
    assert one.table.rows == asked.table.rows
