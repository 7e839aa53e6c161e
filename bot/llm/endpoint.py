"""Any OpenAI-compatible endpoint: the only file that knows the `openai` library and the HTTP client below it.

Nothing that an endpoint says of itself leaves here, neither in an error nor in a log: it may repeat the key. Errors
are raised outside of the handlers, so that not even a traceback leads to what it said.
"""

import asyncio
import logging
import math
import random
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

import httpx2
from openai import APIConnectionError, APIStatusError, APITimeoutError, AsyncOpenAI, Omit, OpenAIError
from yarl import URL

from bot.llm.dialect import Dialect
from bot.llm.errors import (
    BrokenEndpointError,
    DeadlineError,
    EndpointError,
    RefusedKeyError,
    RefusedRequestError,
    TooLongAnswerError,
    TooManyRequestsError,
    UnreachableEndpointError,
    UnreadableAnswerError,
)
from bot.llm.evidence import Prompt
from corpus.errors import RefusedError
from corpus.polite.proxies import environment_proxy

MOST_BYTES = 1_000_000
_MOST_REFUSAL_BYTES = 16_384
_MOST_TOKENS_COUNTED = 1_000_000  # what an endpoint may say that one answer cost
_MOST_STEPS = 5  # ways of asking that are tried for one question
_RETRIES = 1
_RETRY_SECONDS = 0.4
_TEACHES = frozenset({400, 422, 501})  # refusals that may be about an optional parameter
_TOO_MANY = 429
_KEY_REFUSED = frozenset({401, 403})
_FIRST_REFUSAL, _FIRST_SERVER_ERROR, _OK = 300, 500, 200
# The library takes an endpoint's shapes on trust: what it stumbles over may be of any ordinary kind.
_ANY = (
    *(OpenAIError, httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError),
    *(ValueError, TypeError, AttributeError, LookupError, RecursionError),
)
_TALKATIVE = ("openai", "httpx2", "httpcore2")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the answer as it arrives; with the last one the endpoint may say what it cost in tokens."""

    text: str
    tokens: int | None = None


class OpenAIEndpoint:
    """One model at one address. Close it when it is no longer needed."""

    def __init__(self, base_url: str, model: str, api_key: str, *, answer_tokens: int) -> None:
        """`api_key` may be empty: then none is sent. Opening it blocks for some tenths of a second."""
        for name in _TALKATIVE:  # they would log headers, in which an endpoint may repeat the key
            logging.getLogger(name).setLevel(logging.WARNING)
        self.model = model
        self.answer_tokens = answer_tokens
        self._dialect = Dialect()
        self._left_out = _left_out(api_key)
        self._client = AsyncOpenAI(
            api_key=api_key or "none",
            base_url=base_url,
            max_retries=0,  # ours end with the deadline, and know what is worth a second try
            http_client=_http_client(base_url),
        )
        self._completions = (
            self._client.chat.completions
        )  # what this imports takes a moment: now rather than later

    async def ask(self, prompt: Prompt, *, deadline: float) -> AsyncGenerator[Piece, None]:
        """The answer piece by piece. `deadline` is a time of the event loop; whoever asks also ends it by then.

        Raises EndpointError. What failed before the first piece is tried once more where that may help.
        """
        dialect, steps, retries = self._dialect, 0, 0
        while True:
            failure: EndpointError | None = None
            wiser: Dialect | None = None
            async with aclosing(self._pieces(prompt, dialect)) as pieces:
                begun = False
                try:
                    async for piece in pieces:
                        begun, self._dialect = True, dialect
                        yield piece
                except _RefusedWithWordsError as refusal:
                    wiser = dialect.after(refusal.words) if not begun else None
                    failure = RefusedRequestError(
                        f"the model's endpoint refuses the request ({refusal.status})"
                    )
                except EndpointError as error:
                    failure = error
                except (
                    OpenAIError,
                    httpx2.HTTPError,
                    httpx2.InvalidURL,
                    ValueError,
                    RecursionError,
                ) as error:
                    failure = _translated(error)
            if failure is None:
                return
            if wiser and steps < _MOST_STEPS:
                dialect, steps = wiser, steps + 1
                continue
            pause = _pause_before_retry(failure, deadline - asyncio.get_running_loop().time())
            if begun or pause is None or retries >= _RETRIES:
                raise failure
            retries += 1
            await asyncio.sleep(pause)

    async def close(self) -> None:
        """Close its connections."""
        await self._client.close()

    async def _pieces(self, prompt: Prompt, dialect: Dialect) -> AsyncGenerator[Piece, None]:
        stream: Any = await self._completions.create(
            model=self.model,
            messages=[{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
            stream=True,
            extra_headers=self._left_out,
            **dialect.parameters(self.answer_tokens),
        )
        async with stream:
            async for chunk in stream:
                if piece := _piece(chunk):
                    yield piece


class _RefusedWithWordsError(Exception):
    """A refusal whose words may teach another way of asking; they go no further than this file."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(status)
        self.status, self.words = status, words


class _CutStream(httpx2.AsyncByteStream):
    """A body that ends by an error, or quietly, where it becomes too long."""

    def __init__(self, stream: httpx2.AsyncByteStream, most: int, *, quietly: bool) -> None:
        self._stream, self._most, self._quietly = stream, most, quietly

    async def __aiter__(self) -> AsyncIterator[bytes]:
        seen = 0
        async for chunk in self._stream:
            seen += len(chunk)
            if seen > self._most:
                if self._quietly:
                    return
                raise TooLongAnswerError("the model's endpoint sent more than any answer is long")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


def _http_client(base_url: str) -> httpx2.AsyncClient:
    try:
        proxy = environment_proxy(URL(base_url))
    except RefusedError:
        proxy = None  # of a kind that nothing here can use
    return httpx2.AsyncClient(
        trust_env=False,  # proxies are read as for everything else; passwords of ~/.netrc are not
        proxy=str(proxy) if proxy else None,
        follow_redirects=False,  # papers and questions go where they were meant to, and the key
        timeout=httpx2.Timeout(None, connect=10.0),  # the deadline is one for everything
        event_hooks={"response": [_look_at]},
        headers={"Accept-Encoding": "identity"},
    )


def _left_out(api_key: str) -> dict[str, Any]:
    """Headers that the library would add from its own environment variables, and the key where there is none."""
    left_out: dict[str, Any] = {"OpenAI-Organization": Omit(), "OpenAI-Project": Omit()}
    return left_out if api_key else left_out | {"Authorization": Omit()}


async def _look_at(response: httpx2.Response) -> None:
    """Judge an answer by its head, and bound its body before anybody reads it."""
    status = response.status_code
    if failure := _failure_of(status, response.headers.get("retry-after", "")):
        raise failure
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnreadableAnswerError("the model's endpoint packs its answers, which was not asked for")
    stream = response.stream
    if not isinstance(stream, httpx2.AsyncByteStream):
        raise UnreadableAnswerError("the model's endpoint sent no stream")
    refused = status in _TEACHES
    response.stream = _CutStream(stream, _MOST_REFUSAL_BYTES if refused else MOST_BYTES, quietly=refused)
    if refused:
        raise _RefusedWithWordsError(status, (await response.aread()).decode("utf-8", "replace"))
    if "text/event-stream" not in response.headers.get("content-type", ""):
        raise UnreadableAnswerError("the model's endpoint answered with something else than a stream")


def _failure_of(status: int, retry_after: str) -> EndpointError | None:
    if status in _KEY_REFUSED:
        return RefusedKeyError(f"the model's endpoint refuses the key ({status}); set PAPERCORD_LLM__API_KEY")
    if status == _TOO_MANY:
        return TooManyRequestsError("the model's endpoint wants fewer requests (429)", _seconds(retry_after))
    if status in _TEACHES or status == _OK:
        return None
    if status >= _FIRST_SERVER_ERROR:
        return BrokenEndpointError(f"the model's endpoint failed ({status})")
    return RefusedRequestError(
        f"the model's endpoint refuses the request ({status}); look at llm.base_url and llm.model"
    )


def _seconds(retry_after: str) -> float | None:
    try:
        seconds = float(retry_after)
    except ValueError:  # absent, or a date, which endpoints do not send
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _pause_before_retry(failure: EndpointError, remaining: float) -> float | None:
    """How long to wait before trying again; None: that would not help, or not in time."""
    if isinstance(failure, TooManyRequestsError) and failure.retry_after is not None:
        pause = failure.retry_after
    elif isinstance(failure, TooManyRequestsError | BrokenEndpointError | UnreachableEndpointError):
        pause = _RETRY_SECONDS * (1 + random.random())  # noqa: S311 - nothing secret
    else:
        return None
    return pause if pause < remaining / 2 else None


def _translated(error: Exception) -> EndpointError:
    if isinstance(error, APITimeoutError | httpx2.TimeoutException):
        return DeadlineError("the model's endpoint could not be reached in time")
    if isinstance(error, APIConnectionError | httpx2.HTTPError):
        return UnreachableEndpointError("the model's endpoint cannot be reached, or broke off")
    if isinstance(error, APIStatusError):
        return RefusedRequestError(f"the model's endpoint refuses the request ({error.status_code})")
    return UnreadableAnswerError("the model's endpoint sent what is no answer")


def _piece(chunk: Any) -> Piece | None:
    """What a chunk says, whatever an endpoint made of its shape."""
    tokens = getattr(getattr(chunk, "usage", None), "total_tokens", None)
    counted = (
        min(max(tokens, 0), _MOST_TOKENS_COUNTED)
        if isinstance(tokens, int) and not isinstance(tokens, bool)
        else None
    )
    choices: Any = getattr(chunk, "choices", None)
    first = next(iter(cast("list[Any]", choices)), None) if isinstance(choices, list) else None
    text = getattr(getattr(first, "delta", None), "content", None)
    said = text if isinstance(text, str) else ""
    return Piece(said, counted) if said or counted is not None else None
