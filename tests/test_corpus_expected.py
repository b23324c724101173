"""Questions that people may ask: read with the knowledge, each checked against its record."""

import shutil

import pytest
from conftest import SECOND_PARTNERSHIP

from corpus.errors import KnowledgeError
from corpus.expected import ExpectedQuestion
from corpus.knowledge import load


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(SECOND_PARTNERSHIP, tmp_path / "woven")


def write(folder, text):
    (folder / "questions").mkdir(exist_ok=True)
    (folder / "questions" / "coast-brief.yaml").write_text(text, encoding="utf-8")
    return load(folder).questions


def test_a_question_comes_with_the_field_that_answers_it(folder):
    found = write(folder, "project:loop:\n  status:\n    - How far is the denim work?\n")
    assert found == (ExpectedQuestion("How far is the denim work?", "project:loop", "status"),)


def test_a_partnership_may_do_without(folder):
    shutil.rmtree(folder / "questions")
    assert load(folder).questions == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("project:none:\n  status: [How far?]\n", "no such record"),
        ("project:loop:\n  colour: [Which colour?]\n", "does not state it"),
        ("project:woad:\n  budget: [How much?]\n", "does not state it"),
        ("project:loop:\n  status: How far?\n", "no list"),
        ("project:loop: How far?\n", "no mapping"),
        ("project:loop:\n  status: [How far?]\n  budget: [How far?]\n", "stands twice"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(folder, text, complaint):
    with pytest.raises(KnowledgeError, match=complaint) as raised:
        write(folder, text)
    assert "coast-brief.yaml" in str(raised.value)


def test_questions_go_with_the_source_that_answers_them(folder):
    assert load(folder).questions
    assert load(folder).without(["coast-brief"]).questions == ()
