"""MCP: what the assistant knows, for desktop assistants and other programs that hold models.

`server` is the protocol's side of it, through the official SDK; `tools` and `resources` are what it
offers; `tokens` are the keys that an operator can hand out. `stdio` (``ambp mcp``) and `http`
(``/mcp`` of the server of the pages) are the two ways in.

**Scopes** say what a program may do: ask (tool ask), search (tool search_passages), records (tool
query_records), sources (the resources). AMBP_MCP_SCOPES is the most that anybody may; a token may
be for less. A tool out of scope is not listed and cannot be called.
"""
