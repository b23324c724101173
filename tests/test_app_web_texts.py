"""The interface in six languages: no text is missing, and none promises what another lacks."""

import re
from pathlib import Path

import pytest

import app.web
from app.web.texts import LANGUAGES, texts
from corpus.yaml_files import read_yaml

FILES = sorted((Path(app.web.__file__).parent / "texts").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_language_has_every_text_with_the_same_places(file: Path) -> None:
    for key, of in read_yaml(file).items():
        assert set(of) == set(LANGUAGES), key
        for language, text in of.items():
            assert isinstance(text, str), (key, language)
            assert text.strip(), (key, language)
            assert places(text) == places(of["en"]), (key, language)


def places(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w*)\}", text))


def test_a_language_that_we_do_not_have_falls_back_to_english() -> None:
    assert texts("frame", "tlh") == texts("frame", "en")
    assert texts("frame", "sl") != texts("frame", "en")


def test_a_page_without_texts_is_an_error() -> None:
    from corpus.errors import KnowledgeError

    with pytest.raises(KnowledgeError):
        texts("nothing")
