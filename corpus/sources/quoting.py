"""A stranger's words, fit to be quoted where something is refused. Pure."""

_SHOWN = 60


def short(text: str) -> str:
    """The text's beginning, in one line, without characters that move the cursor or hide."""
    cut = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in cut)
