"""What an OpenAI-compatible endpoint may say, well or badly, for a MisbehavingServer to say it."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from tests.corpus.polite.misbehaving_server import Behaviour

PATH = "/v1/chat/completions"


def answer(*claims: tuple[str, list[int]], answered: bool = True) -> str:
    """A reply in the shape that is asked for."""
    return json.dumps(
        {"answered": answered, "claims": [{"text": text, "cites": cites} for text, cites in claims]}
    )


def event(text: str | None = None, **more: Any) -> bytes:
    """One event of a stream, with the next letters of the answer."""
    choices = [] if text is None else [{"index": 0, "delta": {"content": text}, "finish_reason": None}]
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices}
    return b"data: " + json.dumps(chunk | more).encode() + b"\n\n"


async def streaming(request: web.BaseRequest, **headers: str) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **headers})
    await response.prepare(request)
    return response


def says(
    text: str, *, letters: int = 7, tokens: int | None = 321, asked: list[Any] | None = None
) -> Behaviour:
    """The text as a stream of a few letters each, and what it cost; what was asked is kept in `asked`."""

    async def behave(request: web.BaseRequest) -> web.StreamResponse:
        if asked is not None:
            asked.append(json.loads(await request.read()))
        response = await streaming(request)
        for begin in range(0, len(text), letters):
            await response.write(event(text[begin : begin + letters]))
        if tokens is not None:
            usage = {"prompt_tokens": 1, "completion_tokens": tokens - 1, "total_tokens": tokens}
            await response.write(event(usage=usage))
        await response.write(b"data: [DONE]\n\n")
        return response

    return behave


def says_and_never_ends(text: str, *, more: str = " ", seconds: float = 0.01) -> Behaviour:
    """The text, then more of it without end."""

    async def behave(request: web.BaseRequest) -> web.StreamResponse:
        response = await streaming(request)
        await response.write(event(text))
        while True:
            await response.write(event(more))
            await asyncio.sleep(seconds)

    return behave


def sends(*parts: bytes, pause: float = 0.0, **headers: str) -> Behaviour:
    """These bytes as a stream, whatever they are."""

    async def behave(request: web.BaseRequest) -> web.StreamResponse:
        response = await streaming(request, **headers)
        for part in parts:
            await response.write(part)
            await asyncio.sleep(pause)
        return response

    return behave


def hangs() -> Behaviour:
    """The request is taken and nothing comes back."""

    async def behave(_request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(60)
        return web.Response()

    return behave


def streams_a_byte_a_second(text: str) -> Behaviour:
    """A stream that begins well, a byte at a time."""

    async def behave(request: web.BaseRequest) -> web.StreamResponse:
        response = await streaming(request)
        for byte in event(text):
            await response.write(bytes([byte]))
            await asyncio.sleep(1)
        return response

    return behave


def refuses(words: str, status: int = 400) -> Behaviour:
    """A refusal as endpoints write it."""

    async def behave(_request: web.BaseRequest) -> web.StreamResponse:
        return web.json_response(
            {"error": {"message": words, "type": "invalid_request_error"}}, status=status
        )

    return behave


def repeats_the_key(status: int) -> Behaviour:
    """A refusal that quotes the key in its headers and in its body."""

    async def behave(request: web.BaseRequest) -> web.StreamResponse:
        key = request.headers["Authorization"]
        return web.json_response(
            {"error": {"message": f"wrong: {key}"}},
            status=status,
            headers={"X-Key": key, "X-Request-Id": key},
        )

    return behave


def repeats_the_key_while_streaming() -> Behaviour:
    """An error in a stream that quotes the key."""

    async def behave(request: web.BaseRequest) -> web.StreamResponse:
        key = request.headers["Authorization"]
        response = await streaming(request, **{"X-Key": key})
        await response.write(
            b"data: " + json.dumps({"error": {"message": f"wrong: {key}"}}).encode() + b"\n\n"
        )
        return response

    return behave


def takes_only(shapes: Sequence[str | None], then: Behaviour, asked: list[Any]) -> Behaviour:
    """An endpoint that knows no other response_format than these (None: it must be left out)."""

    async def behave(request: web.BaseRequest) -> web.StreamResponse:
        body = json.loads(await request.read())
        shape = body.get("response_format", {}).get("type")
        asked.append(shape)
        if shape not in shapes:
            return await refuses(f"response_format {shape} is not supported")(request)
        return await then(request)

    return behave
