"""Stand-ins shared by all tests: a deterministic embedder without a model, and small documents."""

import re
from collections.abc import Sequence
from hashlib import sha256

import numpy as np

from corpus.model import Block, BlockKind, Document, Origin, Passage, Rendition, Source
from corpus.values import PartialDate
from corpus.vocabulary import load_vocabulary
from corpus.words import words
from retrieval.model import Progress, Vectors


class FakeEmbedder:
    """Each word has a fixed random direction; a text is the sum of its words' directions.

    Texts that share words are near each other. ``calls`` and ``texts`` count what was embedded.
    """

    def __init__(self, dimensions: int = 64, name: str = "fake") -> None:
        self._dimensions = dimensions
        self._name = name
        self.spoken = frozenset({"en"})
        self.calls = 0
        self.texts: list[str] = []

    @property
    def fingerprint(self) -> str:
        return f"{self._name}-{self._dimensions}"

    @property
    def languages(self) -> frozenset[str]:
        return self.spoken

    @property
    def dimensions(self) -> int:
        return self._dimensions

    @property
    def max_tokens(self) -> int:
        return 256

    def count_tokens(self, text: str) -> int:
        return len(_tokens(text)) + 2

    def embed(self, texts: Sequence[str], on_progress: Progress | None = None) -> Vectors:
        self.calls += 1
        self.texts += texts
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in _tokens(text) or [""]:
                vectors[row] += self._direction(word)
            vectors[row] /= np.linalg.norm(vectors[row])
            if on_progress:
                on_progress(row + 1, len(texts))
        return vectors

    def _direction(self, word: str) -> Vectors:
        seed = int.from_bytes(sha256(f"{self._name} {word}".encode()).digest()[:8], "big")
        return np.random.default_rng(seed).standard_normal(self._dimensions, dtype=np.float32)


class ContentEmbedder(FakeEmbedder):
    """Sees only the stems of words that carry content, as a model does more or less.

    Texts that have none of those in common are about as far from each other as can be.
    """

    def embed(self, texts: Sequence[str], on_progress: Progress | None = None) -> Vectors:
        empty = load_vocabulary().function_words
        content = [
            " ".join(word.stem for word in words(text) if word.folded not in empty)
            for text in texts
        ]
        return super().embed(content, on_progress)


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def make_document(
    source_id: str,
    texts: Sequence[str],
    *,
    title: str = "",
    date: str = "",
    language: str = "en",
    rendition: Rendition = Rendition.ORIGINAL,
    origin: Origin = Origin.ADDED,
    media_type: str = "text/plain",
    record: str = "",
    as_of: str = "",
) -> tuple[Document, list[Passage]]:
    """A document of one passage per text, and the passages."""
    source = Source(
        id=source_id, title=title or source_id, date=PartialDate.parse(date) if date else None
    )
    body = "\n".join(texts)
    starts = [sum(len(t) + 1 for t in texts[:i]) for i in range(len(texts))]
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, start, start + len(text))
        for start, text in zip(starts, texts, strict=True)
    )
    document = Document(
        source=source,
        text=body,
        blocks=blocks,
        content_hash=sha256(body.encode()).hexdigest(),
        media_type=media_type,
        rendition=rendition,
        origin=origin,
        path=f"{source_id}.txt",
    )
    passages = [
        Passage(
            document_id=document.id,
            source_id=source_id,
            ordinal=ordinal,
            start=block.start,
            end=block.end,
            text=text,
            record=record and f"{record}-{ordinal}",
            as_of=PartialDate.parse(as_of) if as_of else None,
            language=language,
        )
        for ordinal, (block, text) in enumerate(zip(blocks, texts, strict=True))
    ]
    return document, passages
