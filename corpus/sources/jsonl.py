"""JSON Lines: one paper a line, each a JSON object. Pure.

Only `title` must be there. What is not what it should be is left out, the rest of the line is read. Texts are taken as
they are: LaTeX and line breaks in them are no harm.

- `id` or `_id`: an arXiv id, with or without a version (`2501.00001v2`), a link to one, or the file's own name for the
  paper in a scheme that keeps it apart from those of other files (`acl:2024.argmining-1.1`, a DOI; at most 200 characters).
  A bare row number names no paper and is left out
- `url`, `abs` or `pdf`: a link to arXiv or Hugging Face tells the arXiv id where `id` does not
- `version`: arXiv's, a number from 1
- `title`; `abstract`, or `summary`, or `text`
- `authors`: a list of names or of objects with a `name`, or one text (`Ada Lovelace, Alan Turing and Grace Hopper`,
  `Lovelace, Ada; Turing, Alan`)
- `date` or `published`: the day of the first version, as an ISO day or time; `listed` or `daily`: the day on which it was
  announced. A paper of more than two days ahead is refused
- `upvotes`, `comments`, `stars`: whole numbers. A text in `comments`, as arXiv has it, is read like `comment`
- `comment`: the authors' note; `journal`, `doi`, `organisation` (or `organization`)
- `categories`, `keywords`: lists, or one text in which commas part them; spaces part categories too
- `code`: an https link, or a list of them; `project`: an https link
"""

import json
import re
from datetime import date

from corpus.account import Account
from corpus.paper import parse_arxiv_id
from corpus.sources.json_values import (
    address_of,
    addresses_of,
    as_object,
    count_of,
    day_of,
    names_of_people,
    text_of,
    texts_of,
)
from corpus.sources.quoting import short
from corpus.sources.reading import Reading, Rejected
from corpus.sources.source import Context, Format

_NAMED_BY = ("id", "_id", "url", "abs", "pdf")
_LONGEST_KEY = 200
_MOST_VERSIONS = 999
_VERSION = re.compile(r"v(?P<version>[1-9][0-9]{0,2})(?:\.pdf)?/?", re.ASCII)
# Two files that count their lines would otherwise give two papers one name.
_KEY = re.compile(r"[A-Za-z][\w.+-]*:\S.*|10\.\d{4,9}/\S+", re.ASCII)
_FIRST_LINE = re.compile(r"\{\s*\"[^\n]*")
_OWN_FIELDS = re.compile(r'"(?:_?id|title|abstract|summary|authors)"\s*:')
# Hugging Face's API answers with one object too; these are its names, in its spelling.
_OF_AN_API = re.compile(r'"(?:publishedAt|submittedOnDailyAt|numComments)"\s*:|"(?:paper|data)"\s*:\s*[\[{]')


def recognises(beginning: str) -> bool:
    """Is the first line an object with fields of a paper? It may be cut off."""
    first = _FIRST_LINE.match(beginning)
    if not first or not _OWN_FIELDS.search(first[0]):
        return False
    return not _OF_AN_API.search(first[0]) or beginning[first.end() :].lstrip().startswith("{")


def parse_lines(text: str, context: Context) -> Reading:
    """An account a line, or the reason why not, with the number of the line; blank lines are passed over."""
    accounts: list[Account] = []
    rejected: list[Rejected] = []
    # Not `splitlines`: a JSON text may hold other line ends as they are.
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=context.first):
        if not line or line.isspace():
            continue
        told = _read(line, context.latest)
        if isinstance(told, Account):
            accounts.append(told)
        else:
            rejected.append(Rejected(f"line {number}", told))
    return Reading(tuple(accounts), tuple(rejected))


def _read(line: str, latest: date) -> Account | str:
    """The account, or why there is none."""
    said = _loaded(line)
    if isinstance(said, str):
        return said
    title = text_of(said.get("title"))
    if title is None:
        return "it has no title"
    account = _account(title, said)
    for day in (account.published, account.listed):
        if day and day > latest:
            return f"its date {day} lies in the future"
    return account


def _loaded(line: str) -> dict[str, object] | str:
    """The line's object, or what it is instead."""
    try:
        said = as_object(json.loads(line))
    except json.JSONDecodeError as error:
        return f"is not JSON: {error.msg} at column {error.colno} of “{short(line)}”"
    except ValueError:  # Python reads no number of thousands of digits
        return "is not JSON that can be read: it has a number without end"
    except RecursionError:
        return "is not JSON that can be read: lists or objects are nested hundreds deep"
    return f"is not a JSON object: “{short(line)}”" if said is None else said


def _account(title: str, said: dict[str, object]) -> Account:
    get = said.get
    arxiv_id, version, key = _names(said)
    comments = get("comments")
    return Account(
        title=title,
        abstract=text_of(get("abstract")) or text_of(get("summary")) or text_of(get("text")) or "",
        arxiv_id=arxiv_id,
        version=version,
        key=key,
        authors=names_of_people(get("authors")),
        organisation=text_of(get("organisation")) or text_of(get("organization")),
        published=day_of(get("date")) or day_of(get("published")),
        listed=day_of(get("listed")) or day_of(get("daily")),
        upvotes=count_of(get("upvotes")),
        comments=count_of(comments),
        stars=count_of(get("stars")),
        categories=_categories(get("categories")),
        keywords=texts_of(get("keywords")),
        links=addresses_of(get("code")),
        project=address_of(get("project")),
        note=text_of(get("comment")) or text_of(comments),
        journal=text_of(get("journal")),
        doi=text_of(get("doi")),
    )


def _names(said: dict[str, object]) -> tuple[str | None, int | None, str | None]:
    """The arXiv id and version, or the file's own name for the paper."""
    for name in _NAMED_BY:
        text = said.get(name)
        arxiv_id = parse_arxiv_id(text) if text and isinstance(text, str) else None
        if arxiv_id and isinstance(text, str):
            behind = _VERSION.match(text.rpartition(arxiv_id)[2])
            return arxiv_id, int(behind["version"]) if behind else _version(said.get("version")), None
    keys = ((text_of(said.get(name)) or "").strip() for name in ("id", "_id"))
    return None, None, next((key for key in keys if len(key) <= _LONGEST_KEY and _KEY.fullmatch(key)), None)


def _version(value: object) -> int | None:
    version = count_of(value)
    return version if version and version <= _MOST_VERSIONS else None


def _categories(value: object) -> tuple[str, ...]:
    return texts_of(",".join(value.split()) if isinstance(value, str) else value)


FORMATS = (
    Format(
        name="jsonl",
        description="JSON Lines: one object a line, with “title” and what else is known (“id”, “abstract”, “authors”, “date” …)",
        account="jsonl",
        recognises=recognises,
        parse=parse_lines,
        by_line=True,
    ),
)
