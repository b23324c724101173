"""Reading question and passage together: an optional model that puts the best hits in order."""

from collections.abc import Sequence
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from corpus.errors import EmbedderError
from retrieval.local_models import locate
from retrieval.model import Hit

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

BATCH = 8  # pairs
_DIGITS = 4  # of a score; more differ with the machine


class Reranker(Protocol):
    """Scores how well texts answer a question; a higher score is better."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score per text, on the model's own scale."""
        ...


class CrossEncoderReranker:
    """A cross-encoder of sentence-transformers, by folder or by the name of one on this machine.

    Torch and the weights are loaded by the first `score`. Raises EmbedderError when the model is
    missing or cannot be loaded; nothing is ever downloaded.
    """

    def __init__(self, name_or_path: str) -> None:
        self._folder = locate(name_or_path, "reranking")
        self._lock = Lock()
        self._model: CrossEncoder | None = None

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score per text, on the model's own scale."""
        if not texts:
            return []
        with self._lock:
            self._model = self._model or self._load()
            scores = self._model.predict(
                [(question, text) for text in texts], batch_size=BATCH, show_progress_bar=False
            )
        return [round(float(score), _DIGITS) for score in scores]

    def _load(self) -> "CrossEncoder":
        # Torch takes seconds to import, and most commands do without.
        from sentence_transformers import CrossEncoder

        try:
            model: CrossEncoder = CrossEncoder(
                str(self._folder), device="cpu", local_files_only=True, num_labels=1
            )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise EmbedderError(
                f"The reranking model in {self._folder} cannot be loaded ({error})",
                remedy="Put a complete cross-encoder of sentence-transformers there, or unset "
                "AMBP_RERANKER.",
            ) from error
        return model


def reranked(question: str, hits: Sequence[Hit], reranker: Reranker) -> list[Hit]:
    """The hits by what the model makes of them, ties in the order given."""
    scores = reranker.score(question, [hit.passage.indexed_text for hit in hits])
    scored = [replace(hit, rerank=score) for hit, score in zip(hits, scores, strict=True)]
    return sorted(scored, key=lambda hit: -(hit.rerank or 0.0))
