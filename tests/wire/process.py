"""The bot as a process of its own: started against a loopback Discord, stopped by a signal, its words kept."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncGenerator, Mapping

from .loopback import LoopbackDiscord
from .world import TOKEN


class BotProcess:
    """A running bot; `output` is what it has written to stdout and stderr so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._lines: list[str] = []
        self._reading = asyncio.create_task(self._read())

    @property
    def output(self) -> str:
        return "".join(self._lines)

    async def exit_code(self, within: float = 15) -> int:
        """Wait until the process has ended by itself."""
        try:
            async with asyncio.timeout(within):
                await self._reading
                return await self._process.wait()
        except TimeoutError:
            raise AssertionError(f"the bot still runs after {within} s. It said:\n{self.output}") from None

    async def terminate(self, within: float = 15) -> int:
        """Send SIGTERM, as a service manager does, and return the exit code."""
        self._process.send_signal(signal.SIGTERM)
        return await self.exit_code(within)

    async def kill(self) -> None:
        """End the process without asking, if it has not ended."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._reading
        await self._process.wait()

    async def _read(self) -> None:
        stream = self._process.stdout
        while stream is not None and (line := await stream.readline()):
            self._lines.append(line.decode(errors="replace"))


@contextlib.asynccontextmanager
async def running_bot(
    server: LoopbackDiscord, *command: str, env: Mapping[str, str] | None = None
) -> AsyncGenerator[BotProcess, None]:
    """Run a command pointed at the server; a failure inside the block carries the bot's output."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={
            **os.environ,
            "PAPERCORD_DISCORD__API_BASE": server.api_base,
            "PAPERCORD_DISCORD__GATEWAY": server.gateway_url,
            "DISCORD_TOKEN": TOKEN,
            "PAPERCORD_CORPUS__SOURCES": "[]",  # nothing is asked of the outside
            **(env or {}),
        },
    )
    bot = BotProcess(process)
    try:
        yield bot
    except BaseException as failure:
        await bot.kill()
        failure.add_note(f"The bot said:\n{bot.output}")
        raise
    finally:
        await bot.kill()
