"""Answers in the form that discord.py reads."""

import json
from typing import Any

from aiohttp import web

from .refusals import No


def answer(value: Any, status: int = 200) -> web.Response:
    # discord.py reads JSON only under exactly this header; aiohttp's json_response adds a charset to it.
    return web.Response(
        body=json.dumps(value).encode(), status=status, headers={"Content-Type": "application/json"}
    )


def nothing() -> web.Response:
    return web.Response(status=204)


def refusal(no: No) -> web.Response:
    return answer({"code": no.code, "message": no.words}, no.status)
