"""The ways of asking: well formed, and each means something that the rules understand."""

import re

import pytest
from conftest import ROOT

from app.answering.lexicon import Lexicon
from app.answering.planning import Planner
from app.answering.understanding import understand
from corpus import rewordings as module
from corpus.errors import KnowledgeError
from corpus.knowledge import load
from corpus.rewordings import Rewording, masked_texts, rewordings
from corpus.vocabulary import load_vocabulary
from retrieval.query import Records

_ALL = rewordings("en")
_SLOT = re.compile(r"\{([a-z_]+)(?: (\d))?\}")


@pytest.fixture(scope="module")
def planner():
    knowledge = load(ROOT / "corpus" / "ambp")
    lexicon = Lexicon(
        load_vocabulary(), knowledge.records, knowledge.sources, knowledge.partnership
    )
    return Planner(Records(knowledge.records), lexicon, knowledge.partnership)


@pytest.mark.parametrize("meaning", sorted({rewording.meaning for rewording in _ALL}))
def test_every_meaning_has_a_plan(planner, meaning):
    samples = {"country": ["Spain", "Finland"], "date": ["2019", "2020"]}
    for record in planner.records:
        if record.key != planner.own_record:
            samples.setdefault(record.kind, []).append(record.name)

    def with_names(first):  # not every record states what is asked for
        def name(slot):
            found = samples[slot[1]]
            return found[(first + bool(slot[2])) % len(found)]

        return _SLOT.sub(name, meaning)

    asked = [with_names(first) for first in range(6)]
    assert any(planner.plans(understand(text, planner.lexicon)) for text in asked), asked


def test_a_slot_is_masked_and_filled():
    rewording = Rewording(
        "Who heads {project 2} in {country}?", "Who in {country} leads {project 2}?"
    )
    assert rewording.slots == ("project", "country")
    assert rewording.masked(load_vocabulary()) == "Who heads this project in this country?"
    assert rewording.filled(["the loom", "Norway"]) == "Who in Norway leads the loom?"


def test_a_field_stands_for_each_of_its_values():
    texts = masked_texts(load_vocabulary())
    assert "Which goals are rated neutral?" in texts
    assert "Which legal hurdles are there?" in texts
    assert not any("{" in text for text in texts)


def test_a_language_without_a_file_has_none():
    assert rewordings("xx") == ()


@pytest.mark.parametrize(
    "content",
    [
        "Who leads {project}?:\n  - Who heads it?\n",  # a name that nothing fills
        "Who leads {unicorn}?:\n  - Who heads {unicorn}?\n",
        "Which regions take part?:\n  - Who?\nWhich regions are leading?:\n  - Who?\n",
        "Which regions take part?: Who?\n",
        "- Which regions take part?\n",
    ],
)
def test_what_is_wrong_in_a_file_is_said(content, tmp_path, monkeypatch):
    (tmp_path / "en.yaml").write_text(content)
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    with pytest.raises(KnowledgeError):
        rewordings.__wrapped__("en")
