"""How long does a digest in each of 1,000 channels take? `python -m tests.wire.thousand_channels [CHANNELS]`.

All fall due at one moment; one channel answers each attempt with 500, and one only after ten seconds.
"""

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bot.feeds.feed import Feed, Settings
from bot.feeds.schedule import next_run
from bot.state.feeds import FeedStore
from corpus.database import open_database
from corpus.events import Events

from .faults import breaks, delays
from .feeding import DAILY, feeding, prepare
from .forking import Nursery
from .papers import database_url
from .world import HUMAN_ID

_POSTS = "/channels/*/messages"
_PAPERS = 12


@dataclass(frozen=True)
class Posting:
    """Seconds from the moment at which the digests fell due, and the most requests in any second."""

    channels: int
    posted: int
    first: float
    last: float
    busiest: int

    def __str__(self) -> str:
        return (
            f"{self.posted} digests in {self.channels} channels: the first {self.first:.1f} s after they fell due, the last "
            f"but that of the two channels in trouble {self.last:.1f} s; at most {self.busiest} requests a second"
        )


async def measure(channels: int, folder: Path, *, topics: bool = False) -> Posting:
    """Post a digest in so many channels; with `topics` each feed has a topic of its own."""
    async with Nursery() as nursery:
        prepared = await prepare(nursery, folder / "prepared")
        async with feeding(nursery, prepared, folder / "run") as stage:
            guild = stage.server.world.guild
            places = [guild.add_text_channel(f"channel-{number}") for number in range(channels)]
            await _make_feeds(stage.data, [int(place.id) for place in places], int(guild.id), topics=topics)
            await stage.arrive(_PAPERS)
            stage.server.faults.add(breaks(500), channel=places[0])
            stage.server.faults.add(delays(10), channel=places[1], times=1)
            await stage.start()
            await asyncio.sleep(2)  # what a start does is not measured
            stage.staging.step(_until_due(stage.staging.now()))
            due = time.monotonic()
            await stage.server.received("POST", _POSTS, within=60)
            await stage.server.received("POST", _POSTS, number=channels, within=300)
            well = {place.id for place in places[2:]}
            times = {r.path.split("/")[2]: r.at for r in stage.server.sent("POST", _POSTS)}
            times = {place: at - due for place, at in times.items() if place in well}
            posted = sum(len(stage.server.posted(place)) for place in places)
            busiest = stage.server.busiest_second("*", "/channels/*")
            return Posting(channels, posted, min(times.values()), max(times.values()), busiest)


def _until_due(now: object) -> float:
    from datetime import datetime  # noqa: PLC0415

    assert isinstance(now, datetime)
    due = next_run(DAILY, ran=None, now=now)
    assert due
    return (due - now) / timedelta(seconds=1)


async def _make_feeds(data: Path, places: list[int], guild: int, *, topics: bool) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    now = datetime.now(UTC)
    async with open_database(database_url(data)) as engine:
        last, store = await Events(engine).last(), FeedStore(engine)
        for number, place in enumerate(places):
            query = f"what this paper number {number} is about" if topics else ""
            settings = Settings(query=query, threshold=0.0 if topics else None, schedule=DAILY)
            feed = Feed(0, "feed", f"Feed {number}", guild, place, int(HUMAN_ID), settings, now, last, last)
            await store.make(replace(feed, due=next_run(DAILY, ran=None, now=now)))


def main() -> None:
    channels = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(f"{asyncio.run(measure(channels, Path(folder)))}\n")
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(f"with topics: {asyncio.run(measure(channels, Path(folder), topics=True))}\n")


if __name__ == "__main__":
    main()
