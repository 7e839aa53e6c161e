"""Is this an address that a reader may be led to? Pure."""

import re

_LONGEST = 2000
# No credentials, port, address in figures, or letters that look like others: what a reader sees is where it leads.
_PLAIN = re.compile(r"https://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#][^\s<>\"\\`]*)?", re.ASCII | re.IGNORECASE)


def plain_https(text: str) -> str | None:
    """The address, if it is https, short, and shows where it leads; else None."""
    is_plain = len(text) <= _LONGEST and text.isprintable() and _PLAIN.fullmatch(text)
    return text if is_plain else None
