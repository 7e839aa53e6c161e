"""One request and its answer: what came of it, in words where it failed."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from yarl import URL

from corpus.errors import NotThereError, RefusedError
from corpus.polite.answer_text import decoded, first_words, read_body, too_large
from corpus.polite.host_rules import shown
from corpus.polite.request import Request
from corpus.polite.request_failures import AgainError, failure
from corpus.sources.source import Answer, Validator

_REDIRECTS = {301, 302, 303, 307, 308}
_NOT_THERE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_REFUSAL_READ = 16_000  # bytes of what a host says about a refusal
_LONGEST_HEADER = 1_000  # characters of an ETag or a date that are kept, to be sent again


@dataclass(frozen=True, slots=True)
class Moved:
    """The host says that the answer is elsewhere."""

    location: str


async def sent_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """A middleware for every session: aiohttp sends a GET again, at once, where a connection was lost. Not so here."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientConnectionError(str(error)) from error


async def ask_once(
    session: aiohttp.ClientSession, request: Request, *, seconds: float, most_bytes: int
) -> Answer | Moved | None:
    """What came back within `seconds`; None where it is what was known.

    Raises AgainError for what may be over in a moment, UnreachableError when the time is up, NotThereError for 404 and
    410, RefusedError for what else is not an answer.
    """
    get = session.get(
        request.address,
        headers=_condition(request.known),
        proxy=request.proxy,
        allow_redirects=False,
        timeout=aiohttp.ClientTimeout(total=None),  # the one below is for everything
    )
    try:
        async with asyncio.timeout(seconds), get as response:
            await _raise_for_status(response, request)
            if response.status == HTTPStatus.NOT_MODIFIED:
                return None
            if response.status in _REDIRECTS:
                return Moved(response.headers.get("Location", ""))
            return await _answer(response, request, most_bytes)
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise failure(error, request, seconds) from error


async def _answer(response: aiohttp.ClientResponse, request: Request, most_bytes: int) -> Answer:
    if (response.content_length or 0) > most_bytes:
        raise too_large(most_bytes, request.host)
    body = await read_body(response.content.iter_any(), most_bytes, request.host)
    return Answer(decoded(body, response.charset, request.host), _validator(request.asked, response))


async def _raise_for_status(response: aiohttp.ClientResponse, request: Request) -> None:
    status = response.status
    said = f"{request.host} answered {status} {_phrase(status)}".rstrip()
    if status in _NOT_THERE:
        raise NotThereError(f"{request.host} has nothing at {shown(request.asked)} ({status})")
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise AgainError(said, response.headers.get("Retry-After"))
    if status >= HTTPStatus.BAD_REQUEST:
        words = first_words(await _beginning(response))
        raise RefusedError(f"{said}: {words}" if words else said)
    is_expected = status == HTTPStatus.OK or status in _REDIRECTS
    if not is_expected and not (status == HTTPStatus.NOT_MODIFIED and request.known):
        raise RefusedError(f"{said}, which is no answer to what was asked")


async def _beginning(response: aiohttp.ClientResponse) -> str:
    body = b""
    with suppress(aiohttp.ClientError):  # half of the words is better than none
        while len(body) < _REFUSAL_READ and (piece := await response.content.readany()):
            body += piece
    return body.decode("utf-8", "replace")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _condition(known: Validator | None) -> dict[str, str]:
    headers: dict[str, str] = {}
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if known and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _validator(asked: URL, response: aiohttp.ClientResponse) -> Validator | None:
    etag, last_modified = _kept(response, "ETag"), _kept(response, "Last-Modified")
    return Validator(str(asked), etag, last_modified) if etag or last_modified else None


def _kept(response: aiohttp.ClientResponse, name: str) -> str | None:
    """A header that can be sent back as it came; None where it cannot."""
    value = response.headers.get(name, "")
    is_plain = value.isascii() and value.isprintable() and len(value) <= _LONGEST_HEADER
    return value if value and is_plain else None
