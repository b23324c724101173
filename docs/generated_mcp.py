"""The reference of MCP: the tools and resources as the server lists them."""

from generated_rest import schema_table
from markdown_parts import code, table

from app.mcp_server.resources import TEMPLATES
from app.mcp_server.tools import OFFERS


def mcp_reference() -> str:
    """All tools with what they take and give, then the resources."""
    parts = ["## Tools"]
    for offer in OFFERS.values():
        gives = offer.gives.__name__
        parts += [
            f"### `{offer.name}`",
            f"{offer.description} Scope: {code(offer.scope)}.",
            schema_table(offer.tool.input_schema, page="rest.md"),
            f"Gives text, and data: [{gives}](rest.md#{gives.lower()}).",
        ]
    rows = [
        (code(each.uri_template), each.description or "", code(each.mime_type or ""))
        for each in TEMPLATES
    ]
    parts += ["## Resources", "Scope: `sources`.", table(("address", "what", "type"), rows)]
    return "\n\n".join(parts)
