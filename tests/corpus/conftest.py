"""What the tests of corpus/ share: the bundled page, the pages written by hand, and an empty database."""

from collections.abc import AsyncGenerator, Callable
from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.database import open_database
from corpus.store import PaperStore
from tests.empty_database import lay_database


@pytest.fixture(scope="session")
def bundled_page() -> str:
    return (files("corpus") / "data" / "daily-papers-page.txt").read_text("utf-8")


@pytest.fixture(scope="session")
def fixture_path() -> Callable[[str], Path]:
    return lambda name: Path(__file__).parent / "fixtures" / f"{name}.txt"


@pytest.fixture(scope="session")
def fixture_page(fixture_path: Callable[[str], Path]) -> Callable[[str], str]:
    """The text of a page by name, with its line ends as they are in the file."""
    return lambda name: fixture_path(name).read_bytes().decode()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/papers.db"


@pytest.fixture
async def engine(database_url: str, tmp_path: Path) -> AsyncGenerator[AsyncEngine, None]:
    assert lay_database(tmp_path / "papers.db") == database_url
    async with open_database(database_url) as engine:
        yield engine


@pytest.fixture
def store(engine: AsyncEngine) -> PaperStore:
    return PaperStore(engine)
