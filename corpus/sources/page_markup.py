"""A Daily Papers page that was saved as Markdown, or exported by a notebook, made like the text that a browser copies. Pure.

Every line stays where it is, so that what is wrong with one is said of the right one. A link of the page around a title
tells the paper's arXiv id, which copied text does not.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from corpus.paper import parse_arxiv_id
from corpus.sources.printed_dates import parse_printed_date

_SITE = "https://huggingface.co"
_OF_THE_PAGE = r"(?:https://(?:www\.)?huggingface\.co)?/(?:papers/|papers\?|login\?)[^\s()]*"
_OWN_LINE = re.compile(r"https://(?:www\.)?huggingface\.co/(?:papers/|papers\?|login\?)\S*", re.ASCII)
# Copied text has no such line: its links are those of abstracts, and those lead elsewhere.
_MARKED = re.compile(
    rf"(?:\]\({_OF_THE_PAGE}\)|(?:^|\r)[ \t]{{0,8}}{_OWN_LINE.pattern})[ \t\\]{{0,8}}(?=[\r\n]|\Z)",
    re.ASCII | re.MULTILINE,
)
_ADDRESS = re.compile(r"https?://\S+", re.ASCII)
_HEADING = re.compile(r"#{1,6} +(?=\S)")
_LINKED_HEADING = re.compile(r"#{1,6} +\[.*\]\([^\s()]*\)\\{0,2}")
# Without brackets in its words: an image has none there, and a line of nothing but openings is passed in one go.
_IMAGE = re.compile(r"(?:[-*] +)?!\[[^\]\[\n]{0,300}\]\([^\s()]*\)")
_BRACKET = re.compile(r'\\.|\[|\]\((?P<url>(?:https?://|/|#)[^\s()]*)(?: "[^"\n]{0,300}")?\)|\]', re.DOTALL)
_VOTES = re.compile(r"\[-\] *(?P<count>[0-9]{1,6}|-)")
_AUTHORS = re.compile(r"[-*] +(?=[0-9]{1,5} authors?$)")
_MENU = re.compile(r"[-*] +(?=(?:Daily|Weekly|Monthly)$)")
_ESCAPED = re.compile(r"\\([\[\]_*#`])")
_FRONT_MATTER_LINES = 40


@dataclass(frozen=True, slots=True)
class Unmarked:
    """`text` has the lines of the page, each at its place; `ids` arXiv ids, by the line where a title or an abstract begins."""

    text: str
    ids: Mapping[int, str] = field(default_factory=dict[int, str])


def unmarked(text: str) -> Unmarked:
    """The page without markup; copied text, which has none, as it is."""
    if not _MARKED.search(text):
        return Unmarked(text)
    lines = lines_behind_front_matter(text)
    ids: dict[int, str] = {}
    kept: list[range] = []
    for paragraph in _paragraphs(lines):
        marked = "\n".join(lines[paragraph.start : paragraph.stop])
        plain, target = _plain(marked)
        lines[paragraph.start : paragraph.stop] = plain.split("\n")
        if plain.strip():
            kept.append(paragraph)
        elif target != marked.strip():  # a picture, which may belong to the record below
            continue
        # What leads to a paper is this paragraph, or that above an address on a line of its own.
        if target and kept and target.endswith("#community"):
            _put_behind_date(lines, kept)
        elif target and kept and (arxiv_id := _arxiv_id(target)):
            ids.setdefault(kept[-1].start + 1, arxiv_id)
    return Unmarked("\n".join(lines), ids)


def without_links(text: str) -> tuple[str, str | None]:
    """The text with its links' words only, and where the link leads that the whole of it is, if it is one.

    A link to another site that is only a part of the text keeps its address, in parentheses behind its words.
    """
    end = len(text.rstrip())
    pieces: list[str] = []
    opened: list[int] = []  # the pieces that are brackets, and not closed yet
    begins_text: bool | None = None  # whether the first of them is the text's first character
    position, target = 0, None
    for bracket in _BRACKET.finditer(text):
        pieces.append(text[position : bracket.start()])
        is_first = position == 0 and not pieces[0].strip()
        position, url = bracket.end(), bracket["url"]
        if bracket[0] == "[":
            begins_text = is_first if begins_text is None else begins_text
            opened.append(len(pieces))
        elif bracket[0] == "]" and opened:
            opened.pop()
            begins_text = begins_text and bool(opened)
        if url is None:
            pieces.append(bracket[0])
            continue
        # Links do not nest: what the text begins with holds whatever else is open, such as `[0, 1)`.
        opening = opened[0 if begins_text else -1] if opened else None
        is_whole = position >= end and (begins_text if opened else begins_text is None)
        if opening is not None:
            pieces[opening] = " " if pieces[opening - 1][-1:].isalnum() else ""  # `May 29[6](…)` is two words
        words = "".join(pieces[opening or -1 :])
        pieces.append("" if is_whole or _is_of_site(url) or words.strip() == url else f" ({url})")
        target = url if is_whole else target
        opened, begins_text = [], False
    pieces.append(text[position:])
    return "".join(pieces), target


def _plain(paragraph: str) -> tuple[str, str | None]:
    """The paragraph, of as many lines as before, and where it leads if all of it is one link."""
    if _ADDRESS.fullmatch(paragraph.strip()):
        return "", paragraph.strip()
    paragraph = _IMAGE.sub("", paragraph)
    # Markdown's line ends: a backslash, or two where the exporter escaped them once more.
    paragraph = "\n".join(line.strip().rstrip("\\").rstrip() for line in paragraph.split("\n"))
    heading = _HEADING.match(paragraph)
    if heading:
        # A title of two lines is one in a heading, its line end still in it.
        paragraph = re.sub(r"\\ +", " ", paragraph[heading.end() :])
        paragraph = re.sub(r"(?<= ) +", "", paragraph)
    paragraph, target = without_links(paragraph)
    if target and not _is_of_site(target):  # a button that leads elsewhere
        return "\n" * paragraph.count("\n"), target
    return "\n".join(_plain_line(line) for line in paragraph.split("\n")), target


def _plain_line(line: str) -> str:
    line = line.strip()
    if line == "[":  # a link around what was a picture
        return ""
    votes = _VOTES.fullmatch(line)
    if votes:
        return votes["count"]
    return unescaped(_MENU.sub("", _AUTHORS.sub("• ", line)))


def unescaped(text: str) -> str:
    """Without the backslashes that Markdown puts before its own signs."""
    return _ESCAPED.sub(r"\1", text)


def lines_behind_front_matter(text: str) -> list[str]:
    """The lines of the text, each at its place, those blank that an exporter put above it between two `---`."""
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    begin = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[begin].strip() == "---":
        for number in range(begin + 1, min(len(lines), begin + _FRONT_MATTER_LINES)):
            if lines[number].strip() == "---":
                return [""] * (number + 1) + lines[number + 1 :]
    return lines


def _paragraphs(lines: list[str]) -> Iterator[range]:
    """The lines between blank ones; a title in a heading, and an address of the page, stand for themselves."""
    start = 0
    for number, line in enumerate(lines):
        stripped = line.strip()
        is_alone = _OWN_LINE.fullmatch(stripped) or _LINKED_HEADING.fullmatch(stripped)
        if stripped and not is_alone:
            continue
        if start < number:
            yield range(start, number)
        if is_alone:
            yield range(number, number + 1)
        start = number + 1
    if start < len(lines):
        yield range(start, len(lines))


def _put_behind_date(lines: list[str], kept: list[range]) -> None:
    """The number that leads to a paper's comments stands behind its date, as in copied text."""
    if len(kept) < len(("date", "number")):
        return
    number, date = kept[-1].start, kept[-2].stop - 1
    together = f"{lines[date].strip()} {lines[number].strip()}"
    printed = parse_printed_date(together)
    if printed and printed.comments is not None and lines[number].strip().isdecimal():
        lines[date], lines[number] = together, ""
        kept.pop()


def _is_of_site(url: str) -> bool:
    return url.startswith(("/", "#")) or bool(re.match(r"https://(?:www\.)?huggingface\.co(?:/|$)", url))


def _arxiv_id(target: str) -> str | None:
    return parse_arxiv_id(_SITE + target if target.startswith("/") else target)
