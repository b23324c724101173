"""What may be asked of any partnership, and other ways of asking it, per language.

``corpus/rewordings/LANGUAGE.yaml`` maps a question that the rules of `app.answering.planning`
understand to questions that mean the same. ``{slots}`` stand for what a question names; no question
names anything of one partnership.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.errors import KnowledgeError
from corpus.records import KINDS
from corpus.vocabulary import Vocabulary, load_vocabulary
from corpus.yaml_files import line_of, read_yaml

FOLDER = Path(__file__).parent / "rewordings"
COUNTRY, DATE = "country", "date"
_SLOT = re.compile(r"\{([a-z_.]+)(?: (\d))?\}")
_PLAIN = (COUNTRY, DATE)


@dataclass(frozen=True, slots=True)
class Rewording:
    """A way of asking (``text``) what ``meaning`` asks; both may hold slots."""

    text: str
    meaning: str

    @property
    def slots(self) -> tuple[str, ...]:
        """What the text leaves open, in its order: ``project``, ``country``."""
        return tuple(slot[1] for slot in _SLOT.finditer(self.text))

    @property
    def plain_meaning(self) -> str:
        """The meaning without its slots."""
        return _SLOT.sub("", self.meaning)

    def masked(self, vocabulary: Vocabulary) -> str:
        """The text with words of no content in its slots: what is compared by meaning."""
        return _SLOT.sub(lambda slot: mask(slot[1], vocabulary), self.text)

    def filled(self, values: Sequence[str]) -> str:
        """The meaning with values in its slots, given in the order of the text's slots."""
        names = [slot[0] for slot in _SLOT.finditer(self.text)]
        filled = self.meaning
        for name, value in zip(names, values, strict=True):
            filled = filled.replace(name, value)
        return filled


def mask(slot: str, vocabulary: Vocabulary) -> str:
    """What stands for a slot in a text that is compared by meaning: ``this project``."""
    noun = vocabulary.kinds[slot].one if slot in vocabulary.kinds else slot
    return f"this {noun}"


@cache
def rewordings(language: str) -> tuple[Rewording, ...]:
    """All rewordings of a language, in the order of its file; none where there is no file.

    Raises KnowledgeError for a slot that is unknown or that only a meaning has, and for a question
    that stands under two meanings.
    """
    path = FOLDER / f"{language}.yaml"
    if not path.exists():
        return ()
    vocabulary = load_vocabulary(language)
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise KnowledgeError(path, 0, "file", "no mapping", "questions and their rewordings")
    found: dict[str, Rewording] = {}
    for meaning, texts in content.items():
        for rewording in _read(path, meaning, texts, vocabulary):
            if found.get(rewording.text, rewording) != rewording:
                place = line_of(path, (meaning,))
                raise KnowledgeError(path, place, meaning, f"{rewording.text!r} twice", "once")
            found[rewording.text] = rewording
    return tuple(found.values())


def masked_texts(vocabulary: Vocabulary) -> list[str]:
    """The rewordings of a vocabulary's language as they are compared by meaning, in their order."""
    return [rewording.masked(vocabulary) for rewording in rewordings(vocabulary.language)]


def _read(path: Path, meaning: str, texts: object, vocabulary: Vocabulary) -> Iterator[Rewording]:
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise KnowledgeError(path, line_of(path, (meaning,)), meaning, "no list", "questions")
    for text in (meaning, *texts):
        for said, meant in _with_values(text, meaning, vocabulary.choices):
            rewording = Rewording(said, meant)
            open_slots = {slot[0] for slot in _SLOT.finditer(meant)}
            unknown = [s for s in rewording.slots if s not in KINDS and s not in _PLAIN]
            if unknown or not all(slot in said for slot in open_slots):
                place = line_of(path, (meaning,))
                raise KnowledgeError(path, place, meaning, f"slots of {text!r}", "known slots")
            yield rewording


def _with_values(
    text: str, meaning: str, choices: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> Iterator[tuple[str, str]]:
    """The two with each value of the choice field that they leave open, as people say it."""
    field = next((slot[1] for slot in _SLOT.finditer(text) if slot[1] in choices), "")
    if not field:
        yield text, meaning
        return
    for value, said in choices[field].items():
        if said and " or " not in value:
            name = f"{{{field}}}"
            yield text.replace(name, said[0]), meaning.replace(name, said[0])
