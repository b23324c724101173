"""YAML files as the knowledge and the vocabularies use them, and the lines in them."""

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic_core import ErrorDetails

from corpus.errors import KnowledgeError


class _PlainLoader(yaml.CSafeLoader):
    """YAML in which only true, false and null are not text, and no key stands twice.

    PyYAML's own rules would read the country code NO as false and 2020-10-08 as a date, and let the
    last of two equal keys win.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping of a node; raises ConstructorError for a key that stands twice."""
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
            if isinstance(key.value, str):
                seen.add(key.value)
        return super().construct_mapping(node, deep)


_PlainLoader.yaml_implicit_resolvers = {}
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"]
)
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile("^(?:null|~|)$"), ["n", "~", ""]
)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; raises KnowledgeError when it is not YAML or not there."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainLoader)
    except FileNotFoundError as error:
        raise KnowledgeError(path, 0, "file", "is missing", "this file") from error
    except UnicodeDecodeError as error:
        raise KnowledgeError(path, 0, "file", "is not UTF-8", "text in UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise KnowledgeError(path, line, "file", error.problem or "not YAML", "YAML") from error
    except yaml.YAMLError as error:  # a character that YAML does not allow: no place is told
        raise KnowledgeError(path, 0, "file", str(error).splitlines()[0], "YAML") from error


def read_list(path: Path) -> list[Any]:
    """The entries of a YAML file that is a list; raises KnowledgeError for any other."""
    content = read_yaml(path)
    if not isinstance(content, list):
        raise KnowledgeError(path, 1, "file", "is not a list", "a list of entries")
    return content


def line_of(path: Path, steps: tuple[int | str, ...]) -> int:
    """The line (from 1) of the node that the steps lead to, or of the last one that exists."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    line = 1
    for step in steps:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            pair = next((p for p in node.value if p[0].value == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
    return line


def misfit(
    path: Path, steps: tuple[int | str, ...], error: ErrorDetails, expected: str = ""
) -> KnowledgeError:
    """One of pydantic's errors as one of ours.

    ``steps`` lead to the place in the file; ``expected`` says better than the error what should
    stand there.
    """
    field = ".".join(step for step in steps if isinstance(step, str)) or "file"
    line = line_of(path, steps)
    if error["type"] == "missing":
        return KnowledgeError(path, line, field, "is missing", f"a value for {steps[-1]!r}")
    if error["type"] == "extra_forbidden":
        return KnowledgeError(path, line, field, "there is no such key", "only known keys")
    allowed = str(error.get("ctx", {}).get("expected", ""))
    said = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    problem = f"{error['input']!r} does not fit"
    return KnowledgeError(path, line, field, problem, expected or allowed or said)
