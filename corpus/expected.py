"""Questions that people may ask, each with the field of the record that answers it.

One file per publication, ``questions/SOURCE.yaml``: a mapping from a record (``kind:id``) to its
fields, and from a field to questions. A question that is put in quite other words than the records
use is compared with these by meaning (`app.answering.expected`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import KnowledgeError
from corpus.schema import Record, fields_of
from corpus.yaml_files import line_of, read_yaml


@dataclass(frozen=True, slots=True)
class ExpectedQuestion:
    """A question, and the record (``kind:id``) and the field of it that answer it."""

    text: str
    record: str
    field: str


def expected_questions(folder: Path, records: Iterable[Record]) -> tuple[ExpectedQuestion, ...]:
    """All expected questions in a folder, in the order of the files; none where it is absent.

    Raises KnowledgeError for a record or field that is not there, or a question that stands twice.
    """
    known = {record.key: record for record in records}
    found: dict[str, ExpectedQuestion] = {}
    for path in sorted(folder.glob("*.yaml")):
        for key, fields in _mapping(path, read_yaml(path), ()).items():
            record = known.get(key)
            if record is None:
                raise KnowledgeError(path, line_of(path, (key,)), key, "no such record", "kind:id")
            for field, texts in _mapping(path, fields, (key,)).items():
                if field not in fields_of(type(record)) or not record.observed(field):
                    raise _misplaced(path, key, field, f"{key} does not state it", "a field")
                if not isinstance(texts, list):
                    raise _misplaced(path, key, field, "no list", "a list of questions")
                for text in texts:
                    if text in found:
                        raise _misplaced(path, key, field, f"{text!r} stands twice", "once")
                    found[text] = ExpectedQuestion(str(text), key, field)
    return tuple(found.values())


def _misplaced(path: Path, key: str, field: str, problem: str, expected: str) -> KnowledgeError:
    return KnowledgeError(path, line_of(path, (key, field)), field, problem, expected)


def _mapping(path: Path, value: object, place: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise KnowledgeError(path, line_of(path, place), ".".join(place), "no mapping", "a mapping")
    return value
