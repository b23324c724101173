"""The reader of PDF files: what a page shows, turned into blocks.

    reader.py      the file: opening it, what it says of itself, and the steps below for its pages
    page.py        what is on a page
    words.py       words with boxes, sizes and weights, from PDFium
    drawings.py    rules, drawn bullets and pictures, from PDFium
    lines.py       words to lines
    furniture.py   running headers, footers and page numbers, found by repetition
    ruled.py       tables drawn with lines to rows of cells; aligned.py those without
    tables.py      what a table is, and which of its rows are the header
    columns.py     the order in which lines are read
    paragraphs.py  lines to paragraphs and footnotes
    headings.py    which paragraphs are headings, and what stands under which
    assemble.py    the paragraphs and tables of all pages to the blocks of one draft

Lengths are points (1/72 inch) in the upright page: x grows to the right, y downwards.
"""

from ingest.readers.pdf.reader import PdfReader

__all__ = ["PdfReader"]
