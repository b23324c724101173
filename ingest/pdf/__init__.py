"""What a PDF page shows, turned into blocks: words, then lines, tables, columns, blocks.

    words.py      words with boxes, sizes and weights, and drawn rules, from PDFium (or pypdf)
    lines.py      words to lines
    furniture.py  running headers, footers and page numbers, found by repetition
    tables.py     ruled and unruled tables to rows of cells
    columns.py    the order in which lines are read
    blocks.py     lines to paragraphs, list items and headings
    headings.py   which lines are headings, and their level
    assemble.py   the blocks of all pages to one draft

Lengths are points (1/72 inch) in the upright page: x grows to the right, y downwards.
"""
