"""What each command of the command line does."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from bot import console
from bot.config import Settings, discord_token, flat
from bot.data_folder import is_owned, owned
from bot.errors import DataInUseError
from bot.library import Library, ResultList
from bot.signals import until_stopped
from bot.wiring import (
    Mode,
    Parts,
    count_waiting,
    encode_all,
    fill_if_empty,
    open_parts,
    owned_index,
    owned_texts,
    reading_library,
)
from corpus.database import without_password
from corpus.importing import import_files
from retrieval.beir import read_collection
from retrieval.evaluation import evaluate as evaluate_collection

_MAX_ENCODED_BY_READERS = 500  # papers; about a minute. More is the business of `papercord index`
_ENCODING = "Encoding papers"


async def run(settings: Settings, *, open_browser: bool) -> None:
    """Be on Discord, or in the playground where no token is set, until told to stop."""
    token = discord_token()
    if token is None:
        console.say(
            "No DISCORD_TOKEN is set, so this is not on Discord. To put it there: make an application at\n"
            "https://discord.com/developers/applications, copy its bot's token, and start again with\n"
            "  DISCORD_TOKEN=… make run\n"
            "Until then, here is the playground."
        )
        await playground(settings, port=None, open_browser=open_browser)
        return
    from bot.on_discord import serve  # noqa: PLC0415 - discord.py, which the other commands do without

    async with until_stopped(), _ready(settings) as (parts, library):
        await serve(parts, library, token)
    console.say("Stopped.")


async def playground(settings: Settings, *, port: int | None, open_browser: bool) -> None:
    """Serve the playground until told to stop."""
    # simcord makes bare clients while it is imported, and discord.py warns of what they lack.
    logging.getLogger("discord").setLevel(logging.ERROR)
    logging.getLogger("bot.client").setLevel(logging.WARNING)  # it connects to no Discord that matters here
    from bot.playground import serve  # noqa: PLC0415 - discord.py and simcord

    async with until_stopped(), _ready(settings) as (parts, library):
        port = settings.playground.port if port is None else port
        await serve(parts, library, port=port, open_browser=open_browser)
    console.say("Stopped.")


async def import_papers(
    settings: Settings, *, files: Sequence[Path], visited: date | None, as_json: bool
) -> None:
    """Take in files. They are encoded by the next command that needs them."""
    with owned(settings.data):
        async with open_parts(settings) as parts:
            report = await import_files(parts.store, files, now=datetime.now(UTC), visited=visited)
    if as_json:
        console.print_json(console.import_json(report))
    else:
        console.print_import(report)


async def index(settings: Settings, *, rebuild: bool, as_json: bool) -> None:
    """Encode what is new and bring the index up to date."""
    with owned(settings.data):
        async with open_parts(settings) as parts:
            await fill_if_empty(parts)
            with console.progress_bar(_ENCODING) as progress:
                _, report = await owned_index(parts, progress, rebuild=rebuild)
            await owned_texts(parts, rebuild=rebuild)
    if as_json:
        console.print_json(
            {
                "papers": report.papers,
                "encoded": report.encoded,
                "reused": report.reused,
                "seconds": report.seconds,
            }
        )
    else:
        console.print_index(report)


async def find(settings: Settings, *, query: str, limit: int, mode: Mode, as_json: bool) -> None:
    """Answer a question, beside a running bot too."""
    async with _reading(settings, mode) as (parts, library):
        await parts.worker.run(
            parts.encoder.encode_questions, [query]
        )  # the model's start is not the search's time
        started = time.perf_counter()
        results = await library.find(query, limit)
        await _show(library, results, {"query": query}, limit, started, as_json=as_json)


async def similar(settings: Settings, *, given: str, limit: int, as_json: bool) -> None:
    """Find what is like a paper, beside a running bot too."""
    async with _reading(settings) as (_, library):
        started = time.perf_counter()
        paper = await library.paper(given)
        results = await library.similar(paper, limit)
        await _show(
            library, results, {"paper": paper.id, "title": paper.title}, limit, started, as_json=as_json
        )


async def evaluate(
    settings: Settings, *, folder: Path, mode: Mode, limit_queries: int | None, as_json: bool
) -> None:
    """Measure the search on a collection; its vectors are kept beside the data, and made once."""
    collection = await asyncio.to_thread(read_collection, folder)
    place = settings.data / "evaluations"
    own = settings.model_copy(
        update={"data": place, "storage": settings.storage.model_copy(update={"database_url": ""})}
    )
    with owned(place):
        async with open_parts(own) as parts:
            with console.progress_bar(_ENCODING) as progress:
                measured = await evaluate_collection(
                    collection,
                    parts.vectors,
                    parts.encoder,
                    parts.rules(mode),
                    parts.worker.run,
                    progress,
                    limit_questions=limit_queries,
                )
    rows = {
        "queries": measured.questions,
        "documents": measured.documents,
        "ndcg@10": round(measured.scores.ndcg10, 4),
        "recall@10": round(measured.scores.recall10, 4),
        "recall@100": round(measured.scores.recall100, 4),
        "mrr@10": round(measured.scores.mrr10, 4),
        "refused": measured.refused,
    }
    if as_json:
        console.print_json(rows)
    else:
        console.print_table(rows)


async def status(settings: Settings, *, as_json: bool) -> None:
    """Show what there is."""
    running = is_owned(settings.data)
    async with open_parts(settings) as parts:
        summary = await parts.store.summary()
        rows = {
            "papers": summary.papers,
            "newest": summary.newest.isoformat() if summary.newest else None,
            "sources": dict(summary.sources),
            "waiting": await count_waiting(parts),
            "model": parts.encoder.model.name,
            "revision": parts.encoder.model.revision,
            "data": str(settings.data),
            "running": running,
        }
    if as_json:
        console.print_json(rows)
    else:
        console.print_table(rows)


async def check_config(settings: Settings, *, as_json: bool) -> None:
    """Show the settings in force."""
    token = discord_token() is not None
    values = settings.model_dump(mode="json")
    values["storage"]["database_url"] = without_password(settings.database_url)
    if as_json:
        console.print_json({"ok": True, "token_set": token, "settings": values})
    else:
        console.print_table(flat(values) | {"DISCORD_TOKEN": "set" if token else "not set"})


@asynccontextmanager
async def _ready(settings: Settings) -> AsyncGenerator[tuple[Parts, Library], None]:
    """Everything a bot needs, with every paper indexed and the model warm; the data folder is ours meanwhile."""
    with owned(settings.data):
        async with open_parts(settings) as parts:
            await fill_if_empty(parts)
            with console.progress_bar(_ENCODING) as progress:
                index, report = await owned_index(parts, progress)
            console.say(f"{report.papers} papers are ready. Loading the encoder …")
            await parts.worker.run(parts.encoder.encode_questions, ["warm up"])
            yield parts, parts.library(index, await owned_texts(parts))


@asynccontextmanager
async def _reading(settings: Settings, mode: Mode = "hybrid") -> AsyncGenerator[tuple[Parts, Library], None]:
    """What a command needs that only reads; a few new papers are encoded first if nobody else owns the folder."""
    async with open_parts(settings) as parts:
        if not (await parts.store.summary()).papers or await count_waiting(parts):
            await _catch_up(parts)
        yield parts, await reading_library(parts, mode)


async def _catch_up(parts: Parts) -> None:
    try:
        with owned(parts.settings.data):
            await fill_if_empty(parts)
            if await count_waiting(parts) <= _MAX_ENCODED_BY_READERS:
                with console.progress_bar(_ENCODING) as progress:
                    await encode_all(parts, progress)
    except DataInUseError:
        pass  # its owner encodes; what is not encoded yet is counted below
    waiting = await count_waiting(parts)
    if waiting:
        console.say(
            f"{waiting} papers are not searchable yet: `papercord index` encodes them, or the bot when it starts."
        )


async def _show(
    library: Library,
    results: ResultList,
    asked: Mapping[str, str],
    limit: int,
    started: float,
    *,
    as_json: bool,
) -> None:
    shown = await library.results(results, results.hits[:limit])
    took_ms = (time.perf_counter() - started) * 1000
    if as_json:
        console.print_json(console.results_json(asked, results, shown, took_ms))
        return
    papers = (await library.summary()).papers
    if results.kind == "similar":
        headline = f"Most like “{asked['title']}”, of {papers} papers"
    elif results.found:
        headline = f"Closest to “{asked['query']}”, of {papers} papers"
    else:
        headline = f"Nothing in these {papers} papers is about “{asked['query']}”. The nearest misses:"
    console.print_results(headline, shown)
