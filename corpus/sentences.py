"""Where the sentences of a text begin and end.

Passages are never cut inside a sentence, and an answer quotes whole sentences: both ask here. The
rules of each language come from pySBD; this module keeps offsets exact and undoes the cuts that
pySBD is known to get wrong (after "approx.", inside addresses of web pages, after "1.").
"""

import re
from functools import lru_cache
from itertools import pairwise

from pysbd import Segmenter
from pysbd.languages import LANGUAGE_CODES

# Abbreviations after which a sentence goes on, whatever follows.
_GOES_ON = re.compile(
    r"(?:^|[\s(\[\"'“‘«„/])(?:approx|ca|cf|e\.\s?g|i\.\s?e|incl|excl|esp|viz|vs|resp|fig|figs|tab|"
    r"eq|eqs|sec|sect|ch|chap|vol|ed|eds|mr|mrs|ms|messrs|dr|drs|prof|st|mt|rev|hon|gen|col|sgt|"
    r"dipl|ing|ir|art|no|nos|nr|pp?|para|tel|ext|z\.\s?b|u\.\s?a|d\.\s?h|bzw|bspw|ggf|inkl|zzgl|"
    r"sog|vgl|evtl|env|éd|ej|p\.\s?ej|núm|pág|sra?|av|avda)\.$",
    re.IGNORECASE,
)
# Of these, the ones that are also ordinary words ("the answer is no.", "a man of art.") are only
# abbreviations before a number or a name written with a capital or a digit.
_ALSO_WORD = re.compile(r"(?:no|art|ed|tab|ch|st|mt|gen|col|ext|ms|env|sec|fig)\.$", re.IGNORECASE)
_NUMBER_FIRST = re.compile(r"[\d§#]|[IVXLC]+\b")
# "1.", "2)", "(a)", "IV." alone: the number of an item, not a sentence.
_ITEM_NUMBER = re.compile(r"[(\[]?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxlcIVXLC]{1,5})[.)\]]+")
# Scripts that write no space between sentences.
_NO_SPACE = re.compile(r"[。！？｡．]$")
# pySBD's time grows with the square of a line's length: it sees this many characters at a time.
_WINDOW = 5_000
_MARKS = (".", "!", "?", "…", ":", ";", "。", "！", "？", "｡", "．", "؟", "։", "।", "·")
_CLOSING = re.compile(r"""[\s"'”’»)\]]*$""")


def sentence_spans(text: str, language: str = "en") -> list[tuple[int, int]]:
    """Return the sentences of ``text`` as spans ``(start, end)`` of character offsets.

    Spans are in order, do not overlap, carry no white space at their ends, and together hold every
    character of ``text`` that is not white space. A line break always ends a sentence (readers
    join the lines of a wrapped paragraph before). ``language`` is an ISO 639-1 code; for one that
    pySBD does not know, the rules for English are used.
    """
    spans = []
    for line in re.finditer(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+", text):
        offset, content = line.start(), line.group()
        for start, end in pairwise([0, *_cuts(content, language), len(content)]):
            piece = content[start:end]
            if piece.strip():
                first = start + len(piece) - len(piece.lstrip())
                spans.append((offset + first, offset + start + len(piece.rstrip())))
    return spans


def _cuts(line: str, language: str) -> list[int]:
    """Offsets inside ``line`` at which a sentence ends, from left to right."""
    if not re.search(r"[.!?。！？｡．؟।։…:;]", line):
        return []
    cuts: list[int] = []
    last = 0
    for cut in _proposed(line, language):
        if _ends_sentence(line[last:cut], line[cut:]):
            cuts.append(cut)
            last = cut
    return cuts


def _proposed(line: str, language: str) -> list[int]:
    """The cuts that pySBD proposes, as offsets behind the white space that follows a sentence.

    Each of pySBD's sentences is looked for behind the last one (its own search begins anew each
    time); one that pySBD has altered is left joined to the next.
    """
    cuts: list[int] = []
    begin = 0
    while begin < len(line):
        window = line[begin : begin + _WINDOW]
        found = _window_cuts(window, language)
        whole = begin + len(window) == len(line)
        if not whole and len(found) > 1:
            found.pop()  # the last sentence may go on beyond the window
        cuts += [begin + cut for cut in found]
        begin = len(line) if whole else begin + (found[-1] if found else len(window))
    return [cut for cut in cuts if 0 < cut < len(line)]


def _window_cuts(window: str, language: str) -> list[int]:
    cuts, position = [], 0
    for sentence in _segmenter(language).processor(window).process():
        found = window.find(sentence.strip(), position)
        if not sentence.strip() or found < 0:
            continue
        position = found + len(sentence.strip())
        position += len(window[position:]) - len(window[position:].lstrip())
        cuts.append(position)
    return cuts


def _ends_sentence(before: str, after: str) -> bool:
    """Whether a proposed cut between ``before`` and ``after`` is one."""
    done = before.rstrip()
    if not done:
        return False
    spaced = before != done
    if not spaced and not _NO_SPACE.search(done):
        return False  # inside an address, a number or a word
    if _ITEM_NUMBER.fullmatch(done.strip()):
        return False
    core = _CLOSING.sub("", done)
    if not (core.endswith(_MARKS) or _ITEM_NUMBER.match(after)):
        return False
    if core == done and _GOES_ON.search(done):
        return bool(_ALSO_WORD.search(done)) and not _NUMBER_FIRST.match(after)
    # A sentence begins with a capital, a digit, a quote or a sign, hardly ever with a small letter:
    # "etc. and", "U.S. companies", "Inc. has".
    return not (done.endswith(".") and not done.endswith("...") and after[:1].islower())


@lru_cache(maxsize=32)
def _segmenter(language: str) -> Segmenter:
    code = language.lower().partition("-")[0]
    return Segmenter(language=code if code in LANGUAGE_CODES else "en", clean=False, char_span=True)
