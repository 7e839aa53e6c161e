"""Tests of feeds over the wire, four at a time: one nursery for all of them, and stages as many as a test wants.

A module that names this in `pytest_plugins` has its tests begun when the first of them is, since they mostly wait; each of
them then waits for its own. A test takes a `stage`, or `stages` to open several.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from .feeding import Feeding, Stages, feeding, prepare
from .forking import Nursery
from .nursery import ROUND_SECONDS

AT_ONCE = 4
_Play = Callable[..., Awaitable[None]]
_plays: dict[pytest.Item, _Play] = {}


class Company:
    """Plays the tests of one module."""

    def __init__(self, nursery: Nursery, prepared: Path, folders: pytest.TempPathFactory) -> None:
        self._nursery = nursery
        self._prepared = prepared
        self._folders = folders
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._playing: dict[pytest.Item, asyncio.Task[None]] = {}

    def begin(self, items: Sequence[pytest.Item]) -> None:
        """Begin these tests, in this order."""
        for item in items:
            self._playing[item] = asyncio.create_task(self._play(item))

    async def outcome(self, item: pytest.Item) -> None:
        """Wait for the end of a test, and raise what it raised."""
        await self._playing[item]

    async def end(self) -> None:
        """Leave off what has not ended."""
        for task in self._playing.values():
            task.cancel()
        await asyncio.gather(*self._playing.values(), return_exceptions=True)

    async def _play(self, item: pytest.Item) -> None:
        async with self._at_once:
            stages = self._stages(self._folders.mktemp("stages"))
            arguments: dict[str, Any] = dict(getattr(getattr(item, "callspec", None), "params", {}))
            wanted = _names(item)
            if "stages" in wanted:
                arguments["stages"] = stages
            if "stage" not in wanted:
                await _plays[item](**arguments)
                return
            async with stages("stage") as stage:
                await _plays[item](stage=stage, **arguments)

    def _stages(self, folder: Path) -> Stages:
        @asynccontextmanager
        async def stage(name: str) -> AsyncGenerator[Feeding, None]:
            async with feeding(self._nursery, self._prepared, folder / name) as stage:
                stage.env[ROUND_SECONDS] = (
                    "0.2"  # ten times as often as usual, so that tests need not wait for it
                )
                yield stage

        return stage


@pytest.hookimpl(trylast=True)  # once it is known which tests are run
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each test wait for the company that plays it."""
    for item in items:
        if isinstance(item, pytest.Function) and _names(item) & {"stage", "stages"} and _is_ours(item):
            _plays[item] = item.obj
            item.obj = _waiting_for(item)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def feeds_nursery() -> AsyncGenerator[Nursery, None]:
    """Where every bot of these tests is forked."""
    async with Nursery() as nursery:
        yield nursery


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def feeds_prepared(feeds_nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder to copy."""
    return await prepare(feeds_nursery, tmp_path_factory.mktemp("feeds") / "prepared")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def feeds_company(
    request: pytest.FixtureRequest,
    feeds_nursery: Nursery,
    feeds_prepared: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncGenerator[Company, None]:
    """Plays all tests of the module that are run."""
    company = Company(feeds_nursery, feeds_prepared, tmp_path_factory)
    company.begin([item for item in _plays if item.nodeid.startswith(f"{request.node.nodeid}::")])
    yield company
    await company.end()


@pytest.fixture
def stages(feeds_company: Company) -> Company:
    """`async with stages("a name") as stage`: a bot that does not run yet, with a Discord of its own."""
    return feeds_company


@pytest.fixture
def stage(feeds_company: Company) -> Company:
    """The one stage of a test that needs no more."""
    return feeds_company


def _names(item: pytest.Item) -> set[str]:
    return set(item._fixtureinfo.argnames) if isinstance(item, pytest.Function) else set()


def _is_ours(item: pytest.Function) -> bool:
    return __name__ in getattr(item.module, "pytest_plugins", ())


def _waiting_for(item: pytest.Item) -> _Play:
    async def wait(**given: Any) -> None:
        company = given.get("stage") or given["stages"]
        await company.outcome(item)

    return wait
