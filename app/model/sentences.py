"""A model's text as sentences, each with the keys that it cites."""

import re
from dataclasses import dataclass, replace

from app.model.ledger import KEY
from app.model.markup import without_brackets, words_only
from corpus.sentences import sentence_spans

_ITEM = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_LONGEST = 2_000  # characters that are cut into sentences; what is longer is no prose
_TABLE = re.compile(r"^\s*\|.*\|?\s*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and its keys; ``item``: it is an item of a list; no keys: it cites nothing."""

    text: str
    keys: tuple[str, ...] = ()
    item: bool = False

    @property
    def leads(self) -> bool:
        """Whether it only introduces what follows."""
        return self.text.endswith(":") and not self.keys


def sentences_of(text: str) -> list[Sentence]:
    """What a model's text says in order, cut behind each group of keys, which it rests on."""
    found: list[Sentence] = []
    for line in words_only(text).split("\n"):
        if not line.strip() or _TABLE.match(line):
            continue
        item = bool(_ITEM.match(line))
        rest = _ITEM.sub("", line, count=1)
        start = 0
        groups = list(re.finditer(rf"(?:{KEY.pattern}[\s,;]*)+", rest))
        for match in groups:
            keys = tuple(re.findall(r"q[a-z2-7]{6}", match[0]))
            found.append(Sentence(_bare(rest[start : match.start()]), keys, item))
            start = match.end()
        found.append(Sentence(_bare(rest[start:]), (), item))
    return [sentence for sentence in found if sentence.text or sentence.keys]


def parts_of(sentence: Sentence, language: str) -> list[Sentence]:
    """The sentences that stand together before one group of keys, each with all of them."""
    if len(sentence.text) > _LONGEST:
        return [sentence]
    spans = sentence_spans(sentence.text, language)
    parts = [sentence.text[a:b].strip() for a, b in spans]
    return [replace(sentence, text=part) for part in parts if any(c.isalnum() for c in part)]


def _bare(text: str) -> str:
    """The words between two groups of keys, without the marks that belong to what is before."""
    return without_brackets(text).strip().lstrip(".,;:!?)").strip()
