"""Builds the conversation's objects, over those that every command is made of."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from bot import clock
from bot.chat.answering import Answering, Writing
from bot.chat.memory import Memory
from bot.chat.talk import Talk
from bot.chat.turns import Heard
from bot.config import Llm
from bot.library import Library
from bot.llm.meaning import EnsembleMeaning
from bot.llm.opening import open_writer
from bot.llm.writer import Writer
from bot.state.heard_messages import HeardMessages
from bot.state.kept_answers import KeptAnswers
from bot.state.result_lists import ResultLists
from bot.wiring import Parts
from retrieval.answers import Answerer
from retrieval.indexing import Blocking


class ChatParts:
    """What the conversations of one database are made of."""

    def __init__(
        self,
        engine: AsyncEngine,
        library: Library,
        answering: Answering,
        run_blocking: Blocking,
        now: Callable[[], datetime],
        hurry: Callable[[], None] = lambda: None,
        heard: Heard | None = None,
    ) -> None:
        """`hurry` ends what takes long: answers that a model writes become quoted ones, from then on all.

        `heard` is where messages are written down; None: in the database.
        """
        self.hurry = hurry
        self.heard = heard or HeardMessages(engine)
        lists, answers = ResultLists(engine), KeptAnswers(engine)
        self.talk = Talk(library, lists, answers, answering, Memory(now), run_blocking, now)


@asynccontextmanager
async def open_chat(parts: Parts, heard: Heard | None = None) -> AsyncGenerator[ChatParts, None]:
    """The conversations, with the language model of the settings, if there is one, for as long as the context lasts."""
    # What tells languages apart takes a second to load: not while somebody waits for the first answer.
    loading = asyncio.create_task(parts.language_of("which papers are there?"))
    try:
        async with _open_writer(parts, parts.settings.llm) as writer:
            answering, run = answering_by(parts, writer), parts.worker.run
            yield ChatParts(parts.engine, parts.library, answering, run, clock.now, writer.hurry, heard)
    finally:
        loading.cancel()


@asynccontextmanager
async def open_answering(parts: Parts, llm: Llm | None = None) -> AsyncGenerator[Answering, None]:
    """What answers questions, quoted, or written where the settings, or `llm` in their place, name a language model."""
    async with _open_writer(parts, llm or parts.settings.llm) as writer:
        yield answering_by(parts, writer)


def answerer(parts: Parts) -> Answerer:
    """What answers by quoting."""
    return Answerer(parts.finder, parts.store.get_many, parts.vectors, parts.ensemble, parts.worker.run)


def answering_by(parts: Parts, writing: Writing) -> Answering:
    """What answers questions, with this writer."""
    return Answering(
        answerer(parts),
        writing,
        parts.store.get_many,
        parts.worker.run,
        lambda: parts.finder.papers,
        parts.language_of,
    )


def _open_writer(parts: Parts, llm: Llm) -> AbstractAsyncContextManager[Writer]:
    return open_writer(llm, EnsembleMeaning(parts.ensemble), parts.worker.run, clock.now)
