"""Killed at any point of posting, at any two, and at random moments, the bot posts each paper once."""

import asyncio
import itertools
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from .feeding import Feeding, feeding, prepare
from .forking import Nursery
from .random_kills import lives

pytestmark = [pytest.mark.wire, pytest.mark.slow]
POINTS = ("before claim", "after claim", "after send", "after record", "during reconcile")
LIVES = 200


@pytest.fixture
async def nursery() -> AsyncGenerator[Nursery, None]:
    async with Nursery() as nursery:
        yield nursery


@pytest.fixture
async def prepared(nursery: Nursery, tmp_path: Path) -> Path:
    return await prepare(nursery, tmp_path / "prepared")


async def crash_twice(stage: Feeding, first: str, second: str) -> None:
    channel = stage.server.world.channel
    await stage.feed(channel)
    ids = await stage.arrive(2)
    for point in (first, second):
        stage.staging.crash(point)
        await stage.start()
        if not await stage.died():  # there was nothing that led it there
            await stage.stop()
        stage.staging.step(6)  # it was down so long: what it sent has come by then
    stage.staging.disarm()
    await stage.start()
    await stage.finish()
    assert stage.posted(channel) == dict.fromkeys(ids, 1), f"{first}, then {second}"


@pytest.mark.parametrize("memory", [300.0, 0.0], ids=["inside the nonce window", "outside the nonce window"])
async def test_killed_at_any_two_points_it_posts_each_paper_once_fault_1(
    nursery: Nursery, prepared: Path, tmp_path: Path, memory: float
):
    at_once = asyncio.Semaphore(3)

    async def run(first: str, second: str) -> None:
        async with at_once, feeding(nursery, prepared, tmp_path / f"{first}, {second}") as stage:
            stage.server.nonce_memory = memory
            await crash_twice(stage, first, second)

    async with asyncio.TaskGroup() as group:
        for first, second in itertools.product(POINTS, repeat=2):
            group.create_task(run(first, second))


async def test_killed_at_random_moments_it_posts_each_paper_once_fault_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    account = await lives(range(LIVES), tmp_path)
    with capsys.disabled():
        print(f"\n{account}")  # noqa: T201 - the figures that the claim rests on
    assert account.failures == {}
    assert (account.lost.total(), account.doubled.total()) == (0, 0), account.wrong
    assert account.kills >= LIVES
