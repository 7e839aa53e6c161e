"""Hugging Face's page of trending papers, saved as Markdown: titles, and what a model says of each paper. Pure.

It has no abstracts and no dates, and may hold every paper twice, for wide windows and for narrow ones.
"""

import re
from dataclasses import dataclass, field

from corpus.account import Account
from corpus.errors import UnreadableSourceError
from corpus.paper import parse_arxiv_id
from corpus.sources.page_markup import lines_behind_front_matter, unescaped, without_links
from corpus.sources.plain_links import plain_https
from corpus.sources.quoting import short
from corpus.sources.reading import Reading, Rejected

_NAME = re.compile(r"^#{1,3} +\[?Trending Papers\b", re.MULTILINE)
_HEADING = re.compile(r"#{1,6} +(?P<words>\S.*)")
_RECORD = re.compile(r"#{3,6} ")
_AUTHORS = re.compile(r"[-•*]?\s*(?P<count>[0-9]{1,5}) authors?")
# A link to a paper's page on the site is a title, or a text, and no button.
_BUTTON = re.compile(
    r"\[(?:LINK: *)?(?P<words>[^\]\[\n]{0,300})\]"
    r"\((?P<url>https://(?!huggingface\.co/papers/)[^\s()]*)\)"
)
_STARS = re.compile(r"GitHub (?P<number>[0-9]{1,9}(?:\.[0-9]{1,3})?)(?P<thousands>k?)")
_EXPECTED = "a page of trending papers: headings “### …”, a text below each"


@dataclass(slots=True)
class _Record:
    line: int
    title: str
    arxiv_id: str | None
    body: list[str] = field(default_factory=list[str])


def is_trending(text: str) -> bool:
    """Is the page headed so? The other pages only have a link to it."""
    return bool(_NAME.search(text))


def parse_trending(text: str) -> Reading:
    """Every paper of the page once, and every title that has no text below it, with its line.

    Raises UnreadableSourceError for a page without a single paper.
    """
    accounts: dict[str, Account] = {}
    rejected: list[Rejected] = []
    for record in _records(text):
        account = _account(record)
        if account.summary:
            accounts.setdefault(account.arxiv_id or account.title.casefold(), account)
        else:
            rejected.append(
                Rejected(f"line {record.line}", f"no text below the title “{short(record.title)}”")
            )
    if not accounts:
        raise UnreadableSourceError(f"expected {_EXPECTED}; it has none")
    return Reading(tuple(accounts.values()), tuple(rejected))


def _records(text: str) -> list[_Record]:
    records: list[_Record] = []
    is_in_record = is_in_title = False
    for number, line in enumerate(lines_behind_front_matter(text), start=1):
        heading = _HEADING.fullmatch(line.rstrip())
        if heading:
            is_in_record = is_in_title = bool(_RECORD.match(line))
            if is_in_record:
                title, target = without_links(heading["words"])
                records.append(_Record(number, unescaped(title), target and parse_arxiv_id(target)))
        elif is_in_title and line[:1].isspace() and line.strip():  # a title of two lines
            records[-1].title += f" {line.strip()}"
        elif is_in_record:
            is_in_title = False
            records[-1].body.append(line.strip())
    return records


def _account(record: _Record) -> Account:
    """`stars` are as many as the page prints: `11.3k` are 11,300."""
    summary: list[str] = []
    links: list[str] = []
    authors_count = stars = None
    arxiv_id = record.arxiv_id
    is_text = True  # up to whatever else stands below a title; a blank line may come before the text
    for line in record.body:
        authors = _AUTHORS.fullmatch(line)
        buttons = list(_BUTTON.finditer(line))
        is_only_buttons = bool(buttons) and not _BUTTON.sub("", line).strip(" |·")
        if authors:
            authors_count = int(authors["count"])
        for button in buttons if is_only_buttons else []:
            words, url = button["words"].strip(), button["url"]
            arxiv_id = arxiv_id or parse_arxiv_id(url)
            if words.startswith("GitHub") and plain_https(url):
                links.append(url)
                stars = _stars(words) if stars is None else stars
        is_text = is_text and not authors and not is_only_buttons and bool(line or not summary)
        if is_text and line:
            words, target = without_links(line)
            arxiv_id = arxiv_id or (target and parse_arxiv_id(target))
            summary.append(unescaped(words))
    return Account(
        title=record.title,
        arxiv_id=arxiv_id,
        authors_count=authors_count,
        stars=stars,
        links=tuple(dict.fromkeys(links)),
        summary=" ".join(summary) or None,
    )


def _stars(words: str) -> int | None:
    match = _STARS.fullmatch(words)
    return round(float(match["number"]) * (1000 if match["thousands"] else 1)) if match else None
