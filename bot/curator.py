"""What an owner does with the corpus from Discord: look at its state, fetch, take in, add.

What goes wrong with files, hosts and sources is raised as CorpusTroubleError, in the words that were written for it: they
name files and addresses, which are the owner's and no other reader's.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.corpus_status import corpus_status
from bot.errors import CorpusTroubleError, StillGoingError, UnknownPaperError
from bot.results import CorpusStatus
from bot.state.pending_imports import PendingImport, PendingImports
from corpus.errors import FetchError, SyncingError, UnknownSourceError, UnreadableSourceError
from corpus.importing import LookUp, Reader, import_material
from corpus.lookup import looked_up_by, told_of_one
from corpus.material import Material
from corpus.paper import Paper, parse_arxiv_id
from corpus.report import Changes, Report, Visit
from corpus.source_states import SourceStates
from corpus.sources.reading import Reading
from corpus.store import PaperStore
from corpus.sync import Client, Sync
from retrieval.stored_vectors import StoredVectors

_AT_ONCE = 50  # papers in one transaction: more keep the event loop from its turns
MOST_UNPACKED = (
    16 * 2**20
)  # bytes: ten megabytes may hold gigabytes, and others cannot write while it is rehearsed
MOST_LOOKED_UP = 1000  # papers of one import; arXiv takes half a minute for so many
PATIENCE_SECONDS = 14 * 60.0  # Discord takes an answer for fifteen minutes


@dataclass(frozen=True, slots=True)
class Import:
    """What an import would change or, once confirmed, has changed.

    `pending` names what is still to be confirmed; None where nothing is.
    """

    name: str
    report: Report
    pending: str | None


@dataclass(frozen=True, slots=True)
class Added:
    """A paper that was asked for by its id: whether it is new, and if not, whether more is known of it than before."""

    paper: Paper
    is_new: bool
    is_updated: bool


class Curator:
    """Looks after one corpus."""

    def __init__(
        self,
        store: PaperStore,
        states: SourceStates,
        stored: StoredVectors,
        sync: Sync,
        client: Client,
        pending: PendingImports,
        news: asyncio.Event,
        clock: Callable[[], datetime],
        *,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """`news` is set when papers came or changed; `patience` is how many seconds an answer may take."""
        self._store = store
        self._states = states
        self._stored = stored
        self._sync = sync
        self._client = client
        self._pending = pending
        self._news = news
        self._clock = clock
        self._patience = patience
        self._confirming = asyncio.Lock()
        self._going_on: set[asyncio.Task[dict[str, Visit]]] = set()

    @property
    def sources(self) -> Sequence[str]:
        """The configured sources."""
        return self._sync.lines

    async def status(self) -> CorpusStatus:
        """The state of the corpus now."""
        return await corpus_status(
            self._store, self._states, self._stored, self._sync.lines, now=self._clock()
        )

    async def sync(self, given: str | None = None) -> dict[str, Visit]:
        """Visit one configured source, or all; the beginning of its name is enough, and visits all that begin so.

        Raises CorpusTroubleError for a source that is not configured and while another visit goes on, and StillGoingError.
        """
        visiting = asyncio.create_task(self._visit(self._meant(given)))
        self._going_on.add(visiting)  # the loop alone would let it be forgotten
        visiting.add_done_callback(self._going_on.discard)
        done, _ = await asyncio.wait({visiting}, timeout=self._patience)
        if not done:
            raise StillGoingError
        with _in_words():
            return visiting.result()

    async def preview(self, name: str, content: bytes) -> Import:
        """What importing this would change; kept for a day, to be confirmed. Raises CorpusTroubleError."""
        with _in_words():
            report = await self._rehearse(_material(PendingImport(name, content)))
        has_news = bool(report.new or report.updated)
        pending = await self._pending.keep(name, content, now=self._clock()) if has_news else None
        return Import(name, report, pending)

    async def confirm(self, pending: str) -> Import:
        """Import what was looked at. It stays pending where papers that it names could not be asked for.

        Raises ExpiredListError, DoneAlreadyError, CorpusTroubleError.
        """
        async with self._confirming:  # of two presses the second finds it done
            given = await self._pending.get(pending, now=self._clock())
            answers = _Answers(looked_up_by(self._client))
            try:
                with _in_words():
                    report = await self._import(_material(given), answers.as_they_come)
            finally:
                self._news.set()  # a file that breaks off has been taken in as far as it goes
            # Marked afterwards: if this process ends in between, it is confirmed once more, and changes nothing.
            if answers.failure is None:
                await self._pending.mark_done(pending)
        return Import(given.name, report, pending if answers.failure else None)

    async def drop(self, pending: str) -> None:
        """Forget what was looked at."""
        await self._pending.forget(pending)

    async def add(self, given: str) -> Added:
        """The paper of an arXiv id or a link, fetched. Raises UnknownPaperError, and CorpusTroubleError."""
        arxiv_id = parse_arxiv_id(given)
        if arxiv_id is None:
            raise UnknownPaperError(
                "Give an arXiv id such as 2506.01986, or a link to arXiv or Hugging Face."
            )
        changes = Changes()
        with _in_words():
            async for source, account in told_of_one(self._client, arxiv_id, today=self._clock().date()):
                changes += await self._store.put([account], source=source, now=self._clock())
        if changes.new or changes.updated:
            self._news.set()
        paper = await self._store.get(arxiv_id)
        if paper is None:
            raise UnknownPaperError(
                f"arXiv says nothing of {arxiv_id} that can be read: most likely there is no such paper."
            )
        return Added(paper, is_new=bool(changes.new), is_updated=bool(changes.updated))

    def _meant(self, given: str | None) -> list[str]:
        lines = self._sync.lines
        if given is None or given in lines:
            return [given] if given else lines
        if given.strip() and (meant := [line for line in lines if line.startswith(given.strip())]):
            return meant
        raise CorpusTroubleError(
            f"“{given}” is no configured source. There are: {', '.join(lines) or 'none'}"
        )

    async def _visit(self, lines: Sequence[str]) -> dict[str, Visit]:
        visits = await self._sync.run(lines)
        self._tell_of(visit.report for visit in visits.values())
        return visits

    async def _rehearse(self, material: Material) -> Report:
        """What importing it would change.

        Where papers have to be asked for, it is rehearsed twice: once to see which they are, and again with the answers.
        A rehearsal keeps others from writing, so nobody is asked meanwhile.
        """
        answers = _Answers(looked_up_by(self._client))
        report = await self._import(material, answers.nothing_yet, dry_run=True)
        if not answers.wanted:
            return report
        if len(answers.wanted) > MOST_LOOKED_UP:
            raise UnreadableSourceError(
                f"{material.name} names {len(answers.wanted):,} papers that arXiv has to be asked for, and here "
                f"{MOST_LOOKED_UP:,} are the most at once; split it, or import it from the command line"
            )
        await answers.ask()
        return await self._import(material, answers.as_given, dry_run=True)

    async def _import(self, material: Material, look_up: LookUp, *, dry_run: bool = False) -> Report:
        reader = Reader(now=self._clock(), look_up=look_up, at_once=_AT_ONCE)
        return await import_material(self._store, [material], reader, dry_run=dry_run)

    def _tell_of(self, reports: Iterable[Report]) -> None:
        if any(report.new or report.updated for report in reports):
            self._news.set()


class _Answers:
    """What arXiv answers when it is asked for papers by their ids, and why it did not, if so."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up
        self._given: list[Reading] = []
        self.wanted: list[str] = []
        self.failure: FetchError | None = None

    async def nothing_yet(self, ids: Sequence[str]) -> AsyncIterator[Reading]:
        """Only remember what is wanted."""
        self.wanted += ids
        for none in ():
            yield none

    async def ask(self) -> None:
        """Ask for what is wanted; a failure is kept too."""
        try:
            async for reading in self._look_up(self.wanted):
                self._given.append(reading)
        except FetchError as error:
            self.failure = error

    async def as_given(self, _ids: Sequence[str]) -> AsyncIterator[Reading]:
        """What was answered, once, and then the failure."""
        while self._given:
            yield self._given.pop(0)
        if self.failure:
            raise self.failure

    async def as_they_come(self, ids: Sequence[str]) -> AsyncIterator[Reading]:
        """What is answered now."""
        try:
            async for reading in self._look_up(ids):
                yield reading
        except FetchError as error:
            self.failure = error
            raise


def _material(given: PendingImport) -> Material:
    return Material.of_bytes(given.name, given.content, most=MOST_UNPACKED)


@contextmanager
def _in_words() -> Generator[None, None, None]:
    try:
        yield
    except (UnreadableSourceError, FetchError, UnknownSourceError, SyncingError) as error:
        raise CorpusTroubleError(str(error)) from error
