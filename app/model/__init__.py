"""A chat model that words the answers. It supplies no facts: what it writes is verified in code."""
