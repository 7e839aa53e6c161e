"""The one place that builds real objects."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from importlib.metadata import version

from sqlalchemy.ext.asyncio import AsyncEngine

from bot import clock, console
from bot.batching import Batcher
from bot.config import Settings
from bot.curator import Curator
from bot.feed_wiring import FeedParts
from bot.library import Library
from bot.state.pending_imports import PendingImports
from bot.worker import Worker
from corpus.catalogue import hosts
from corpus.database import open_database
from corpus.importing import import_bundled
from corpus.polite.client import PoliteClient
from corpus.source_states import SourceStates
from corpus.store import PaperStore
from corpus.sync import Client, Sync
from retrieval.encoder import Model
from retrieval.ensemble import Ensemble
from retrieval.exact import ExactIndex
from retrieval.finder import Finder
from retrieval.indexes import Indexes
from retrieval.indexing import waiting
from retrieval.languages import other_language
from retrieval.learning import LearnedTopics, LearnedWords
from retrieval.lexical import LexicalIndex
from retrieval.open_encoder import model_named, open_encoder
from retrieval.search import Ask, Ranking, Rules, Search
from retrieval.stored_vectors import StoredVectors
from retrieval.topic_scores import TopicScores
from retrieval.upkeep import Folders, Learned, Upkeep
from retrieval.verdict import Verdict, has_enough, is_found

_MOST_BACKGROUND_WORK = 1000
_MINUTE = 60
_SEARCHES = 2  # side by side: most of a search runs outside of Python
_MOST_BESIDE_SEARCHES = 64
"""The batcher is where a reader learns that it is busy. Whoever was let in also has the worker judge, mark and quote, and is
not turned away between two of these."""


class Parts:
    """What every command is made of. The models' files are looked for by those that need them."""

    def __init__(self, settings: Settings, engine: AsyncEngine, worker: Worker, background: Worker) -> None:
        """`worker` answers questions; `background` encodes papers and writes indexes."""
        self.settings = settings
        self.engine = engine
        self.worker = worker
        self.background = background
        self.store = PaperStore(engine)
        self.states = SourceStates(engine)
        self.news = asyncio.Event()
        """Set when papers came or changed, so that they are encoded at once."""
        self.visited = asyncio.Event()
        """Set when the sources were asked for the first time since the start, or there are none."""

    @cached_property
    def ensemble(self) -> Ensemble:
        """The encoders of the settings. Raises ModelError."""
        return open_ensemble(self.settings)

    @property
    def models(self) -> list[Model]:
        """Which models read the papers. Raises ModelError."""
        return [encoder.model for encoder in self.ensemble.encoders]

    @cached_property
    def vectors(self) -> StoredVectors:
        """Those models' vectors."""
        return StoredVectors(self.engine, [model.key for model in self.models])

    @cached_property
    def indexes(self) -> Indexes:
        """What is searched: empty, until an upkeep fills it."""
        return Indexes(ExactIndex(self.ensemble.dimension), LexicalIndex())

    @property
    def rules(self) -> Rules:
        """How papers are ranked, by the settings."""
        chosen = self.settings.retrieval
        return Rules(chosen.lexical_weight, chosen.feedback_weight, expands=chosen.expand)

    @property
    def verdict(self) -> Verdict:
        """What counts as found, by the settings."""
        chosen = self.settings.retrieval
        if chosen.is_calibrated:
            return lambda evidence: is_found(evidence, chosen.strictness)
        return lambda evidence: has_enough(evidence, chosen.min_evidence, self.ensemble.weights)

    @cached_property
    def search(self) -> Search:
        """The search over the indexes."""
        return Search(self.ensemble, self.indexes, self.rules)

    @cached_property
    def finder(self) -> Finder:
        """The search, with questions that wait asked together."""

        async def together(asks: Sequence[Ask]) -> list[Ranking]:
            return await self.worker.run(self.search.find, asks)

        batches = Batcher(together, self.settings.retrieval.max_waiting, at_a_time=_SEARCHES)
        return Finder(self.search, self.ensemble, self.vectors, self.verdict, batches.ask, self.worker.run)

    @cached_property
    def library(self) -> Library:
        """The papers, and the ways to find them."""
        return Library(
            self.store,
            self.finder,
            results=self.settings.retrieval.results,
            language_of=self.language_of,
        )

    @cached_property
    def feeds(self) -> FeedParts:
        """The feeds and alerts, over the same papers."""
        judge = TopicScores(self.ensemble, self.vectors, self.background.run)
        return FeedParts(self.engine, self.store, judge, self.finder, self.background.run, clock.now)

    async def language_of(self, words: str) -> str | None:
        """The English name of the language that words are in; None if that is English, or not sure."""
        # On another thread than the worker's: the questions of others need not wait for it.
        return await asyncio.to_thread(other_language, words, self.ensemble.sentence_encoder.knows)

    def upkeep(self, *, owns: bool) -> Upkeep:
        """What keeps the indexes in step; `owns`: whether the data folder is ours."""
        settings, run = self.settings, self.background.run
        learned: list[Learned] = []
        if settings.retrieval.expand:
            encoder = self.ensemble.sentence_encoder
            learned.append(
                LearnedWords(self.store, encoder, self.indexes, run, settings.words_file, owns=owns)
            )
        if settings.retrieval.is_calibrated:
            file = settings.topics_file
            learned.append(LearnedTopics(self.ensemble, self.indexes, run, file, owns=owns))
        folders = Folders(settings.texts_folder, settings.index_folder)
        return Upkeep(
            self.store,
            self.vectors,
            self.ensemble,
            self.indexes,
            run,
            learned,
            folders,
            owns=owns,
            expect=_say_how_long,
        )

    def client(self) -> PoliteClient:
        """What fetches papers; to be entered. Raises RefusedError for a contact or mirror that cannot be used."""
        network = self.settings.network
        return PoliteClient(
            hosts(),
            contact=network.contact,
            mirrors=network.mirrors,
            folder=self.settings.data / "pace",
            version=version("papercord"),
        )

    def sync(self, client: Client) -> Sync:
        """The visits to the sources of the settings."""
        return Sync(self.store, self.states, client, self.settings.corpus.sources, clock.now)

    def curator(self, client: Client, sync: Sync) -> Curator:
        """What an owner does with the corpus."""
        pending = PendingImports(self.engine)
        return Curator(self.store, self.states, self.vectors, sync, client, pending, self.news, clock.now)


def _say_how_long(papers: int, seconds: float) -> None:
    about = f"{seconds / _MINUTE:.0f} minutes" if seconds >= 2 * _MINUTE else f"{seconds:.0f} seconds"
    console.say(
        f"{papers:,} papers are to be encoded: about {about}. Interrupted, it goes on where it stopped."
    )


def open_ensemble(settings: Settings) -> Ensemble:
    """The encoders of the settings, made ready at the first time. Raises ModelError."""
    chosen, folder = settings.retrieval, settings.models_folder
    encoders = [open_encoder(name, models_folder=folder, say=console.say) for name in chosen.encoders]
    return Ensemble(encoders, chosen.encoder_weights)


def named_models(settings: Settings) -> list[Model]:
    """The models of the settings, without opening them or making them ready. Raises ModelError."""
    return [model_named(name, models_folder=settings.models_folder) for name in settings.retrieval.encoders]


@asynccontextmanager
async def open_parts(settings: Settings) -> AsyncGenerator[Parts, None]:
    """Everything over one open database, which is made if there is none."""
    if not settings.storage.database_url:
        settings.data.mkdir(parents=True, exist_ok=True)
    async with (
        open_database(settings.database_url) as engine,
        Worker(settings.retrieval.max_waiting + _MOST_BESIDE_SEARCHES, threads=_SEARCHES) as worker,
        Worker(_MOST_BACKGROUND_WORK) as background,
    ):
        yield Parts(settings, engine, worker, background)


async def fill_if_empty(parts: Parts) -> None:
    """Give an empty corpus the bundled paper set, unless the settings say otherwise."""
    if parts.settings.corpus.bundled and not (await parts.store.summary()).papers:
        await import_bundled(parts.store, now=clock.now())


async def count_waiting(parts: Parts) -> int:
    """How many papers, of distinct contents, have no vector yet."""
    return len(await waiting(parts.store, parts.vectors))
