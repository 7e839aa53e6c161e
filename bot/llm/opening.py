"""The writer as the settings want it: the one place here that builds real objects."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from bot.config import Llm
from bot.llm.breaker import Breaker
from bot.llm.budget import Budget
from bot.llm.checking import Checker, Verdict
from bot.llm.claims import Claim, Source
from bot.llm.meaning import Meaning
from bot.llm.writer import Writer
from retrieval.indexing import Blocking

if TYPE_CHECKING:
    from bot.llm.endpoint import OpenAIEndpoint


@asynccontextmanager
async def open_writer(
    settings: Llm, meaning: Meaning, run: Blocking, now: Callable[[], datetime]
) -> AsyncGenerator[Writer, None]:
    """A writer for as long as the context lasts; without llm.base_url one that has no model."""
    checker = Checker(meaning)

    async def check(claim: Claim, sources: Mapping[int, Source], /) -> Verdict:
        return await run(checker.check, claim, sources)

    budget = Budget(settings.questions_a_day, settings.tokens_a_day, now)
    breaker = Breaker(time.monotonic)
    if not settings.base_url:
        yield Writer(None, check, budget, breaker, deadline_seconds=settings.deadline_seconds, at_once=1)
        return
    endpoint = await asyncio.to_thread(_open_endpoint, settings)
    try:
        yield Writer(
            endpoint,
            check,
            budget,
            breaker,
            deadline_seconds=settings.deadline_seconds,
            at_once=settings.at_once,
        )
    finally:
        await endpoint.close()


def _open_endpoint(settings: Llm) -> "OpenAIEndpoint":
    from bot.llm.endpoint import OpenAIEndpoint  # noqa: PLC0415 - two seconds to import

    return OpenAIEndpoint(
        settings.base_url,
        settings.model,
        settings.api_key.get_secret_value(),
        answer_tokens=settings.answer_tokens,
    )
