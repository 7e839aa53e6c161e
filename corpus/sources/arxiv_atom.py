"""What arXiv's API answers, an Atom feed of papers or of one error, read into accounts. Pure.

https://info.arxiv.org/help/api/user-manual.html; since 2026 another server answers, with `https` in its own addresses.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

from corpus.account import Account
from corpus.errors import UnreadableSourceError
from corpus.paper import parse_arxiv_id
from corpus.sources.feed import Entry, Feed, read_feed
from corpus.sources.quoting import short
from corpus.sources.reading import Reading, Rejected
from corpus.sources.source import Context

_EXPECTED = "expected an answer of arXiv's API"
_BAD_REQUEST = 400

_BEGINS = re.compile(r"(?:<\?xml[^>]*>\s*)?<feed\b", re.IGNORECASE)
_IS_ARXIV = re.compile(r"arxiv\.org/(?:schemas/atom|api/)")
_RECORDED = re.compile(
    r"\{(?=.*\"status_code\"\s*:)(?=.*\"url\"\s*:\s*\"https?://[\w.]*arxiv\.org/)", re.DOTALL
)
_VERSION = re.compile(r"v([1-9]\d{0,3})$")

_NOUN = r"(?:e-?print|paper|submission|article|manuscript|preprint|work|note|version|report|letter|thesis)"
_IS = r"(?:has been|have been|has|is being|is|was|had to be)"
_GONE = r"(?:(?:hereby|now|temporarily|permanently|been)\s+){0,2}withdrawn\b"
# A paper that left a venue is still here: “withdrawn from ICLR 2025”.
_STAYED = r"(?!\s+(?:from|at)\s+(?!(?:the\s+)?(?:arxiv|public)|consideration\s+for\s+publication))"
_NOTICE = rf"(?:this|the|our)\s+(?:following\s+|present\s+)?{_NOUN}s?,?\s+{_IS}\s+{_GONE}{_STAYED}"
# Without a subject of its own only as an utterance: “Withdrawn.”, “Paper withdrawn due to …”, not “withdrawn papers”.
_BARE = (
    rf"(?:{_NOUN}\s+(?:{_IS}\s+)?)?{_GONE}(?=\s*(?:$|[.,;:!()\]–—-])"
    r"|\s+(?:by|due|because|since|as|for|on|until|pending|owing|after|in\s+order|at\s+the\s+request|from\s+(?:the\s+)?arxiv)\b)"
)
_LEAD = (
    r"(?:arxiv\s+)?admin(?:istrat(?:or|ion|ive))?s?\s+note:?\s*|(?:important\s+)?(?:note|notice|update):?\s*"
)
_AT_THE_BEGINNING = re.compile(rf"[\W_]*(?:{_LEAD})?(?:{_NOTICE}|{_BARE})", re.IGNORECASE)
_IN_A_COMMENT = re.compile(rf"(?<!whether\s)(?<!that\s)(?<!if\s)\b{_NOTICE}", re.IGNORECASE)
_BY_WHOM = re.compile(r"\bwithdrawn\s+by\s+(?:the\s+|its\s+)?(?:author|arxiv|admin|submitter)", re.IGNORECASE)
_OF_ANOTHER = re.compile(
    r"\b(?:which|whether|if|earlier|previous|prior|older|original|supersed\w+|replac\w+|extend\w+|section|theorem|lemma)\b"
    r"|arxiv:\s*\S*\d",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 400  # characters; an abstract behind a notice makes it longer


@dataclass(frozen=True, slots=True)
class AtomPage:
    """One page of an answer: of how many papers in all, and from the how many-th on; None where it does not say.

    `ids` are what all its entries call themselves, those that could not be read among them.
    """

    reading: Reading
    total: int | None
    start: int | None
    ids: tuple[str, ...]


def recognises(beginning: str) -> bool:
    """Whether this is an answer of the API, as far as its beginning shows."""
    head = re.split(r"<entry\b", beginning, maxsplit=1)[0]
    # rss.arxiv.org has announcements in Atom too, of another shape.
    return bool(_BEGINS.match(beginning) and _IS_ARXIV.search(head)) and "rss.arxiv.org" not in head


def recognises_recorded(beginning: str) -> bool:
    """Whether this is one that somebody recorded as JSON, as far as its beginning shows."""
    return bool(_RECORDED.match(beginning))


def parse_atom(text: str, context: Context) -> Reading:
    """Every entry of the answer: an account each, or the reason why not.

    Raises UnreadableSourceError for a text that is no such answer, and for an error of arXiv's, with its words.
    """
    return parse_page(text, context).reading


def parse_page(text: str, context: Context) -> AtomPage:
    """The same, and where in the whole answer the page stands."""
    feed = read_feed(text)
    if feed.dialect != "atom":
        raise UnreadableSourceError(f"{_EXPECTED}; found an RSS feed")
    for entry in feed.entries:
        if "/api/errors" in entry.id:
            words = _in_one_line(entry.summary) or "an error without words"
            raise UnreadableSourceError(f"arXiv answered: {short(words)}")
    told = [_read(number, entry, context.latest) for number, entry in enumerate(feed.entries, start=1)]
    accounts = tuple(one for one in told if isinstance(one, Account))
    rejected = tuple(one for one in told if isinstance(one, Rejected))
    ids = tuple(entry.id for entry in feed.entries)
    return AtomPage(
        Reading(accounts, rejected), _count(feed, "totalresults"), _count(feed, "startindex"), ids
    )


def parse_recorded(text: str, context: Context) -> Reading:
    """The answer inside its recording, `{"url": …, "status_code": …, "body": …}`; raises what `parse_atom` does."""
    try:
        record: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableSourceError(f"{_EXPECTED}, recorded as JSON; it is broken or cut off") from error
    recorded = cast("dict[str, object]", record) if isinstance(record, dict) else {}
    body, status = recorded.get("body"), recorded.get("status_code")
    if not isinstance(body, str) or not isinstance(status, int):
        raise UnreadableSourceError(f"{_EXPECTED}, recorded as JSON with “status_code” and “body”")
    if status >= _BAD_REQUEST:
        try:
            parse_atom(body, context)
        except UnreadableSourceError as error:
            if "arXiv answered" in str(error):
                raise
        raise UnreadableSourceError(f"arXiv answered with status {status}: {short(_in_one_line(body))}")
    return parse_atom(body, context)


def id_and_version(text: str) -> tuple[str, int | None] | None:
    """The arXiv id that a link or `oai:arXiv.org:…` names, and the version behind it, if any."""
    text = re.sub(r"^oai:arXiv\.org:", "", text.strip(), flags=re.IGNORECASE)
    arxiv_id = parse_arxiv_id(text)
    version = _VERSION.search(text)
    return (arxiv_id, int(version[1]) if version else None) if arxiv_id else None


def is_notice(abstract: str) -> bool:
    """Whether what stands for the abstract begins by saying that the paper was withdrawn."""
    return bool(_AT_THE_BEGINNING.match(_in_one_line(abstract)))


def without_notice(abstract: str, comment: str) -> tuple[str, str]:
    """Abstract and comment, where the one is a notice and no more: none, and the notice before the comment."""
    if not is_notice(abstract) or len(abstract) > _LONGEST_NOTICE:
        return abstract, comment
    if _in_one_line(abstract).casefold() in _in_one_line(comment).casefold():
        return "", comment
    return "", f"{abstract.rstrip('.')}. {comment}" if comment else abstract


def _read(number: int, entry: Entry, latest: date) -> Account | Rejected:
    named = id_and_version(entry.id)
    if named is None:
        why = f"its id “{short(entry.id)}” is not an arXiv id" if entry.id else "it has no id"
        return Rejected(f"record {number}", why)
    arxiv_id, version = named
    where = f"record {number} ({arxiv_id})"
    if not entry.title:
        return Rejected(where, "it has no title")
    published = _day(entry.published)
    if published and published > latest:
        return Rejected(where, f"its date {published} lies in the future")
    comment = entry.others.get("arxiv_comment", "")
    abstract, note = without_notice(entry.summary, comment)
    primary = entry.others.get("arxiv_primary_category", "")
    return Account(
        title=entry.title,
        abstract=abstract,
        arxiv_id=arxiv_id,
        version=version,
        authors=entry.authors,
        published=published,
        categories=tuple(dict.fromkeys(name for name in (primary, *entry.categories) if name)),
        note=note or None,
        journal=entry.others.get("arxiv_journal_ref") or None,
        doi=entry.others.get("arxiv_doi") or None,
        # Nobody else can say that a paper was not withdrawn.
        withdrawn=is_notice(entry.summary) or _says_withdrawn(comment),
    )


def _says_withdrawn(comment: str) -> bool:
    """Whether a comment says it of this paper, not of a part of it, an earlier one, or its submission somewhere."""
    comment = _in_one_line(comment)
    if _AT_THE_BEGINNING.match(comment) or _IN_A_COMMENT.search(comment):
        return True
    sentences = re.split(r"[.;](?:\s|$)", comment)
    return any(_BY_WHOM.search(sentence) and not _OF_ANOTHER.search(sentence) for sentence in sentences)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _day(text: str) -> date | None:
    """The day, in UTC, of a time such as `2022-02-24T15:05:19Z`."""
    try:
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC).date()
    except (ValueError, OverflowError):  # not a time, or one hours before the year 1
        return None


def _count(feed: Feed, name: str) -> int | None:
    text = feed.others.get(f"opensearch_{name}", "")
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None
