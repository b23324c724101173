"""An assistant with answers made up for the tests of the pages."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.answering.answer import Answer, Citation, NoteKind, Status, Table, Usage
from app.events import Event, Finished, Unverified, Working
from corpus.errors import LibraryBusy
from corpus.model import Passage, Source
from corpus.values import PartialDate

NOTE = Source(
    id="scoping-note",
    title="Scoping note: the partnership at a glance",
    publisher="The Lakeside Partnership",
    date=PartialDate.parse("2020-09"),
    url="https://partnership.example/note",
)
REPORT = Source(
    id="progress-report",
    title="Progress report, January - June 2020",
    publisher="The Lakeside Partnership",
    date=PartialDate.parse("2020-07"),
)
EVIL = "<script>window.hacked=1</script><img src=x onerror='window.hacked=1'>"


def citation(number: int, source: Source, text: str, quote: str, **place: object) -> Citation:
    """A citation of ``quote`` in a passage of that text."""
    passage = Passage("d", source.id, number, 0, len(text), text, **place)  # type: ignore[arg-type]
    start = text.index(quote)
    return Citation(number, source, passage, start, start + len(quote))


_LAUNCH = citation(
    1,
    NOTE,
    "The partnership brings regions together that work on batteries. It was launched on "
    "8 October 2018 in Brussels by three lead regions. Joining is open to every region that "
    "takes part in the mapping of competences.",
    "It was launched on 8 October 2018 in Brussels by three lead regions.",
    page=1,
    section="Introduction to the process",
)
_COUNT = citation(
    2,
    REPORT,
    "Regions: 29 committed regions from 13 countries\nStatus: as reported by the coordinators\n"
    "Interested regions: four more have asked to join",
    "Regions: 29 committed regions from 13 countries",
    page=4,
    page_end=5,
    section="State of play > Membership",
)
_LONG = citation(
    3,
    NOTE,
    "Every project is led by a company or a cluster. " * 6
    + "A project must reach technology readiness level 8 or 9 at its end. "
    + "Its partners come from at least two regions. " * 5,
    "A project must reach technology readiness level 8 or 9 at its end.",
    page=7,
    section="Requirements",
)


def overview(question: str) -> Answer:
    """An answer with three citations, notes and follow-ups."""
    return Answer(
        question,
        "**The Lakeside Partnership** is an interregional partnership on batteries, launched on "
        "8 October 2018 in Brussels by three lead regions [1].\n\n"
        "- It counts 29 committed regions from 13 countries [2].\n"
        "- Its projects have to reach technology readiness level 8 or 9 [3].",
        Status.ANSWERED,
        (_LAUNCH, _COUNT, _LONG),
        (
            "The sources disagree on the number of regions: 29 (July 2020) [2] and 25 "
            "(September 2020) [1]. The later date goes first.",
            "Computed over all 29 region records.",
        ),
        (NoteKind.DIFFERENCE, NoteKind.METHOD),
        follow_ups=("Which regions lead a thematic area?", "How can my region join?"),
    )


def table(question: str) -> Answer:
    """An answer with a table."""
    rows = (
        ("Electrolyte pilot line", "Andalusia", "€ 18 million", "running [1]"),
        ("Second life of cells", "Lombardy", "€ 4.5 million", "being prepared"),
        ("Graphite from the region", "Castile and León", "€ 12 million", "running [2]"),
        ("Test bench for solid-state cells", "West Slovenia", "", "idea"),
    )
    return Answer(
        question,
        "Three of the four projects state a budget; together it is **€ 34.5 million** [1][2].",
        Status.ANSWERED,
        (_LAUNCH, _COUNT),
        ("4 of 4 projects; 3 state a budget.",),
        (NoteKind.METHOD,),
        Table(("Project", "Lead region", "Budget", "Status"), rows),
    )


def refusal(question: str) -> Answer:
    """A refusal that names what is nearest and whom to ask."""
    return Answer(
        question,
        "No source says who the treasurer is. The nearest is the list of coordinators of the "
        "thematic areas [1]. Ask the partnership: https://partnership.example/contact.",
        Status.ABSTAINED,
        (_LAUNCH,),
    )


def hostile(question: str) -> Answer:
    """An answer in which everything that a document says tries to act."""
    source = Source(
        id="evil",
        title=f"Title {EVIL}",
        publisher=EVIL,
        url="javascript:window.hacked=1",
    )
    text = (
        f"Before {EVIL} quoted </mark><svg onload='window.hacked=1'> words ${{1+1}} {{{{value}}}}"
    )
    cited = citation(1, source, text, "quoted </mark><svg onload='window.hacked=1'> words")
    return Answer(
        question,
        f"Safe {EVIL} [click](javascript:window.hacked=1) ![x](https://evil.example/x.png) "
        "<https://evil.example/auto> [link](https://evil.example/) &lt;b&gt; ${1+1} {{value}} "
        "`</code><script>window.hacked=1</script>` [1] [2]",
        Status.ANSWERED,
        (cited,),
        (f"Note {EVIL} [1]",),
        (NoteKind.DIFFERENCE,),
        Table((f"Head {EVIL}",), ((f"Cell {EVIL}",),)),
        (f"Next {EVIL}",),
    )


class StubAssistant:
    """Answers by a word in the question; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """The made-up answer that fits a word of the question."""
        self.asked.append((question, tuple(history)))
        lowered = question.lower()
        if "slow" in lowered:
            time.sleep(1.5)
        if "busy" in lowered:
            raise LibraryBusy("The library is being written to", remedy="Try again in a minute.")
        if "crash" in lowered:
            raise RuntimeError("secret detail")
        if "endless" in lowered:
            return Answer(question, "word " * 4000, Status.ANSWERED)
        if "treasurer" in lowered:
            return refusal(question)
        if "budget" in lowered:
            return table(question)
        if "hostile" in lowered:
            return hostile(question)
        return overview(question)


class WritingAssistant(StubAssistant):
    """Answers as with a chat model: says what it does, writes bit by bit, and is then verified.

    It stops after each step until ``go_on`` is set. A question with "fall" in it falls back.
    """

    DRAFT = "The partnership has **99 regions** [1] and a draft that nobody checked"

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()
        self.gone = threading.Event()  # somebody stopped it

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Event]:
        """The events of one question."""
        try:
            yield Working("searching the documents for regions")
            assert self.go_on.wait(10)
            self.go_on.clear()
            for end in range(10, len(self.DRAFT) + 10, 10):
                yield Unverified(self.DRAFT[:end])
            while not self.go_on.wait(0.05):
                yield Unverified(self.DRAFT)
            self.go_on.clear()
            answer = replace(self.ask(question, history), usage=Usage(10, 5, 1, 0.5))
            fell = "fall" in question
            worded = {"fallback": "It was not used: its reply was empty."} if fell else {}
            yield Finished(replace(answer, **worded or {"wording": "openai:small"}))
        except GeneratorExit:
            self.gone.set()
            raise
