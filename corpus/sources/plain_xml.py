"""Anybody's XML, read without trusting it: whole, and without a document type or entities. Pure."""

import re
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from corpus.errors import UnreadableSourceError
from corpus.sources.quoting import short

_HTML = re.compile(r"<(?:!doctype\s+)?html\b", re.IGNORECASE)
_OPENING = 1000  # characters in which a page says that it is one


def read_xml(text: str, *, expected: str, roots: frozenset[str]) -> Element:
    """The root of the text's XML; `roots` are the names that it may have, in small letters and without a namespace.

    Raises UnreadableSourceError, beginning with `expected`, for HTML, broken or cut XML, a document type or entities,
    and any other root.
    """
    if not text.strip():
        raise UnreadableSourceError(f"{expected}; found nothing at all")
    try:
        root = fromstring(text.strip(), forbid_dtd=True)
    except (DefusedXmlException, ParseError, UnicodeError) as error:
        raise UnreadableSourceError(f"{expected}; {_what_is_wrong(text, error)}") from error
    if name_of(root) not in roots:
        found = (
            "an HTML page" if name_of(root) == "html" else f"XML that begins with <{short(name_of(root))}>"
        )
        raise UnreadableSourceError(f"{expected}; found {found}")
    return root


def name_of(element: Element) -> str:
    """The element's name, in small letters and without its namespace."""
    return element.tag.rpartition("}")[2].lower()


def _what_is_wrong(text: str, error: Exception) -> str:
    if _HTML.search(text[:_OPENING]):
        return "found an HTML page"
    if isinstance(error, DefusedXmlException):
        return "it declares a document type or entities, which is not safe to read and none such does"
    if isinstance(error, UnicodeError):
        return "it has characters that are none (half a surrogate pair)"
    return f"its XML is broken or cut off ({error})"
