"""What arXiv announced on one day, an RSS feed, read into accounts. Pure.

https://info.arxiv.org/help/rss_specifications.html: at midnight in the eastern United States, and empty at weekends.
"""

import re
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from itertools import accumulate, pairwise

from corpus.account import Account
from corpus.errors import UnreadableSourceError
from corpus.sources.arxiv_atom import id_and_version, is_notice, without_notice
from corpus.sources.feed import Entry, read_feed
from corpus.sources.quoting import short
from corpus.sources.reading import Reading, Rejected
from corpus.sources.source import Context

_EXPECTED = "expected an announcement of arXiv's, as RSS"
_KINDS = ("new", "cross", "replace", "replace-cross")

_BEGINS = re.compile(r"(?:<\?xml[^>]*>\s*)?<rss\b", re.IGNORECASE)
_IS_ARXIV = re.compile(r"arxiv\.org/schemas/atom|rss\.arxiv\.org/")
# “arXiv:2609.26811v1 Announce Type: new \nAbstract: …”
_HEAD = re.compile(
    r"\s*arXiv:(?P<id>\S+)\s+Announce\s+Type:\s*(?P<kind>\S*)(?:\s+Abstract:)?\s*", re.IGNORECASE
)
_DEEPER = {"(": 1, ")": -1}


@dataclass(frozen=True, slots=True)
class Announcement:
    """What was announced, and on which day, as it is written there: that of the eastern United States."""

    reading: Reading
    day: date | None


def recognises(beginning: str) -> bool:
    """Whether this is an announcement, as far as its beginning shows."""
    head = re.split(r"<item\b", beginning, maxsplit=1)[0]
    return bool(_BEGINS.match(beginning) and _IS_ARXIV.search(head))


def parse_rss(text: str, context: Context) -> Reading:
    """Every paper that is announced: an account each, or the reason why not; none at a weekend.

    Only what is announced as new is news. New versions, and cross-lists, say something of papers that may be known.
    Raises UnreadableSourceError for a text that is no such feed.
    """
    return parse_announcement(text, context).reading


def parse_announcement(text: str, context: Context) -> Announcement:
    """The same, and the day of the announcement."""
    feed = read_feed(text)
    if feed.dialect != "rss":
        raise UnreadableSourceError(f"{_EXPECTED}; found an Atom feed")
    day = _day(feed.published)
    told = [_read(number, entry, day, context.latest) for number, entry in enumerate(feed.entries, start=1)]
    accounts = tuple(one for one in told if isinstance(one, Account))
    rejected = tuple(one for one in told if isinstance(one, Rejected))
    days = [one.listed for one in accounts if one.listed]
    return Announcement(Reading(accounts, rejected), day or max(days, default=None))


def _read(number: int, entry: Entry, day: date | None, latest: date) -> Account | Rejected:
    head = _HEAD.match(entry.summary)
    named = [name for name in map(id_and_version, (entry.id, head["id"] if head else "", entry.link)) if name]
    if not named:
        return Rejected(f"record {number}", f"neither “{short(entry.id)}” nor its link names an arXiv id")
    arxiv_id = named[0][0]
    where = f"record {number} ({arxiv_id})"
    if not entry.title:
        return Rejected(where, "it has no title")
    kind = (entry.others.get("arxiv_announce_type") or (head["kind"] if head else "")).casefold()
    if kind not in _KINDS:
        return Rejected(where, f"it is announced as “{short(kind)}”, not as {', '.join(_KINDS)}")
    listed = _day(entry.published) or day
    if listed and listed > latest:
        return Rejected(where, f"its date {listed} lies in the future")
    abstract = entry.summary[head.end() :] if head else entry.summary
    kept, note = without_notice(abstract, "")
    is_news = kind == "new"
    return Account(
        title=entry.title,
        abstract=kept,
        arxiv_id=arxiv_id,
        version=next((version for same, version in named if version and same == arxiv_id), None),
        authors=_authors(", ".join(entry.authors)),
        # The day of an update is not the one on which the paper came up.
        listed=listed if is_news else None,
        categories=entry.categories,
        note=note or None,
        journal=entry.others.get("arxiv_journal_reference") or None,
        doi=entry.others.get("arxiv_doi") or None,
        # Without the authors' comment nobody knows that it was not.
        withdrawn=is_notice(abstract) or None,
        is_news=is_news,
    )


def _authors(text: str) -> tuple[str, ...]:
    """The names between the commas, without the affiliations in parentheses behind them.

    What stands inside a name, `Wei (Sam) Li`, is of it; and where parentheses do not match, all is left as it stands.
    """
    depths = list(accumulate(_DEEPER.get(character, 0) for character in text))
    if not depths or depths[-1] != 0 or min(depths) < 0:
        names = text.split(",")
    else:
        commas = [place for place, depth in enumerate(depths) if text[place] == "," and depth == 0]
        names = [_without_affiliation(text[a + 1 : b]) for a, b in pairwise([-1, *commas, len(text)])]
    return tuple(name.strip() for name in names if name.strip())


def _without_affiliation(name: str) -> str:
    depth, end = 0, len(name)
    for place in reversed(range(len(name))):
        depth -= _DEEPER.get(name[place], 0)
        if depth == 0 and name[place] == "(":
            end = place
        elif depth == 0 and not name[place].isspace():
            break
    return name[:end]


def _day(text: str) -> date | None:
    """The day of `Thu, 24 Sep 2026 00:00:00 -0400`, in the zone that it is written in."""
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
