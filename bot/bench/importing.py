"""How long an import takes and what memory, how long it takes again when nothing is new, and after it was killed.

Nothing is encoded. Every import is a process of its own, `python -m bot.bench.importing file FILE`, in a data folder that
is removed afterwards. The yardstick, `python -m bot.bench.importing lines FILE`, reads each line with `json.loads`.
"""

import asyncio
import dataclasses
import gzip
import hashlib
import json
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.bench import children
from bot.bench.children import BenchError
from bot.bench.figures import Figure, Target
from bot.bench.machine import memory_held, most_memory_held
from bot.bench.papers_file import cut
from bot.config import Settings, load_settings
from bot.data_folder import owned
from corpus.database import open_database
from corpus.importing import Reader, import_material
from corpus.material import Material
from corpus.store import PaperStore

STEP = "import"
_BEGUN = "Importing"
_PATIENCE_SECONDS = 120.0
_AGAINST = "json.loads of each line"
# Up to so many papers; for more it is told without a target.
_FIRST_TIME = {10_000: Target(18.0), 100_000: Target(180.0)}  # s
_AGAIN = {10_000: Target(3.0), 100_000: Target(30.0)}  # s
_GROWTH = {100_000: Target(300.0)}  # MB


@dataclass(frozen=True, slots=True)
class Imported:
    """One import: its seconds, the most memory it held beside what was held before (MB), and what came of it.

    `papers` are stored at its end, of which `new` and `updated` by it; `contents` changes with any id or text of them.
    """

    seconds: float
    memory: float
    papers: int
    new: int
    updated: int
    contents: str


async def measure(own: Settings, file: Path, size: int) -> list[Figure]:
    """All of it, with the first papers of a file. Raises BenchError where an import does not do what it should."""
    folder = own.data / "importing"
    shutil.rmtree(folder, ignore_errors=True)  # left by a bench that was killed
    try:
        cut_file = folder / "papers.jsonl.gz"
        whole, killed = (own.model_copy(update={"data": folder / name}) for name in ("whole", "killed"))
        for settings in (whole, killed):
            settings.data.mkdir(parents=True)
        await asyncio.to_thread(cut, file, size, cut_file)
        return await _measure(whole, killed, cut_file)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _measure(whole: Settings, killed: Settings, file: Path) -> list[Figure]:
    out, _ = await children.run(*_command("lines", file), settings=whole)
    lines: float = children.printed_json(out)["seconds"]
    first = await _import(whole, file)
    again = await _import(whole, file)
    check_again(first, again)
    await children.kill(
        *_command("file", file),
        settings=killed,
        beginning=_BEGUN,
        patience=_PATIENCE_SECONDS,
        after_seconds=first.seconds / 2,
    )
    left = await _stored(killed)
    resumed = await _import(killed, file)
    check_resumed(first, resumed)
    return figures(lines, first, again, resumed, left=left)


def check_again(first: Imported, again: Imported) -> None:
    """A file that was imported before changes nothing. Raises BenchError."""
    if again.new or again.updated or again.contents != first.contents:
        raise BenchError(
            f"the same import again changed something: {again.new} papers are new, {again.updated} updated"
        )


def check_resumed(first: Imported, resumed: Imported) -> None:
    """An import that was killed ends, begun again, with what one that was not ends with. Raises BenchError."""
    if resumed.papers != first.papers:
        what = f"{resumed.papers} papers instead of {first.papers}"
    elif resumed.contents != first.contents:
        what = "other papers"
    else:
        return
    raise BenchError(f"an import that was killed and begun again ended with {what}")


def figures(lines: float, first: Imported, again: Imported, resumed: Imported, *, left: int) -> list[Figure]:
    """What is said of them; `lines` are the seconds of the yardstick, `left` the papers stored before the kill."""
    papers = first.papers

    def aimed(name: str, value: float, unit: str, targets: dict[int, Target]) -> Figure:
        target = next((target for most, target in targets.items() if papers <= most), None)
        return Figure(STEP, name, papers, value, unit, target=target)

    def beside(name: str, seconds: float, against: str, yardstick: float) -> Figure:
        return Figure(STEP, name, papers, seconds, "s", against, yardstick)

    return [
        aimed("import, nothing encoded", first.seconds, "s", _FIRST_TIME),
        aimed("import again, nothing new", again.seconds, "s", _AGAIN),
        aimed("memory grown while importing", first.memory, "MB", _GROWTH),
        beside("import, to reading the lines", first.seconds, _AGAINST, lines),
        beside("import again, to reading the lines", again.seconds, _AGAINST, lines),
        beside("import, begun again after a kill", resumed.seconds, "the whole import", first.seconds),
        Figure(STEP, "papers stored before the kill", papers, 100 * left / papers, "%"),
    ]


async def _import(settings: Settings, file: Path) -> Imported:
    out, _ = await children.run(*_command("file", file), settings=settings)
    return Imported(**children.printed_json(out))


async def _stored(settings: Settings) -> int:
    async with open_database(settings.database_url) as engine:
        return (await PaperStore(engine).summary()).papers


def _command(what: str, file: Path) -> tuple[str, ...]:
    return "-m", "bot.bench.importing", what, str(file)


async def imported(settings: Settings, file: Path) -> Imported:
    """Import a file as `papercord import` does; says a line on stderr when it begins."""
    with owned(settings.data):
        async with open_database(settings.database_url) as engine:
            store = PaperStore(engine)
            print(_BEGUN, file=sys.stderr, flush=True)  # noqa: T201 - the parent waits for it
            before, started = memory_held(), time.perf_counter()
            material = await asyncio.to_thread(Material.of_path, file)
            report = await import_material(store, [material], Reader(now=datetime.now(UTC)))
            seconds, most = time.perf_counter() - started, most_memory_held()
            if report.rejected:
                refused = report.rejected[0]
                raise BenchError(f"{refused.where} is not imported: {refused.why}")
            held = await store.contents()
    marks = json.dumps(held, sort_keys=True).encode()
    return Imported(
        seconds, most - before, len(held), report.new, report.updated, hashlib.sha256(marks).hexdigest()
    )


def seconds_of_lines(file: Path) -> float:
    """How long it takes to read each line of a gzipped file as JSON, and no more."""
    started = time.perf_counter()
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            json.loads(line)
    return time.perf_counter() - started


def main(arguments: Sequence[str]) -> None:
    """Print what was measured as JSON."""
    what, file = arguments[0], Path(arguments[1])
    told: dict[str, Any]
    if what == "lines":
        told = {"seconds": seconds_of_lines(file)}
    else:
        told = dataclasses.asdict(asyncio.run(imported(load_settings(None), file)))
    print(json.dumps(told))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main(sys.argv[1:])
