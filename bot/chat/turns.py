"""One answer a message, and in a conversation one after the other; edited messages are answered anew in place.

Discord may tell of a message twice (after a connection that was lost, also to a bot that was restarted in between). So a
message is written down before it is answered, and its answer after: what was written down and has no answer is answered
again, with a nonce by which Discord knows an answer that did arrive.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from weakref import WeakValueDictionary

from bot.chat.memory import KEPT, Conversation, Where
from bot.state.heard_messages import Known
from corpus.errors import CorpusError

_REMEMBERED = 5000  # messages whose edits are heeded, as long as their conversations are known


@dataclass(slots=True)
class Turn:
    """A message and its answer.

    `answer` is the message that answers it. `is_gone`: it was deleted. `is_told_again`: before a crash it may have been
    answered, or half. `before` is the conversation as it was before it.
    """

    message: int
    where: Where
    text: str
    heard: datetime
    answer: int | None = None
    is_gone: bool = False
    is_told_again: bool = False
    is_going: bool = False
    before: Conversation | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given: its message, and the name under which what it shows is kept."""

    message: int
    kept: str = ""


class Respond(Protocol):
    """Answers a message, or puts another answer in the place of the first; None if none was given."""

    async def __call__(self, turn: Turn, /) -> Given | None:
        """Look at `turn.is_gone` before anything is sent. Raises nothing."""
        ...


class Heard(Protocol):
    """Where messages are written down."""

    async def hear(self, message_id: int, *, now: datetime) -> Known:
        """What is known of a message, which is known from now on."""
        ...

    async def answered(self, message_id: int, answer: int, kept: str) -> None:
        """It has its answer."""
        ...

    async def shown_in(self, answer: int) -> str:
        """The name of what one of our answers shows; "" if it is none, or shows nothing that is kept."""
        ...


class Turns:
    """The messages of all conversations."""

    def __init__(self, heard: Heard, clock: Callable[[], datetime]) -> None:
        self._heard = heard
        self._clock = clock
        self._turns: dict[int, Turn] = {}  # in the order in which they came
        self._locks: WeakValueDictionary[Where, asyncio.Lock] = WeakValueDictionary()

    async def take(self, message: int, where: Where, text: str, respond: Respond) -> None:
        """Answer a message, if it is not answered yet or just being answered.

        Raises DatabaseError where it cannot be written down; told again, it is taken anew.
        """
        if message in self._turns:
            return
        now = self._clock()
        self._forget_old(now)
        turn = self._turns[message] = Turn(message, where, text, now)
        # Before anything is waited for, so that messages are answered in the order in which they came.
        async with self._lock(where):
            try:
                known = await self._heard.hear(message, now=now)
            except CorpusError:
                self._turns.pop(message, None)
                raise
            turn.is_told_again = known != "new"
            if known != "answered":
                await self._go(turn, respond)

    async def edit(self, message: int, text: str, respond: Respond) -> None:
        """A message has another text now: answer that, in the place of the answer that was given."""
        turn = self._turns.get(message)
        if turn is None or turn.text == text:  # unknown, or Discord only added a preview to it
            return
        turn.text = text
        if turn.answer is not None and not turn.is_going:
            turn.is_going = True
            async with self._lock(turn.where):
                await self._go(turn, respond)

    def delete(self, message: int) -> None:
        """A message is gone: what is not answered yet is not answered any more."""
        if turn := self._turns.get(message):
            turn.is_gone = True

    def _forget_old(self, now: datetime) -> None:
        while self._turns:
            oldest = next(iter(self._turns.values()))
            if oldest.is_going or (now - oldest.heard <= KEPT and len(self._turns) < _REMEMBERED):
                return
            del self._turns[oldest.message]

    def _lock(self, where: Where) -> asyncio.Lock:
        return self._locks.setdefault(where, asyncio.Lock())

    async def _go(self, turn: Turn, respond: Respond) -> None:
        turn.is_going = True
        try:
            said = None
            while said != turn.text and not turn.is_gone:  # it may be edited meanwhile
                said = turn.text
                if given := await respond(turn):
                    turn.answer = given.message
                    await self._heard.answered(turn.message, given.message, given.kept)
        finally:
            turn.is_going = False
