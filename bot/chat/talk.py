"""A conversation: what was said becomes what is replied, and is remembered.

Which of the things that can be said a message is, bot.chat.intents decides; here they are done.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.chat.answered import Answered, Compared
from bot.chat.answering import Answering, OnDraft
from bot.chat.aspects import rows_for
from bot.chat.in_hand import asks_for_facts, refers_back, sides_of
from bot.chat.intents import intent_of
from bot.chat.lists import KeptLists, Lists
from bot.chat.meanings import (
    Compare,
    Empty,
    FollowUp,
    Help,
    Intent,
    Like,
    More,
    Narrow,
    OpenPaper,
    Pick,
    Question,
    Reset,
    Search,
    SmallTalk,
    Sources,
    Summarise,
)
from bot.chat.memory import Conversation, Memory, Where
from bot.chat.replies import (
    AnswerReply,
    Comparison,
    Level,
    Reply,
    Rests,
    Said,
    Shown,
    Summed,
    Talked,
)
from bot.errors import ExpiredListError, UnclearRequestError, UnknownPaperError
from bot.library import Library, ResultList
from corpus.paper import Paper
from retrieval.comparing import compare
from retrieval.indexing import Blocking
from retrieval.query import Query
from retrieval.query_filters import Filters
from retrieval.summing_up import sum_up

MOST_COMPARED = 5
MOST_SHOWN = 5
MOST_SUMMED = 3
_LEAST_COMPARED = 2


class KeptAnswers(Protocol):
    """Where answers are kept, so that their buttons work later."""

    async def keep(self, answer: Answered | Compared, *, now: datetime) -> str:
        """Its id."""
        ...

    async def answer(self, answer_id: str) -> Answered:
        """The answer with this id. Raises ExpiredListError."""
        ...

    async def comparison(self, answer_id: str) -> Compared:
        """The comparison with this id. Raises ExpiredListError."""
        ...


class Talk:
    """All conversations of one bot."""

    def __init__(
        self,
        library: Library,
        lists: KeptLists,
        answers: KeptAnswers,
        answering: Answering,
        memory: Memory,
        run_blocking: Blocking,
        clock: Callable[[], datetime],
    ) -> None:
        self._library = library
        self._lists = Lists(library, lists, clock)
        self._answers = answers
        self._answering = answering
        self._memory = memory
        self._run_blocking = run_blocking
        self._clock = clock

    def before(self, where: Where) -> Conversation:
        """The conversation as it is, to be given to `reply` if what is said next is edited."""
        return replace(self._memory.of(where))

    async def reply(
        self, text: str, where: Where, on_draft: OnDraft | None = None, *, before: Conversation | None = None
    ) -> Reply:
        """What is replied to a message; `before` is how the conversation was before it, where it was edited.

        Raises UnclearRequestError, UnknownPaperError, BlankQuestionError, BusyError: all with words for whoever wrote it.
        """
        if before:
            self._memory.restore(where, before)
        chat = self._memory.of(where)
        chat.said += 1
        intent = intent_of(text, shown=chat.shown, has_context=bool(chat.topic or chat.rests_on))
        if isinstance(intent, Reset):
            self._memory.forget(where)
            if not intent.rest:
                return Said("forgotten")
            chat = self._memory.of(where)
            intent = intent_of(intent.rest, shown=0, has_context=False)
        return await self._do(intent, chat, where, on_draft)

    async def ask(
        self,
        question: str,
        where: Where,
        *,
        papers: Sequence[str] = (),
        filters: Filters | None = None,
        on_draft: OnDraft | None = None,
    ) -> AnswerReply:
        """The answer to a question that stands by itself, of these papers alone if some are named."""
        chat = self._memory.of(where)
        answered = await self._answering.answer(
            question, person=where[0], among=papers, filters=filters, on_draft=on_draft
        )
        return await self._answer_reply(chat, answered)

    async def follow_up(
        self, text: str, where: Where, before: Answered, on_draft: OnDraft | None = None
    ) -> Reply:
        """What is replied to what somebody says further on an answer, whoever got that one."""
        chat = self._memory.of(where)
        chat.be_about_answer(before, "")
        intent = intent_of(text, shown=chat.shown, has_context=True)
        if isinstance(intent, Search | Reset):  # some words are asked on, too
            intent = FollowUp(text)
        return await self._do(intent, chat, where, on_draft)

    async def resume(self, where: Where, kept: str) -> None:
        """The conversation is about what is kept under this name, as `kept_as` gives it: somebody replied to that."""
        chat = self._memory.of(where)
        kind, _, its_id = kept.partition(":")
        if chat.kept == kept or not its_id:
            return
        with suppress(ExpiredListError):
            match kind:
                case "answer":
                    chat.be_about_answer(await self._answers.answer(its_id), its_id)
                case "comparison":
                    compared = await self._answers.comparison(its_id)
                    chat.be_about_papers(list((await self._by_id(compared.ids)).values()), are_numbered=True)
                case "papers":
                    chat.be_about_papers(list((await self._by_id(its_id.split(","))).values()))
                case _:
                    await self._lists.resume(chat, its_id)

    async def shown(self, answer_id: str) -> AnswerReply:
        """An answer that is kept, to be shown again. Raises ExpiredListError."""
        answered = await self._answers.answer(answer_id)
        return AnswerReply(answered, await self._by_id(answered.shown), answer_id)

    async def shown_comparison(self, answer_id: str) -> Comparison:
        """A comparison that is kept, of the papers as they are now. Raises ExpiredListError."""
        compared = await self._answers.comparison(answer_id)
        papers = tuple((await self._by_id(compared.ids)).values())
        return Comparison(compared, papers, await self._run_blocking(compare, papers), answer_id)

    async def compare(self, papers: Sequence[Paper], aspects: Sequence[str], where: Where) -> Comparison:
        """Papers beside each other. Raises UnclearRequestError for too few."""
        distinct = tuple({paper.id: paper for paper in papers}.values())[:MOST_COMPARED]
        if len(distinct) < _LEAST_COMPARED:
            raise UnclearRequestError("To compare, I need at least two different papers.")
        rows, unknown = rows_for(aspects)
        compared = Compared(tuple(paper.id for paper in distinct), rows, unknown)
        self._memory.of(where).be_about_papers(distinct, are_numbered=True)
        answer_id = await self._answers.keep(compared, now=self._clock())
        return Comparison(compared, distinct, await self._run_blocking(compare, distinct), answer_id)

    async def summarise(self, papers: Sequence[Paper], where: Where, level: Level = "full") -> Summed:
        """What papers say, in sentences of their own."""
        papers = papers[:MOST_SUMMED]
        self._memory.of(where).be_about_papers(papers)
        summaries = [(paper, await self._run_blocking(sum_up, paper)) for paper in papers]
        return Summed(tuple(summaries), level)

    def remember(self, where: Where, results: ResultList, list_id: str, query: Query | None = None) -> None:
        """A list was shown there by a command: "2" and "only with code" act on it."""
        self._memory.of(where).be_about_list(results, list_id, query)

    def turned(self, where: Where, list_id: str, page: int) -> None:
        """A list was turned to another page by its buttons."""
        chat = self._memory.of(where)
        if chat.list_id == list_id:
            chat.page = page

    def forget(self, where: Where) -> bool:
        """End the conversation there; whether there was one."""
        return self._memory.forget(where)

    async def sources(self, where: Where) -> Reply:
        """What the last answer there rests on, or else the last list. Raises UnclearRequestError if there is neither."""
        chat = self._memory.of(where)
        if chat.answered:
            answer_id = chat.kept.removeprefix("answer:")
            return Rests(AnswerReply(chat.answered, await self._by_id(chat.answered.shown), answer_id))
        if chat.results:
            return await self._lists.page(chat, chat.results, chat.page)
        if chat.rests_on:
            return Shown(tuple((await self._by_id(chat.rests_on)).values()))
        raise UnclearRequestError(
            "There is no answer yet that could rest on anything. Ask me something first."
        )

    async def _do(self, intent: Intent, chat: Conversation, where: Where, on_draft: OnDraft | None) -> Reply:
        match intent:
            case Question() | FollowUp():
                return await self._answer(chat, intent, where, on_draft)
            case Search() | Narrow() | More():
                return await self._lists.change(chat, intent)
            case OpenPaper() | Pick() | Like() | Compare() | Summarise():
                return await self._with_papers(chat, intent, where)
            case Sources():
                return await self.sources(where)
            case _:
                return Said(_said(intent))

    async def _with_papers(
        self, chat: Conversation, asked: OpenPaper | Pick | Like | Compare | Summarise, where: Where
    ) -> Reply:
        match asked:
            case OpenPaper(ids):
                return self._show(chat, await self._named(ids))
            case Pick(number):
                return self._show(chat, await self._papers(chat, (number,), ()))
            case Like(numbers, ids, within):
                return await self._lists.like(chat, await self._papers(chat, numbers, ids), within)
            case Compare(numbers, ids, aspects):
                papers = await self._papers(chat, numbers, ids, most=MOST_COMPARED)
                if len(papers) == 1:  # with what was spoken of
                    papers = [*await self._named(chat.rests_on), *papers]
                return await self.compare(papers, aspects, where)
            case Summarise(numbers, ids):
                papers = await self._papers(chat, numbers, ids, most=MOST_SUMMED)
                return await self.summarise(papers, where)

    async def _answer(
        self, chat: Conversation, asked: Question | FollowUp, where: Where, on_draft: OnDraft | None
    ) -> Reply:
        if compared := await self._compared_by_name(chat, asked.text):
            return await self.compare(compared, (), where)
        papers: Sequence[Paper] = ()
        if asked.numbers or asked.ids:
            papers = await self._papers(chat, asked.numbers, asked.ids)
        elif isinstance(asked, FollowUp) and chat.has_papers:
            papers = list((await self._by_id(chat.rests_on)).values())
        if 0 < len(papers) <= MOST_SHOWN and asks_for_facts(asked.text):
            return self._show(chat, papers)  # of authors, days and links a card tells, and no abstract
        answered = await self._answered(chat, asked, papers, where[0], on_draft)
        return await self._answer_reply(chat, answered)

    async def _answered(
        self,
        chat: Conversation,
        asked: Question | FollowUp,
        papers: Sequence[Paper],
        person: int,
        on_draft: OnDraft | None,
    ) -> Answered:
        goes_on = isinstance(asked, FollowUp)
        answered = await self._answering.answer(
            asked.text,
            person=person,
            # Papers in hand are not sought by their titles: whatever repeats a title would be quoted.
            topic=chat.topic if goes_on and not papers else "",
            among=[paper.id for paper in papers],
            context=chat.rests_on if goes_on else (),
            on_draft=on_draft,
        )
        if papers:
            title = papers[0].title if len(papers) == 1 else ""
            answered = replace(answered, topic=chat.topic if goes_on else title)
        return answered

    async def _compared_by_name(self, chat: Conversation, text: str) -> list[Paper]:
        """The papers that a message asks to compare by their names, or "it" with one; none if it does not."""
        papers: list[Paper] = []
        for name in sides_of(text):
            try:
                papers += await (self._named(chat.rests_on[:1]) if refers_back(name) else self._named([name]))
            except UnknownPaperError:
                return []
        return papers if len(papers) >= _LEAST_COMPARED else []

    async def _answer_reply(self, chat: Conversation, answered: Answered) -> AnswerReply:
        answer_id = await self._answers.keep(answered, now=self._clock())
        chat.be_about_answer(answered, answer_id)
        return AnswerReply(answered, await self._by_id(answered.shown), answer_id)

    def _show(self, chat: Conversation, papers: Sequence[Paper]) -> Shown:
        chat.be_about_papers(papers, are_numbered=len(papers) > 1)
        return Shown(tuple(papers[:MOST_SHOWN]))

    async def _papers(
        self, chat: Conversation, numbers: Sequence[int], ids: Sequence[str], *, most: int = MOST_SHOWN
    ) -> list[Paper]:
        """Papers by their number in the last list or by id; where neither is given, those that it is about.

        Raises UnclearRequestError, UnknownPaperError.
        """
        listed = chat.listed
        if numbers and not listed:
            raise UnclearRequestError("There is no list to choose from yet. Search for something first.")
        for number in numbers:
            if not 1 <= number <= len(listed):
                raise UnclearRequestError(f"What I showed last goes to {len(listed)}: there is no {number}.")
        wanted = [*(listed[number - 1] for number in numbers), *ids]
        if not wanted:
            wanted = list(chat.rests_on or listed)[:most]
        if not wanted:
            raise UnclearRequestError(
                "I do not know which papers you mean. Search first, or give me their ids."
            )
        return await self._named(wanted)

    async def _named(self, ids: Sequence[str]) -> list[Paper]:
        return [await self._library.paper(paper_id) for paper_id in ids]

    async def _by_id(self, ids: Sequence[str]) -> dict[str, Paper]:
        return {paper.id: paper for paper in await self._library.papers(ids)}


def _said(intent: SmallTalk | Help | Empty | Reset) -> Talked:
    match intent:
        case SmallTalk(kind):
            return kind
        case Help():
            return "help"
        case Empty() | Reset():
            return "empty"
