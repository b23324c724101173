import pytest

from ingest.readers.repair import (
    Words,
    drop_note_numbers,
    is_marker,
    join_ligatures,
    join_lines,
    note_marker,
    plain_glyphs,
    split_marker,
)

KNOWN = Words(
    [
        "The cross-regional plan, the platform, the jobs and the mooring of boats.",
        "A crossbeam holds; the net is kept under discussion by the office.",
    ]
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["one", "two"], "one two"),
        (["an envi-", "ronmental ledger"], "an environmental ledger"),
        (["a cross-", "regional plan"], "a cross-regional plan"),  # the document has it so
        (["a cross-", "beam"], "a crossbeam"),  # and this one without
        (["high added-", "value boats"], "high added-value boats"),  # two words of their own
        (["from 2020-", "2021"], "from 2020-2021"),
        (["the Anglo-", "Saxon coast"], "the Anglo-Saxon coast"),
        (["short- ", "and long"], "short-  and long"),
        (["pre-", "and post-war"], "pre- and post-war"),
        (["see www.harbour-", "office.example"], "see www.harbour-office.example"),
        (["and/", "or"], "and/or"),
        (["a dash -", "and more"], "a dash - and more"),
        (["", "text"], "text"),
        ([], ""),
    ],
)
def test_lines_of_a_paragraph_are_joined(lines: list[str], expected: str) -> None:
    assert join_lines(lines, KNOWN) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the fi nancing", "the financing"),
        ("a speci fic aim", "a specific aim"),
        ("scienti fi c e ffi ciency", "scientific efficiency"),
        ("(fi nal)", "(final)"),
        ("de fi nition, pro fi t", "definition, profit"),
        ("of five staff in fields", "of five staff in fields"),
        ("if it is few", "if it is few"),
        ("off field", "off field"),
        ("sci-fi movies", "sci-fi movies"),
        ("no ligature here", "no ligature here"),
    ],
)
def test_split_ligatures_are_joined_and_words_left_alone(text: str, expected: str) -> None:
    assert join_ligatures(text, KNOWN) == expected


def test_footnote_numbers_in_order_are_dropped() -> None:
    texts = ["on the platform1 and 4 jobs2, CO2 and TRL9", "under discussion3."]
    assert drop_note_numbers(texts, KNOWN) == [
        "on the platform and 4 jobs, CO2 and TRL9",
        "under discussion.",
    ]


@pytest.mark.parametrize(
    "texts",
    [
        ["only one platform1 here"],
        ["the office2 comes before the platform1"],
        ["mooring1 and mooring2 are names"],
        ["unknownword1 and otherword2"],
        ["Horizon2020, EBA250, Gen4 and B2C"],
    ],
)
def test_numbers_that_belong_to_words_stay(texts: list[str]) -> None:
    assert drop_note_numbers(texts, KNOWN) == texts


@pytest.mark.parametrize(
    ("before", "raised", "drops"),
    [
        ("platform", "1", True),
        ("the end.", "12", True),
        ("word", "*", True),
        ("word", "[3]", True),
        ("420 m", "2", False),
        ("km", "2", False),
        ("10", "3", False),
        ("2", "nd", False),
        ("1", "st", False),
    ],
)
def test_raised_characters_are_markers_or_part_of_the_word(
    before: str, raised: str, drops: bool
) -> None:
    assert note_marker(before, raised) is drops


@pytest.mark.parametrize(
    ("text", "marker", "rest"),
    [
        ("• Boats", "•", "Boats"),
        ("➢ Boats", "➢", "Boats"),
        ("Ø Boats", "Ø", "Boats"),
        ("- Boats", "-", "Boats"),
        ("12. Boats", "12.", "Boats"),
        ("(iv) Boats", "(iv)", "Boats"),
        ("b) Boats", "b)", "Boats"),
        ("2020. Boats", "", "2020. Boats"),
        ("Østfold", "", "Østfold"),
        ("-5 degrees", "", "-5 degrees"),
        ("3 boats", "", "3 boats"),
        ("1.5 million", "", "1.5 million"),
    ],
)
def test_list_markers(text: str, marker: str, rest: str) -> None:
    assert split_marker(text) == (marker, rest)


def test_a_lone_marker_is_known() -> None:
    assert is_marker("1.")
    assert is_marker("•")
    assert is_marker("2.1")
    assert not is_marker("7")
    assert not is_marker("1. x")


def test_glyphs_of_symbol_fonts_and_ligatures_become_plain() -> None:
    assert plain_glyphs("\uf0b7\ufb01nal o\ufb03ce low\x02") == "•final office low-"
