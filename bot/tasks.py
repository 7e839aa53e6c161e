"""What each command of the command line does."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot import clock, console
from bot.background import kept_up
from bot.bench.lied_to import lied_to
from bot.bench.report import print_run
from bot.bench.run import run as run_bench
from bot.chat_wiring import answerer, open_answering, open_chat
from bot.config import Settings, discord_token, flat
from bot.corpus_status import corpus_status
from bot.curator import Curator
from bot.data_folder import is_owned, owned
from bot.errors import DataInUseError, NotReadyError, SourceFailedError
from bot.feeds.health import feed_health
from bot.library import Library, ResultList
from bot.measurements import DEFAULT, measurements
from bot.results import Sort
from bot.signals import until_stopped
from bot.state.feeds import FeedStore
from bot.state.heard_messages import HeardInMemory
from bot.state.loop_states import LoopStates
from bot.state.outbox import Outbox
from bot.visiting import kept_current
from bot.wiring import Parts, count_waiting, fill_if_empty, named_models, open_ensemble, open_parts
from corpus.database import held_alone, without_password
from corpus.events import Events
from corpus.importing import Reader, import_bundled, import_material
from corpus.lookup import looked_up_by
from corpus.material import Material
from corpus.sync import Sync
from retrieval.answer_evaluation import ANSWERABLE, judge, opened_desk, read_questions, tabulate, transferred
from retrieval.beir import read_collection
from retrieval.errors import CollectionError
from retrieval.evaluation import Examination, Variant, ablations
from retrieval.query import parse
from retrieval.search import Mode
from retrieval.stored_vectors import StoredVectors

_MAX_ENCODED_BY_READERS = 500  # papers; about a minute. More is the business of `papercord index`
_ENCODING = "Encoding papers"
_PATIENCE_SECONDS = 30.0  # that a start waits for the indexes; then questions are answered from what there is


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

    async with until_stopped(), _ready(settings) as (parts, curator, sync):
        every = timedelta(minutes=settings.corpus.sync_minutes)
        async with (
            kept_current(
                sync,
                parts.states,
                every,
                clock=clock.now,
                chance=random.random,
                came=parts.news.set,
                visited=parts.visited,
            ),
            open_chat(parts) as chat,
        ):
            await serve(parts, curator, chat, token)
    console.say("Stopped.")


async def playground(settings: Settings, *, port: int | None, open_browser: bool) -> None:
    """Serve the playground until told to stop."""
    # simcord makes bare clients while it is imported, and discord.py warns of what they lack.
    logging.getLogger("discord").setLevel(logging.ERROR)
    logging.getLogger("bot.client").setLevel(logging.WARNING)  # it connects to no Discord that matters here
    from bot.playground import serve  # noqa: PLC0415 - discord.py and simcord

    async with until_stopped(), _ready(settings) as (parts, curator, _):
        port = settings.playground.port if port is None else port
        async with open_chat(parts, HeardInMemory()) as chat:
            await serve(parts, curator, chat, port=port, open_browser=open_browser)
    console.say("Stopped.")


async def import_papers(
    settings: Settings,
    *,
    files: Sequence[Path],
    visited: date | None,
    named: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take in files. They are encoded by the next command that needs them."""
    with owned(settings.data):
        async with open_parts(settings) as parts, parts.client() as client:
            materials = [await asyncio.to_thread(Material.of_path, file) for file in files]
            with console.progress_bar("Reading papers", in_bytes=True) as progress:
                reader = Reader(
                    now=clock.now(),
                    visited=visited,
                    named=named,
                    look_up=looked_up_by(client),
                    progress=progress,
                )
                report = await import_material(parts.store, materials, reader, dry_run=dry_run)
    if as_json:
        console.print_json(console.report_json(report))
    else:
        console.print_report(report, dry_run=dry_run)


async def sync(
    settings: Settings, *, lines: Sequence[str], since: date | None, dry_run: bool, as_json: bool
) -> None:
    """Visit the sources now. Raises SourceFailedError at the end if one failed."""
    with owned(settings.data):
        async with open_parts(settings) as parts, parts.client() as client:
            visits = await parts.sync(client).run(lines or None, since=since, dry_run=dry_run)
    if as_json:
        console.print_json({line: console.visit_json(visit) for line, visit in visits.items()})
    for line, visit in visits.items():
        if not as_json:
            console.print_visit(line, visit, dry_run=dry_run)
    if failed := [f"{line}: {visit.failure}" for line, visit in visits.items() if visit.failure]:
        raise SourceFailedError("; ".join(failed))


async def index(settings: Settings, *, rebuild: bool, as_json: bool) -> None:
    """Encode what is new and bring the indexes up to date."""
    with owned(settings.data):
        async with open_parts(settings) as parts:
            await fill_if_empty(parts)
            with console.progress_bar(_ENCODING) as progress:
                report = await parts.upkeep(owns=True).catch_up(progress, rebuild=rebuild)
    if as_json:
        console.print_json(asdict(report))
    else:
        console.print_index(report)


async def find(settings: Settings, *, query: str, limit: int, mode: Mode, sort: Sort, as_json: bool) -> None:
    """Answer a question, beside a running bot too."""
    async with _reading(settings) as parts:
        started = time.perf_counter()
        asked = parse(query, today=clock.now().date())
        results = await parts.library.find(asked, limit, mode=mode, sort=sort)
        await _show(parts.library, results, {"query": query}, started, as_json=as_json)


async def similar(settings: Settings, *, given: str, limit: int, as_json: bool) -> None:
    """Find what is like a paper, beside a running bot too."""
    async with _reading(settings) as parts:
        library = parts.library
        started = time.perf_counter()
        paper = await library.paper(given)
        results = await library.similar(paper, limit)
        asked = {"paper": paper.id, "title": paper.title}
        await _show(library, results, asked, started, as_json=as_json)


async def ask(settings: Settings, *, question: str, given: Sequence[str], as_json: bool) -> None:
    """Answer a question, beside a running bot too; `given` are the only papers that may answer."""
    async with _reading(settings) as parts, open_answering(parts) as answering:
        papers = [await parts.library.paper(one) for one in given]
        answered = await answering.answer(
            question, person="the command line", among=[paper.id for paper in papers]
        )
        known = {paper.id: paper for paper in await parts.store.get_many(answered.shown)}
    if as_json:
        console.print_json(console.answer_json(answered, known))
    else:
        console.print_answer(answered, known)


async def evaluate_answers(
    settings: Settings, *, folder: Path | None, transfer: Path | None, lies: bool, as_json: bool
) -> None:
    """Measure the answers over the bundled papers, whatever else the data folder holds, and over another collection.

    `lies`: also with a model that lies, and what of that reaches a reader.
    """
    questions = await asyncio.to_thread(read_questions, folder or _shipped_questions())
    collection = await asyncio.to_thread(read_collection, transfer) if transfer else None
    place = settings.data / "evaluations"
    storage = settings.storage.model_copy(update={"database_url": ""})
    rows: dict[str, Any] = {}
    with owned(place), console.progress_bar(_ENCODING) as encoding, console.progress_bar("Asking") as asking:
        ensemble = await asyncio.to_thread(open_ensemble, settings)
        apart = settings.model_copy(update={"data": place / "answers", "storage": storage})
        async with open_parts(apart) as parts:
            parts.ensemble = ensemble
            await import_bundled(parts.store, now=clock.now())
            await parts.upkeep(owns=True).catch_up(encoding)
            papers = {
                paper.id: paper for paper in await parts.store.get_many(list(await parts.store.contents()))
            }
            rows |= tabulate(await judge(questions, answerer(parts).answer, papers, asking))
            if lies:
                answerable = [one.text for one in questions if one.kind == ANSWERABLE]
                rows["a model that lies"] = await lied_to(parts, answerable, asking)
        if collection:
            own = settings.model_copy(update={"data": place, "storage": storage})
            async with open_parts(own) as parts:
                parts.ensemble = ensemble
                desk = await opened_desk(
                    collection,
                    parts.vectors,
                    ensemble,
                    parts.rules,
                    parts.verdict,
                    parts.background.run,
                    topics=settings.retrieval.is_calibrated,
                    progress=encoding,
                )
                rows["transfer"] = await transferred(collection, desk, asking)
    if as_json:
        console.print_json(rows)
    else:
        for name, figures in rows.items():
            console.print_table({"": name} | flat(figures))


def _shipped_questions() -> Path:
    """The questions in the checkout that this runs from. Raises CollectionError where it is an installed package."""
    folder = Path(__file__).parents[1] / "benchmarks" / "answers"
    if not folder.is_dir():
        raise CollectionError(
            "the questions are not part of the installed package: say with --questions where benchmarks/answers of "
            "the repository is"
        )
    return folder


async def evaluate(
    settings: Settings, *, folder: Path, mode: Mode, ablate: bool, limit_queries: int | None, as_json: bool
) -> None:
    """Measure the search on a collection; its vectors are kept beside the data, and made once."""
    collection = await asyncio.to_thread(read_collection, folder)
    place = settings.data / "evaluations"
    own = settings.model_copy(
        update={"data": place, "storage": settings.storage.model_copy(update={"database_url": ""})}
    )
    with owned(place):
        async with open_parts(own) as parts:
            ensemble = open_ensemble(settings)
            stored = StoredVectors(parts.engine, [encoder.model.key for encoder in ensemble.encoders])
            examination = Examination(collection, stored, parts.background.run)
            with console.progress_bar(_ENCODING) as progress:
                await examination.prepare(ensemble, progress)
            default = Variant(DEFAULT, ensemble, parts.rules, mode)
            measured = await examination.ask_all(
                ablations(ensemble, parts.rules) if ablate else [default],
                parts.verdict,
                topics=settings.retrieval.is_calibrated,
                limit_questions=limit_queries,
            )
    rows = measurements({variant.name: one for variant, one in measured.items()})
    if as_json:
        console.print_json(rows)
    else:
        console.print_table(rows)


async def bench(
    settings: Settings, *, file: Path | None, size: int | None, with_million: bool, as_json: bool
) -> None:
    """Measure speed and size, in data folders of the bench's own."""
    measured = await run_bench(settings, file=file, size=size, with_million=with_million)
    if as_json:
        console.print_json(measured.as_json())
    else:
        print_run(measured)


async def status(settings: Settings, *, as_json: bool) -> None:
    """Show what there is."""
    running = is_owned(settings.data)
    models = await asyncio.to_thread(named_models, settings)
    async with open_parts(settings) as parts:
        stored = StoredVectors(parts.engine, [model.key for model in models])
        state = await corpus_status(
            parts.store, parts.states, stored, settings.corpus.sources, now=clock.now()
        )
        feeds = await feed_health(
            FeedStore(parts.engine),
            Outbox(parts.engine),
            Events(parts.engine),
            LoopStates(parts.engine),
            now=clock.now(),
        )
    others: dict[str, object] = {
        "models": {model.name: model.revision for model in models},
        "data": str(settings.data),
        "running": running,
    }
    if as_json:
        console.print_json(console.status_json(state) | {"feeds": console.feeds_json(feeds)} | others)
    else:
        console.print_status(state, feeds, others)


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
async def _ready(settings: Settings) -> AsyncGenerator[tuple[Parts, Curator, Sync], None]:
    """Everything a bot needs; the data folder is ours meanwhile, and what is not indexed yet is brought up to date."""
    with owned(settings.data):
        async with open_parts(settings) as parts, held_alone(parts.engine), parts.client() as client:
            await fill_if_empty(parts)
            await asyncio.to_thread(lambda: parts.ensemble)  # makes a model ready the first time
            with console.progress_bar(_ENCODING) as progress:
                upkeep = parts.upkeep(owns=True)
                async with kept_up(upkeep, progress, patience=_PATIENCE_SECONDS, news=parts.news):
                    papers, left = len(parts.indexes.texts), await count_waiting(parts)
                    console.say(
                        f"{papers} papers are ready{f', {left} of them by words alone' if left else ''}."
                    )
                    sync = parts.sync(client)
                    yield parts, parts.curator(client, sync), sync


@asynccontextmanager
async def _reading(settings: Settings) -> AsyncGenerator[Parts, None]:
    """What a command needs that only reads; a few new papers are encoded first if nobody else owns the folder.

    Raises NotReadyError while there is nothing to search: an empty answer would say something about the papers.
    """
    async with open_parts(settings) as parts:
        if not (await parts.store.summary()).papers or await count_waiting(parts):
            await _catch_up(parts)
        await parts.upkeep(owns=False).catch_up(lambda _done, _total: None)
        if not len(parts.indexes.texts):
            raise NotReadyError("there is no paper yet. `papercord import` takes some in.")
        yield parts


async def _catch_up(parts: Parts) -> None:
    try:
        with owned(parts.settings.data):
            await fill_if_empty(parts)
            if await count_waiting(parts) <= _MAX_ENCODED_BY_READERS:
                with console.progress_bar(_ENCODING) as progress:
                    await parts.upkeep(owns=True).catch_up(progress)
    except DataInUseError:
        pass  # its owner encodes; what is not encoded yet is counted below
    left = await count_waiting(parts)
    if left:
        console.say(
            f"{left} papers are found by their words only: `papercord index` encodes them, or the bot while it runs."
        )


async def _show(
    library: Library, results: ResultList, asked: Mapping[str, str], started: float, *, as_json: bool
) -> None:
    page = await library.whole(results)
    took_ms = (time.perf_counter() - started) * 1000
    if as_json:
        console.print_json(console.page_json(asked, page, took_ms))
    else:
        console.print_page(page)
