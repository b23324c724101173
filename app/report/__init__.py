"""Reports: what a visitor has collected, as a document with footnotes, and its sources.

    items.py      answers, rows and tables as items (the JSON that a browser keeps)
    model.py      a report as a browser sends it, checked strictly
    notes.py      footnotes numbered over the whole report, and the bibliography
    tree.py       the report as pandoc's tree; text is data, links are the sources' alone
    pandoc.py     running pandoc
    word.py       the look of the Word document
    paper.py      the HTML document, ready to be printed
    sources.py    the sources for reference managers
    exports.py    the formats by name

Nothing here knows of the web, and nothing is kept.
"""
