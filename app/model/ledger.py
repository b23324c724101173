"""What a chat model may cite: lines of evidence and computed statements, each under a key.

Keys are opaque, the same for the same question over the same library, and nothing that a document
holds can guess them: they are made from a hash that its own content went into.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from app.answering.answer import Answer
from app.answering.evidence import Evidence
from app.answering.piece import Piece
from corpus.model import Passage, Source
from corpus.values import PartialDate

_MARKERS = re.compile(r"(?:\[\d+\])+")
_AFTER_COMMA = re.compile(r",\s*\[\d+\]")  # items in one sentence, each with its own markers
_KEY_LETTERS = 7
KEY = re.compile(r"\[(q[a-z2-7]{6}(?:\s*[,;]\s*q[a-z2-7]{6})*)\]")


@dataclass(frozen=True, slots=True)
class Unit:
    """One line or sentence that carries statements: ``text``, and ``around`` what it stands under.

    ``computed``: the text was put together in code, so a figure of it need stand in no passage.
    ``basis`` is the answer that it belongs to, whose notes go with it.
    """

    key: str
    text: str
    around: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    language: str
    computed: bool = False
    basis: Answer | None = None

    @property
    def dates(self) -> tuple[PartialDate, ...]:
        """The dates for which its evidence holds."""
        return tuple(e.passage.as_of for e in self.evidence if e.passage.as_of)


@dataclass(frozen=True, slots=True)
class Whole:
    """A computed list or count, which is taken over as it is or not at all."""

    key: str
    answer: Answer


Entry = Unit | Whole


class Ledger:
    """Everything that was shown to the model for one question, by key."""

    def __init__(self, secret: str, sources: dict[str, Source]) -> None:
        self.secret = secret
        self._sources = sources
        self._entries: dict[str, Entry] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: str) -> Entry | None:
        """What stands under a key; None for one that was not given."""
        return self._entries.get(key)

    @property
    def titles(self) -> frozenset[str]:
        """The first lines of the records' cards that were shown: what they are called."""
        units = [e for e in self._entries.values() if isinstance(e, Unit)]
        passages = (e.passage for unit in units for e in unit.evidence)
        return frozenset(p.text.split("\n", 1)[0] for p in passages if p.record)

    def add_answer(self, answer: Answer) -> list[Entry]:
        """The statements of a verified answer: a list as a whole, else each for itself."""
        if is_list(answer):
            key = self._key("whole", answer.text)
            return [self._put(Whole(key, answer))]
        return [
            self._put(
                Unit(
                    self._key("said", text, *(e.passage.id for e in evidence)), text,
                    self._around(e.passage for e in evidence), evidence, answer.language,
                    computed=True, basis=answer,
                )
            )
            for text, evidence in statements_of(answer)
            if evidence
        ]  # fmt: skip

    def add_piece(self, piece: Piece) -> Entry:
        """A sentence, item or row of a passage."""
        evidence = piece.evidence
        key = self._key("piece", piece.passage.id, str(piece.start), str(piece.end))
        around = (*self._around([piece.passage]), piece.context)
        return self._put(
            Unit(key, piece.said, around, (evidence,), piece.passage.language)
        )  # fmt: skip

    def siblings(self, unit: Unit) -> list[Unit]:
        """The unit, and the lines that it was put together from as they stand in their cards.

        A sentence in another language may be carried by the line where it is not by the statement.
        """
        lines = [
            Unit(
                unit.key, e.passage.text[e.start : e.end], self._around([e.passage]), (e,),
                e.passage.language, basis=unit.basis,
            )
            for e in unit.evidence
            if e.passage.record
        ]  # fmt: skip
        return [unit, *(lines if unit.computed else ())]

    def _put(self, entry: Entry) -> Entry:
        return self._entries.setdefault(entry.key, entry)

    def _around(self, passages: Iterable[Passage]) -> tuple[str, ...]:
        """What a passage stands under: its record's name, headings, lead, and its source."""
        found: dict[str, None] = {}
        for passage in passages:
            if passage.record:
                found[passage.text.split("\n", 1)[0]] = None
            source = self._sources[passage.source_id]
            found.update(dict.fromkeys((*passage.heading_path, passage.lead, passage.section)))
            found.update(dict.fromkeys((source.title, source.publisher, *source.aliases)))
        return tuple(text for text in found if text)

    def _key(self, *parts: str) -> str:
        return f"q{letters(self.secret, *parts)[: _KEY_LETTERS - 1]}"


def letters(*parts: str) -> str:
    """A hash of some texts in small letters and the digits 2 to 7."""
    digest = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return "".join("abcdefghijklmnopqrstuvwxyz234567"[byte % 32] for byte in digest)


def is_list(answer: Answer) -> bool:
    """Whether an answer is a computed list or a total with its parts, to be taken over whole."""
    lines = [line for line in answer.text.split("\n") if line.strip()]
    return (
        sum(line.startswith("- ") for line in lines) > 1
        or any(line.rstrip().endswith(":") for line in lines)
        or len(_AFTER_COMMA.findall(answer.text)) > 1
    )


def statements_of(answer: Answer) -> list[tuple[str, tuple[Evidence, ...]]]:
    """The statements of an answer's text, each with the evidence of the markers behind it."""
    evidence = {c.number: Evidence(c.passage, c.start, c.end) for c in answer.citations}
    found, start = [], 0
    for match in _MARKERS.finditer(answer.text):
        text = answer.text[start : match.start()].strip(" \n-.,;")
        numbers = [int(n) for n in re.findall(r"\d+", match[0])]
        if text:
            cited = tuple(evidence[n] for n in numbers if n in evidence)
            found.append((text, cited))
        start = match.end()
    return found
