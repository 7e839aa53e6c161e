"""The lines of a Daily Papers page, told apart by what they can be. Pure."""

import re
from dataclasses import dataclass, replace
from enum import Enum

from corpus.sources.printed_dates import parse_printed_date

_AUTHORS = re.compile(r"•?\s*(?P<count>[0-9]{1,5}) authors?")
_VOTES = re.compile(r"[0-9]{1,6}|-")
_HEADER = re.compile(
    r"new|Subscribe|Get trending papers in your email inbox.*|Trending Papers|Daily Papers"
    r"|by\s*AK and the research community|Daily|Weekly|Monthly|Previous|Next",
    re.IGNORECASE,
)
_LONG_LINE = 250  # characters; the longest title seen has 124, the shortest abstract 1,404


class Kind(Enum):
    """What a line can be."""

    HEADER = "around the records"
    TEXT = "a title, an abstract or an organisation"
    VOTES = "a number of upvotes"
    AUTHORS = "an author line"
    DOT = "the dot of a footer"
    DATE = "a date"


@dataclass(frozen=True, slots=True)
class Token:
    """A line, or a text that was wrapped over several; `line` counts from 1."""

    kind: Kind
    line: int
    text: str
    starts_paragraph: bool

    @property
    def is_long(self) -> bool:
        """Too long for a title or an organisation."""
        return len(self.text) >= _LONG_LINE

    @property
    def is_prose(self) -> bool:
        """Reads like an abstract rather than a title."""
        return self.kind is Kind.TEXT and (self.is_long or self.text.rstrip("\"')”").endswith("."))


def author_count(line: str) -> int | None:
    """6 for `• 6 authors`; None for a line that only begins so."""
    match = _AUTHORS.fullmatch(line)
    return int(match["count"]) if match else None


def tokenize(text: str) -> list[Token]:
    """The page's lines without blank ones, wrapped texts put together again."""
    lines = [line.strip() for line in _normal_line_ends(text).strip("\n").split("\n")]
    skipped = len(_normal_line_ends(text)) - len(_normal_line_ends(text).lstrip("\n"))
    has_paragraphs = any(not line for line in lines)
    tokens: list[Token] = []
    starts_paragraph = True
    for number, line in enumerate(lines, start=skipped + 1):
        if not line:
            starts_paragraph = True
            continue
        for part in _parts(line):
            token = Token(_kind(part), number, part, starts_paragraph)
            if has_paragraphs and tokens and _continues(tokens[-1], token):
                tokens[-1] = replace(tokens[-1], text=f"{tokens[-1].text} {part}")
            else:
                tokens.append(token)
            starts_paragraph = False
    return tokens


def _continues(before: Token, token: Token) -> bool:
    """Whether a line goes on with the text of the line before it, rather than standing under it."""
    both_text = before.kind is Kind.TEXT and token.kind is Kind.TEXT
    return both_text and not token.starts_paragraph and (before.is_long or not token.is_long)


def _parts(line: str) -> tuple[str, ...]:
    return ("·", line[1:].strip()) if line.startswith("·") and line != "·" else (line,)


def _kind(line: str) -> Kind:
    if line == "·":
        return Kind.DOT
    if _AUTHORS.fullmatch(line) or line.startswith("•"):
        return Kind.AUTHORS
    if parse_printed_date(line):
        return Kind.DATE
    if _HEADER.fullmatch(line):
        return Kind.HEADER
    return Kind.VOTES if _VOTES.fullmatch(line) else Kind.TEXT


def _normal_line_ends(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
