"""A process that syncs and encodes in children of its own, and has them killed between two steps.

Run by test_sync_crashes, which reads a JSON object a line: first of a run that nobody disturbs, then of each that is killed
and begun again. A step is a statement or a commit of the database, a question to a host or its answer, and a piece of
blocking work, such as a change of an index.
"""

import asyncio
import importlib
import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.database import open_database
from corpus.source_states import SourceStates
from corpus.sources.source import Answer, Validator
from corpus.sync import Client, Sync
from tests.corpus.syncing import DAILY, NEW, NOW, SEARCH, client_of
from tests.retrieval.upkeeping import Process

LINES = (DAILY, NEW, SEARCH)
_TABLES = {
    # All but the times, and the numbers of events, which are in their order.
    "papers": "SELECT * FROM papers ORDER BY id",
    "aliases": "SELECT alias, paper_id FROM aliases ORDER BY 1, 2",
    "accounts": "SELECT paper_id, source, version, told FROM accounts ORDER BY 1, 2, 3",
    "words": "SELECT digest, source, paper_id, version FROM words ORDER BY 1, 2, 3, 4",
    "events": "SELECT paper_id, kind, source FROM events ORDER BY id",
    "source_states": "SELECT source, watermark, failure FROM source_states ORDER BY 1",
    "validators": "SELECT url, etag FROM validators ORDER BY 1",
}
_TIMES = {"first_seen", "updated"}


class Steps:
    """Counts them; the process ends before the one that is fatal."""

    def __init__(self, fatal: int | None) -> None:
        self.taken = 0
        self.fatal = fatal

    def take(self, *_what: object) -> None:
        self.taken += 1
        if self.taken == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, engine: AsyncEngine) -> None:
        for name in ("before_cursor_execute", "commit"):
            event.listen(engine.sync_engine, name, self.take)

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        self.take()
        return function(*arguments)


class SteppedClient:
    """A client whose questions and answers are steps."""

    def __init__(self, client: Client, steps: Steps) -> None:
        self._client = client
        self._steps = steps

    async def get(
        self, url: str, params: Mapping[str, str] | None = None, *, validator: Validator | None = None
    ) -> Answer | None:
        self._steps.take()
        answer = await self._client.get(url, params, validator=validator)
        self._steps.take()
        return answer


async def work(folder: Path, address: str, steps: Steps, hours: int) -> dict[str, Any]:
    """Visit every source and encode behind each; what there is then."""
    async with (
        open_database(f"sqlite+aiosqlite:///{folder}/papers.db") as engine,
        client_of(address, arxiv_seconds=0.001) as client,
    ):
        steps.watch(engine)
        process = Process(engine, folder, run=steps.run)
        stepped = SteppedClient(client, steps)
        seconds = count()

        def clock() -> datetime:
            return NOW + timedelta(hours=hours, seconds=next(seconds))

        sync = Sync(process.store, SourceStates(engine), stepped, LINES, clock)
        for line in LINES:
            visit = (await sync.run([line]))[line]
            if visit.failure:
                raise RuntimeError(visit.failure)
            await process.catch_up()
        steps.fatal = None
        taken = steps.taken
        return {"steps": taken} | await state_of(engine, process)


async def state_of(engine: AsyncEngine, process: Process) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    async with engine.connect() as connection:
        for name, query in _TABLES.items():
            rows = (await connection.execute(text(query))).mappings()
            tables[name] = [{key: row[key] for key in row if key not in _TIMES} for row in rows]
        encoded = (
            (await connection.execute(text("SELECT content_hash FROM vectors ORDER BY 1"))).scalars().all()
        )
    return {
        "tables": tables,
        "contents": await process.store.contents(),
        "encoded": encoded,
        "rows": process.indexes.rows.contents(),
        "graph": process.graph.contents(),
        "texts": sorted(process.indexes.texts.contents().items()),
    }


def in_a_child(folder: Path, address: str, *, fatal: int | None, hours: int) -> dict[str, Any] | None:
    """What there is after a run in a process of its own; None if that was killed."""
    told = folder / "state.json"
    child = os.fork()
    if child == 0:
        try:
            state = asyncio.run(work(folder, address, Steps(fatal), hours))
            told.write_text(json.dumps(state), "utf-8")
            os._exit(0)
        except BaseException:  # noqa: BLE001 - whatever it was, the child never goes on as its parent
            sys.excepthook(*sys.exc_info())  # pyright: ignore[reportArgumentType]
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return None
    if status:
        raise RuntimeError(f"a child of {folder.name} failed with {status}")
    return json.loads(told.read_text("utf-8"))


def killed_and_begun_again(folder: Path, template: Path, address: str, fatal: list[int]) -> dict[str, Any]:
    """The state after a run that nobody disturbs, behind runs that end before these steps."""
    folder.mkdir()
    shutil.copy(template, folder / "papers.db")
    killed = [
        step
        for hours, step in enumerate(fatal)
        if in_a_child(folder, address, fatal=step, hours=hours) is None
    ]
    state = in_a_child(folder, address, fatal=None, hours=len(fatal))
    shutil.rmtree(folder)
    return {"fatal": fatal, "killed": killed, "state": state}


def points(steps: int, number: int, seed: int) -> list[list[int]]:
    """Before which steps runs are killed: from the first to the last, every third a second time while it recovers."""
    chance = random.Random(seed)  # noqa: S311 - the same each time
    first = [1 + int((place + chance.random()) * (steps - 1) / number) for place in range(number)]
    first[0], first[-1] = 1, steps
    return [
        [step] if place % 3 else [step, chance.randint(1, max(steps - step, 20))]
        for place, step in enumerate(first)
    ]


def main(address: str, template: str, folder: str, seed: str, number: str, part: str, parts: str) -> None:
    importlib.import_module("chromadb")  # once here, not in every child
    where = Path(folder)
    whole = killed_and_begun_again(where / f"whole {part}", Path(template), address, [])
    print(json.dumps(whole), flush=True)  # noqa: T201 - to the test
    mine = points(whole["state"]["steps"], int(number), int(seed))[int(part) :: int(parts)]
    for fatal in mine:
        name = f"{part} " + " ".join(map(str, fatal))
        print(json.dumps(killed_and_begun_again(where / name, Path(template), address, fatal)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
