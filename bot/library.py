"""What commands, buttons and the command line ask for: papers found, shown page by page."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.browsing import Period, PeriodName, last_days, left_out, named_period, read_topic, where_else
from bot.errors import BlankQuestionError, UnknownPaperError
from bot.results import PAGE_SIZE, Kind, Order, Page, Result, Sort
from corpus.listing import Count, Listing, Wanted
from corpus.paper import Paper, parse_arxiv_id
from corpus.store import PaperStore, Summary
from retrieval.finder import Finder, Found, Quote
from retrieval.query import Filters, Query, describe
from retrieval.query_filters import both
from retrieval.search import CANDIDATES, Ask, Hit, Mode

_MAX_SUGGESTIONS = 3
_NEAREST_MISSES = 3  # what is shown of a search that found nothing
_ORDERS: dict[Sort, str] = {"upvotes": "upvotes", "comments": "comments"}  # of papers that only pass filters
_UNKNOWN = -1.0
_LISTED = 50  # papers of a listing: ten pages, and nothing has to be ranked for it
# Of a ranking that is put into another order, what has this share of the best's score. Set by eye: of seven topics among
# 52 and 10,000 papers, the papers above it were on the topic, and far below it were those that are only in the field.
_ABOUT_IT = 0.6

LanguageOf = Callable[[str], Awaitable[str | None]]
"""The English name of the language that words are in; None if that is English, or not sure."""


async def _unjudged(_words: str) -> str | None:
    return None


def in_english(language: str) -> str:
    """What somebody is told who asks in another language."""
    return f"This looks like {language}. The papers are English, and so is the search: asking in English finds more."


@dataclass(frozen=True, slots=True)
class ResultList:
    """The answer to one request, and the hits for it.

    `asked` is what was asked for in words (`find`, `latest`, `top`), or a paper's id (`similar`); `topic` what was searched
    of it. The rest is as on a page.
    """

    kind: Kind
    asked: str
    found: bool
    hits: tuple[Hit, ...]
    topic: str = ""
    narrowed: str = ""
    selected: int | None = None
    sort: Order = "relevance"
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
            notes = (in_english(language), *notes)
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

    async def latest(self, days: int, topic: str = "", *, today: date) -> ResultList:
        """What came up in the last days, the newest first and within a day the most upvoted.

        `topic` is an arXiv category, or words that the papers are about. Raises BlankQuestionError, BusyError.
        """
        return await self._listed("latest", last_days(days, today), None, topic, today)

    async def top(self, name: PeriodName, by: Count, topic: str = "", *, today: date) -> ResultList:
        """What came up in a period, the highest count first; papers of which it is not known are left out.

        `topic` is an arXiv category, or words that the papers are about. Raises BlankQuestionError, BusyError.
        """
        return await self._listed("top", named_period(name, today), by, topic, today)

    async def _listed(
        self, kind: Kind, period: Period, by: Count | None, topic: str, today: date
    ) -> ResultList:
        query = read_topic(topic, today)
        wanted = Wanted(period.first, period.last, query.filters.categories, by=by, limit=_LISTED)
        said = describe(query.filters)
        narrowed = (said, period.words) if kind == "latest" else (period.words, said)
        listing = await self._store.listing(wanted)
        results = ResultList(
            kind,
            query.words,
            bool(listing.ids),
            _in_order(listing, {}),
            narrowed=", ".join(part for part in narrowed if part),
            selected=listing.total,
            sort=by or "newest",
            notes=left_out(listing, by),
        )
        if not listing.total:
            return replace(results, notes=(where_else(listing.newest, days=kind == "latest", today=today),))
        return await self._among(results, wanted, query) if query.words else results

    async def _among(self, results: ResultList, wanted: Wanted, query: Query) -> ResultList:
        """Of a listing only the papers that the search finds; where it finds none, its nearest misses."""
        if wanted.first:  # the search does not know days of listing: it is told the papers
            whole = await self._store.listing(replace(wanted, by=None, limit=None))
            query = replace(query, filters=both(query.filters, Filters(ids=whole.ids)))
        found = await self.find(query, CANDIDATES)
        results = replace(found, kind=results.kind, narrowed=results.narrowed, sort=results.sort)
        if not found.found:
            return results
        scores = {hit.paper_id: hit.score for hit in found.hits}
        about_it = tuple(hit.paper_id for hit in found.hits if hit.score >= _ABOUT_IT * found.hits[0].score)
        listing = await self._store.listing(replace(wanted, among=about_it))
        notes = (*found.notes, *left_out(listing, wanted.by))
        return replace(results, hits=_in_order(listing, scores), notes=notes)

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

    async def papers(self, ids: Sequence[str]) -> list[Paper]:
        """The papers of some ids, in that order; those that there are."""
        return await self._store.get_many(ids)

    async def suggest(self, typed: str, limit: int) -> list[Paper]:
        """Papers whose title or id fits what was typed so far."""
        return await self._store.search_titles(parse_arxiv_id(typed) or typed, limit=limit)

    async def summary(self) -> Summary:
        """The corpus at a glance."""
        return await self._store.summary()


def _in_order(listing: Listing, scores: Mapping[str, float]) -> tuple[Hit, ...]:
    """The papers of a listing as hits; one that was not searched for has the score of a filter's."""
    return tuple(Hit(paper_id, scores.get(paper_id, 1.0)) for paper_id in listing.ids)
