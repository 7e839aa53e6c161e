"""The bot as a process of its own: started against a loopback Discord, stopped by a signal, its words kept."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

from .loopback import LoopbackDiscord
from .world import TOKEN

ROOT = Path(__file__).parents[2]


class BotProcess:
    """A bot; `output` is what it, and those that were started before it, have written to stdout and stderr."""

    def __init__(self, server: LoopbackDiscord, command: tuple[str, ...], env: Mapping[str, str]) -> None:
        self._server = server
        self._command = command
        self._env = env
        self._others = server.gateway.lines
        self._lines: list[str] = []
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def output(self) -> str:
        return "".join(self._lines)

    @property
    def pid(self) -> int:
        return self._started().pid

    async def start(self) -> None:
        """Start it, anew if it has ended."""
        self._others = self._server.gateway.lines
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=self._env,
        )
        self._reading = asyncio.create_task(self._read(self._process))

    async def exit_code(self, within: float = 30) -> int:
        """Wait until the process has ended by itself; -9 is that of one that was killed."""
        process = self._started()
        try:
            async with asyncio.timeout(within):
                code = await process.wait()
                await self._gone()
        except TimeoutError:
            raise AssertionError(f"the bot still runs after {within} s. It said:\n{self.output}") from None
        return code

    async def terminate(self, within: float = 30) -> int:
        """Send SIGTERM, as a service manager does, and return the exit code."""
        self._started().send_signal(signal.SIGTERM)
        return await self.exit_code(within)

    async def kill(self) -> None:
        """End the process without asking, if it has not ended."""
        process = self._started()
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await self._gone()

    async def ready(self, within: float = 60) -> None:
        """Wait until it is on the gateway; one that ends instead is not waited for any longer."""
        ended = asyncio.create_task(self._started().wait())
        ready = asyncio.create_task(self._server.wait_ready(within))
        try:
            await asyncio.wait({ended, ready}, return_when=asyncio.FIRST_COMPLETED)
            if not ready.done():
                raise AssertionError(f"the bot ended with {ended.result()} before it was on the gateway")
            ready.result()
        finally:
            ended.cancel()
            ready.cancel()

    async def restart(self, within: float = 60) -> None:
        """Kill it, start it, and wait until it is on the gateway again."""
        await self.kill()
        await self.start()
        await self.ready(within)

    async def _gone(self) -> None:
        """Until all it said is read, and the server has noticed: what is sent from now on finds nobody."""
        if self._reading is not None:
            await self._reading
        await self._server.wait_gone(self._others)

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        while process.stdout is not None and (line := await process.stdout.readline()):
            self._lines.append(line.decode(errors="replace"))

    def _started(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise AssertionError("the bot was never started")
        return self._process


@contextlib.asynccontextmanager
async def running_bot(
    server: LoopbackDiscord, *command: str, env: Mapping[str, str] | None = None
) -> AsyncGenerator[BotProcess, None]:
    """Run a command pointed at the server; a failure inside the block carries the bot's output."""
    bot = BotProcess(
        server,
        command,
        {
            **os.environ,
            "PAPERCORD_DISCORD__API_BASE": server.api_base,
            "PAPERCORD_DISCORD__GATEWAY": server.gateway_url,
            "DISCORD_TOKEN": TOKEN,
            "PAPERCORD_CORPUS__SOURCES": "[]",  # nothing is asked of the outside
            **(env or {}),
        },
    )
    await bot.start()
    try:
        yield bot
    except BaseException as failure:
        await bot.kill()
        failure.add_note(f"The bot said:\n{bot.output}")
        raise
    finally:
        await bot.kill()
