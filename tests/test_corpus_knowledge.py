"""Knowledge on disk: what is put together from several files, and every way a file can be wrong."""

from pathlib import Path

import pytest

from corpus.errors import KnowledgeError
from corpus.knowledge import load, load_partnership
from corpus.yaml_files import line_of, read_yaml

PARTNERSHIP = """\
name: Boats of the North
abbreviation: BON
contact: the harbour
joining: pay
record: initiative:bon
member_roles: [leading]
"""
SOURCES = """\
- id: early
  title: Early note
  publisher: BON
  date: 2020-01
- id: late
  title: Late note
  publisher: BON
  date: 2021-01
- id: undated
  title: Undated note
  publisher: BON
"""
PROJECT = """\
- id: ferry
  name: Ferry
  at: page 1
  page: 1
  budget: EUR 5000000
  leader: yard
- id: raft
  name: Raft
  at: page 2
  status: {value: afloat, at: page 3, page: 3, as_of: 2020-06, note: Barely.}
"""
FILES = {
    "partnership.yaml": PARTNERSHIP,
    "sources.yaml": SOURCES,
    "digests/early.md": "# Early note\n",
    "records/early/project.yaml": PROJECT,
    "records/early/organisation.yaml": "- {id: yard, name: Yard, at: page 1, country: NO}\n",
    "records/early/requirement.yaml": "- {id: pay, name: Pay, at: page 1, statement: Pay.}\n",
    "records/late/initiative.yaml": "- {id: bon, name: BON, at: page 1}\n",
    "records/late/project.small.yaml": """\
- id: ferry
  name: The Ferry
  aliases: [boat one]
  at: page 9
  budget: EUR 6000000
  status: [{value: sailing}, {value: sold, as_of: 2021-03}]
""",
    "records/undated/project.yaml": "- {id: ferry, at: page 4, budget: EUR 4000000}\n",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        write(tmp_path, name, text)
    return tmp_path


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def record(knowledge, key):
    return next(r for r in knowledge.records if r.key == key)


# --- What is read ------------------------------------------------------------------------------


def test_who_the_knowledge_is_about(folder):
    about = load_partnership(folder)
    assert (about.name, about.abbreviation, about.contact) == (
        "Boats of the North", "BON", "the harbour",
    )  # fmt: skip
    assert load(folder).partnership == about


def test_sources_in_order_and_the_digest_of_one(folder):
    knowledge = load(folder)
    assert [source.id for source in knowledge.sources] == ["early", "late", "undated"]
    assert [str(source.date) for source in knowledge.sources] == [
        "January 2020",
        "January 2021",
        "None",
    ]
    assert knowledge.digests == {"early": folder / "digests" / "early.md"}


def test_what_several_sources_say_is_kept_apart_the_latest_first(folder):
    ferry = record(load(folder), "project:ferry")
    seen = [(o.value.iso(), o.source, o.at, o.page) for o in ferry.budget.observations]
    assert seen == [
        ("EUR 6000000", "late", "page 9", None),
        ("EUR 5000000", "early", "page 1", 1),
        ("EUR 4000000", "undated", "page 4", None),  # no date: last
    ]
    assert ferry.sources() == ("late", "early", "undated")
    assert [str(o.as_of) for o in ferry.status.observations] == ["March 2021", "January 2021"]


def test_of_equal_dates_the_source_that_stands_earlier_goes_first(folder):
    write(folder, "sources.yaml", SOURCES.replace("2021-01", "2020-01"))
    assert record(load(folder), "project:ferry").budget.first.source == "early"


def test_the_name_is_that_of_the_first_source_the_others_are_aliases(folder):
    ferry = record(load(folder), "project:ferry")
    assert ferry.name == "Ferry"
    assert ferry.aliases == ("The Ferry", "boat one")


def test_a_statement_may_have_a_place_and_a_date_of_its_own(folder):
    raft = record(load(folder), "project:raft")
    (status,) = raft.status.observations
    assert (status.at, status.page, str(status.as_of), status.note) == (
        "page 3", 3, "June 2020", "Barely.",
    )  # fmt: skip
    assert (raft.mentions[0].at, str(raft.mentions[0].as_of)) == ("page 2", "January 2020")


def test_the_country_code_of_norway_is_not_false(folder):
    assert record(load(folder), "organisation:yard").country.value == "NO"


def test_plain_values_stay_text(tmp_path):
    path = write(tmp_path, "x.yaml", "- {a: NO, b: 2020-10-08, c: 1.0, d: on, e: true, f: null}\n")
    assert read_yaml(path) == [
        {"a": "NO", "b": "2020-10-08", "c": "1.0", "d": "on", "e": True, "f": None}
    ]


def test_a_value_may_be_named_and_used_again(tmp_path):
    path = write(tmp_path, "x.yaml", "- {at: &a here}\n- {at: *a}\n")
    assert read_yaml(path)[1] == {"at": "here"}


# --- Without some sources ----------------------------------------------------------------------


def test_without_a_source_nothing_that_rests_on_it_is_left(folder):
    knowledge = load(folder).without(["early"])
    assert [source.id for source in knowledge.sources] == ["late", "undated"]
    assert knowledge.digests == {}
    assert {r.key for r in knowledge.records} == {"initiative:bon", "project:ferry"}
    ferry = record(knowledge, "project:ferry")
    assert "early" not in {o.source for o in ferry.budget.observations}
    assert "early" not in ferry.sources()
    assert "leader" not in ferry.stated()


def test_the_partnership_has_no_record_when_its_source_is_gone(folder):
    knowledge = load(folder)
    assert knowledge.partnership.record == "initiative:bon"
    assert knowledge.without(["early"]).partnership.record == "initiative:bon"
    assert knowledge.without(["late"]).partnership.record == ""


def test_without_all_sources_nothing_is_left(folder):
    knowledge = load(folder).without(["early", "late", "undated"])
    assert (knowledge.sources, knowledge.records, dict(knowledge.digests)) == ((), (), {})
    assert load(folder).without([]) == load(folder)


# --- What can be wrong -------------------------------------------------------------------------

P, E = "records/early/project.yaml", "records/early/event.yaml"

WRONG = {
    # file, its text, line, field, part of the message, part of what was expected
    "unknown field": (
        P, "- id: ferry\n  name: F\n  at: p\n  colour: red\n",
        4, "colour", "project has no such field", "budget",
    ),
    "unknown kind": (
        "records/early/boat.yaml", "- {id: a, name: A, at: p}\n",
        0, "file name", "no kind 'boat'", "region",
    ),
    "no id": (
        P, "- {id: ferry, name: F, at: p}\n- name: B\n  at: p\n", 2, "id", "is missing", "'id'",
    ),
    "no at": (P, "- id: ferry\n  name: F\n", 1, "at", "is missing", "'at'"),
    "empty at": (P, "- id: ferry\n  name: F\n  at:\n", 1, "at", "is missing", "'at'"),
    "no name": (P, "- {id: dory, at: p}\n", 1, "name", "is missing", "a name"),
    "no mapping": (P, "- ferry\n", 1, "entry 1", "is no record", "id, at and fields"),
    "odd id": (P, "- name: F\n  at: p\n  id: [a]\n", 3, "id", "does not fit", "text"),
    "odd name": (P, "- id: a\n  at: p\n  name: {a: b}\n", 3, "name", "does not fit", "text"),
    "odd aliases": (
        P, "- id: a\n  at: p\n  name: A\n  aliases: other\n",
        4, "aliases", "'other' does not fit", "a list of names",
    ),
    "odd page": (
        P, "- id: a\n  at: p\n  name: A\n  page: x\n", 4, "page", "'x' does not fit", "integer",
    ),
    "odd date of the record": (
        P, "- id: a\n  at: p\n  name: A\n  as_of: May\n",
        4, "as_of", "'May' does not fit", "a date (YYYY",
    ),
    "bad country": (
        P, "- id: a\n  name: A\n  at: p\n  country: Finland\n",
        4, "country", "'Finland' does not fit", "country code (like SI)",
    ),
    "bad date": (
        E, "- id: a\n  name: A\n  at: p\n  date: 8 May 2020\n",
        4, "date", "'8 May 2020' does not fit", "a date (YYYY",
    ),
    "bad money": (
        P, "- id: a\n  name: A\n  at: p\n  budget: 5 million\n",
        4, "budget", "'5 million' does not fit", "EUR 18000000",
    ),
    "no money at all": (
        P, "- id: a\n  name: A\n  at: p\n  budget: true\n",
        4, "budget", "True does not fit", "EUR 18000000",
    ),
    "bad quantity": (
        P, "- id: a\n  name: A\n  at: p\n  partners: 1,000 firms\n",
        4, "partners", "'1,000 firms' does not fit", "a quantity",
    ),
    "bad duration": (
        P, "- id: a\n  name: A\n  at: p\n  duration: 5 weeks\n",
        4, "duration", "'5 weeks' does not fit", "5 years or 9 months",
    ),
    "bad number": (P, "- {id: a, name: A, at: p, number: one}\n", 1, "number", "'one'", "integer"),
    "bad truth": (
        P, "- {id: a, name: A, at: p, on_project_list: maybe}\n",
        1, "on_project_list", "'maybe'", "boolean",
    ),
    "bad choice": (
        P, "- id: a\n  name: A\n  at: p\n  stage: begun\n",
        4, "stage", "'begun' does not fit", "'under discussion'",
    ),
    "no list": (
        P, "- id: a\n  name: A\n  at: p\n  applications: one\n",
        4, "applications", "'one' does not fit", "a list",
    ),
    "nothing after the colon": (
        P, "- id: a\n  name: A\n  at: p\n  status:\n", 4, "status", "None does not fit", "string",
    ),
    "unknown reference": (
        P, "- id: a\n  name: A\n  at: p\n  leader: nobody\n",
        4, "leader", "no organisation 'nobody'", "a record of kind organisation",
    ),
    "reference to another kind": (
        P, "- id: a\n  name: A\n  at: p\n  thematic_area: yard\n",
        4, "thematic_area", "no thematic_area 'yard'", "a record of kind thematic_area",
    ),
    "a second entry": (
        P, "- id: ferry\n  name: F\n  at: p\n- name: G\n  id: ferry\n  at: p\n",
        5, "id", "'ferry' stands in project.yaml:1 already", "one entry per thing and source",
    ),
    "a second entry in another file of the source": (
        "records/early/project.more.yaml", "- id: ferry\n  at: p\n",
        None, "id", "'ferry' stands in", "one entry per thing and source",
    ),
    "a statement without a value": (
        P, "- id: a\n  name: A\n  at: p\n  status: {at: there}\n",
        4, "status", "has no value", "value, at, page, as_of or note",
    ),
    "a statement with an odd part": (
        P, "- id: a\n  name: A\n  at: p\n  status: {value: x, from: y}\n",
        4, "status", "'from' is no part", "value, at, page, as_of or note",
    ),
    "a statement for another source": (
        P, "- id: a\n  name: A\n  at: p\n  status: [{value: x, source: late}]\n",
        4, "status", "'source' is no part", "value, at, page",
    ),
    "a statement with a wrong date": (
        P, "- id: a\n  name: A\n  at: p\n  status:\n    value: x\n    as_of: soon\n",
        6, "status.as_of", "'soon' does not fit", "a date (YYYY",
    ),
    "a wrong value in a list of countries": (
        "records/early/material.yaml", "- id: a\n  name: A\n  at: p\n  found_in: [NO, XX]\n",
        4, "found_in", "'XX' does not fit", "country code",
    ),
    "unknown folder": (
        "records/never/project.yaml", "- {id: a, name: A, at: p}\n",
        0, "source", "no source 'never'", "early, late, undated",
    ),
    "digest of nothing": (
        "digests/never.md", "# Never\n", 0, "source", "no source 'never'", "early",
    ),
    "not YAML": (P, "- id: a\n  name: [A\n", 3, "file", "", "YAML"),
    "a key twice": (
        P, "- id: a\n  name: A\n  at: p\n  name: B\n", 4, "file", "'name' stands twice", "YAML",
    ),
    "not UTF-8": (P, b"- id: a\n  name: \xff\xfe\n", 0, "file", "is not UTF-8", "UTF-8"),
    "a character that YAML does not allow": (P, "- id: \x00\n", 0, "file", "", "YAML"),
    "a mapping": (P, "ferry:\n  name: F\n", 1, "file", "is not a list", "a list of entries"),
    "nothing": (P, "", 1, "file", "is not a list", "a list of entries"),
    "partnership without a name": (
        "partnership.yaml", "abbreviation: B\n", 1, "name", "is missing", "name",
    ),
    "partnership with an odd key": (
        "partnership.yaml", PARTNERSHIP + "motto: Row\n", 7, "motto", "no such key", "known keys",
    ),
    "partnership that is a list": ("partnership.yaml", "- name: B\n", 1, "file", "", ""),
    "partnership of no record": (
        "partnership.yaml", PARTNERSHIP.replace("initiative:bon", "initiative:bin"),
        5, "record", "'initiative:bin' does not fit", "KIND:ID of a record",
    ),
    "no such way to join": (
        "partnership.yaml", PARTNERSHIP.replace("joining: pay", "joining: row"),
        4, "joining", "'row' does not fit", "the id of a requirement record",
    ),
    "no such role": (
        "partnership.yaml", PARTNERSHIP.replace("[leading]", "[leading, rowing]"),
        6, "member_roles", "['rowing'] does not fit", "leading, participating, interested",
    ),
    "source without a title": (
        "sources.yaml", "- id: a\n  publisher: B\n", 1, "title", "is missing", "title",
    ),
    "source with an odd key": (
        "sources.yaml", SOURCES + "  colour: red\n", 12, "colour", "no such key", "known keys",
    ),
    "source with an odd date": (
        "sources.yaml", SOURCES.replace("2021-01", "early 2021"),
        8, "date", "'early 2021' does not fit", "a date (YYYY",
    ),
    "source twice": (
        "sources.yaml", SOURCES.replace("late", "early"), 5, "id", "stands twice", "unique ids",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_an_error_says_file_line_field_and_what_was_expected(folder, case):
    name, text, line, field, message, expected = WRONG[case]
    path = write(folder, name, text)
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    error = caught.value
    if line is not None:  # else: whichever of two files is read second
        assert (error.file, error.line_number) == (path, line)
        assert str(error).startswith(f"{path.name}:{line}: " if line else f"{path.name}: ")
    assert error.field == field
    assert f"{field}: " in str(error)
    assert message in str(error)
    assert expected in error.expected
    assert error.remedy == f"Expected {error.expected}."
    assert "\n" not in error.line()


@pytest.mark.parametrize("name", ["partnership.yaml", "sources.yaml"])
def test_a_file_that_has_to_be_there(folder, name):
    (folder / name).unlink()
    with pytest.raises(KnowledgeError, match=f"{name}: file: is missing"):
        load(folder)


def test_a_wrong_value_is_looked_for_in_the_file_of_the_source_that_states_it(folder):
    path = write(folder, "records/undated/project.yaml", "- id: ferry\n  at: p\n  budget: much\n")
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    assert (caught.value.file, caught.value.line_number) == (path, 3)


def test_an_unknown_reference_is_looked_for_there_too(folder):
    path = write(folder, "records/late/project.small.yaml", "- id: ferry\n  at: p\n  leader: no\n")
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    assert (caught.value.file, caught.value.line_number) == (path, 3)


def test_one_thing_may_stand_once_in_each_source_and_kind(folder):
    write(folder, "records/late/organisation.yaml", "- {id: ferry, name: Ferry Ltd, at: p}\n")
    keys = [r.key for r in load(folder).records]
    assert len(keys) == len(set(keys))
    assert {"project:ferry", "organisation:ferry"} <= set(keys)


@pytest.mark.parametrize(
    ("steps", "line"),
    [((), 1), ((0,), 1), ((1,), 4), ((1, "b"), 5), ((1, "b", 1), 7), ((1, "none"), 4), ((9,), 1)],
)
def test_the_line_of_a_place(tmp_path, steps, line):
    path = write(tmp_path, "x.yaml", "- a: 1\n  b: 2\n\n- a: 3\n  b:\n  - 4\n  - 5\n")
    assert line_of(path, steps) == line
