"""Which language a text is in, and above all: which texts do not tell."""

import json
from pathlib import Path

import pytest

from corpus.languages import LANGUAGES, detect

BENCH = Path(__file__).resolve().parent.parent / "bench"
QUESTIONS = {
    "en": ["How many projects are there?", "which regions take part in project 9"],
    "es": ["¿Cuántos proyectos hay?", "¿Qué regiones participan en NANOPOW?", "¿Y su presupuesto?"],
    "fr": ["Combien de projets y a-t-il ?", "Qu'est-ce que le partenariat ?"],
    "de": ["Wie viele Projekte gibt es?", "Wie kann eine Region beitreten?"],
    "it": ["Quanti progetti ci sono?", "Chi guida il progetto di riciclaggio?"],
    "sl": ["Koliko projektov obstaja?", "Kdo vodi projekt recikliranja?"],
    "fi": ["Kuinka monta hanketta on?", "Miten alue voi liittyä mukaan?"],
    "nl": ["Hoeveel projecten zijn er?", "Hoe kan een regio lid worden?"],
    "no": ["Hvor mange prosjekter finnes det?", "Hvem leder resirkuleringsprosjektet?"],
}
# Questions of the sets that are meant to be in another language.
FOREIGN = {
    "¿Cuántas regiones están comprometidas con AMBP?": "es",
    "Quel est le budget du projet 9 ?": "fr",
    "Wer koordiniert den Themenbereich 1?": "de",
    "Quando è stata lanciata la partnership AMBP?": "it",
    "Katera regija koordinira partnerstvo?": "sl",
    "Hoeveel thematische gebieden zijn er?": "nl",
}


@pytest.mark.parametrize(
    ("language", "question"), [(k, q) for k, qs in QUESTIONS.items() for q in qs]
)
def test_a_question_is_in_its_language(language: str, question: str) -> None:
    assert detect(question) == language
    assert language in LANGUAGES


@pytest.mark.parametrize("name", ["questions.jsonl", "questions-hard.jsonl"])
def test_no_english_question_is_taken_for_another_language(name: str) -> None:
    rows = [json.loads(line) for line in (BENCH / name).read_text("utf-8").splitlines()]
    found = {row["question"]: detect(row["question"]) for row in rows}
    taken = {q: code for q, code in found.items() if code not in ("en", None)}
    assert taken.items() <= FOREIGN.items()
    assert sum(code is None for code in found.values()) < 0.1 * len(found)


@pytest.mark.parametrize(
    "text",
    ["Castilla y León", "Is Castilla y León in?", "Auvergne-Rhône-Alpes members", "Slovenia",
     "Pays de la Loire", "Emilia-Romagna?", "NANOPOW budget", "De Lijn", "Nord-Pas-de-Calais"],
)  # fmt: skip
def test_names_are_no_language(text: str) -> None:
    assert detect(text) in ("en", None)


@pytest.mark.parametrize("text", ["", "  \n", "2020", "TRL 6", "?!", "12.5 %", "🔋🔋🔋", "\x00"])
def test_what_has_no_words_has_no_language(text: str) -> None:
    assert detect(text) is None


def test_a_long_text_may_be_in_a_language_that_nobody_asks_in() -> None:
    text = (
        "Az akkumulátorok gyártásához szükséges nyersanyagok nagy részét az Európai Unió más"
        " országokból hozza be, ezért fontos az újrahasznosítás és a hazai bányászat fejlesztése."
    )
    assert "hu" not in LANGUAGES
    assert detect(text) == "hu"


def test_the_two_forms_of_norwegian_are_one_language() -> None:
    text = (
        "Ho er ikkje komen heim enno, men me veit at dei andre har vore her sidan i går, og at"
        " dei ikkje kjem til å reise nokon stad før vêret vert betre."
    )
    assert detect(text) == "no"
