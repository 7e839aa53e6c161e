import asyncio
import sqlite3
import sys
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import RefusedError, UnreachableError
from corpus.polite.client import Limits, PoliteClient
from corpus.polite.pacing import Turns, wait_before_next
from corpus.polite.turn_ledger import TurnLedger
from corpus.sources.source import Answer, Pace

from .misbehaving_server import MisbehavingServer, answers, answers_after, resets

EXPORT, RSS = "export.arxiv.example", "rss.arxiv.example"
SLOW = Pace("arXiv", 1, 0.2, 1)
LIMITS = Limits(first_pause=0.01)

A_PROCESS = """
import asyncio, sys
from pathlib import Path
from corpus.polite.client import PoliteClient
from corpus.sources.source import Pace

async def main(mirror, folder):
    pace = {"export.arxiv.example": Pace("arXiv", 1, 0.2, 1)}
    mirrors = {"export.arxiv.example": mirror}
    async with PoliteClient(pace, version="1", mirrors=mirrors, folder=Path(folder)) as client:
        for _ in range(4):
            await client.get("https://export.arxiv.example/list")

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
async def server() -> AsyncGenerator[MisbehavingServer, None]:
    async with MisbehavingServer() as server:
        server.script("/list", answers())
        yield server


def client_of(
    server: MisbehavingServer, pace: Pace = SLOW, folder: Path | None = None, limits: Limits = LIMITS
) -> PoliteClient:
    return PoliteClient(
        {EXPORT: pace, RSS: pace},
        version="1",
        mirrors={EXPORT: server.address, RSS: server.address},
        folder=folder,
        limits=limits,
    )


def url(host: str = EXPORT, path: str = "list") -> str:
    return f"https://{host}/{path}"


# The pace.


async def test_two_hosts_of_one_service_share_one_pace(server):
    async with client_of(server) as client:
        await asyncio.gather(*(client.get(url(host)) for host in (EXPORT, RSS, EXPORT, RSS)))
    assert len(server.gaps()) == 3
    assert min(server.gaps()) >= SLOW.seconds


async def test_a_try_again_waits_for_its_turn_too(server):
    server.script("/list", answers(status=503), resets(), answers(status=429), answers("at last"))
    async with client_of(server) as client:
        assert await client.get(url()) == Answer("at last")
    assert len(server.gaps()) == 3
    assert min(server.gaps()) >= SLOW.seconds


async def test_a_redirect_waits_for_its_turn_too(server):
    server.script("/old", answers(status=301, headers={"Location": "/list"}))
    async with client_of(server) as client:
        await client.get(url(path="old"))
    assert [arrival.path for arrival in server.arrivals] == ["/old", "/list"]
    assert min(server.gaps()) >= SLOW.seconds


async def test_the_next_client_waits_for_the_last_ones_turn(server, tmp_path):
    for _ in range(3):
        async with client_of(server, folder=tmp_path / "data") as client:
            await client.get(url())
    assert len(server.gaps()) == 2
    assert min(server.gaps()) >= SLOW.seconds


async def test_two_processes_at_once_keep_one_pace(server, tmp_path):
    command = [sys.executable, "-c", A_PROCESS, server.address, str(tmp_path)]
    processes = [await asyncio.create_subprocess_exec(*command) for _ in range(2)]
    assert [await process.wait() for process in processes] == [0, 0]
    assert len(server.arrivals) == 8
    assert min(server.gaps()) >= SLOW.seconds


class SlowLedger(TurnLedger):
    """Somebody else gets in first, and takes a turn, while this one waits for the file."""

    def __init__(self, folder: Path, clock: list[float]) -> None:
        super().__init__(folder)
        self._other = TurnLedger(folder)
        self._clock = clock

    @contextmanager
    def alone(self) -> Generator[None, None, None]:
        if hasattr(self, "_other") and self._clock[0] == 0.0:
            self._clock[0] = 0.1
            with self._other.alone():
                self._other.take("arXiv", self._clock[0] + 1.0)
        with super().alone():
            yield


async def test_a_turn_that_is_taken_while_one_waits_for_the_ledger_counts(tmp_path):
    clock, waits = [0.0], list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock[0] += seconds

    ledger = SlowLedger(tmp_path, clock)
    turns = Turns(
        Pace("arXiv", 1, 3.0, 1), ledger, longest=1.0, patience=9.0, clock=lambda: clock[0], sleep=sleep
    )
    async with turns.turn():
        assert sum(waits) >= 3.0


async def test_an_answer_that_takes_long_does_not_shorten_the_wait(server):
    server.script("/list", answers_after(0.4), answers())
    async with client_of(server) as client:
        await asyncio.gather(client.get(url()), client.get(url(RSS)))
    assert server.gaps()[0] >= 0.4 + SLOW.seconds


async def test_a_request_that_was_given_up_counts_as_one(server):
    server.script("/list", answers_after(5), answers())
    async with client_of(server) as client:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.get(url()), 0.1)
        await client.get(url())
    assert server.gaps()[0] >= SLOW.seconds


async def test_a_service_of_one_connection_sees_one_whichever_of_its_hosts_is_asked(server):
    server.script("/list", answers_after(0.05))
    pace = Pace("arXiv", 100, 1.0, 1)
    mirrors = {EXPORT: server.address, RSS: f"http://localhost:{server.port}"}
    async with PoliteClient({EXPORT: pace, RSS: pace}, version="1", mirrors=mirrors) as client:
        await asyncio.gather(*(client.get(url(host)) for host in (EXPORT, RSS) * 4))
    assert [arrival.connections for arrival in server.arrivals] == [1] * 8


async def test_a_service_of_three_connections_sees_three_at_most_and_uses_them(server):
    server.script("/list", answers_after(0.1))
    async with client_of(server, Pace("Hub", 100, 1.0, 3)) as client:
        await asyncio.gather(*(client.get(url(host)) for host in (EXPORT, RSS) * 5))
    assert max(arrival.connections for arrival in server.arrivals) == 3


async def test_another_service_does_not_wait(server):
    hosts = {EXPORT: Pace("arXiv", 1, 60.0, 1), RSS: Pace("RSS", 1, 60.0, 1)}
    mirrors = {EXPORT: server.address, RSS: server.address}
    async with PoliteClient(hosts, version="1", mirrors=mirrors) as client, asyncio.timeout(30):
        await asyncio.gather(client.get(url(EXPORT)), client.get(url(RSS)))


class Asked:
    """A service in a time of its own: every request is on its way for a while, and arrives at some moment of it."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.now = 0.0
        self.busy_until: list[float] = []
        self.arrivals: list[float] = []

    def ask(self, idle: float, out: float, arrives: float) -> None:
        self.now += idle
        self.now += wait_before_next(self.busy_until, self.now, self.pace)
        assert wait_before_next(self.busy_until, self.now + 1e-6, self.pace) == 0
        self.arrivals.append(self.now + out * arrives)
        self.busy_until.append(self.now + out)


@given(
    st.builds(Pace, st.just("S"), st.integers(1, 4), st.floats(0.5, 10), st.integers(1, 3)),
    st.lists(st.tuples(st.floats(0, 5), st.floats(0, 20), st.floats(0, 1)), min_size=2, max_size=20),
)
def test_no_span_holds_more_arrivals_than_the_pace_however_long_each_is_on_its_way(pace, asks):
    service = Asked(pace)
    for ask in asks:
        service.ask(*ask)
    arrivals = sorted(service.arrivals)
    for first, one_too_many in zip(arrivals, arrivals[pace.requests :], strict=False):
        assert one_too_many - first >= pace.seconds - 1e-6


# What the host asks for.


async def test_the_host_is_left_alone_for_the_seconds_it_asks_for(server):
    server.script("/list", answers(status=429, headers={"Retry-After": "1"}), answers("at last"))
    async with client_of(server) as client:
        assert await client.get(url()) == Answer("at last")
    assert server.gaps()[0] >= 1


async def test_the_host_is_left_alone_until_the_date_it_names(server):
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    server.script("/list", answers(status=503, headers={"Retry-After": date}), answers("at last"))
    async with client_of(server) as client:
        assert await client.get(url()) == Answer("at last")
    assert server.gaps()[0] >= 1 - 0.1  # a date has no fractions of a second, and takes up to one


async def test_everybody_waits_for_a_service_that_asks_one_of_them_to(server):
    server.script("/busy", answers(status=429, headers={"Retry-After": "1"}), answers())
    async with client_of(server) as client:
        await asyncio.gather(client.get(url(path="busy")), client.get(url(RSS)))
    assert server.arrivals[0].path == "/busy"
    assert server.gaps()[0] >= 1


@pytest.mark.parametrize("value", ["3600", "9" * 400, format_datetime(datetime(9999, 1, 1, tzinfo=UTC))])
async def test_nobody_waits_for_an_hour_and_nobody_asks_before(server, tmp_path, value):
    server.script("/list", answers(status=503, headers={"Retry-After": value}))
    async with client_of(server, folder=tmp_path) as client:
        with pytest.raises(UnreachableError, match=r"arXiv .* again from \d{4}-\d\d-\d\d \d\d:\d\d UTC on"):
            await client.get(url())
        with pytest.raises(UnreachableError, match="again from"):
            await client.get(url(RSS))
    async with client_of(server, folder=tmp_path) as client:
        with pytest.raises(UnreachableError, match="again from"):
            await client.get(url())
    assert len(server.arrivals) == 1


async def test_a_rest_of_a_year_is_a_day(server):
    later = 0.0
    server.script("/list", answers(status=503, headers={"Retry-After": str(365 * 86_400)}), answers("open"))
    async with PoliteClient(
        {EXPORT: SLOW}, version="1", mirrors={EXPORT: server.address}, clock=lambda: time.time() + later
    ) as client:
        with pytest.raises(UnreachableError):
            await client.get(url())
        later = 86_400.0
        assert await client.get(url()) == Answer("open")


# The ledger.


async def test_a_clock_that_was_set_back_stops_nobody(server, tmp_path):
    tomorrow = time.time() + 86_400
    pace = {EXPORT: SLOW}
    mirrors = {EXPORT: server.address}
    async with PoliteClient(
        pace, version="1", mirrors=mirrors, folder=tmp_path, clock=lambda: tomorrow
    ) as client:
        await client.get(url())
    async with client_of(server, folder=tmp_path) as client, asyncio.timeout(30):
        await client.get(url())


async def test_a_damaged_ledger_is_named(server, tmp_path):
    (tmp_path / "pace.db").write_bytes(b"no database" * 100)
    with pytest.raises(RefusedError, match=r"pace\.db.*delete it"):
        async with client_of(server, folder=tmp_path):
            pass


async def test_a_ledger_that_another_one_holds_is_named(server, tmp_path, monkeypatch):
    monkeypatch.setattr("corpus.polite.turn_ledger._LOCK_SECONDS", 0.05)
    async with client_of(server, folder=tmp_path) as client:
        other = sqlite3.connect(tmp_path / "pace.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RefusedError, match="locked"):
            await client.get(url())
        other.close()
    assert server.arrivals == []


def test_one_service_has_one_pace():
    with pytest.raises(ValueError, match="two paces for arXiv"):
        PoliteClient({EXPORT: SLOW, RSS: Pace("arXiv", 1, 1.0, 1)}, version="1")
