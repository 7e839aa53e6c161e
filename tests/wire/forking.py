"""Bots that start in a fraction of a second, forked by a nursery; each as `running_bot` would give it, but for the model."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .loopback import LoopbackDiscord
from .process import ROOT
from .world import TOKEN

WORDS = {
    "PAPERCORD_RETRIEVAL__ENCODERS": '["words"]',
    "PAPERCORD_RETRIEVAL__ENCODER_WEIGHTS": "[1.0]",
    "PAPERCORD_RETRIEVAL__EXPAND": "false",
}
"""Settings under which the tests' encoder stands for the models."""


class Forked:
    """One bot; `output` is what it has written."""

    def __init__(self, nursery: "Nursery", server: LoopbackDiscord, pid: int, out: Path) -> None:
        self.pid = pid
        self._nursery = nursery
        self._server = server
        self._out = out

    @property
    def output(self) -> str:
        return self._out.read_text(encoding="utf-8", errors="replace")

    async def exit_code(self, within: float = 30) -> int:
        """Wait until it has ended by itself; -9 is that of one that was killed."""
        try:
            async with asyncio.timeout(within):
                return await self._nursery.ended(self.pid)
        except TimeoutError:
            raise AssertionError(f"the bot still runs after {within} s. It said:\n{self.output}") from None

    async def terminate(self, within: float = 30) -> int:
        """Send SIGTERM, as a service manager does, and return the exit code."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        return await self.exit_code(within)

    async def kill(self) -> None:
        """End it without asking, if it has not ended."""
        if not self._nursery.has_ended(self.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        await self.exit_code()


class Nursery:
    """The process that forks bots, for as long as the context lasts."""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            f"{__package__}.nursery",
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._ended: dict[int, asyncio.Future[int]] = {}
        self._began: asyncio.Queue[int] = asyncio.Queue()
        self._is_ready = asyncio.Event()
        self._ordering = asyncio.Lock()
        self._reading = asyncio.create_task(self._read())
        async with asyncio.timeout(60):
            await self._is_ready.wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pid, ended in self._ended.items():
            if not ended.done():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        if self._process.stdin:
            self._process.stdin.close()
        await self._process.wait()
        await self._reading

    async def start(
        self, server: LoopbackDiscord, *arguments: str, out: Path, env: Mapping[str, str] | None = None
    ) -> Forked:
        """Start `papercord …` pointed at the server; what it writes is added to the file `out`."""
        order = {
            "arguments": arguments,
            "out": str(out),
            "env": {
                **os.environ,
                **WORDS,
                "PAPERCORD_DISCORD__API_BASE": server.api_base,
                "PAPERCORD_DISCORD__GATEWAY": server.gateway_url,
                "DISCORD_TOKEN": TOKEN,
                "PAPERCORD_CORPUS__SOURCES": "[]",
                **(env or {}),
            },
        }
        async with self._ordering:
            assert self._process.stdin
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            await self._process.stdin.drain()
            pid = await self._began.get()
        return Forked(self, server, pid, out)

    async def ended(self, pid: int) -> int:
        """Wait until a bot has ended, and return how."""
        return await asyncio.shield(self._ended.setdefault(pid, asyncio.get_running_loop().create_future()))

    def has_ended(self, pid: int) -> bool:
        ended = self._ended.get(pid)
        return ended is not None and ended.done()

    async def _read(self) -> None:
        assert self._process.stdout
        while line := await self._process.stdout.readline():
            said: dict[str, Any] = json.loads(line)
            if "ready" in said:
                self._is_ready.set()
            elif "began" in said:
                self._ended.setdefault(said["began"], asyncio.get_running_loop().create_future())
                self._began.put_nowait(said["began"])
            else:
                ended = self._ended.setdefault(said["ended"], asyncio.get_running_loop().create_future())
                ended.set_result(said["code"])


@contextlib.asynccontextmanager
async def forked_bot(
    nursery: Nursery,
    server: LoopbackDiscord,
    *arguments: str,
    out: Path,
    env: Mapping[str, str] | None = None,
) -> AsyncGenerator[Forked, None]:
    """A bot for the block; a failure inside carries its output."""
    bot = await nursery.start(server, *arguments, out=out, env=env)
    try:
        yield bot
    except BaseException as failure:
        failure.add_note(f"The bot said:\n{bot.output}")
        raise
    finally:
        await bot.kill()
