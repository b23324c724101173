"""The shipped embedding model through onnxruntime: no torch, and two to three times as fast.

The model's graph is made once, from its own weights, by torch's exporter; what it gives differs
from what sentence-transformers gives by rounding alone, which is checked when it is made.
"""

import contextlib
import io
import os
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from tokenizers import Tokenizer

from corpus.errors import EmbedderError
from retrieval.model import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_OPSET = 17
# Texts of unlike length, so that padding and masks are seen to work.
_PROBES = ("A question.", "Several words, some of them longer than others. " * 9, "Yes")
_MOST_DIFFERENCE = 1e-4  # of a vector's component; rounding makes up to 1e-6


class OnnxEncoder:
    """Texts to vectors by mean pooling over a transformer's last layer, as its card prescribes.

    ``tokenizer`` cuts nothing; texts are cut at ``max_tokens``, as sentence-transformers cuts them.
    Threads may share one. Raises EmbedderError for a file that is no such model.
    """

    def __init__(self, graph: Path, tokenizer: Tokenizer, max_tokens: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # Waiting threads would else keep the processor busy between two questions.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                str(graph), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its own classes share no other base
            raise EmbedderError(
                f"The embedding model in {graph} cannot be loaded ({type(error).__name__})",
                remedy="Delete the file: it is made anew.",
            ) from error
        self._tokenizer = Tokenizer.from_str(tokenizer.to_str())
        self._tokenizer.enable_truncation(max_tokens)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector per text: (n, d) float32, rows L2-normalised."""
        encoded = self._tokenizer.encode_batch(list(texts))
        longest = max(len(each.ids) for each in encoded)
        ids = np.zeros((len(encoded), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, each in enumerate(encoded):
            ids[row, : len(each.ids)] = each.ids
            mask[row, : len(each.ids)] = 1
        given = dict(zip(_INPUTS, (ids, mask, np.zeros_like(ids)), strict=True))
        hidden = np.asarray(self._session.run(None, given)[0])
        pooled = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        rows: Vectors = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return rows.astype(np.float32)


def export(model: "SentenceTransformer", graph: Path, tokenizer: Tokenizer) -> None:
    """Write the graph of a transformer with mean pooling, whole or not at all.

    Raises EmbedderError when what is written gives other vectors than the model.
    """
    graph.parent.mkdir(parents=True, exist_ok=True)
    # Another process may make it at the same time: each writes its own, the last one stays.
    handle, name = tempfile.mkstemp(dir=graph.parent, suffix=".part")
    os.close(handle)
    made = Path(name)
    try:
        _trace(model, made)
        wanted = model.encode(list(_PROBES), normalize_embeddings=True, show_progress_bar=False)
        given = OnnxEncoder(made, tokenizer, int(model.max_seq_length or 0)).encode(_PROBES)
        difference = float(np.abs(given - np.asarray(wanted)).max())
        if difference > _MOST_DIFFERENCE:
            raise EmbedderError(
                f"The embedding model's vectors differ by {difference:.2g} when it is exported",
                remedy="Install the versions of torch and onnxruntime in requirements.lock.",
            )
        made.replace(graph)
    finally:
        made.unlink(missing_ok=True)


def _trace(model: "SentenceTransformer", target: Path) -> None:
    import torch

    class LastLayer(torch.nn.Module):
        """The transformer alone: a plain tensor in, a plain tensor out."""

        def __init__(self, inner: torch.nn.Module) -> None:
            super().__init__()
            self.inner = inner

        def forward(self, ids: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor) -> object:
            given = dict(zip(_INPUTS, (ids, mask, kinds), strict=True))
            return self.inner(**given).last_hidden_state

    example = torch.ones(2, 8, dtype=torch.long)
    axes = {0: "texts", 1: "tokens"}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        # The exporter by tracing is called old, yet the newer one gives wrong vectors for masks.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            LastLayer(cast(torch.nn.Module, model[0].auto_model)).eval(),
            (example, example, example),
            str(target),
            dynamo=False,
            opset_version=_OPSET,
            input_names=list(_INPUTS),
            output_names=["last_hidden_state"],
            dynamic_axes=dict.fromkeys((*_INPUTS, "last_hidden_state"), axes),
        )
