"""The example questions of the start page: they belong to the partnership, so its folder has them.

``examples.yaml`` is a list of groups, one per kind of visitor::

    - title: New to the partnership
      questions: [What is it?, Who is in it?]
      elsewhere:
        de: {title: Neu hier, questions: [Was ist das?]}

``elsewhere`` has the group in other languages of the interface, as far as there are answers in
them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from corpus.errors import KnowledgeError
from corpus.yaml_files import read_yaml

# What fits on the start page of a phone without crowding out the question box.
MOST_GROUPS, MOST_QUESTIONS, LONGEST_TITLE, LONGEST_QUESTION = 4, 5, 40, 120

_Title = Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE)]
_Question = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]


class Examples(BaseModel):
    """Questions in one language, under a title."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    title: _Title
    questions: Annotated[tuple[_Question, ...], Field(min_length=1, max_length=MOST_QUESTIONS)]


class ExampleGroup(Examples):
    """Questions that one kind of visitor may begin with, in English and other languages."""

    elsewhere: Annotated[Mapping[str, Examples], Field(default_factory=dict)]

    def spoken(self, language: str) -> tuple[str, Examples]:
        """The group in a language, with that language; in English where it has no other."""
        found = self.elsewhere.get(language)
        return (language, found) if found else ("en", self)


_GROUPS = TypeAdapter(Annotated[tuple[ExampleGroup, ...], Field(max_length=MOST_GROUPS)])


def load_examples(folder: Path) -> tuple[ExampleGroup, ...]:
    """The groups of a partnership's ``examples.yaml``, none where it has no such file.

    Raises KnowledgeError that says which entry is wrong and what was expected.
    """
    path = folder / "examples.yaml"
    if not path.exists():
        return ()
    try:
        return _GROUPS.validate_python(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        steps = [str(s + 1) if isinstance(s, int) else s for s in first["loc"]]
        field = ".".join(steps) or "file"
        problem = f"{first['input']!r} does not fit"
        raise KnowledgeError(path, 0, field, problem, first["msg"]) from error
