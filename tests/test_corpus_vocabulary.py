import string

import pytest
import yaml

from corpus import vocabulary as module
from corpus.countries import countries
from corpus.errors import KnowledgeError
from corpus.records import KINDS
from corpus.schema import FieldType, fields_of
from corpus.vocabulary import load_vocabulary
from corpus.words import fold, folded_words
from corpus.yaml_files import read_yaml

ENGLISH = module._FOLDER / "en.yaml"


@pytest.fixture(scope="module")
def english():
    return load_vocabulary("en")


@pytest.fixture
def changed(tmp_path, monkeypatch):
    """Loads English with one part replaced by another."""
    monkeypatch.setattr(module, "_FOLDER", tmp_path)
    load_vocabulary.cache_clear()

    def load(part, key, value):
        content = read_yaml(ENGLISH)
        if key:
            content[part] = {**content[part], key: value}
        elif value is None:
            del content[part]
        else:
            content[part] = value
        path = tmp_path / "en.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return load_vocabulary("en")

    yield load
    load_vocabulary.cache_clear()


def test_every_kind_can_be_named_and_asked_for(english):
    for kind in KINDS:
        words = english.kinds[kind]
        assert words.one
        assert words.many
        assert words.words


def test_every_choice_has_words_unless_it_says_itself(english):
    """A value of a choice field that nobody can ask for would never be filtered by."""
    asked = {
        (name, part)
        for name, values in english.choices.items()
        for value in values
        for part in value.split(" or ")
    }
    missing = {
        (f"{kind}.{name}", choice)
        for kind, cls in KINDS.items()
        for name, spec in fields_of(cls).items()
        if spec.type is FieldType.CHOICE
        for choice in spec.choices
        if (f"{kind}.{name}", choice) not in asked
    }
    fields = {name for name, _ in missing}
    # What is left over, other or double is found by its words, not by a filter.
    assert {c for n, c in missing if n not in {"organisation.organisation_type"}} <= {
        "other", "project", "not applicable", "political/societal", "legal/technological",
    }, fields  # fmt: skip


def test_words_that_carry_no_content_are_single_and_folded(english):
    assert {"the", "which", "of"} <= english.function_words
    for word in english.function_words | english.particles | english.pronouns | english.yes_no:
        assert folded_words(word) == (word,)


def test_labels(english):
    assert english.label("project", "budget") == "budget"
    assert english.label("project", "leader") == "leader"
    assert english.field_words("project", "leader").asks == "who"
    assert english.field_words("project", "no_such_field") is None
    assert english.label("project", "no_such_field") == "no such field"


def test_an_own_entry_goes_before_the_one_for_every_kind(english):
    own = english.fields["figure.geography"]
    assert english.field_words("figure", "geography") == own
    assert english.field_words("organisation", "geography") == english.fields["*.geography"]


def test_replies_to_small_talk_name_the_partnership_only_by_its_slots(english):
    for talk in english.small_talk:
        assert talk.reply.format(name="N", abbreviation="A")


def test_it_is_read_once():
    assert load_vocabulary() is load_vocabulary()
    assert load_vocabulary().language == "en"


def test_a_language_that_is_not_there():
    with pytest.raises(KnowledgeError, match=r"xx\.yaml: file: is missing"):
        load_vocabulary("xx")


@pytest.mark.parametrize(
    ("part", "key", "value", "message"),
    [
        ("fields", "project.colour", {"label": "colour"}, "fields.project.colour: no such field"),
        ("fields", "boat.name", {"label": "name"}, "fields.boat.name: no such field"),
        ("fields", "*.colour", {"label": "colour"}, r"fields.\*.colour: no such field"),
        ("fields", "*.budget", {"label": "b", "asks": "how_red"}, "asks: 'how_red' is unknown"),
        (
            "fields",
            "*.budget",
            {"words": ["b"]},
            r"en.yaml:\d+: fields.\*.budget.label: is missing",
        ),
        ("choices", "region.role", {"rowing": ["rows"]}, r"\['rowing'\] is not known"),
        ("choices", "region.nuts", {"SI04": ["west"]}, "is not known"),
        ("choices", "boat.role", {"leading": ["leads"]}, "is not known"),
        ("country_groups", "alpine", ["alpine"], "no group 'alpine'"),
        ("colours", "", ["red"], "colours: there is no such key"),
        ("particles", "", None, "particles: is missing"),
        ("kinds", "", {}, "kinds: region is missing"),
    ],
)
def test_what_does_not_fit_is_refused(changed, part, key, value, message):
    with pytest.raises(KnowledgeError, match=message):
        changed(part, key, value)


def test_what_fits_is_taken(changed):
    assert changed("country_groups", "nordic", ["northern"]).country_groups["nordic"] == (
        "northern",
    )


OTHERS = [language for language in module.languages() if language != "en"]
SLOTS = {
    "ask_whom": "contact", "not_stated": "what", "stated": "subject labels",
    "no_match": "many total conditions", "counted": "many total found conditions",
    "stating": "label stating matching many", "as_of": "date", "leading": "name about",
    "participating": "name about", "interested": "name about", "negated": "value",
    "no_record": "name about committed interested", "joining": "text", "quoted": "text",
    "total": "label stating many value", "average": "label stating many value",
    "largest": "label value names", "smallest": "label value names", "mixed": "label many",
    "mentions": "words", "according_to": "source", "from_date": "value", "until_date": "value",
    "more_than": "value", "less_than": "value", "nearly": "value",
}  # fmt: skip


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_every_part(language, english):
    own = load_vocabulary(language)
    for part in ("kinds", "cues", "answers", "country_groups", "bounds", "date_relations", "units"):
        assert set(getattr(own, part)) == set(getattr(english, part)), part
    assert set(english.fields) <= set(own.fields)
    assert {n: set(v) for n, v in own.choices.items()} == {
        n: set(v) for n, v in english.choices.items()
    }
    assert len(own.numbers) >= 12
    assert len(own.ordinals) == 12
    assert len(own.more_months) == 12
    assert len(own.small_talk) == len(english.small_talk)
    for name in ("negations", "inclusions", "yes_no", "pronouns", "personal_pronouns", "joints",
                 "continuations", "glossary", "country_adjectives", "partnership"):  # fmt: skip
        assert getattr(own, name), name


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_that_asks_stands_for_something(language, english):
    own = load_vocabulary(language)
    for part in ("cues", "answers", "country_groups"):
        assert all(getattr(own, part).values())
    for name, values in own.choices.items():
        for value, said in values.items():
            assert bool(said) == bool(english.choices[name][value]), f"{name}={value}"
    for name, field in english.fields.items():
        assert own.fields[name].asks == field.asks, name
        assert own.fields[name].label


@pytest.mark.parametrize("language", OTHERS)
def test_every_value_of_a_choice_can_be_printed(language):
    own = load_vocabulary(language)
    choices = {
        choice
        for cls in KINDS.values()
        for spec in fields_of(cls).values()
        if spec.type is FieldType.CHOICE
        for choice in spec.choices
    }
    assert choices == set(own.values)


@pytest.mark.parametrize("language", OTHERS)
def test_phrases_have_their_slots_and_no_others(language):
    said = load_vocabulary(language).phrases.model_dump()
    for name, frame in said.items():
        slots = {slot for _, slot, _, _ in string.Formatter().parse(frame) if slot is not None}
        assert slots == set(SLOTS.get(name, "").split()), name
    for talk in load_vocabulary(language).small_talk:
        assert talk.reply.format(name="N", abbreviation="A")


@pytest.mark.parametrize("language", OTHERS)
def test_codes_of_countries_and_letters(language):
    own = load_vocabulary(language)
    assert set(own.country_adjectives) <= set(countries())
    assert all(fold(word) == word for word in own.function_words | own.pronouns | own.yes_no)
