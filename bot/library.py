"""What commands, buttons and the command line ask for: papers found, shown page by page."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.errors import BlankQuestionError, UnknownPaperError
from bot.results import PAGE_SIZE, Kind, Page, Result, Sort
from corpus.paper import Paper, parse_arxiv_id
from corpus.store import PaperStore, Summary
from retrieval.finder import Finder, Found, Quote
from retrieval.query import Query, describe
from retrieval.search import Ask, Hit, Mode

_MAX_SUGGESTIONS = 3
_NEAREST_MISSES = 3  # what is shown of a search that found nothing
_ORDERS: dict[Sort, str] = {"upvotes": "upvotes", "comments": "comments"}  # of papers that only pass filters
_UNKNOWN = -1.0

LanguageOf = Callable[[str], Awaitable[str | None]]
"""The English name of the language that words are in; None if that is English, or not sure."""


async def _unjudged(_words: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class ResultList:
    """The answer to one request, and the hits for it.

    `asked` is what was asked for in words (`find`), or a paper's id (`similar`); `topic` what was searched of it. The
    rest is as on a page.
    """

    kind: Kind
    asked: str
    found: bool
    hits: tuple[Hit, ...]
    topic: str = ""
    narrowed: str = ""
    selected: int | None = None
    sort: Sort = "relevance"
    notes: tuple[str, ...] = ()
    suggestion: str | None = None

    @property
    def pages(self) -> int:
        """How many pages the hits fill; an empty list has one."""
        return max(1, -(-len(self.hits) // PAGE_SIZE))


class Library:
    """The papers, and the ways to find them."""

    def __init__(
        self, store: PaperStore, finder: Finder, *, results: int, language_of: LanguageOf = _unjudged
    ) -> None:
        """`results` is how many papers a search gives."""
        self._store = store
        self._finder = finder
        self._results = results
        self._language_of = language_of

    async def find(
        self, query: Query, limit: int | None = None, *, mode: Mode = "hybrid", sort: Sort = "relevance"
    ) -> ResultList:
        """The papers that a query is about, or a few nearest misses; `limit` None: as many as usual.

        Sorted, it is these papers in another order. Where nothing is about words that are misspelt, it is the papers
        on what was meant, and a note says so. Raises BlankQuestionError, BusyError.
        """
        if not query.words and not query.filters:
            raise BlankQuestionError(query.notes)
        limit = limit or self._results
        # With nothing but filters the newest come first; another order is one of all that pass.
        ask = Ask(query, limit, mode, _ORDERS.get(sort, "published"))
        found, notes = await self._finder.find(ask), query.notes
        language = await self._language_of(query.words)
        # What looks like a slip in English is none in another language.
        suggestion = None if language else await self._finder.did_you_mean(query.text)
        if language:
            words = f"This looks like {language}. The papers are English, and so is the search: asking in English finds more."
            notes = (words, *notes)
        elif suggestion and not found.found and (meant := await self._meant(ask, found)):
            words = f"Nothing is about “{ask.query.words}”; this is for “{meant[0].query.words}”."
            (ask, found), notes, suggestion = meant, (words, *notes), None
        hits = found.ranking.hits if found.found else found.ranking.hits[:_NEAREST_MISSES]
        return ResultList(
            "find",
            ask.query.words,
            found.found,
            hits if sort == "relevance" else await self._sorted(hits, sort),
            topic=found.ranking.topic,
            narrowed=describe(query.filters),
            selected=found.ranking.selected,
            sort=sort,
            notes=notes,
            suggestion=suggestion,
        )

    async def _meant(self, ask: Ask, found: Found) -> tuple[Ask, Found] | None:
        """The search for what was probably meant, with the same filters, if it finds something."""
        words = await self._finder.did_you_mean(ask.query.words)
        if not words or found.ranking.selected == 0:
            return None
        again = replace(ask, query=replace(ask.query, words=words))
        found = await self._finder.find(again)
        return (again, found) if found.found else None

    async def similar(self, paper: Paper, limit: int | None = None) -> ResultList:
        """The papers that are most like this one; `limit` None: as many as usual."""
        ranking = await self._finder.similar(paper.id, limit or self._results)
        return ResultList("similar", paper.id, ranking is not None, ranking.hits if ranking else ())

    async def page(self, results: ResultList, number: int) -> Page:
        """One page of a list; a number past the end gives the last page."""
        number = max(0, min(number, results.pages - 1))
        hits = results.hits[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]
        return await self._page(results, hits, number, results.pages)

    async def whole(self, results: ResultList) -> Page:
        """The whole list as one page."""
        return await self._page(results, results.hits, 0, 1)

    async def _page(self, results: ResultList, hits: Sequence[Hit], number: int, pages: int) -> Page:
        shown = await self._shown(results, hits)
        asked = results.asked
        if results.kind == "similar":
            source = await self._store.get(results.asked)
            asked = source.title if source else results.asked
        return Page(
            kind=results.kind,
            asked=asked,
            found=results.found,
            corpus_size=self._finder.papers,
            number=number,
            pages=pages,
            results=tuple(shown),
            listed=len(results.hits),
            narrowed=results.narrowed,
            selected=results.selected,
            sort=results.sort,
            notes=results.notes,
            suggestion=results.suggestion,
        )

    async def _shown(self, results: ResultList, hits: Sequence[Hit]) -> list[Result]:
        """Some hits of a list with their papers and sentences; a paper that is gone is left out."""
        known = {paper.id: paper for paper in await self._store.get_many([hit.paper_id for hit in hits])}
        # A list may be older than a paper's arXiv id; the store knows the id that it had before.
        shown = [(known.get(hit.paper_id) or await self._store.get(hit.paper_id), hit.score) for hit in hits]
        papers = [(paper, score) for paper, score in shown if paper]
        quotes = await self._quotes(results, [paper for paper, _ in papers])
        return [
            Result(paper, score, quote.text, quote.marks)
            for paper, score in papers
            for quote in (quotes.get(paper.id, Quote("")),)
        ]

    async def _quotes(self, results: ResultList, papers: Sequence[Paper]) -> dict[str, Quote]:
        if results.kind == "similar":
            return await self._finder.quotes_for_paper(results.asked, papers)
        return await self._finder.quotes_for_topic(results.topic, papers) if results.topic else {}

    async def _sorted(self, hits: Sequence[Hit], sort: Sort) -> tuple[Hit, ...]:
        """The hits in another order; what is unknown comes last."""
        keys: dict[Sort, Callable[[Paper], float | None]] = {
            "newest": lambda paper: paper.published.toordinal() if paper.published else None,
            "upvotes": lambda paper: paper.upvotes,
            "comments": lambda paper: paper.comments,
        }
        papers = await self._store.get_many([hit.paper_id for hit in hits])
        values = {paper.id: keys[sort](paper) for paper in papers}

        def rank(hit: Hit) -> float:
            value = values.get(hit.paper_id)
            return _UNKNOWN if value is None else value

        return tuple(sorted(hits, key=rank, reverse=True))

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
