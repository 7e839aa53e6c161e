"""What does a host's answer say? Its text within bounds, the words of a refusal, and when to come back."""

import codecs
import html
import re
from collections.abc import AsyncIterator
from datetime import UTC
from email.utils import parsedate_to_datetime

from corpus.errors import RefusedError

_EXCERPT = 200  # characters
_EXCERPT_SEARCHED = 4_000  # characters; the patterns below take the square of it in the worst case
# Of Python's encodings these are no charsets of the web, and some take the square of a text's length.
_NO_CHARSETS = frozenset(
    {
        "idna",
        "mbcs",
        "oem",
        "palmos",
        "punycode",
        "raw-unicode-escape",
        "undefined",
        "unicode-escape",
        "utf-7",
    }
)


async def read_body(pieces: AsyncIterator[bytes], most: int, host: str) -> bytes:
    """All of an answer, as it is after decompression. Raises RefusedError as soon as it is longer than `most` bytes."""
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > most:
            raise too_large(most, host)
    return bytes(body)


def too_large(most: int, host: str) -> RefusedError:
    """The error of an answer that is longer than `most` bytes."""
    return RefusedError(f"{host} answered with more than {most / 1_000_000:g} MB, which is not read")


def decoded(body: bytes, charset: str | None, host: str) -> str:
    """The text, of the charset that the answer names or else UTF-8, without its byte order mark. Raises RefusedError."""
    encoding = _encoding(charset)
    try:
        return body.decode(encoding).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    except UnicodeError as error:
        raise RefusedError(f"{host} answered with bytes that are not text in {encoding.upper()}") from error


def _encoding(charset: str | None) -> str:
    try:
        found = codecs.lookup(charset or "utf-8").name
        b"".decode(found)  # raises for what is no encoding of texts, as `zlib`
    except (LookupError, ValueError):
        return "utf-8"
    return "utf-8" if found.replace("_", "-") in _NO_CHARSETS else found


def first_words(text: str) -> str:
    """The beginning of what a refusal says, on one line and without markup, or "".

    An Atom feed says it in `summary`; what stands before that repeats the question.
    """
    text = text[:_EXCERPT_SEARCHED]
    summary = re.search(r"<summary[^>]*>(.*?)</summary>", text, re.DOTALL)
    text = summary[1] if summary else re.sub(r"(?is)<(script|style|head)\b.*?</\1\s*>", " ", text)
    text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    text = re.sub(r"(https?://[^\s?#]+)[?#]\S*", r"\1", text)  # queries are no matter of a message
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words if len(words) <= _EXCERPT else f"{words[: _EXCERPT - 1].rstrip()}…"


def pause_asked(retry_after: str | None, now: float) -> float | None:
    """Seconds that a Retry-After asks for (RFC 9110, 10.2.3); None where it asks for nothing that can be understood.

    `now` is in seconds since 1970.
    """
    text = (retry_after or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
        return max(0.0, (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - now)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
