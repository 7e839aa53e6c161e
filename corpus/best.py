"""One paper, made of everything that was ever said of it. Pure, and the same whatever came first.

Texts come from the latest version that somebody knows, told by whom they are nearest to; counts from whoever counted last.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from corpus.account import Account
from corpus.latex import readable
from corpus.links import find_links
from corpus.paper import Paper

T = TypeVar("T")
# Whose text is nearest to the authors': arXiv has it from them, a page went through a person's clipboard.
_AUTHORITY = {"arxiv": 3, "hugging-face": 2, "daily-papers-page": 0}
_ANY_OTHER = 1


@dataclass(frozen=True, slots=True)
class Told:
    """An account, whose it is, and when it was told last."""

    account: Account
    source: str
    at: datetime


def paper_of(told: Sequence[Told], *, paper_id: str = "") -> Paper:
    """The paper that these accounts are about; `paper_id` is its id if none of them has an arXiv id."""
    by_text = [one.account for one in sorted(told, key=_nearness_of_text, reverse=True)]
    by_count = [one.account for one in sorted(told, key=_nearness_of_counts, reverse=True)]
    abstract = readable(_first(by_text, lambda account: account.abstract) or "")
    authors = _first(by_text, lambda account: account.authors) or ()
    listed = [account.listed for account in by_text if account.listed]
    versions = [account.version for account in by_text if account.version]
    links = [link for account in by_text for link in account.links]
    return Paper(
        title=readable(_first(by_text, lambda account: account.title) or ""),
        abstract=abstract,
        arxiv_id=_first(by_text, lambda account: account.arxiv_id),
        authors=authors,
        authors_count=len(authors) or _first(by_text, lambda account: account.authors_count),
        organisation=_first(by_text, lambda account: account.organisation),
        published=_first(by_text, lambda account: account.published),
        upvotes=_first(by_count, lambda account: account.upvotes),
        comments=_first(by_count, lambda account: account.comments),
        links=tuple(dict.fromkeys([*links, *find_links(abstract)])),
        categories=_first(by_text, lambda account: account.categories) or (),
        keywords=_first(by_text, lambda account: account.keywords) or (),
        version=max(versions, default=None),
        withdrawn=_first(by_text, lambda account: account.withdrawn) or False,
        listed=min(listed, default=None),
        stars=_first(by_count, lambda account: account.stars),
        project=_first(by_text, lambda account: account.project),
        thumbnail=_first(by_text, lambda account: account.thumbnail),
        media=_first(by_text, lambda account: account.media) or (),
        summary=_first(by_text, lambda account: account.summary),
        note=_first(by_text, lambda account: account.note),
        journal=_first(by_text, lambda account: account.journal),
        doi=_first(by_text, lambda account: account.doi),
        id=paper_id,
    )


def _nearness_of_text(told: Told) -> tuple[int, int, datetime, str]:
    return told.account.version or 0, _authority(told), told.at, told.source


def _nearness_of_counts(told: Told) -> tuple[datetime, int, int, str]:
    return told.at, _authority(told), told.account.version or 0, told.source


def _authority(told: Told) -> int:
    return _AUTHORITY.get(told.source, _ANY_OTHER)


def _first(accounts: Sequence[Account], of: Callable[[Account], T | None]) -> T | None:
    """What the first account says that says it at all; an empty text or list says nothing, a zero does."""
    values = (of(account) for account in accounts)
    return next((value for value in values if value is not None and value not in ("", ())), None)
