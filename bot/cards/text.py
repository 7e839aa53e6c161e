"""Hostile text made safe to show: no pings, no links, no markup that escapes its place. Pure."""

import re
import unicodedata
from collections.abc import Callable

from discord.utils import escape_markdown, escape_mentions

# Anything with a scheme, and Discord invites, which a client may turn into a link without one.
_LINK = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]{0,30}:/\S+|(?:www\.|discord(?:app)?\.(?:gg|com/invite)/)\S+", re.IGNORECASE
)
_AFTER_SCHEME = re.compile(r":/+")
_NOT_IN_CODE = str.maketrans("", "", "`\\")
_ELLIPSIS = "…"
_MAX_READ = 6000  # characters of any text that are looked at: more never fits a message
_MAX_ADDRESS = 110  # characters
# Joiners that scripts and emoji need; every other invisible or direction-changing character goes.
_KEPT_FORMAT_CHARACTERS = {"\u200c", "\u200d"}
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def visible(text: str) -> str:
    """The text in one line, without control, invisible and direction-changing characters."""
    kept = (
        " " if character.isspace() else character
        for character in text
        if character.isspace()
        or character in _KEPT_FORMAT_CHARACTERS
        or unicodedata.category(character) not in _HIDDEN_CATEGORIES
    )
    return " ".join("".join(kept).split())


def shorten(text: str, limit: int) -> str:
    """The text in at most `limit` characters, cut between words where there is a word boundary near."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ", limit // 2)
    return (cut[:space] if space > 0 else cut).rstrip(" ,;:") + _ELLIPSIS


def escaped(text: str, limit: int) -> str:
    """The text for the body of a message, at most `limit` characters with all escapes; links become inert code."""
    return _fit(visible(text[:_MAX_READ]), limit, _escape)


def link(label: str, url: str, limit: int) -> str:
    """A masked link whose label takes at most `limit` characters; only the label if the address is too long.

    `url` is ours or was checked by its maker.
    """
    # Discord ends the label at a bracket even behind a backslash, and shows the raw text if it holds an address.
    inner = _AFTER_SCHEME.sub(": ", visible(label[:_MAX_READ]).replace("[", "(").replace("]", ")"))
    shown = _fit(inner, limit, _escape) or "Untitled"
    return f"[{shown}]({_encode(url)})" if is_linkable(url) else shown


def is_linkable(url: str) -> bool:
    """Whether an address is short enough that five cards with it fit a message."""
    return len(_encode(url)) <= _MAX_ADDRESS


def _fit(text: str, limit: int, escape: Callable[[str], str]) -> str:
    """The longest beginning of the text that, escaped, keeps within the limit."""
    room = limit
    while len(result := escape(shorten(text, room))) > limit:
        room -= max(1, (len(result) - limit) // 2)
        if room < 1:
            return ""
    return result


def _escape(text: str) -> str:
    pieces: list[str] = []
    position = 0
    for match in _LINK.finditer(text):
        pieces += [_escape_words(text[position : match.start()]), f"`{match[0].translate(_NOT_IN_CODE)}`"]
        position = match.end()
    pieces.append(_escape_words(text[position:]))
    shown = "".join(pieces)
    return (
        f"\\{shown}" if shown.startswith(">") else shown
    )  # a quote, which escape_markdown knows with a space only


def _escape_words(text: str) -> str:
    # `<` opens mentions, timestamps and custom emoji, `[` links; escape_markdown leaves the first alone and takes
    # quadratic time over the second.
    words = "\\[".join(escape_markdown(part, ignore_links=False) for part in text.split("["))
    return escape_mentions(words.replace("<", "\\<"))


def _encode(url: str) -> str:
    """The address with the characters percent-encoded that would end a masked link."""
    return re.sub(r"[\s()<>\[\]`\\]", lambda match: f"%{ord(match[0]):02X}", url)
