"""The few words that a report has of its own, in the languages of footnotes."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Headings, the title of a report without one, the name of the links back from the notes.

    ``tag`` is the language's own (BCP 47).
    """

    tag: str
    untitled: str
    notes: str
    sources: str
    back: str


WORDS: Mapping[str, Words] = {
    "en": Words("en-GB", "Report", "Notes", "Sources", "Back to the text"),
    "es": Words("es-ES", "Informe", "Notas", "Fuentes", "Volver al texto"),
    "fr": Words("fr-FR", "Rapport", "Notes", "Sources", "Retour au texte"),
    "de": Words("de-DE", "Bericht", "Anmerkungen", "Quellen", "Zurück zum Text"),
    "it": Words("it-IT", "Relazione", "Note", "Fonti", "Torna al testo"),
    "sl": Words("sl-SI", "Poročilo", "Opombe", "Viri", "Nazaj na besedilo"),
}
