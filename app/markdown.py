"""The Markdown of answers and reports: quoted text may be anybody's, so that nothing in it acts."""

from markdown_it import MarkdownIt


def quoting_markdown() -> MarkdownIt:
    """A parser that leaves tags, links and images as they were typed; tables are tables."""
    return (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .disable(["link", "image", "autolink", "html_inline", "html_block", "reference", "entity"])
    )
