"""Bringing an index up to date with the record, whatever happened to it."""

from collections.abc import Sequence
from typing import Any

from retrieval.model import Searcher
from retrieval.store import Store


def catch_up(index: Searcher[Any], store: Store, embedder: str) -> tuple[int, int]:
    """Tell an index what changed in the record since it last heard of it.

    An index that does not know what it is up to, or that holds a wrong number of passages, is
    compared with the record passage by passage. Returns how many passages were put in and taken
    out. The caller keeps other writers away.
    """
    target = store.seq()
    known = index.seq()
    if known == target:
        return _compare(index, store, embedder, target) if _off(index, store, embedder) else (0, 0)
    if known is None or known > target:
        return compare(index, store, embedder)
    came, went = store.changes_since(known)
    counts = _write(index, store, embedder, came, went)
    index.settle(target)
    if _off(index, store, embedder):
        more = _compare(index, store, embedder, target)
        return counts[0] + more[0], counts[1] + more[1]
    return counts


def compare(index: Searcher[Any], store: Store, embedder: str) -> tuple[int, int]:
    """Compare an index with the record passage by passage and mend every difference.

    An index whose files cannot be read is made anew. Returns as `catch_up`.
    """
    target = store.seq()
    if index.seq() is None:
        index.clear()
    return _compare(index, store, embedder, target)


def _compare(index: Searcher[Any], store: Store, embedder: str, target: int) -> tuple[int, int]:
    held = index.stamps()
    wanted = wanted_stamps(index, store, embedder)
    came = [name for name, stamp in wanted.items() if held.get(name) != stamp]
    went = [name for name in held if name not in wanted]
    counts = _write(index, store, embedder, sorted(came), sorted(went))
    index.settle(target)
    return counts


def wanted_stamps(index: Searcher[Any], store: Store, embedder: str) -> dict[str, str]:
    """The stamps that an index should hold, by passage id."""
    wanted = store.stamps()
    if index.needs_vectors:
        for name in store.passages_without_vector(embedder):
            wanted.pop(name, None)
    return wanted


def _off(index: Searcher[Any], store: Store, embedder: str) -> bool:
    wanted = store.vector_count(embedder) if index.needs_vectors else store.passage_count()
    return index.count() != wanted


def _write(
    index: Searcher[Any], store: Store, embedder: str, came: Sequence[str], went: Sequence[str]
) -> tuple[int, int]:
    if went:
        index.apply([], went)
    for entries in store.entries(came, embedder):
        index.apply(entries, [])
    return len(came), len(went)
