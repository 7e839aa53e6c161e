"""The text of a Hugging Face Daily Papers page, as a browser copies it, or saved as Markdown. Pure.

A record is a title, an abstract, and a footer: `• 6 authors` (or an organisation), `·`, a date without its
year and, behind it, the number of comments. Some records have no footer at all; the next title follows.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from corpus.account import Account
from corpus.errors import UnreadableSourceError
from corpus.sources.page_markup import unmarked
from corpus.sources.page_tokens import Kind, Token, author_count, tokenize
from corpus.sources.printed_dates import PrintedDate, day_of_visit, full_date, parse_printed_date
from corpus.sources.quoting import short
from corpus.sources.reading import Reading, Rejected
from corpus.sources.source import Context, Format
from corpus.sources.trending_page import is_trending, parse_trending

EXPECTED = "a title, an abstract, then “• N authors” (or an organisation), “·” and a date such as “May 2”"
_A_DATE = "expected a date such as “May 2” or “Oct 23, 2024”"
_PAGE_NAME = "daily papers"
_A_GARBLED_DATE = 20  # characters at most
# HTML is taken too: it is refused with the advice to copy the page's text.
_OTHER_MARKUP = re.compile(r"<(?!!doctype html|html)|[\[{]\s*(?:[\[\]{}\"]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Problem:
    line: int
    why: str


@dataclass(slots=True)
class _Footer:
    line: int
    is_certain: bool  # it has an author line or the dot, which ordinary text has not
    authors_count: int | None = None
    organisation: str | None = None
    printed: PrintedDate | None = None
    problem: _Problem | None = None


@dataclass(slots=True)
class _Record:
    title: Token
    abstract: Token
    upvotes: int | None = None
    footer: _Footer | None = None


@dataclass(slots=True)
class _Page:
    header: PrintedDate | None = None
    is_named: bool = False  # the words "Daily Papers" stand in its header
    records: list[_Record] = field(default_factory=list[_Record])
    problems: list[_Problem] = field(default_factory=list[_Problem])


def recognises(beginning: str) -> bool:
    """Might this be such a page? Every text that is not JSON or XML might: to be asked last."""
    return not _OTHER_MARKUP.match(beginning)


def parse_page(text: str, *, today: date, visited: date | None = None) -> Reading:
    """Every paper of the page, and every record that could not be read, with its line.

    `visited` is the day the page was saved; where it is not known it is worked out from the page's own dates,
    `today` at the latest. Raises UnreadableSourceError for a text that is no such page.
    """
    if is_trending(text):
        return parse_trending(text)
    plain = unmarked(text)
    tokens = tokenize(plain.text)
    page = _read(tokens)
    footers = [record.footer for record in page.records if record.footer]
    if not page.records or not (page.is_named or any(footer.is_certain for footer in footers)):
        raise UnreadableSourceError(_refusal(tokens, page))
    dates = [footer.printed for footer in footers if footer.printed]
    visited = visited or day_of_visit(page.header, dates, today)
    problems = sorted(page.problems, key=lambda problem: problem.line)
    return Reading(
        accounts=tuple(_account(record, visited, plain.ids) for record in page.records),
        rejected=tuple(Rejected(f"line {problem.line}", problem.why) for problem in problems),
    )


def _read(tokens: list[Token]) -> _Page:
    page = _Page()
    pending: list[Token] = []
    position = _skip_header(tokens, page)
    while position < len(tokens):
        token = tokens[position]
        has_record = any(earlier.is_prose for earlier in pending)
        if token.kind in {Kind.AUTHORS, Kind.DOT} or (token.kind is Kind.DATE and has_record):
            footer, position = _footer(tokens, position, pending)
            _close(page, pending, footer)
            pending = []
        else:
            if token.kind in {Kind.TEXT, Kind.VOTES}:
                pending.append(token)
            position += 1
    _close(page, pending, None)
    return page


def _skip_header(tokens: list[Token], page: _Page) -> int:
    """Where the records begin. What is cut off of the header is simply not there."""
    begin = 0
    for index, token in enumerate(tokens):
        if token.kind is Kind.HEADER:
            page.is_named = page.is_named or token.text.casefold() == _PAGE_NAME
            begin = index + 1
        elif token.kind is Kind.DATE and page.header is None:
            page.header = _header_date(token, tokens, has_header=begin > 0)
            begin = index + 1
        elif token.kind in {Kind.AUTHORS, Kind.DOT} or token.is_prose:
            break
    return begin


def _header_date(token: Token, tokens: list[Token], *, has_header: bool) -> PrintedDate | None:
    """The page's own date, unless this is the date of a record whose beginning was cut off.

    A record's date may have comments behind it, or a year, and is not the latest of the page.
    """
    printed = parse_printed_date(token.text)
    if has_header or printed is None:
        return printed
    if printed.comments is not None or printed.year is not None:
        return None
    others = [parse_printed_date(other.text) for other in tokens if other.kind is Kind.DATE]
    latest = max((other.month, other.day) for other in others if other and other.year is None)
    return printed if (printed.month, printed.day) == latest else None


def _footer(tokens: list[Token], position: int, pending: list[Token]) -> tuple[_Footer, int]:
    """The footer at `position`, and where the next record begins. Takes an organisation off `pending`."""
    token = tokens[position]
    footer = _Footer(line=token.line, is_certain=token.kind is not Kind.DATE)
    if token.kind is Kind.AUTHORS:
        footer.authors_count = author_count(token.text)
        if footer.authors_count is None:
            footer.problem = _found(token, "expected “• N authors”")
        position += 1
    else:
        texts = [earlier for earlier in pending if earlier.kind is Kind.TEXT]
        if len(texts) > 1 and not texts[-1].is_long and (texts[-2].is_prose or not texts[-1].is_prose):
            footer.organisation = texts[-1].text
            pending.remove(texts[-1])
    if position < len(tokens) and tokens[position].kind is Kind.DOT:
        dot, position = tokens[position], position + 1
        after = tokens[position] if position < len(tokens) else None
        if after is None or after.kind is not Kind.DATE:
            footer.problem = footer.problem or _found(after or dot, _A_DATE)
            garbled = after is not None and not after.starts_paragraph and len(after.text) <= _A_GARBLED_DATE
            return footer, position + garbled
    if position < len(tokens) and tokens[position].kind is Kind.DATE:
        footer.printed = parse_printed_date(tokens[position].text)
        position += 1
    return footer, position


def _close(page: _Page, pending: list[Token], footer: _Footer | None) -> None:
    """Pair titles with abstracts; the footer belongs to the last pair, those before it have none."""
    texts = _titles_and_abstracts(pending)
    in_pairs = len(texts) % 2 == 0 and all(
        abstract.is_prose and len(abstract.text) > len(title.text)
        for title, abstract in zip(texts[::2], texts[1::2], strict=True)
    )
    # A certain footer vouches for a title and an abstract above it, however they look.
    is_one_record = len(texts) == len(("title", "abstract")) and not texts[0].is_long
    in_pairs = in_pairs or (is_one_record and footer is not None and footer.is_certain)
    votes = {
        pending[index + 1].line: token for index, token in enumerate(pending[:-1]) if token.kind is Kind.VOTES
    }
    last: _Record | None = None
    position = 0
    while position < len(texts):
        title = texts[position]
        abstract = texts[position + 1] if position + 1 < len(texts) else None
        last = None
        if abstract and (in_pairs or (abstract.is_prose and not title.is_prose)):
            last = _Record(title, abstract, _count(votes.get(title.line)))
            page.records.append(last)
            position += 1
        elif title.is_prose:
            page.problems.append(_found(title, "an abstract without a title above it"))
        else:
            page.problems.append(_found(title, "a title without an abstract below it"))
        position += 1
    if footer is None:
        return
    if last and footer.problem:
        page.records.remove(last)
        page.problems.append(footer.problem)
    elif last:
        last.footer = footer
    elif not texts:
        page.problems.append(
            _Problem(footer.line, "authors and date without a title and an abstract above them")
        )


def _titles_and_abstracts(pending: list[Token]) -> list[Token]:
    """Without the vote counts; a number right above an abstract is a title (`1984`)."""
    prose_follows = [follower.is_prose for follower in pending[1:]] + [False]
    return [
        token
        for token, is_title in zip(pending, prose_follows, strict=False)
        if token.kind is Kind.TEXT or is_title
    ]


def _count(votes: Token | None) -> int | None:
    return int(votes.text) if votes and votes.text.isdecimal() else None


def _account(record: _Record, visited: date, ids: Mapping[int, str]) -> Account:
    footer = record.footer or _Footer(record.title.line, is_certain=False)
    return Account(
        title=record.title.text,
        abstract=record.abstract.text,
        arxiv_id=ids.get(record.title.line) or ids.get(record.abstract.line),
        authors_count=footer.authors_count,
        organisation=footer.organisation,
        published=full_date(footer.printed, visited) if footer.printed else None,
        upvotes=record.upvotes,
        comments=footer.printed.comments if footer.printed else None,
    )


def _found(token: Token, expectation: str) -> _Problem:
    return _Problem(token.line, f"{expectation}, found “{short(token.text)}”")


def _refusal(tokens: list[Token], page: _Page) -> str:
    if not tokens:
        return f"the file is empty; expected {EXPECTED}"
    if tokens[0].text.startswith(("<!", "<html", "<?xml")):
        how = "Open the page in a browser, select all, and save the copied text"
        return f"line {tokens[0].line} is markup; expected {EXPECTED}. {how}"
    if page.problems:
        first = min(page.problems, key=lambda problem: problem.line)
        return f"expected {EXPECTED}; stopped at line {first.line}: {first.why}"
    last = tokens[-1]
    return f"expected {EXPECTED}; stopped at line {last.line}, after “{short(last.text)}”, with no such line in it"


def _parse(text: str, context: Context) -> Reading:
    return parse_page(text, today=context.today, visited=context.visited)


FORMATS = (
    Format(
        name="daily-papers-page",
        description="the text of a Daily Papers page, its search or its trending papers: copied, or saved as Markdown",
        account="daily-papers-page",
        recognises=recognises,
        parse=_parse,
    ),
)
