"""A loopback Discord and plain requests to it, for tests that need no bot."""

from collections.abc import AsyncGenerator

import pytest

from .loopback import LoopbackDiscord
from .plain_bot import Api


@pytest.fixture
async def server() -> AsyncGenerator[LoopbackDiscord, None]:
    """A server in which nothing is asked, and nothing answered, that Discord would not."""
    async with LoopbackDiscord() as server:
        yield server
        assert server.violations == []
        assert server.answer_violations == []


@pytest.fixture
async def api(server: LoopbackDiscord) -> AsyncGenerator[Api, None]:
    async with Api(server) as api:
        yield api
