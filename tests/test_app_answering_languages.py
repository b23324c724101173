import string
from dataclasses import replace
from decimal import Decimal

import pytest

from app.answering.abroad.listing import differing, select
from app.answering.abroad.local import Local
from app.answering.abroad.voice import Voice
from app.answering.amounts import bounds_in, dates_in
from app.answering.answer import Status
from app.answering.disagreements import differences
from app.answering.evidence import Draft, Statement, supported
from app.answering.plans import Disagreement, Select
from app.answering.understanding import understand
from corpus.values import Duration, Money, PartialDate, Quantity
from corpus.vocabulary import languages, load_vocabulary
from corpus.words import words
from retrieval.query import RecordQuery

FOREIGN = tuple(language for language in languages() if language != "en")

LEADER = {
    "de": "Wer leitet Projekt 2?", "es": "¿Quién lidera el proyecto 2?",
    "fi": "Kuka johtaa hanketta 2?", "fr": "Qui dirige le projet 2 ?",
    "it": "Chi guida il progetto 2?", "nl": "Wie leidt project 2?",
    "no": "Hvem leder prosjekt 2?", "sl": "Kdo vodi projekt 2?",
}  # fmt: skip
MEMBER = {
    "de": "Ist {} Mitglied der Partnerschaft?", "es": "¿Forma parte {} de la asociación?",
    "fi": "Onko {} kumppanuuden jäsen?", "fr": "{} fait-elle partie du partenariat ?",
    "it": "{} fa parte del partenariato?", "nl": "Is {} lid van het partnerschap?",
    "no": "Er {} med i partnerskapet?", "sl": "Ali je {} članica partnerstva?",
}  # fmt: skip
LIST = {
    "de": "Welche spanischen Regionen nehmen teil?", "es": "¿Qué regiones españolas participan?",
    "fi": "Mitkä espanjalaiset alueet ovat mukana?",
    "fr": "Quelles régions espagnoles participent ?",
    "it": "Quali regioni spagnole partecipano?", "nl": "Welke Spaanse regio's nemen deel?",
    "no": "Hvilke spanske regioner deltar?", "sl": "Katere španske regije sodelujejo?",
}  # fmt: skip
BUDGET = {
    "de": "Wie hoch ist das Budget von Projekt {}?",
    "es": "¿Cuál es el presupuesto del proyecto {}?",
    "fi": "Mikä on hankkeen {} budjetti?", "fr": "Quel est le budget du projet {} ?",
    "it": "Qual è il budget del progetto {}?", "nl": "Wat is het budget van project {}?",
    "no": "Hva er budsjettet til prosjekt {}?", "sl": "Kakšen je proračun projekta {}?",
}  # fmt: skip
LASTS = {
    "de": "Und wie lange läuft es?", "es": "¿Y cuánto dura?", "fi": "Entä kuinka kauan se kestää?",
    "fr": "Et combien de temps dure-t-il ?", "it": "E quanto dura?", "nl": "En hoe lang duurt het?",
    "no": "Og hvor lenge varer det?", "sl": "In koliko časa traja?",
}  # fmt: skip
WEATHER = {
    "de": "Wie wird morgen das Wetter?", "es": "¿Qué tiempo hará mañana?",
    "fi": "Millainen sää huomenna on?", "fr": "Quel temps fera-t-il demain ?",
    "it": "Che tempo farà domani?", "nl": "Wat voor weer wordt het morgen?",
    "no": "Hvordan blir været i morgen?", "sl": "Kakšno bo jutri vreme?",
}  # fmt: skip
THANKS = {
    "de": "Vielen Dank!", "es": "¡Muchas gracias!", "fi": "Kiitos paljon!",
    "fr": "Merci beaucoup !", "it": "Grazie mille!", "nl": "Dank je wel!",
    "no": "Tusen takk!", "sl": "Najlepša hvala!",
}  # fmt: skip
MOST = {
    "de": "Welches Land hat die meisten Regionen?", "es": "¿Qué país tiene más regiones?",
    "fi": "Missä maassa on eniten alueita?", "fr": "Quel pays a le plus de régions ?",
    "it": "Quale paese ha più regioni?", "nl": "Welk land heeft de meeste regio's?",
    "no": "Hvilket land har flest regioner?", "sl": "Katera država ima največ regij?",
}  # fmt: skip

REJECTED = {
    "de": "Welche Projekte wurden abgelehnt?", "es": "¿Qué proyectos fueron rechazados?",
    "fi": "Mitkä hankkeet hylättiin?", "fr": "Quels projets ont été rejetés ?",
    "it": "Quali progetti sono stati respinti?", "nl": "Welke projecten zijn afgewezen?",
    "no": "Hvilke prosjekter ble avslått?", "sl": "Kateri projekti so bili zavrnjeni?",
}  # fmt: skip
WHY_REJECTED = {
    "de": "Warum wurde Projekt {} abgelehnt?", "es": "¿Por qué fue rechazado el proyecto {}?",
    "fi": "Miksi hanke {} hylättiin?", "fr": "Pourquoi le projet {} a-t-il été rejeté ?",
    "it": "Perché è stato respinto il progetto {}?", "nl": "Waarom is project {} afgewezen?",
    "no": "Hvorfor ble prosjekt {} avslått?", "sl": "Zakaj je bil projekt {} zavrnjen?",
}  # fmt: skip
APPROVED = {  # no word of any record, and none of the vocabulary
    "de": "Welche Projekte wurden bewilligt?", "es": "¿Qué proyectos fueron aprobados?",
    "fi": "Mitkä hankkeet hyväksyttiin?", "fr": "Quels projets ont été approuvés ?",
    "it": "Quali progetti sono stati approvati?", "nl": "Welke projecten zijn goedgekeurd?",
    "no": "Hvilke prosjekter ble godkjent?", "sl": "Kateri projekti so bili odobreni?",
}  # fmt: skip
LONGER = {
    "de": "Welche Projekte dauern länger als 2 Jahre?",
    "es": "¿Qué proyectos duran más de 2 años?", "fi": "Mitkä hankkeet kestävät yli 2 vuotta?",
    "fr": "Quels projets durent plus de 2 ans ?", "it": "Quali progetti durano più di 2 anni?",
    "nl": "Welke projecten duren langer dan 2 jaar?",
    "no": "Hvilke prosjekter varer lenger enn 2 år?",
    "sl": "Kateri projekti trajajo več kot 2 leti?",
}  # fmt: skip
TWO = {
    "de": "Wie viele Regionen nehmen teil, und wer koordiniert die Partnerschaft?",
    "es": "¿Cuántas regiones participan y quién coordina la asociación?",
    "fi": "Kuinka monta aluetta on mukana ja kuka koordinoi kumppanuutta?",
    "fr": "Combien de régions participent et qui coordonne le partenariat ?",
    "it": "Quante regioni partecipano e chi coordina il partenariato?",
    "nl": "Hoeveel regio's doen mee en wie coördineert het partnerschap?",
    "no": "Hvor mange regioner deltar, og hvem koordinerer partnerskapet?",
    "sl": "Koliko regij sodeluje in kdo koordinira partnerstvo?",
}  # fmt: skip


def phrases(language):
    return load_vocabulary(language).phrases


def start_of(frame):
    """The words of a frame before its first slot."""
    return next(text for text, *_ in string.Formatter().parse(frame)).strip()


def test_every_language_of_the_regions_has_questions_here():
    assert set(FOREIGN) == {"de", "es", "fi", "fr", "it", "nl", "no", "sl"}
    every = (LEADER, MEMBER, LIST, BUDGET, LASTS, WEATHER, THANKS, MOST)
    for questions in (*every, REJECTED, WHY_REJECTED, APPROVED, LONGER, TWO):
        assert set(questions) == set(FOREIGN)


@pytest.mark.parametrize("language", FOREIGN)
def test_a_field_of_a_named_record(woven, language):
    answer = woven.ask(LEADER[language])
    assert answer.status is Status.ANSWERED
    assert "Weave Centre" in answer.text
    assert load_vocabulary(language).label("project", "leader") in answer.text
    assert {c.source.id for c in answer.citations} == {"coast-brief"}
    assert phrases(language).as_in_sources in answer.notes


@pytest.mark.parametrize("language", FOREIGN)
def test_a_member_and_somebody_who_is_not(woven, language):
    yes = woven.ask(MEMBER[language].format("Fjordmark")).text
    assert yes.startswith(phrases(language).yes)
    assert phrases(language).participating.format(name="Fjordmark", about="WCP") in yes
    interested = woven.ask(MEMBER[language].format("Highmoor")).text
    assert phrases(language).interested.format(name="Highmoor", about="WCP") in interested
    assert not interested.startswith(phrases(language).yes)


@pytest.mark.parametrize("language", FOREIGN)
def test_no_record_is_not_no(woven, language):
    answer = woven.ask(MEMBER[language].format("Ruritania"))
    assert answer.status is Status.ANSWERED
    assert "Ruritania" in answer.text
    assert phrases(language).may_have_changed in answer.text
    assert not answer.text.startswith((phrases(language).yes, phrases(language).no))
    assert answer.citations


@pytest.mark.parametrize("language", FOREIGN)
def test_a_list_by_the_adjective_of_a_country(woven, language):
    answer = woven.ask(LIST[language])
    assert "Altamira" in answer.text
    assert "Fjordmark" not in answer.text
    assert load_vocabulary(language).kinds["region"].many.casefold() in answer.text.casefold()


@pytest.mark.parametrize("language", FOREIGN)
def test_an_amount_with_what_another_source_says_and_a_follow_up(woven, language):
    question = BUDGET[language].format(2)
    answer = woven.ask(question)
    assert "4,5" in answer.text
    assert phrases(language).differ in answer.text
    assert "18" in woven.ask(LASTS[language], [question]).text


@pytest.mark.parametrize("language", FOREIGN)
def test_what_is_not_stated(woven, language):
    answer = woven.ask(BUDGET[language].format(4))
    assert answer.status is Status.ABSTAINED
    assert start_of(phrases(language).not_stated) in answer.text
    assert woven.knowledge.partnership.website in answer.text


@pytest.mark.parametrize("language", FOREIGN)
def test_what_no_record_knows_is_refused_in_the_language(woven, language):
    answer = woven.ask(WEATHER[language])
    assert answer.status is Status.ABSTAINED
    assert answer.text.startswith(phrases(language).refusal)
    assert phrases(language).in_english in answer.text


@pytest.mark.parametrize("language", FOREIGN)
def test_thanks(woven, language):
    replies = [talk.reply for talk in load_vocabulary(language).small_talk]
    assert woven.ask(THANKS[language]).text in replies


@pytest.mark.parametrize(
    ("question", "before", "language"),
    [
        ("Which regions lead the partnership?", "", "en"),
        ("Fjordmark?", "", "en"),
        ("Fjordmark?", "de", "de"),
        ("Project 5", "", "en"),
        ("Is Bretagne Sud in WCP?", "", "en"),
        ("And its budget?", "fr", "en"),
        ("Und Skogland?", "", "de"),
        ("¿Y el proyecto 2?", "en", "es"),
        ("2?", "fi", "fi"),
        ("merci", "", "fr"),
        ("", "", "en"),
        ("¿Qué es el WCP?", "", "es"),
        ("Weave Centre's role", "", "en"),  # "s'" is a word of French
        ("Is themagebied 4 actief?", "", "nl"),
        ("lithium demand 2025 LCE", "", "en"),  # the detector takes it for French
        ("Qual é o orçamento do projeto 9?", "", "en"),  # Portuguese: there are no words for it
    ],
)
def test_the_language_of_a_question(woven, question, before, language):
    assert woven.tongues.language_of(question, before) == language


@pytest.mark.parametrize(
    ("language", "text", "first", "last"),
    [
        ("es", "el 8 de octubre de 2018", "2018-10-08", "2018-10-08"),
        ("fr", "le 1er mai 2020", "2020-05-01", "2020-05-01"),
        ("de", "am 8. Oktober 2018", "2018-10-08", "2018-10-08"),
        ("de", "im März 2020", "2020-03-01", "2020-03-31"),
        ("it", "nel maggio 2020", "2020-05-01", "2020-05-31"),
        ("sl", "maja 2020", "2020-05-01", "2020-05-31"),
        ("sl", "8. oktobra 2018", "2018-10-08", "2018-10-08"),
        ("fi", "toukokuussa 2020", "2020-05-01", "2020-05-31"),
        ("nl", "in maart 2020", "2020-03-01", "2020-03-31"),
        ("no", "i mai 2020", "2020-05-01", "2020-05-31"),
    ],
)
def test_dates(language, text, first, last):
    (found,) = dates_in(text, words(text, language), load_vocabulary(language))
    assert (found.date.first.isoformat(), found.date.last.isoformat()) == (first, last)
    assert found.relation == "in"


@pytest.mark.parametrize(
    ("language", "text", "amount", "relation", "unit"),
    [
        ("es", "más de 5 millones", 5_000_000, "more", ""),
        ("fr", "moins de 3 ans", 3, "less", "year"),
        ("de", "über 10.000 Euro", 10_000, "more", "euro"),
        ("it", "oltre 2,5 milioni", 2_500_000, "more", ""),
        ("sl", "več kot tri leta", 3, "more", "year"),
        ("fi", "yli 10 miljoonaa", 10_000_000, "more", ""),
        ("nl", "minder dan 2 jaar", 2, "less", "year"),
        ("no", "mer enn 5 millioner", 5_000_000, "more", ""),
        ("en", "more than 10,000 euros", 10_000, "more", "euro"),
    ],
)
def test_bounds(language, text, amount, relation, unit):
    question = words(f"{text} x", language)
    (found,) = bounds_in(question, load_vocabulary(language))
    assert (found.amount, found.relation, found.unit) == (Decimal(amount), relation, unit)


@pytest.mark.parametrize("language", FOREIGN)
def test_values_are_written_as_in_the_language(language):
    local = Local(load_vocabulary(language), phrases(language), {})
    exact = local.plain(Money.parse("EUR 25267000"))
    assert "".join(c for c in exact if c.isdigit()) == "25267000"
    assert "," not in exact
    assert "5,5" in local.plain(Money.parse("EUR 5500000"))
    for value in (
        Duration.parse("5 years"),
        Duration.parse("9 months"),
        Quantity.parse("> 3 t"),
        PartialDate.parse("2020-10-08/2020-10-09"),
        PartialDate.parse("2020-07"),
    ):
        printed = local.plain(value)
        assert not {"year", "years", "month", "months", "October", "July", "more"} & set(
            printed.split()
        )
    assert local.plain("leading") == load_vocabulary(language).values["leading"]


@pytest.mark.parametrize("language", FOREIGN)
def test_a_number_that_the_cited_source_does_not_give_falls(woven, language, monkeypatch):
    question = BUDGET[language].format(2)
    assert "4,5" in woven.ask(question).text
    printed = Voice.value

    def tampered(voice, record, name, seen):
        text, lines = printed(voice, record, name, seen)
        return text.replace("4,5", "7,9"), lines

    monkeypatch.setattr(Voice, "value", tampered)
    assert "7,9" not in woven.ask(question).text


@pytest.mark.parametrize("language", FOREIGN)
def test_which_value_has_the_most_is_counted(woven, language):
    abroad = woven._in(language)
    plan = abroad.planner.plans(understand(MOST[language], abroad.lexicon))[0]
    assert (plan.query.kind, plan.query.group, plan.query.order) == (
        "region", "country", "descending",
    )  # fmt: skip


@pytest.mark.parametrize("language", FOREIGN)
@pytest.mark.parametrize(("order", "said"), [("descending", 0), ("ascending", -1), ("", None)])
def test_of_counted_values_only_the_most_or_the_fewest_are_listed(woven, language, order, said):
    abroad = woven._in(language)
    counts = {}
    for region in woven.records.of("region"):
        (role,) = woven.records.values(region, "role")
        counts.setdefault(role, []).append(region.name)
    ranked = sorted(counts, key=lambda role: -len(counts[role]))
    assert len(counts[ranked[0]]) > len(counts[ranked[-1]])
    plan = Select(RecordQuery("region", group="role", order=order))
    draft = select(abroad.voice, plan, abroad.planner.selector)
    items = [s.text for s in draft.statements if s.item]
    most = ranked if said is None else [
        role for role in ranked if len(counts[role]) == len(counts[ranked[said]])
    ]  # fmt: skip
    names = abroad.lexicon.vocabulary.values
    assert items == [
        f"{names[role]}: {len(counts[role])} ({', '.join(counts[role])})" for role in most
    ]
    assert all(s.evidence for s in draft.statements if s.item)


@pytest.mark.parametrize("language", FOREIGN)
def test_sources_differ_in_the_same_places_as_in_english(woven, language):
    voice = woven._in(language).voice
    records = list(woven.records)
    english = list(differences(records, (), woven.speaker, thorough=False))
    draft = differing(voice, Disagreement(tuple(record.key for record in records)))
    items = [s for s in draft.statements if s.item]
    assert len(items) == min(len(english), 12)
    assert all(supported(item) for item in items)
    (figures,) = [s.text for s in items if s.text.startswith("Regions committed: ")]
    said = [part.split()[0] for part in figures.partition(": ")[2].split("; ") if "(" in part]
    assert said == ["7", "6", "4"]


@pytest.mark.parametrize(
    ("question", "there", "not_there"),
    [
        # Of a verb and its participle the one that is written counts.
        ("¿Cuántas regiones participan?", "Regiones: 7", "Regiones: 5"),
        ("¿Cuántas regiones participantes hay?", "Regiones: 5", "Regiones: 7"),
        ("Quante regioni partecipano?", "Regioni: 7", "Regioni: 5"),
        ("Quante regioni partecipanti ci sono?", "Regioni: 5", "Regioni: 7"),
        ("Combien de régions participent ?", "Régions: 7", "Régions: 5"),
        # The participle of "to be" is no state.
        ("Quando è stato lanciato WCP?", "12 maggio 2021", "stato:"),
        ("Quando è stata lanciata WCP?", "12 maggio 2021", "paese"),
        # Who does what is so of one region.
        ("Wer koordiniert die Partnerschaft?", "Westhaven", "Costa"),
        ("¿Quién coordina la asociación?", "Westhaven", "Costa"),
        ("Qui coordonne le partenariat ?", "Westhaven", "Costa"),
        ("Chi coordina il partenariato?", "Westhaven", "Costa"),
        # Where a source says in words who takes part.
        ("Welche Regionen sind am Themenbereich 2 beteiligt?", "Atlantic regions", "Westhaven"),
        ("Quelles régions participent au domaine thématique 2 ?", "Atlantic regions", "West"),
        # A bound is no part of a name, and "più" and "menos" none of another extreme.
        ("Quali progetti hanno più di 5 partner?", "Seaweed Vats", "Open Mill (progetto 5) – "),
        ("¿Qué proyecto tiene más socios?", "Open Mill", "Denim"),
        ("¿Qué proyecto tiene menos socios?", "6", "Open Mill"),
        ("Quel projet a le budget le plus petit ?", "Sensor Sails", "Open Mill"),
        ("Quale progetto ha il budget più piccolo?", "Sensor Sails", "Open Mill"),
        # A country in its name of the language.
        ("¿Participa Noruega?", "Fjordmark", "Costa Verde"),
        # A name missing from a list is not on record.
        ("Leitet Skogland den Themenbereich 2?", "Nein, das ist nicht verzeichnet.", "Ja"),
        ("¿Lidera Skogland el área temática 2?", "No, eso no consta.", "Sí"),
        ("Est-ce que Skogland dirige le domaine thématique 2 ?", "Non, cela n'est pas", "Oui"),
    ],
)  # fmt: skip
def test_a_question_abroad_means_what_it_means_in_english(woven, question, there, not_there):
    answer = woven.ask(question)
    assert there in answer.text
    assert not_there not in answer.text


@pytest.mark.parametrize("language", FOREIGN)
def test_a_condition_that_only_a_text_states_narrows_a_list(woven, language):
    answer = woven.ask(REJECTED[language])
    assert "Seaweed Vats" in answer.text
    assert not any(name in answer.text for name in ("Denim Loop", "Woad Revival", "Open Mill"))


@pytest.mark.parametrize("language", FOREIGN)
def test_a_condition_without_a_word_for_it_is_never_dropped(woven, language):
    answer = woven.ask(APPROVED[language])
    assert answer.status is Status.ABSTAINED
    assert answer.text.startswith(phrases(language).refusal)


@pytest.mark.parametrize("language", FOREIGN)
def test_why_is_answered_by_the_statement_that_says_what_is_asked(woven, language):
    answer = woven.ask(WHY_REJECTED[language].format(2))
    assert "Loom Fund, March 2021 - rejected" in answer.text
    refused = woven.ask(WHY_REJECTED[language].format(5))
    assert refused.status is Status.ABSTAINED


@pytest.mark.parametrize("language", FOREIGN)
def test_longer_than_is_a_bound_and_not_the_longest(woven, language):
    answer = woven.ask(LONGER[language])
    assert {"Denim Loop", "Open Mill"} == {
        name for name in ("Denim Loop", "Seaweed Vats", "Sensor Sails", "Open Mill")
        if name in answer.text
    }  # fmt: skip


@pytest.mark.parametrize("language", FOREIGN)
def test_at_least_lets_the_amount_itself_pass(woven, language):
    frame = {
        "de": "Welche Projekte dauern mindestens 3 Jahre?",
        "es": "¿Qué proyectos duran al menos 3 años?",
        "fi": "Mitkä hankkeet kestävät vähintään 3 vuotta?",
        "fr": "Quels projets durent au moins 3 ans ?", "it": "Quali progetti durano almeno 3 anni?",
        "nl": "Welke projecten duren minstens 3 jaar?",
        "no": "Hvilke prosjekter varer minst 3 år?", "sl": "Kateri projekti trajajo vsaj 3 leta?",
    }  # fmt: skip
    text = woven.ask(frame[language]).text
    assert "Denim Loop" in text
    assert "Open Mill" in text
    assert "Sensor Sails" not in text
    assert phrases(language).more_than.format(value="3") not in text


@pytest.mark.parametrize("language", FOREIGN)
def test_two_questions_in_one_get_two_answers(woven, language):
    text = woven.ask(TWO[language]).text
    first, _, second = text.rpartition(":")
    assert ": 7 (" in first
    assert "Westhaven" in second
    assert "Skogland" not in second


def test_a_part_without_an_answer_is_said_to_be_one(woven):
    text = woven.ask("Wer leitet Projekt 2, wie lange läuft es und wie wird das Wetter?").text
    assert "Weave Centre" in text
    assert "18 Monate" in text
    assert f"“wie wird das Wetter?” – {phrases('de').refusal}" in text


def test_when_and_where_are_two_questions_of_one_thing(woven):
    text = woven.ask("Quando e dove è stata lanciata la partnership?").text
    assert "12 maggio 2021" in text
    assert "Rotterdam" in text


def test_its_is_of_the_thing_where_whoever_was_named_has_none(woven):
    text = woven.ask("In njegov proračun?", ["Kdo vodi projekt 2?"]).text
    assert "Seaweed Vats" in text
    assert "4,5" in text


@pytest.mark.parametrize(
    "question",
    ["Quem lidera o projeto 9?", "Kto kieruje projektem 9?", "Cine conduce acest proiect?"],
)
def test_a_language_without_a_vocabulary_is_told_which_there_are(woven, question):
    answer = woven.ask(question)
    assert answer.status is Status.ABSTAINED
    assert "English, German, Spanish" in answer.text
    assert "not named" not in answer.text


def test_the_second_of_the_largest_is_no_second_project(woven):
    asked = "Which project has the largest budget?"
    assert "project 2" in woven.ask("And the second?", [asked]).text
    text = woven.ask("And the third?", [asked]).text
    assert "Denim Loop" in text
    assert "Sensor Sails" not in text
    refused = woven.ask("Et le troisième ?", ["Quel projet a le plus gros budget ?"])
    assert refused.status is Status.ABSTAINED


def test_where_is_told_by_no_date(woven):
    text = woven.ask("¿Cuándo se lanzó la asociación y dónde?").text
    assert "12 de mayo de 2021" in text
    assert "“dónde se lanzó la asociación?”" in text or "Rotterdam" in text


@pytest.mark.parametrize(("language", "said"), [("en", True), ("de", False)])
def test_a_quotation_in_another_language_is_announced(woven, language, said):
    voice = woven._in("de").voice
    line = woven.cards.record(next(iter(woven.records)))
    line = replace(line, passage=replace(line.passage, language=language))
    draft = voice.announced(Draft((Statement("x", (line,)),)))
    assert [note.text for note in draft.notes] == [phrases("de").as_in_sources] * said


@pytest.mark.parametrize(
    ("asked", "before", "there"),
    [
        ("Et du projet 4 ?", "Quel est le budget du projet 2 ?", "Woad Revival"),
        ("Og hvor mange partnere har det?", "Hvem leder prosjekt 2?", "9"),
        ("Hvor mange partnere har prosjekt 2?", "", "9"),
    ],
)
def test_what_is_missing_is_no_other_question(woven, asked, before, there):
    answer = woven.ask(asked, [before] if before else [])
    assert there in answer.text
    assert len(answer.text.split("\n")) == 1  # no description of the thing
