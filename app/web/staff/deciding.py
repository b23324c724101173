"""What a browser sends of a decision on a proposal, carried out."""

from collections.abc import Mapping
from typing import Any

from app.workspace import Workspace
from corpus.errors import QueryError

_LONGEST = 500  # characters of a value


def decide(workspace: Workspace, given: Mapping[str, Any], *, accept: bool) -> None:
    """Make a proposal a record with the values sent, or turn it down. Blocks.

    Raises QueryError for what is none of its values, LibraryError where it is gone, or is not what
    was on the page any more: somebody else has changed it or decided on it.
    """
    # Here and not at the top: it loads LangChain, which nothing else of the pages needs.
    from app.model.review import Review

    number, version, review = given.get("id"), given.get("version"), Review(workspace)
    if not isinstance(number, int) or not isinstance(version, str) or not version:
        raise QueryError("no proposal was named", remedy="Load the page again.")
    if not accept:
        review.reject(number, version)
        return
    review.accept(number, _values(given.get("values")), version)


def _values(sent: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(sent, dict):
        raise QueryError("no values were sent")
    values = {}
    for name, lines in sent.items():
        fits = isinstance(lines, list) and all(
            isinstance(line, str) and len(line) <= _LONGEST for line in lines
        )
        if not fits:
            raise QueryError(f"the value of {name} cannot be read")
        values[str(name)] = tuple(lines)
    return values
