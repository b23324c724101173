"""Whether answers say only what their citations carry: markers, quotes and figures, all of them.

This looks at finished answers from outside and shares nothing with the code that makes them but
the reading of figures.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from app.answering.answer import Answer, Citation, Status
from app.answering.figures import number_words_in, numbers_in
from corpus.model import Passage

_MARKER = re.compile(r"\[(\d+)\]")
Held = Callable[[str], Passage | None]
"""The passage of an id as the library holds it."""


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """What was found in one answer or in several.

    ``quotes`` of the citations, ``altered`` of them not verbatim in the passage that is held;
    ``dangling`` markers and citations without the other; ``figures`` of the texts, of which
    ``computed`` stand beside a note that says how, and ``unsupported`` are neither that nor in a
    cited passage. ``faults`` say in words what is wrong.
    """

    quotes: int = 0
    altered: int = 0
    dangling: int = 0
    figures: int = 0
    computed: int = 0
    unsupported: int = 0
    faults: tuple[str, ...] = field(default=())

    def __add__(self, other: "CitationCheck") -> "CitationCheck":
        return CitationCheck(
            self.quotes + other.quotes, self.altered + other.altered,
            self.dangling + other.dangling, self.figures + other.figures,
            self.computed + other.computed, self.unsupported + other.unsupported,
            self.faults + other.faults,
        )  # fmt: skip


def check(answer: Answer, held: Held) -> CitationCheck:
    """Check one answer against the passages that the library holds."""
    altered = [c for c in answer.citations if not _is_verbatim(c, held(c.passage.id))]
    printed = " ".join((answer.text, *answer.notes))
    marked = {int(number) for number in _MARKER.findall(printed)}
    dangling = marked ^ {c.number for c in answer.citations}
    said = numbers_in(_MARKER.sub("", answer.text)) if answer.status is Status.ANSWERED else set()
    loose = said - _carried(answer.citations)
    unsupported = set() if answer.notes else loose
    faults = [f"[{c.number}] is not verbatim: {c.quote!r}" for c in altered]
    faults += [f"[{number}] has no counterpart" for number in sorted(dangling)]
    faults += [f"{number} stands in no cited passage" for number in sorted(map(str, unsupported))]
    return CitationCheck(
        quotes=len(answer.citations),
        altered=len(altered),
        dangling=len(dangling),
        figures=len(said),
        computed=len(loose - unsupported),
        unsupported=len(unsupported),
        faults=tuple(f"{answer.question}: {fault}" for fault in faults),
    )


def check_lines(checks: Iterable[CitationCheck], seconds: Sequence[float]) -> list[str]:
    """Lines to print: every fault, then the totals and how long an answer took."""
    total = sum(checks, CitationCheck())
    lines = list(total.faults)
    lines.append(
        f"citations {total.quotes}: {total.quotes - total.altered} verbatim, "
        f"{total.dangling} markers or citations without the other"
    )
    stated = total.figures - total.computed - total.unsupported
    lines.append(
        f"figures {total.figures}: {stated} stand in a cited passage, {total.computed} computed "
        f"beside a note that says how, {total.unsupported} neither"
    )
    if seconds:
        lines.append(f"seconds per question: median {median(seconds):.2f}, most {max(seconds):.2f}")
    return lines


def _is_verbatim(citation: Citation, held: Passage | None) -> bool:
    return bool(held and citation.quote.strip() and citation.quote in held.text)


def _carried(citations: Iterable[Citation]) -> set[str]:
    """The figures in the cited passages, their headings and leads, in digits or in words."""
    texts = [
        " ".join((*c.passage.heading_path, c.passage.lead, c.passage.text, str(c.as_of or "")))
        for c in citations
    ]
    found = " ".join(texts)
    return set(numbers_in(found) | number_words_in(found))
