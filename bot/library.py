"""What commands, buttons and the command line ask for: papers found, shown page by page."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import BlankQuestionError, UnknownPaperError
from bot.results import PAGE_SIZE, Kind, Page, Result
from bot.worker import Worker
from corpus.paper import Paper, parse_arxiv_id
from corpus.store import PaperStore, Summary
from retrieval.search import Abstract, Hit, Search
from retrieval.stored_vectors import StoredVectors

_MAX_SUGGESTIONS = 3
_NEAREST_MISSES = 3  # what is shown of a search that found nothing


@dataclass(frozen=True, slots=True)
class ResultList:
    """The answer to one request: a question (`find`), or a paper's id (`similar`), and the hits for it."""

    kind: Kind
    asked: str
    found: bool
    hits: tuple[Hit, ...]

    @property
    def pages(self) -> int:
        """How many pages the hits fill; an empty list has one."""
        return max(1, -(-len(self.hits) // PAGE_SIZE))


class Library:
    """The papers, and the ways to find them."""

    def __init__(
        self, store: PaperStore, vectors: StoredVectors, search: Search, worker: Worker, *, results: int
    ) -> None:
        """`results` is how many papers a search gives."""
        self._store = store
        self._vectors = vectors
        self._search = search
        self._worker = worker
        self._results = results

    async def find(self, question: str, limit: int | None = None) -> ResultList:
        """The papers that are about the question, or a few nearest misses; `limit` None: as many as usual.

        Raises BlankQuestionError, BusyError.
        """
        question = question.strip()
        if not question:
            raise BlankQuestionError
        ranking = await self._worker.run(self._search.find, question, limit or self._results)
        hits = ranking.hits if ranking.found else ranking.hits[:_NEAREST_MISSES]
        return ResultList("find", question, ranking.found, hits)

    async def similar(self, paper: Paper, limit: int | None = None) -> ResultList:
        """The papers that are most like this one; `limit` None: as many as usual."""
        ranking = await self._worker.run(self._search.similar, paper.id, limit or self._results)
        return ResultList("similar", paper.id, ranking.found, ranking.hits)

    async def page(self, results: ResultList, number: int) -> Page:
        """One page of a list; a number past the end gives the last page."""
        number = max(0, min(number, results.pages - 1))
        shown = await self.results(results, results.hits[number * PAGE_SIZE : (number + 1) * PAGE_SIZE])
        asked = results.asked
        if results.kind == "similar":
            source = await self._store.get(results.asked)
            asked = source.title if source else results.asked
        return Page(
            kind=results.kind,
            asked=asked,
            found=results.found,
            corpus_size=(await self.summary()).papers,
            number=number,
            pages=results.pages,
            results=tuple(shown),
        )

    async def results(self, results: ResultList, hits: Sequence[Hit]) -> list[Result]:
        """Some hits of a list with their papers and sentences; a paper that is gone is left out."""
        known = {paper.id: paper for paper in await self._store.get_many([hit.paper_id for hit in hits])}
        # A list may be older than a paper's arXiv id; the store knows the id that it had before.
        shown = [(known.get(hit.paper_id) or await self._store.get(hit.paper_id), hit.score) for hit in hits]
        papers = [(paper, score) for paper, score in shown if paper]
        rows = await self._vectors.sentences([paper.content_hash for paper, _ in papers])
        encoded = {paper.id: paper for paper, _ in papers if paper.content_hash in rows}
        choose = (
            self._search.sentences_for_question
            if results.kind == "find"
            else self._search.sentences_for_paper
        )
        abstracts = [Abstract(paper.abstract, rows[paper.content_hash]) for paper in encoded.values()]
        chosen = await self._worker.run(lambda: choose(results.asked, abstracts))
        sentences = dict(zip(encoded, chosen, strict=True))
        return [Result(paper, score, sentences.get(paper.id, "")) for paper, score in papers]

    async def paper(self, given: str) -> Paper:
        """The paper that a person means: an id, a link, or a title. Raises UnknownPaperError, with suggestions."""
        given = given.strip()
        arxiv_id = parse_arxiv_id(given)
        paper = await self._store.get(arxiv_id or given)
        if paper:
            return paper
        if arxiv_id:
            raise UnknownPaperError(
                f"The paper {arxiv_id} is not in this corpus. Papers are found with /find."
            )
        named = await self._store.by_title(given)
        if given and not named:
            named = await self._store.search_titles(given, limit=_MAX_SUGGESTIONS)
        if len(named) == 1:
            return named[0]
        if named:
            raise UnknownPaperError(
                "More than one paper goes by that. Did you mean:",
                [f"{paper.title} ({paper.id})" for paper in named],
            )
        raise UnknownPaperError(
            "No paper here has that title, id or link. Choose one from the list that opens while you type, "
            "give an arXiv id such as 2506.01986, or search with /find."
        )

    async def suggest(self, typed: str, limit: int) -> list[Paper]:
        """Papers whose title or id fits what was typed so far."""
        return await self._store.search_titles(parse_arxiv_id(typed) or typed, limit=limit)

    async def summary(self) -> Summary:
        """The corpus at a glance."""
        return await self._store.summary()
