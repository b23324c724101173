from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import BlockKind, Document, Passage, Source
from corpus.sentences import sentence_spans
from corpus.values import PartialDate
from ingest.passages import split
from ingest.readers.draft import Draft

H, P, L, R = (
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.LIST_ITEM,
    BlockKind.TABLE_ROW,
)
SOURCE = Source(id="s", title="S", date=PartialDate.parse("2020-09"), language="en")


def words(text: str) -> int:
    """A stand-in for the embedder's count: words, and two marks as models add them."""
    return len(text.split()) + 2


def document(draft: Draft) -> Document:
    text, blocks = draft.finish()
    return Document(SOURCE, text, blocks, content_hash="0", media_type="text/plain")


def check(document: Document, passages: list[Passage], limit: int) -> None:
    """What holds for every document."""
    for ordinal, passage in enumerate(passages):
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip() != ""
        assert words(passage.indexed_text) <= limit
        assert passage.ordinal == ordinal
        assert passage.as_of == SOURCE.date
    for before, after in pairwise(passages):
        assert before.end <= after.start
    for block in document.blocks:
        inside = [p for p in passages if p.start < block.end and block.start < p.end]
        if block.kind is BlockKind.HEADING:
            assert inside == []
            continue
        got = "".join(
            document.text[max(p.start, block.start) : min(p.end, block.end)] for p in inside
        )
        assert "".join(got.split()) == "".join(document.text[block.start : block.end].split())


def test_small_neighbours_of_a_section_are_joined_and_sections_are_not() -> None:
    draft = Draft()
    draft.add(H, "One", heading_path=["One"])
    draft.add(P, "First paragraph.", heading_path=["One"])
    draft.add(P, "Second paragraph.", heading_path=["One"])
    draft.add(H, "Two", heading_path=["One", "Two"])
    draft.add(P, "Third paragraph.", heading_path=["One", "Two"])
    doc = document(draft)
    passages = split(doc, words)
    check(doc, passages, 256)
    assert [p.text for p in passages] == [
        "First paragraph.\n\nSecond paragraph.",
        "Third paragraph.",
    ]
    assert passages[1].heading_path == ("One", "Two")
    assert passages[1].section == "Two"  # without the title that all stand under


def test_a_passage_is_in_its_own_language_or_its_sources() -> None:
    draft = Draft()
    for text in (
        "La asociación reúne a regiones que quieren producir baterías con materias primas propias,"
        " y que para ello necesitan proyectos comunes, plantas piloto y financiación.",
        "Contacto: Tel. 12",  # too short to tell
    ):
        draft.add(H, text[:2], heading_path=[text[:2]])
        draft.add(P, text, heading_path=[text[:2]])
    assert [p.language for p in split(document(draft), words)] == ["es", "en"]


def test_a_heading_alone_is_no_passage() -> None:
    draft = Draft()
    draft.add(H, "Alone", heading_path=["Alone"])
    assert split(document(draft), words) == []
    assert split(document(Draft()), words) == []


def test_sections_of_one_name_stay_apart() -> None:
    draft = Draft()
    for text in ("Barrier of the first workshop.", "Barrier of the second workshop."):
        draft.add(H, "Barriers", heading_path=["Barriers"])
        draft.add(P, text, heading_path=["Barriers"])
    assert len(split(document(draft), words)) == 2


def test_a_long_list_keeps_its_lead_in_every_part() -> None:
    draft = Draft()
    lead = "The key requirements are:"
    draft.add(P, lead, heading_path=["Rules"])
    for number in range(30):
        draft.add(L, f"requirement {number} has five words", lead=lead, group=1)
    doc = Draft()
    doc.add(P, lead, heading_path=["Rules"])
    for number in range(30):
        doc.add(
            L, f"requirement {number} has five words", heading_path=["Rules"], lead=lead, group=1
        )
    made = document(doc)
    passages = split(made, words, 64)
    check(made, passages, 64)
    assert len(passages) > 2
    assert passages[0].text.startswith(lead)
    assert passages[0].lead == ""
    assert all(p.lead == lead for p in passages[1:])


def test_an_introduction_is_not_left_behind() -> None:
    draft = Draft()
    draft.add(P, "word " * 40 + "end.")
    draft.add(P, "The steps are these:")
    for number in range(6):
        draft.add(L, f"step {number} is described", lead="The steps are these:", group=1)
    doc = document(draft)
    passages = split(doc, words, 64)
    check(doc, passages, 64)
    assert [p.text.split("\n")[0] for p in passages][1] == "The steps are these:"


def test_rows_of_two_tables_do_not_share_a_caption() -> None:
    draft = Draft()
    draft.add(R, "Name: a; Value: 1", lead="Table 1", group=1)
    draft.add(R, "Name: b; Value: 2", lead="Table 2", group=2)
    assert [p.lead for p in split(document(draft), words)] == ["Table 1", "Table 2"]


def test_text_behind_a_list_does_not_take_the_lists_lead() -> None:
    draft = Draft()
    draft.add(L, "an item", lead="These:", group=1)
    draft.add(P, "Something else.")
    assert [(p.lead, p.text) for p in split(document(draft), words)] == [
        ("These:", "an item"),
        ("", "Something else."),
    ]


def test_pages_are_not_mixed_except_where_a_block_or_table_runs_over() -> None:
    draft = Draft(page_count=4)
    draft.add(P, "On page one. " * 20, page=1)
    draft.add(P, "From two to three. " * 20, page=2, page_end=3)
    draft.add(P, "On three.", page=3)
    draft.add(R, "a: 1", page=3, group=1)
    draft.add(R, "b: 2", page=4, group=1)
    draft.add(P, "On four.", page=4)
    passages = split(document(draft), words)
    assert [(p.page, p.page_end) for p in passages] == [(1, None), (2, 4)]


def test_scraps_of_a_page_go_to_the_next_page_of_the_section() -> None:
    draft = Draft(page_count=4)
    for page, text in ((1, "The end of"), (2, "a sentence."), (3, "Far away.")):
        draft.add(P, text, page=page, group=page)
    assert [(p.page, p.page_end) for p in split(document(draft), words)] == [(1, 2), (3, None)]
    draft = Draft(page_count=2)
    for page in (1, 2):
        draft.add(P, "A slide.", heading_path=[f"Slide {page}"], page=page, group=page)
    assert [p.page for p in split(document(draft), words)] == [1, 2]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    text = " ".join(f"Sentence number {n} costs approx. {n}.5 euros." for n in range(60))
    draft = Draft()
    draft.add(P, text)
    doc = document(draft)
    passages = split(doc, words, 50)
    check(doc, passages, 50)
    sentences = {doc.text[a:b] for a, b in sentence_spans(doc.text)}
    assert len(sentences) == 60
    for passage in passages:
        assert {passage.text[a:b] for a, b in sentence_spans(passage.text)} <= sentences


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("one two three, " * 20, ","),  # between clauses
        ("word " * 60, "d"),  # between words
    ],
)
def test_a_sentence_that_is_too_long_is_cut_where_it_hurts_least(text: str, ends: str) -> None:
    draft = Draft()
    draft.add(P, text)
    doc = document(draft)
    passages = split(doc, words, 20)
    check(doc, passages, 20)
    assert len(passages) > 2
    assert all(p.text.endswith(ends) for p in passages)


def test_text_without_spaces_is_cut_anywhere() -> None:
    draft = Draft()
    draft.add(P, "x" * 1000)
    passages = split(document(draft), len, 100)
    assert "".join(p.text for p in passages) == "x" * 1000
    assert all(len(p.indexed_text) <= 100 for p in passages)


def test_parts_of_a_long_row_name_the_row() -> None:
    draft = Draft()
    row = "Area: Recycling; " + "; ".join(f"Partner {n}: an organisation" for n in range(40))
    draft.add(R, row, lead="Table of areas", group=1)
    doc = document(draft)
    passages = split(doc, words, 50)
    check(doc, passages, 50)
    assert all("Area: Recycling" in p.indexed_text for p in passages)


def test_long_headings_and_leads_leave_room_for_the_text() -> None:
    draft = Draft()
    path = ["outer heading " * 30, "inner heading " * 30]
    draft.add(L, "the item itself", heading_path=path, lead="Long before. " + "lead " * 90, group=1)
    doc = document(draft)
    passages = split(doc, words, 40)
    check(doc, passages, 40)
    assert passages[0].text == "the item itself"
    assert passages[0].heading_path[-1].startswith("inner heading")
    assert passages[0].section.startswith("inner heading")


def test_a_limit_that_holds_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        split(document(Draft()), words, 4)


block = st.tuples(
    st.sampled_from([H, P, L, R]),
    st.lists(st.sampled_from(["a", "bb,", "C. D", "e.g.", "x\ny", "Ω", "é;"]), max_size=60).map(
        " ".join
    ),
    st.lists(st.sampled_from(["One", "Two", "A longer heading of six words"]), max_size=2),
    st.integers(1, 3),
    st.sampled_from(["", "These are the items:", "lead " * 30]),
    st.sampled_from([None, 1, 2]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(block, max_size=12), st.sampled_from([24, 64, 256]))
def test_every_document_is_cut_whole_and_exact(
    blocks: list[tuple[BlockKind, str, list[str], int, str, int | None]], limit: int
) -> None:
    draft = Draft()
    for kind, text, path, page, lead, group in blocks:
        draft.add(kind, text, heading_path=path, page=page, lead=lead, group=group)
    doc = document(draft)
    passages = split(doc, words, limit)
    check(doc, passages, limit)
    assert passages == split(doc, words, limit)
