"""The example questions of the start page."""

from pathlib import Path

import pytest
from fakes import ContentEmbedder

import corpus
from app.answering.answer import Status
from app.assistant import Assistant
from app.settings import Settings
from app.web.examples import load_examples
from app.web.texts import ENGLISH, LANGUAGES
from app.workspace import Workspace
from corpus.errors import KnowledgeError

SHIPPED = sorted(path.parent for path in Path(corpus.__file__).parent.glob("*/partnership.yaml"))


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_shipped_examples_are_for_three_kinds_of_people(folder: Path) -> None:
    groups = load_examples(folder)
    assert len(groups) == 3
    questions = [question for group in groups for question in group.questions]
    assert len(set(questions)) == len(questions)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_shipped_examples_are_there_in_every_language_of_the_interface(folder: Path) -> None:
    for group in load_examples(folder):
        assert set(group.elsewhere) == set(LANGUAGES) - {ENGLISH}
        assert group.spoken("en") == group.spoken("fi") == ("en", group)
        language, spoken = group.spoken("de")
        assert (language, spoken) == ("de", group.elsewhere["de"])
        assert len({*spoken.questions, *group.questions}) == len(spoken.questions) * 2


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_every_shipped_example_is_answered_in_its_language(folder: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, partnership=str(folder))
    with Assistant(Workspace.open(settings, embedder=ContentEmbedder())) as assistant:
        for group in load_examples(folder):
            for code in set(LANGUAGES) - {ENGLISH}:
                language, spoken = group.spoken(code)
                for question in spoken.questions:
                    answer = assistant.ask(question)
                    assert answer.status is Status.ANSWERED, question
                    assert (answer.language, bool(answer.citations)) == (language, True), question


def test_a_partnership_may_have_none(tmp_path: Path) -> None:
    assert load_examples(tmp_path) == ()


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("- title: A\n  questions: []\n", "1.questions"),
        ("- title: A\n  questions: [q]\n- questions: [q]\n", "2.title"),
        ("- title: A\n  questions: [q]\n  colour: red\n", "1.colour"),
        ("- title: A\n  questions: [q, '']\n", "1.questions.2"),
        ("title: A\n", "file"),
        ("", "file"),
    ],
)
def test_a_wrong_file_says_where(tmp_path: Path, content: str, field: str) -> None:
    (tmp_path / "examples.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_examples(tmp_path)
    assert caught.value.field == field
    assert "examples.yaml" in str(caught.value)
