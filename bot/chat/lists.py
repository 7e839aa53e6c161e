"""The lists of a conversation: made by a search, narrowed, put into another order, turned page by page."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.chat.meanings import More, Narrow, Search
from bot.chat.memory import Conversation
from bot.chat.replies import Listed
from bot.errors import UnclearRequestError
from bot.library import Library, ResultList
from bot.results import Sort
from corpus.paper import Paper
from retrieval.query import Query, parse
from retrieval.query_filters import Filters, both, describe


class KeptLists(Protocol):
    """Where lists are kept, so that their buttons work later."""

    async def keep(self, results: ResultList, *, now: datetime) -> str:
        """Its id."""
        ...

    async def get(self, list_id: str) -> ResultList:
        """The list with this id. Raises ExpiredListError."""
        ...


class Lists:
    """Makes lists, and remembers the last one of each conversation."""

    def __init__(self, library: Library, kept: KeptLists, clock: Callable[[], datetime]) -> None:
        self._library = library
        self._kept = kept
        self._clock = clock

    async def change(self, chat: Conversation, asked: Search | Narrow | More) -> Listed:
        """The list that is asked for. Raises UnclearRequestError, BlankQuestionError, BusyError."""
        match asked:
            case Search(query, sort):
                return await self._search(chat, self._parsed(query), sort or "relevance")
            case Narrow():
                return await self._narrow(chat, asked)
            case More(is_back):
                return await self._turned(chat, -1 if is_back else 1)

    async def like(self, chat: Conversation, papers: Sequence[Paper], within: Narrow | None) -> Listed:
        """Papers similar to these."""
        results = [await self._library.similar(paper) for paper in papers]
        found = results[0] if len(results) == 1 else _together(results, {paper.id for paper in papers})
        if within:
            found = await self._within(found, self._parsed(within.query), within.sort)
        listed = await self._list(chat, found, None)
        chat.topic, chat.rests_on, chat.has_papers = "", chat.listed, True
        return listed

    async def resume(self, chat: Conversation, list_id: str) -> None:
        """The conversation is about a list that was shown before. Raises ExpiredListError."""
        results = await self._kept.get(list_id)
        chat.be_about_list(results, list_id, None)

    async def page(self, chat: Conversation, results: ResultList, number: int) -> Listed:
        """A page of the conversation's list."""
        chat.page = number
        return Listed(await self._library.page(results, number), chat.list_id)

    async def _narrow(self, chat: Conversation, asked: Narrow) -> Listed:
        query = self._parsed(asked.query)
        if chat.query and chat.results:
            before = chat.results.sort
            sort: Sort = asked.sort or (before if before != "stars" else "relevance")
            words = " ".join(part for part in (chat.query.words, query.words) if part)
            again = Query(words, words, both(chat.query.filters, query.filters), query.notes)
            return await self._search(chat, again, sort)
        if chat.results:
            return await self._list(chat, await self._within(chat.results, query, asked.sort), None)
        if chat.topic:
            words = f"{chat.topic} {query.words}".strip()
            query = replace(query, text=words, words=words)
        elif chat.listed:
            query = replace(query, filters=both(query.filters, Filters(ids=chat.listed)))
        if not query.words and not query.filters:
            raise UnclearRequestError(
                "There is nothing yet to put into another order. Search for something first."
            )
        return await self._search(chat, query, asked.sort or "relevance")

    async def _within(self, results: ResultList, query: Query, sort: Sort | None) -> ResultList:
        """The papers of a list that a query finds; in the list's order, unless another is asked for."""
        ids = tuple(hit.paper_id for hit in results.hits)
        if not ids:
            return results
        among = replace(query, filters=both(query.filters, Filters(ids=ids)))
        found = await self._library.find(among, len(ids), sort=sort or "relevance")
        said = ", ".join(part for part in (results.narrowed, describe(query.filters)) if part)
        if sort or query.words:
            return replace(found, narrowed=said)
        passing = {hit.paper_id for hit in found.hits}
        hits = tuple(hit for hit in results.hits if hit.paper_id in passing)
        if not hits:
            return replace(found, narrowed=said)
        return replace(results, hits=hits, narrowed=said)

    async def _turned(self, chat: Conversation, by: int) -> Listed:
        if chat.results is None:
            raise UnclearRequestError("There is no list to turn the pages of. Search for something first.")
        if by < 0 and chat.kept != f"list:{chat.list_id}":  # from one of its papers, back to the list
            page = chat.page
            chat.be_about_list(chat.results, chat.list_id, chat.query)
            return await self.page(chat, chat.results, page)
        if chat.page + by < 0:
            raise UnclearRequestError("This is the beginning of the list.")
        if chat.page + by >= chat.results.pages:
            raise UnclearRequestError(
                "That was the end of the list. Another search, in other words, may find more."
            )
        return await self.page(chat, chat.results, chat.page + by)

    async def _search(self, chat: Conversation, query: Query, sort: Sort) -> Listed:
        results = await self._library.find(query, sort=sort)
        return await self._list(chat, results, query)

    async def _list(self, chat: Conversation, results: ResultList, query: Query | None) -> Listed:
        list_id = await self._kept.keep(results, now=self._clock())
        chat.be_about_list(results, list_id, query)
        return await self.page(chat, results, 0)

    def _parsed(self, text: str) -> Query:
        return parse(text, today=self._clock().date())


def _together(lists: Sequence[ResultList], besides: set[str]) -> ResultList:
    """One list of several: by the sum of the scores, best first, without the papers that were asked with."""
    scores: dict[str, float] = {}
    for results in lists:
        for hit in results.hits:
            scores[hit.paper_id] = scores.get(hit.paper_id, 0.0) + hit.score
    first = {hit.paper_id: hit for results in lists for hit in results.hits if hit.paper_id not in besides}
    ranked = sorted(first, key=lambda paper_id: -scores[paper_id])
    return replace(lists[0], hits=tuple(first[paper_id] for paper_id in ranked[: len(lists[0].hits)]))
