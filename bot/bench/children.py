"""Runs a part of the bench in a process of its own, whose start and memory are what a reader's are."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from bot.config import ENVIRONMENT_PREFIX, Settings
from bot.errors import BotError

_SETTINGS = f"{ENVIRONMENT_PREFIX}RETRIEVAL__"


class BenchError(BotError):
    """A part of the bench did not run; the text has what it said."""


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which a process reads these settings, whatever was set before."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ENVIRONMENT_PREFIX)}
    chosen: Mapping[str, Any] = settings.retrieval.model_dump(mode="json")
    told = {f"{_SETTINGS}{key.upper()}": _as_text(value) for key, value in chosen.items()}
    return clean | told | {f"{ENVIRONMENT_PREFIX}DATA": str(settings.data)}


async def run(
    *command: str, settings: Settings, given: str = "", threads: int | None = None
) -> tuple[str, float]:
    """What a Python process prints, and how many seconds it ran. `threads` limits those of its numeric libraries.

    Raises BenchError.
    """
    limits = {} if threads is None else {"OMP_NUM_THREADS": str(threads)}
    started = time.perf_counter()
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(settings) | limits,
        cwd=settings.data,  # no config.toml is there
    )
    try:
        out, said = await child.communicate(given.encode())
    finally:
        if child.returncode is None:
            child.kill()
    seconds = time.perf_counter() - started
    if child.returncode:
        raise BenchError(f"{' '.join(command)} failed: {_last_line(said)}")
    return out.decode(), seconds


async def until_line(*command: str, settings: Settings, beginning: str, patience: float) -> float:
    """Seconds from a process's start to a line on its stderr that begins so; then it is ended. Raises BenchError."""
    started = time.perf_counter()
    async with _after_line(*command, settings=settings, beginning=beginning, patience=patience):
        return time.perf_counter() - started


async def kill(
    *command: str, settings: Settings, beginning: str, patience: float, after_seconds: float
) -> None:
    """Start a process, and kill it some time after a line on its stderr that begins so. It may end before.

    Raises BenchError.
    """
    async with _after_line(*command, settings=settings, beginning=beginning, patience=patience) as child:
        with suppress(TimeoutError):
            await asyncio.wait_for(child.wait(), after_seconds)
        if child.returncode is None:
            child.kill()  # SIGKILL: it has no chance to tidy up


@asynccontextmanager
async def _after_line(
    *command: str, settings: Settings, beginning: str, patience: float
) -> AsyncGenerator[asyncio.subprocess.Process, None]:
    """A process that has said a line on its stderr that begins so; at the end it is ended."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=environment(settings),
        cwd=settings.data,
    )
    try:
        async with asyncio.timeout(patience):
            said = await _says(child, beginning)
        if not said:
            raise BenchError(f"{' '.join(command)} ended without saying “{beginning}”")
        yield child
    except TimeoutError as error:
        raise BenchError(f"{' '.join(command)} did not say “{beginning}” in {patience:g} s") from error
    finally:
        if child.returncode is None:
            child.terminate()
        await child.communicate()


async def _says(child: asyncio.subprocess.Process, beginning: str) -> bool:
    async for line in child.stderr or ():
        if line.decode().startswith(beginning):
            return True
    return False


def printed_json(out: str) -> Any:
    """The JSON in the last line of an output."""
    return json.loads(out.strip().splitlines()[-1])


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _last_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def home(settings: Settings, name: str) -> Path:
    """A folder beside a size's data for what only a yardstick needs."""
    return settings.data / "yardsticks" / name
