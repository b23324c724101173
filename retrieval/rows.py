"""Sources, blocks and passages as the JSON that the record keeps, and back."""

import json
from dataclasses import fields
from typing import Any

from corpus.model import Block, BlockKind, Passage, Source
from corpus.values import PartialDate


def source_json(source: Source) -> str:
    """A source as JSON."""
    return _dump(source)


def source_from(text: str) -> Source:
    """The source that `source_json` wrote."""
    data = json.loads(text)
    data["date"] = _date(data["date"])
    data["aliases"] = tuple(data["aliases"])
    return Source(**data)


def blocks_json(blocks: tuple[Block, ...]) -> str:
    """Blocks as JSON."""
    return json.dumps([_plain(block) for block in blocks], ensure_ascii=False)


def blocks_from(text: str) -> tuple[Block, ...]:
    """The blocks that `blocks_json` wrote."""
    return tuple(_block(data) for data in json.loads(text))


def _block(data: dict[str, Any]) -> Block:
    data["kind"] = BlockKind(data["kind"])
    data["heading_path"] = tuple(data["heading_path"])
    return Block(**data)


def passage_json(passage: Passage) -> str:
    """A passage as JSON."""
    return _dump(passage)


def passage_from(text: str) -> Passage:
    """The passage that `passage_json` wrote."""
    data = json.loads(text)
    data["heading_path"] = tuple(data["heading_path"])
    data["as_of"] = _date(data["as_of"])
    return Passage(**data)


def _dump(item: Source | Passage) -> str:
    return json.dumps(_plain(item), ensure_ascii=False)


def _plain(item: Source | Passage | Block) -> dict[str, Any]:
    values = {f.name: getattr(item, f.name) for f in fields(item) if f.init}
    return {
        name: value.iso() if isinstance(value, PartialDate) else value
        for name, value in values.items()
    }


def _date(text: str | None) -> PartialDate | None:
    return PartialDate.parse(text) if text else None
