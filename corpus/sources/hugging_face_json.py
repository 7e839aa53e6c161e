"""What Hugging Face's API says of papers, read into accounts. Pure.

Its shapes: a list of daily records (`{"paper": {…}, "numComments": 3, …}`), a list of bare papers, one bare paper, and the
envelope that an archiver puts around a list (`{"status": …, "date": …, "count": …, "data": […]}`).
"""

import json
import math
import re
from datetime import date
from typing import cast

from corpus.account import Account
from corpus.errors import UnreadableSourceError
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
from corpus.sources.source import Context

_EXPECTED = "expected JSON of Hugging Face's papers: a list of records with a “paper” in each, or one paper with “id” and “title”"
_MOST_RECORDS = 50_000  # 10 MB hold no more that are papers, but millions of `{}`
_DIGITS = 19  # Python refuses thousands of them, and the whole text with them

# Until June 2024 the picture that the site drew of a paper went by the name of what its authors had uploaded.
_DRAWN = "https://cdn-thumbnails.huggingface.co/"

# Quotes inside a JSON text are escaped, so that these are never found in an abstract. The second is what the archiver's
# broken days look like: records in Python's notation, each a text.
_MARKS = re.compile(
    r"""
      "(?:upvotes|publishedAt|submittedOnDailyAt)"\s*: | "paper"\s*:\s*\{
    | "\{'paper':\s
    | "authors"\s*:\s*\[\s*\{\s*"_id"\s*:
    | "count"\s*:\s*\d+\s*,\s*"data"\s*:\s*\[
    """,
    re.VERBOSE,
)
_ABSTRACT = re.compile(r'"abstract"\s*:')  # Hugging Face says summary; who says abstract is another


def recognises(beginning: str) -> bool:
    """Is this Hugging Face's JSON, as far as its beginning shows? `[]` is: a day without papers."""
    if beginning.startswith("{"):
        first, _, following = beginning.partition("\n")
        if first.rstrip().endswith("}") and following.lstrip().startswith("{"):
            return False  # one object a line
    elif not beginning.startswith("["):
        return False
    if re.fullmatch(r"\[\s*\]\s*", beginning):
        return True
    return bool(_MARKS.search(beginning)) and not _ABSTRACT.search(beginning)


def parse_json(text: str, context: Context) -> Reading:
    """Every record of the text: an account each, or the reason why not. The same paper twice is told twice.

    Raises UnreadableSourceError for a text that is no such JSON, or not all of one.
    """
    accounts: list[Account] = []
    rejected: list[Rejected] = []
    for number, record in enumerate(_records(_loaded(text)), start=1):
        told = _read(number, record, context.latest)
        if isinstance(told, Account):
            accounts.append(told)
        else:
            rejected.append(told)
    return Reading(tuple(accounts), tuple(rejected))


def _loaded(text: str) -> object:
    if not text.strip():
        raise UnreadableSourceError(f"{_EXPECTED}; found nothing at all")
    try:
        return json.loads(text, parse_int=_whole_number)
    except json.JSONDecodeError as error:
        raise UnreadableSourceError(
            f"{_EXPECTED}; stopped at line {error.lineno}, column {error.colno} ({error.msg}), "
            f"of a text that begins “{short(text)}”"
        ) from error
    except RecursionError as error:
        raise UnreadableSourceError(f"{_EXPECTED}; found lists or objects nested hundreds deep") from error


def _whole_number(digits: str) -> float:
    return int(digits) if len(digits) <= _DIGITS else math.inf


def _records(value: object) -> list[object]:
    whole = as_object(value)
    if whole is not None and ("paper" in whole or {"id", "title"} <= whole.keys()):
        return [whole]
    records = _as_list(value if whole is None else whole.get("data"))
    if records is None:
        raise UnreadableSourceError(f"{_EXPECTED}; found {_kind(value)}{_named(whole)}")
    if len(records) > _MOST_RECORDS:
        raise UnreadableSourceError(
            f"{_EXPECTED}; found {len(records):,}: more than {_MOST_RECORDS:,}, split it"
        )
    return records


def _read(number: int, record: object, latest: date) -> Account | Rejected:
    where = f"record {number}"
    outer = as_object(record)
    if outer is None:
        begins = f"; it begins “{short(record)}”" if isinstance(record, str) else ""
        return Rejected(where, f"is {_kind(record)}, not an object{begins}")
    paper = as_object(outer.get("paper", outer))
    if paper is None:
        return Rejected(where, f"its “paper” is {_kind(outer['paper'])}, not an object")
    arxiv_id = parse_arxiv_id(text_of(paper.get("id")) or "")
    if arxiv_id is None:
        return Rejected(where, _why_no_id(paper.get("id")))
    where = f"{where} ({arxiv_id})"
    title = text_of(paper.get("title")) or text_of(outer.get("title"))
    if not title:
        return Rejected(where, "it has no title")
    account = _account(arxiv_id, title, outer, paper)
    for day in (account.published, account.listed):
        if day and day > latest:
            return Rejected(where, f"its date {day} lies in the future")
    return account


def _why_no_id(value: object) -> str:
    if value is None or (isinstance(value, str) and not value.strip()):
        return "it has no id"
    if isinstance(value, str):
        return f"its id “{short(value)}” is not an arXiv id"
    return f"its id is {_kind(value)}, not an arXiv id"


def _account(arxiv_id: str, title: str, outer: dict[str, object], paper: dict[str, object]) -> Account:
    """What the record says; a field that cannot be what it should be is left out, for the rest is still worth having.

    `outer` is the record around the paper, or the paper itself.
    """
    # Seen among those who are `hidden`: a first author, and one claimed by mistake by another of the list.
    names = names_of_people(paper.get("authors"))
    old_media = address_of(outer.get("mediaUrl"))
    is_drawn = old_media is not None and old_media.startswith(_DRAWN)
    return Account(
        title=title,
        abstract=text_of(paper.get("summary")) or text_of(outer.get("summary")) or "",
        arxiv_id=arxiv_id,
        authors=names,
        authors_count=len(names) or None,
        # Not `submitterOrganization` of autumn 2025: that is whoever brought the paper up.
        organisation=_organisation(paper.get("organization")) or _organisation(outer.get("organization")),
        # Never the outer `publishedAt`: the time of submission to the site, later that of a clock hours behind.
        published=day_of(paper.get("publishedAt")),
        listed=day_of(paper.get("submittedOnDailyAt")),
        upvotes=count_of(paper.get("upvotes")),
        comments=count_of(outer.get("numComments")),
        stars=count_of(paper.get("githubStars")),
        keywords=texts_of(paper.get("ai_keywords")),
        links=addresses_of(paper.get("githubRepo")),
        project=address_of(paper.get("projectPage")),
        thumbnail=address_of(outer.get("thumbnail")) or (old_media if is_drawn else None),
        media=addresses_of(outer.get("mediaUrls"))
        or addresses_of(paper.get("mediaUrls"))
        or (() if old_media is None or is_drawn else (old_media,)),
        summary=text_of(paper.get("ai_summary")),
    )


def _organisation(value: object) -> str | None:
    told = as_object(value) or {}
    return text_of(told.get("fullname")) or text_of(told.get("name"))


def _as_list(value: object) -> list[object] | None:
    return cast("list[object]", value) if isinstance(value, list) else None


def _kind(value: object) -> str:
    kinds: tuple[tuple[type, str], ...] = (
        (str, "a text"),
        (dict, "an object"),
        (list, "a list"),
        (bool, "true or false"),
        (type(None), "null"),
    )
    return next((words for kind, words in kinds if isinstance(value, kind)), "a number")


def _named(whole: dict[str, object] | None) -> str:
    """By what names an object that is none of ours goes, so that somebody sees what it is (`with “error”`)."""
    return f" with {', '.join(f'“{short(name)}”' for name in list(whole)[:3])}" if whole else ""
