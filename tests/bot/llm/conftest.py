"""A writer over real HTTP on loopback, asking a server that a test scripts."""

import re
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime

import pytest

from bot.config import Llm
from bot.llm.claims import Source
from bot.llm.meaning import Meaning
from bot.llm.opening import open_writer
from bot.llm.writer import Writer
from tests.bot.llm.speaking_server import PATH
from tests.conftest import NOW, at_once
from tests.corpus.polite.misbehaving_server import Behaviour, MisbehavingServer

KEY = "sk-planted-0123456789abcdef"
EDGE_MOE = "EdgeMoE: Fast On-Device Inference of MoE-based Large Language Models"
LLM_CAD = "LLMCad: Fast and Scalable On-device Large Language Model Inference"
SOURCES = (
    Source(
        1,
        "2308.14352",
        EDGE_MOE,
        "Specifically, non-expert weights are stored in the device's memory, while expert weights are kept in external "
        "storage and are fetched into memory only when they are activated.",
    ),
    Source(
        2,
        "2309.04255",
        LLM_CAD,
        "Through an extensive series of experiments, LLMCad showcases an impressive token generation speed, achieving "
        "rates up to 9.3x faster than existing inference engines.",
    ),
)
HONEST = "LLMCad generates tokens at rates up to 9.3x faster than existing inference engines."
ALSO_HONEST = "EdgeMoE keeps expert weights in external storage until they are activated."


class WordMeaning:
    """Meaning by the words that two texts share: the share of the claim's that stand in the sentences."""

    def similarity(self, claim: str, sentences: Sequence[str]) -> float:
        said = set(re.findall(r"\w+", " ".join(sentences).lower()))
        words = re.findall(r"\w+", claim.lower())
        return 0.4 + sum(word in said for word in words) / len(words)


@pytest.fixture
async def server() -> AsyncGenerator[MisbehavingServer, None]:
    async with MisbehavingServer() as server:
        yield server


@pytest.fixture
async def make_writer(server: MisbehavingServer) -> AsyncGenerator[Callable[..., object], None]:
    """Writers that ask the server; settings may differ from the test's short ones."""
    async with AsyncExitStack() as stack:

        async def make(
            *behaviours: Behaviour,
            meaning: Meaning | None = None,
            run=at_once,
            now: Callable[[], datetime] = lambda: NOW,
            **settings,
        ) -> Writer:
            server.script(PATH, *behaviours)
            chosen = {
                "base_url": f"{server.address}/v1",
                "model": "m",
                "deadline_seconds": 1.0,
                "api_key": KEY,
            }
            llm = Llm.model_validate(chosen | settings)
            return await stack.enter_async_context(open_writer(llm, meaning or WordMeaning(), run, now))

        yield make


_SLACK = 5.0  # seconds, for a machine that runs two test suites at once


class Stopwatch:
    """Fails a test whose writer takes much longer than its deadline and a second: what has none takes for ever."""

    def __init__(self, deadline: float = 1.0) -> None:
        self._most = deadline + 1.0 + _SLACK

    def __enter__(self) -> None:
        self._begun = time.monotonic()

    def __exit__(self, *_exception: object) -> None:
        took = time.monotonic() - self._begun
        assert took < self._most, f"it took {took:.1f} s"
