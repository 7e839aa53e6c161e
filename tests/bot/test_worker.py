"""Blocking work never holds up the event loop, and never piles up."""

import asyncio
import threading
from pathlib import Path

import pytest

from bot.config import load_settings
from bot.errors import BusyError
from bot.wiring import open_parts
from bot.worker import Worker


async def test_calls_run_in_turn_on_one_thread_that_is_not_the_loops():
    async with Worker(max_waiting=4) as worker:
        threads = await asyncio.gather(*(worker.run(threading.get_ident) for _ in range(4)))
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


async def test_past_the_bound_a_caller_learns_at_once_that_it_is_busy():
    gate = threading.Event()
    async with Worker(max_waiting=2) as worker:
        waiting = [asyncio.create_task(worker.run(gate.wait, 5)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await worker.run(threading.get_ident)
        gate.set()
        assert await asyncio.gather(*waiting) == [True, True]
        assert await worker.run(threading.get_ident)


async def test_a_failure_reaches_the_caller_and_the_worker_lives():
    async with Worker(max_waiting=2) as worker:
        with pytest.raises(ZeroDivisionError):
            await worker.run(lambda: 1 / 0)
        assert await worker.run(lambda: 1) == 1


async def test_the_panic_of_a_rust_library_reaches_the_caller_as_an_error():
    class Panic(BaseException):
        """As pyo3_runtime.PanicException is."""

    def fall() -> None:
        raise Panic("index out of bounds")

    async with Worker(max_waiting=2) as worker:
        with pytest.raises(RuntimeError, match="index out of bounds"):
            await worker.run(fall)
        assert await worker.run(lambda: 1) == 1


async def test_the_loop_goes_on_while_a_call_blocks():
    gate = threading.Event()
    async with Worker(max_waiting=2) as worker:
        blocked = asyncio.create_task(worker.run(gate.wait, 5))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not blocked.done()
        gate.set()
        assert await blocked


async def test_leaving_waits_for_the_call_that_runs_and_drops_what_waits():
    gate, ran = threading.Event(), list[str]()

    def slow() -> None:
        gate.wait(5)
        ran.append("slow")

    async with Worker(max_waiting=4) as worker:
        tasks = [
            asyncio.create_task(worker.run(slow)),
            asyncio.create_task(worker.run(ran.append, "dropped")),
        ]
        await asyncio.sleep(0.05)
        asyncio.get_running_loop().call_later(0.05, gate.set)
    assert ran == ["slow"]
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_whoever_was_let_in_to_search_is_not_turned_away_before_the_verdict_and_the_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PAPERCORD_RETRIEVAL__MAX_WAITING", "1")
    gate = threading.Event()
    async with open_parts(load_settings(None, data=tmp_path)) as parts:
        let_in = [asyncio.create_task(parts.worker.run(gate.wait, 5)) for _ in range(20)]
        await asyncio.sleep(0)
        gate.set()
        assert await asyncio.gather(*let_in) == [True] * 20
