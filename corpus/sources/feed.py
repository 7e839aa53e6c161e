"""The text of an Atom or RSS feed, read into its entries without trusting it. Pure.

plain_xml reads it first and refuses what is no whole, plain XML. What is then left of it, the elements named here and no
others, is interpreted by feedparser, which knows how the dialects differ.
"""

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast
from xml.etree.ElementTree import Element, register_namespace, tostring

import feedparser  # pyright: ignore[reportMissingTypeStubs]

from corpus.errors import UnreadableSourceError
from corpus.sources.plain_xml import name_of, read_xml

_EXPECTED = "expected an Atom or RSS feed"
_DIALECTS: dict[str, Literal["atom", "rss"]] = {"feed": "atom", "rss": "rss"}
# feedparser follows thirty vocabularies. In those that nobody asks for are handlers that take hours over a megabyte.
_HOLDERS = {"feed", "rss", "channel", "entry", "item", "author"}
_TEXTS = {"title", "summary", "description"}  # of markup in them the words are kept
_LEAVES = {
    *("id", "guid", "link", "published", "pubdate", "name", "creator", "category"),
    *("announce_type", "comment", "journal_ref", "journal_reference", "doi", "primary_category"),
    *("totalresults", "startindex"),
}
# Of an element: a feed has thousands of entries, a large collaboration's paper as many authors.
_MOST_PARTS = 20_000
_MOST_CATEGORIES = 200  # of an entry: feedparser compares each with all before it
# feedparser looks for an e-mail address from each of its letters on.
_ENDLESS_WORD = re.compile(r"[A-Za-z0-9_.+-]{2000}")
_OTHERS = ("arxiv_", "opensearch_")

# By these prefixes feedparser names what it has no name of its own for, whatever prefix the feed itself chose.
register_namespace("arxiv", "http://arxiv.org/schemas/atom")
register_namespace("opensearch", "http://a9.com/-/spec/opensearch/1.1/")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry or item. Texts are as they were written, without blanks around them; "" is what it does not have.

    `published` is the date as text. `others` holds elements of further vocabularies, an attribute `term` standing for an
    element that has one: `{"arxiv_comment": "5 pages", "arxiv_primary_category": "cs.CL"}`.
    """

    id: str
    link: str
    title: str
    summary: str
    published: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    others: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: what is said of the whole, and its entries in order."""

    dialect: Literal["atom", "rss"]
    published: str
    others: Mapping[str, str]
    entries: tuple[Entry, ...]


def read_feed(text: str) -> Feed:
    """The feed that the text is.

    Raises UnreadableSourceError for HTML, broken or cut XML, a document type or entities, and whatever else is no feed.
    """
    try:
        root = _checked(text)
        dialect = _DIALECTS[name_of(root)]
        _keep_what_is_read(root)
        plain = tostring(root, encoding="utf-8", xml_declaration=True)
    except RecursionError as error:
        raise UnreadableSourceError(f"{_EXPECTED}; found elements nested hundreds deep") from error
    # As a stream: given a text, feedparser takes it for an address or a file's name where it looks like one.
    parsed = cast(
        "dict[str, Any]",
        feedparser.parse(io.BytesIO(plain), sanitize_html=False, resolve_relative_uris=False),  # pyright: ignore[reportUnknownMemberType]
    )
    if parsed["bozo"]:
        raise UnreadableSourceError(f"{_EXPECTED}; it is none ({parsed['bozo_exception']})")
    head = cast("dict[str, Any]", parsed["feed"])
    return Feed(dialect, _text(head, "published"), _others(head), tuple(map(_entry, parsed["entries"])))


def _checked(text: str) -> Element:
    """The root of the text's XML, if that is a feed's and of a size that can be interpreted."""
    root = read_xml(text, expected=_EXPECTED, roots=frozenset(_DIALECTS))
    for element in root.iter():
        if _ENDLESS_WORD.search(element.text or ""):
            raise UnreadableSourceError(f"{_EXPECTED}; found a word of thousands of letters")
        if len(element) > _MOST_PARTS or (
            len(element) > _MOST_CATEGORIES and len(element.findall("{*}category")) > _MOST_CATEGORIES
        ):
            raise UnreadableSourceError(
                f"{_EXPECTED}; found {len(element):,} parts of one <{name_of(element)}>"
            )
    return root


def _keep_what_is_read(holder: Element) -> None:
    kept = [part for part in holder if name_of(part) in _HOLDERS | _TEXTS | _LEAVES]
    holder[:] = kept
    for part in kept:
        if name_of(part) in _HOLDERS:
            _keep_what_is_read(part)
        else:
            part.text = "".join(part.itertext()) if name_of(part) in _TEXTS else part.text
            del part[:]


def _entry(told: Mapping[str, Any]) -> Entry:
    return Entry(
        id=_text(told, "id"),
        link=_text(told, "link"),
        title=_text(told, "title"),
        summary=_text(told, "summary"),
        published=_text(told, "published"),
        authors=_each(told.get("authors"), "name"),
        categories=_each(told.get("tags"), "term"),
        others=_others(told),
    )


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return _mended(value.strip()) if isinstance(value, str) else ""


def _mended(text: str) -> str:
    """The text without a mistake on its way: UTF-8 taken for Latin-1, `WÃ¼bben`. feedparser does so, but not for names."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _each(told: Iterable[Mapping[str, Any]] | None, name: str) -> tuple[str, ...]:
    return tuple(text for text in (_text(one, name) for one in told or ()) if text)


def _others(told: Mapping[str, Any]) -> dict[str, str]:
    others = {name: value for name, value in told.items() if name.startswith(_OTHERS)}
    return {name: value if isinstance(value, str) else _text(value, "term") for name, value in others.items()}
