"""Stages for conversations: a bot that knows the bundled papers, run by each test or for all of a module. A pytest plugin."""

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.corpus.polite.misbehaving_server import MisbehavingServer

from .channels import Channel
from .conversing import HOSTILE, with_model
from .feeding import Feeding, feeding
from .forking import Nursery
from .loopback import LoopbackDiscord
from .papers import put_papers
from .people import Person
from .staging import Staging


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def talk_prepared(
    feeds_nursery: Nursery, bundled_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A data folder with the bundled papers and the hostile one, to copy: a start then finds everything made."""
    folder = tmp_path_factory.mktemp("talks")
    async with LoopbackDiscord() as server:
        stage = Feeding(server, feeds_nursery, folder, Staging(folder))
        stage.data.mkdir()
        shutil.copy(bundled_database, stage.data)
        await put_papers(stage.data, [HOSTILE])
        await stage.start()
        await stage.stop()
    return stage.data


@pytest_asyncio.fixture(loop_scope="session")
async def talk(feeds_nursery: Nursery, talk_prepared: Path, tmp_path: Path) -> AsyncGenerator[Feeding, None]:
    """A bot that does not run yet, and its Discord."""
    async with feeding(feeds_nursery, talk_prepared, tmp_path / "talk") as talk:
        yield talk


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hall(
    feeds_nursery: Nursery, talk_prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Feeding, None]:
    """A bot that runs for all tests of a module; each speaks to it as somebody else, or in a channel of its own."""
    folder = tmp_path_factory.mktemp("hall") / "talk"
    async with feeding(feeds_nursery, talk_prepared, folder) as hall:
        await hall.start()
        yield hall


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def model() -> AsyncGenerator[MisbehavingServer, None]:
    """Where a language model is to be; each test says what it does."""
    async with MisbehavingServer() as model:
        yield model


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def study(
    request: pytest.FixtureRequest,
    feeds_nursery: Nursery,
    talk_prepared: Path,
    tmp_path_factory: pytest.TempPathFactory,
    model: MisbehavingServer,
) -> AsyncGenerator[Feeding, None]:
    """A bot that writes its answers with the model, for all tests of a module, which may set its DEADLINE_SECONDS."""
    deadline = getattr(request.module, "DEADLINE_SECONDS", 20)
    folder = tmp_path_factory.mktemp("study") / "talk"
    async with feeding(feeds_nursery, talk_prepared, folder) as study:
        study.server.gateway.heartbeat_seconds = 0.5
        await study.start(with_model(model, deadline_seconds=deadline))
        yield study


@pytest.fixture
def guest(hall: Feeding) -> Person:
    """Somebody who has not spoken to the bot of the hall yet."""
    return hall.server.world.add_person("sam")


@pytest.fixture
def room(hall: Feeding) -> Channel:
    """A channel in which nobody has spoken yet."""
    return hall.server.world.guild.add_text_channel("room")
