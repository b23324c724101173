"""The report as one HTML file, ready to be printed: A4, its look inside it, no script."""

import re
from datetime import date
from html import escape
from importlib.resources import files

from app.report.pandoc import convert, document
from app.report.tree import Tree, front_matter
from app.report.words import WORDS

_NOTES = b"<hr />"  # what pandoc sets before the notes
# The links back from a note: those to later places, then pandoc's own to the first.
_BACK = re.compile(
    rb'((?: <a href="#fnref\d+-\d+"[^>]*>[^<]*<sup>\d+</sup></a>)*)'
    rb'(<a href="#fnref\d+" class="footnote-back")([^>]*>[^<]*</a>)'
)
# Even this file's own text could not load or run anything.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def paper(tree: Tree, today: date) -> bytes:
    """The whole file, encoded in UTF-8."""
    report = tree.report
    words = WORDS[report.language]
    title, by = map(escape, front_matter(report, today))
    body = convert(document(tree.items(), {}), "json", "html5")
    body = body.replace(_NOTES, f"<h2>{escape(words.notes)}</h2>".encode(), 1)
    name = f' aria-label="{escape(words.back)}"'.encode()
    body = _BACK.sub(lambda found: found[2] + name + found[3] + found[1], body)
    sources = convert(document(tree.bibliography(), {}), "json", "html5")
    style = files("app.report").joinpath("print.css").read_text("utf-8")
    head = (
        f'<!DOCTYPE html>\n<html lang="{words.tag}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{title}</h1>\n<p class="by">{by}</p>\n'
    )
    return head.encode() + body + sources + b"</main>\n</body>\n</html>\n"
