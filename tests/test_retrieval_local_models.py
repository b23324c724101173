"""What the card of a model on this machine says of its languages."""

from pathlib import Path

import pytest

from retrieval.local_models import languages_from, languages_of_card


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("---\nlanguage: en\n---\n# Model", {"en"}),
        ("---\nlanguage:\n- en\n- es\n- no\n- nb\n- zh-cn\n---\n", {"en", "es", "no", "zh"}),
        ("---\nlanguage:\n- multilingual\n- en\n---\n", set()),
        ("---\nlicense: mit\n---\n", set()),
        ("---\nlanguage: [en\n---\n", set()),  # not YAML
        ("---\njust words\n---\n", set()),
        ("# A model\n---\nlanguage: en\n---\n", set()),  # no front matter
        ("", set()),
    ],
)
def test_a_card_declares_languages(tmp_path: Path, card: str, expected: set[str]) -> None:
    (tmp_path / "README.md").write_text(card, encoding="utf-8")
    assert languages_of_card(tmp_path) == expected


def test_no_card_and_an_unreadable_one_declare_nothing(tmp_path: Path) -> None:
    assert languages_of_card(tmp_path) == set()
    (tmp_path / "README.md").write_bytes(b"---\nlanguage: \xff\n---\n")
    assert languages_of_card(tmp_path) == set()


def test_languages_by_whatever_name_they_are_given() -> None:
    assert languages_from(["EN", "pt-BR", "nn"]) == {"en", "pt", "no"}
    assert languages_from([]) == set()
