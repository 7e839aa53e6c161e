"""From a question and its sentences to an answer whose every claim was checked, in time or not at all.

What a model wrote never leaves here unchecked. Whatever happens is a WriterError of some kind within the deadline and
a moment, so that the quoted answer can take its place.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from bot.errors import BusyError
from bot.llm.breaker import Breaker
from bot.llm.budget import Bill, Budget
from bot.llm.checking import Verdict
from bot.llm.claims import Claim, Source, Written
from bot.llm.errors import (
    DeadlineError,
    LostSubstanceError,
    NoModelError,
    NotAnsweredError,
    NothingToWriteFromError,
    TooLongAnswerError,
    UncheckableError,
    WriterBusyError,
    WriterError,
)
from bot.llm.evidence import Prompt, build_prompt
from bot.llm.reply import LONGEST_REPLY, MOST_CLAIMS, Reply, finished_claims, is_whole, read_reply
from retrieval.errors import RetrievalError

log = logging.getLogger(__name__)

_AFTERWARDS = 0.5  # seconds that an endpoint may talk on after a whole answer, to say what it cost
_MOST_LOOKS = 400  # at an answer while it arrives
_LETTERS_A_TOKEN = 3

OnText = Callable[[tuple[Claim, ...]], None]
"""Told the claims that have held so far, each time there is one more. They may all be taken back at the end."""


class PieceLike(Protocol):
    """A piece of an answer."""

    @property
    def text(self) -> str:
        """The next letters."""
        ...

    @property
    def tokens(self) -> int | None:
        """What the answer cost, where the endpoint says so."""
        ...


class Endpoint(Protocol):
    """A model that can be asked."""

    model: str
    answer_tokens: int

    def ask(self, prompt: Prompt, *, deadline: float) -> AsyncGenerator[PieceLike, None]:
        """The answer piece by piece. Raises EndpointError."""
        ...


class Check(Protocol):
    """Whether a claim stands in its sentences; from a thread of its own, for it computes."""

    async def __call__(self, claim: Claim, sources: Mapping[int, Source], /) -> Verdict:
        """As Checker.check."""
        ...


@dataclass(slots=True)
class _Draft:
    """An answer as far as it has arrived."""

    text: str = ""
    tokens: int | None = None
    whole: bool = False
    looks: int = 0
    verdicts: dict[Claim, Verdict] = field(default_factory=dict[Claim, Verdict])

    def kept(self, claims: Sequence[Claim]) -> tuple[Claim, ...]:
        """Those that held, as they may be shown, each once."""
        held = (self.verdicts[claim].claim for claim in claims if claim in self.verdicts)
        return tuple({claim.text.casefold(): claim for claim in held if claim}.values())


class Writer:
    """Writes answers with one model. Without an endpoint, each attempt raises NoModelError."""

    def __init__(
        self,
        endpoint: Endpoint | None,
        check: Check,
        budget: Budget,
        breaker: Breaker,
        *,
        deadline_seconds: float,
        at_once: int,
    ) -> None:
        self._endpoint, self._check, self._budget, self._breaker = endpoint, check, budget, breaker
        self._deadline_seconds, self._at_once = deadline_seconds, at_once
        self._writing = 0
        self._limits: set[asyncio.Timeout] = set()

    @property
    def has_model(self) -> bool:
        """Whether there is a model to write with; it may be out of order all the same."""
        return self._endpoint is not None

    def hurry(self) -> None:
        """Give up what is being written, and write nothing more: the bot ends."""
        self._at_once = 0
        for limit in self._limits:
            limit.reschedule(asyncio.get_running_loop().time())

    async def write(
        self, question: str, sources: Sequence[Source], *, person: int | str, on_text: OnText | None = None
    ) -> Written:
        """The checked answer. Raises WriterError, at the latest a moment after the deadline.

        Sources are numbered by the caller, each number once. Sentences that give orders to a model are not shown to it.
        """
        if self._endpoint is None:
            raise NoModelError("no model is configured (llm.base_url)")
        prompt = build_prompt(question, sources, fence=secrets.token_hex(8), most_claims=MOST_CLAIMS)
        if not prompt.sources:
            raise NothingToWriteFromError("there is no sentence to write from")
        if self._writing >= self._at_once:
            raise WriterBusyError("as many answers are being written as may be at once (llm.at_once)")
        self._writing += 1
        try:
            with self._budget.question(person, prompt.tokens + self._endpoint.answer_tokens) as bill:
                return await self._answer(self._endpoint, prompt, bill, on_text)
        except WriterError as error:
            log.info("No written answer (%s): %s", error.kind, error)
            raise
        finally:
            self._writing -= 1

    async def _answer(
        self, endpoint: Endpoint, prompt: Prompt, bill: Bill, on_text: OnText | None
    ) -> Written:
        deadline = asyncio.get_running_loop().time() + self._deadline_seconds
        draft = _Draft()
        with self._breaker.request():
            bill.asked, bill.tokens = True, prompt.tokens
            try:
                await self._receive(endpoint, prompt, draft, deadline, on_text)
            finally:
                counted = prompt.tokens + len(draft.text) // _LETTERS_A_TOKEN
                bill.tokens = draft.tokens if draft.tokens is not None else counted
            reply = read_reply(draft.text)
        if not reply.answered:
            raise NotAnsweredError("the model says that the sentences do not answer the question")
        try:
            async with asyncio.timeout_at(deadline):
                await self._judge(reply.claims, prompt, draft)
        except TimeoutError:
            raise UncheckableError("the claims could not be checked in time") from None
        return _written(reply, draft, endpoint.model)

    async def _receive(
        self, endpoint: Endpoint, prompt: Prompt, draft: _Draft, deadline: float, on_text: OnText | None
    ) -> None:
        """Fill the draft until the endpoint ends, or has said a whole answer and does not stop talking."""
        try:
            async with (
                asyncio.timeout_at(deadline) as limit,
                aclosing(endpoint.ask(prompt, deadline=deadline)) as pieces,
            ):
                with self._hurried(limit):
                    async for piece in pieces:
                        if piece.tokens is not None:
                            draft.tokens = piece.tokens
                        if draft.whole:
                            continue
                        draft.text += piece.text
                        if "}" in piece.text and draft.looks < _MOST_LOOKS:
                            draft.looks += 1
                            draft.whole = is_whole(draft.text)
                            await self._look(prompt, draft, on_text)
                        if draft.whole:
                            limit.reschedule(min(deadline, asyncio.get_running_loop().time() + _AFTERWARDS))
                        elif len(draft.text) > LONGEST_REPLY:
                            raise TooLongAnswerError("the model's answer is longer than any answer")
        except TimeoutError:
            if draft.whole:
                return
        else:
            return
        raise DeadlineError("the model's answer was not there in time")

    @contextmanager
    def _hurried(self, limit: asyncio.Timeout) -> Generator[None]:
        """Within it `hurry` moves the limit."""
        self._limits.add(limit)
        try:
            yield
        finally:
            self._limits.remove(limit)

    async def _look(self, prompt: Prompt, draft: _Draft, on_text: OnText | None) -> None:
        """Check what has arrived of a draft, for whoever watches."""
        if on_text is None:
            return
        claims = finished_claims(draft.text)
        before = draft.kept(claims)
        await self._judge(claims, prompt, draft)
        if (kept := draft.kept(claims)) != before:
            on_text(kept)

    async def _judge(self, claims: Sequence[Claim], prompt: Prompt, draft: _Draft) -> None:
        sources = {source.number: source for source in prompt.sources}
        for claim in claims:
            if claim in draft.verdicts:
                continue
            try:
                verdict = await self._check(claim, sources)
            except (
                BusyError,
                RetrievalError,
                RuntimeError,
            ) as error:  # the last is how a library breaks down
                raise UncheckableError("the claims cannot be checked at the moment") from error
            if not verdict.claim:
                log.info("A claim of the model's was dropped: it %s.", verdict.reason)
            draft.verdicts[claim] = verdict


def _written(reply: Reply, draft: _Draft, model: str) -> Written:
    """The answer of what held. Raises LostSubstanceError where that is less than half, or nothing."""
    held = sum(draft.verdicts[claim].claim is not None for claim in reply.claims)
    dropped = len(reply.claims) - held + reply.surplus
    if held == 0 or held < dropped:
        raise LostSubstanceError(held, dropped)
    return Written(draft.kept(reply.claims), dropped, model)
