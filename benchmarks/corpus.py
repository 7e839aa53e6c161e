"""A corpus to ask, through the same parts as the bot: the bundled papers, or what is in a data folder."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.config import load_settings
from bot.wiring import Parts, fill_if_empty, open_parts


@asynccontextmanager
async def opened(data: Path | None) -> AsyncGenerator[Parts, None]:
    """The corpus of a data folder, which is only read; None: the bundled papers, in a folder that is gone afterwards."""
    with TemporaryDirectory() as folder:
        settings = load_settings(None, data=data or Path(folder))
        async with open_parts(settings) as parts:
            if data is None:
                await fill_if_empty(parts)
            await parts.upkeep(owns=data is None).catch_up(_unseen)
            yield parts


def _unseen(_done: int, _total: int) -> None:
    pass
