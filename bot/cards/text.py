"""Hostile text made safe to show: no pings, no links, no markup that escapes its place. Pure."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Sequence

from discord.utils import escape_markdown, escape_mentions

# Anything with a scheme, and Discord invites, which a client may turn into a link without one.
_LINK = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]{0,30}:/\S+|(?:www\.|discord(?:app)?\.(?:gg|com/invite)/)\S+", re.IGNORECASE
)
_AFTER_SCHEME = re.compile(r":/+")
_NOT_IN_CODE = str.maketrans("", "", "`\\")
_ELLIPSIS = "…"
Span = tuple[int, int]
_MAX_READ = 6000  # characters of any text that are looked at: more never fits a message
_MAX_ADDRESS = 110  # characters
# Joiners that scripts and emoji need; every other invisible or direction-changing character goes.
_KEPT_FORMAT_CHARACTERS = {"\u200c", "\u200d"}
# What may be bold: words, from a letter or digit to another.
_BOLD = re.compile(r"[^\W_](?:.*[^\W_])?")
_JOINS = {"", " ", "-"}  # between marks that become one
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def visible(text: str) -> str:
    """The text in one line, without control, invisible and direction-changing characters."""
    return "".join(character for _, character in _seen(text))


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


def emphasised(text: str, marks: Sequence[Span], limit: int) -> str:
    """The same as `escaped`, with the marked words bold: `marks` are starts and ends in the text, in order."""
    seen = _seen(text[:_MAX_READ])
    places = [place for place, _ in seen]
    line = "".join(character for _, character in seen)
    bold = _bold(line, [(bisect_left(places, start), bisect_left(places, end)) for start, end in marks])
    return _fit(line, limit, lambda shortened: _emphasise(shortened, line, bold))


def code(text: str, limit: int) -> str:
    """The text as inline code of at most `limit` characters, to be copied; nothing in it acts."""
    return f"`{shorten(visible(text[:_MAX_READ]).translate(_NOT_IN_CODE), limit - 2)}`"


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


def _seen(text: str) -> list[tuple[int, str]]:
    """The visible characters with their places in the text; a run of blanks is one, at the ends none."""
    seen: list[tuple[int, str]] = []
    for place, character in enumerate(text):
        if character.isspace():
            if seen and seen[-1][1] != " ":
                seen.append((place, " "))
        elif (
            character in _KEPT_FORMAT_CHARACTERS or unicodedata.category(character) not in _HIDDEN_CATEGORIES
        ):
            seen.append((place, character))
    return seen[:-1] if seen and seen[-1][1] == " " else seen


def _bold(line: str, marks: Sequence[Span]) -> list[Span]:
    """What is to be bold: whole marks that touch no address, those with only a blank or hyphen between them as one."""
    links = [match.span() for match in _LINK.finditer(line)]
    bold: list[Span] = []
    for start, end in marks:
        if not _BOLD.fullmatch(line[start:end]) or any(start < last and first < end for first, last in links):
            continue
        if bold and line[bold[-1][1] : start] in _JOINS and start >= bold[-1][1]:
            bold[-1] = (bold[-1][0], end)
        elif not bold or start > bold[-1][1]:
            bold.append((start, end))
    return bold


def _emphasise(shortened: str, line: str, bold: Sequence[Span]) -> str:
    """A beginning of the line, escaped piece by piece; a mark that was cut is left plain."""
    kept = len(shortened) if shortened == line else len(shortened) - len(_ELLIPSIS)
    pieces: list[str] = []
    position = 0
    for start, end in bold:
        if end > kept:
            break
        pieces += [_escape(shortened[position:start]), f"**{_escape(shortened[start:end])}**"]
        position = end
    return "".join([*pieces, _escape(shortened[position:])])


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
