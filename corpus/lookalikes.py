"""Letters of other scripts that stand in an address as if they were Latin ones."""

import unicodedata


def lookalikes(address: str) -> dict[str, str]:
    """The letters of an e-mail or web address that are of another script than most, with its name.

    Empty where all are of one script, or where there is no ``@`` or ``.`` in it. ``{"е":
    "Cyrillic"}``: typed as it looks, such an address is another one.
    """
    if "@" not in address and "." not in address:
        return {}
    scripts = {c: unicodedata.name(c, "").partition(" ")[0] for c in address if c.isalpha()}
    said = [scripts[c] for c in address if c in scripts]
    usual = max(sorted(set(said)), key=said.count, default="")
    return {c: script.capitalize() for c, script in scripts.items() if script != usual}
