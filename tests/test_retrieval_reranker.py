"""The optional model that orders the best hits: a small one, made here, and a missing one."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import FakeEmbedder, make_document

from corpus.errors import EmbedderError
from retrieval.library import Library
from retrieval.model import Hit
from retrieval.reranker import CrossEncoderReranker, reranked

TEXTS = ["Lithium is mined here.", "Lithium is sold there.", "Lithium is lighter than lead."]


class Backwards:
    """Prefers what comes late in the alphabet."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.asked.append((question, len(texts)))
        return [float(sorted(texts).index(text)) for text in texts]


def test_the_reranker_has_the_last_word(tmp_path: Path) -> None:
    model = Backwards()
    with Library.open(tmp_path, FakeEmbedder(), reranker=model) as library:
        assert library.search("lithium") == []
        assert model.asked == []  # there is nothing to read
        library.put(*make_document("s", TEXTS))
        hits = library.search("lithium", 2)
        assert [hit.passage.text for hit in hits] == sorted(TEXTS, reverse=True)[:2]
        assert [hit.rerank for hit in hits] == [2.0, 1.0]
        assert model.asked == [("lithium", 3)]  # it reads more than are wanted


def test_ties_stay_in_the_order_of_the_search() -> None:
    class Undecided:
        def score(self, question: str, texts: Sequence[str]) -> list[float]:
            return [0.0] * len(texts)

    _, passages = make_document("s", TEXTS)
    hits = [Hit(passage, 1.0) for passage in passages]
    assert [hit.passage for hit in reranked("lithium", hits, Undecided())] == passages


def test_a_model_that_is_not_here_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="reranking model no-such/model is not on this machine"):
        CrossEncoderReranker("no-such/model")
    broken = CrossEncoderReranker(str(tmp_path))
    assert broken.score("lithium", []) == []
    with pytest.raises(EmbedderError, match="cannot be loaded") as caught:
        broken.score("lithium", TEXTS)
    assert "AMBP_RERANKER" in caught.value.remedy


@pytest.mark.slow
def test_a_cross_encoder_from_a_folder(tmp_path: Path) -> None:
    folder = _tiny_cross_encoder(tmp_path / "model")
    model = CrossEncoderReranker(str(folder))
    scores = model.score("Where is lithium mined?", TEXTS)
    assert len(scores) == 3
    assert len(set(scores)) > 1
    assert scores == CrossEncoderReranker(str(folder)).score("Where is lithium mined?", TEXTS)
    # The company of a text changes nothing.
    assert model.score("Where is lithium mined?", TEXTS[:1]) == pytest.approx(scores[:1], abs=1e-3)


def _tiny_cross_encoder(folder: Path) -> Path:
    """A BERT of two small layers with random weights, as sentence-transformers reads it."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    words = sorted({word.strip(".?").lower() for text in TEXTS for word in text.split()})
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]))
    torch.manual_seed(0)
    shape = BertConfig(
        vocab_size=len(words) + 5, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, num_labels=1, initializer_range=1.0,
    )  # fmt: skip
    BertForSequenceClassification(shape).save_pretrained(folder)
    BertTokenizerFast(vocab_file=str(vocabulary)).save_pretrained(folder)
    return folder
