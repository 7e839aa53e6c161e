"""Fixtures for tests of feeds over the wire: one nursery for all of them, and stages as many as a test wants."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from .feeding import Feeding, Stages, feeding, prepare
from .forking import Nursery
from .nursery import ROUND_SECONDS


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def feeds_nursery() -> AsyncGenerator[Nursery, None]:
    """Where every bot of these tests is forked."""
    async with Nursery() as nursery:
        yield nursery


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def feeds_prepared(feeds_nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder to copy."""
    return await prepare(feeds_nursery, tmp_path_factory.mktemp("feeds") / "prepared")


@pytest_asyncio.fixture(loop_scope="session")
async def stages(feeds_nursery: Nursery, feeds_prepared: Path, tmp_path: Path) -> Stages:
    """`async with stages("a name") as stage`: a bot that does not run yet, with a Discord of its own.

    Its loop goes round ten times as often as usual, so that tests need not wait for it.
    """

    @asynccontextmanager
    async def stage(name: str) -> AsyncGenerator[Feeding, None]:
        async with feeding(feeds_nursery, feeds_prepared, tmp_path / name) as stage:
            stage.env[ROUND_SECONDS] = "0.2"
            yield stage

    return stage


@pytest_asyncio.fixture(loop_scope="session")
async def stage(stages: Stages) -> AsyncGenerator[Feeding, None]:
    """The one stage of a test that needs no more."""
    async with stages("stage") as stage:
        yield stage
