"""Each message is answered once, in the order of its conversation; an edited one is answered anew, in place."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.chat.turns import Given, Turn, Turns
from bot.state.heard_messages import HeardMessages
from tests.conftest import NOW

ADA, BEN = (1, 10), (2, 10)


class Answers:
    """Answers messages, slowly if told to, and remembers what was said to what."""

    def __init__(self) -> None:
        self.said: list[tuple[int, str, int | None]] = []
        self.may = asyncio.Event()
        self.may.set()
        self.began = asyncio.Event()

    async def __call__(self, turn: Turn) -> Given | None:
        before = replace(turn)
        self.began.set()
        await self.may.wait()
        if turn.is_gone:
            return None
        self.said.append((before.message, before.text, before.answer))
        return Given(before.answer or 1000 + before.message, "list:abc")


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def make_turns(engine: AsyncEngine) -> Callable[[], Turns]:
    return lambda: Turns(HeardMessages(engine), lambda: NOW)


async def test_a_message_that_is_told_twice_is_answered_once(
    make_turns: Callable[[], Turns], answers: Answers
):
    turns = make_turns()
    await asyncio.gather(*(turns.take(1, ADA, "hi", answers) for _ in range(3)))
    await turns.take(1, ADA, "hi", answers)
    assert answers.said == [(1, "hi", None)]


async def test_also_if_it_is_told_again_to_a_bot_that_was_restarted(
    make_turns: Callable[[], Turns], answers: Answers
):
    await make_turns().take(1, ADA, "hi", answers)
    await make_turns().take(1, ADA, "hi", answers)
    assert len(answers.said) == 1


async def test_what_was_heard_and_not_answered_before_the_end_is_answered_when_it_is_told_again(
    make_turns: Callable[[], Turns], answers: Answers
):
    async def dies(_turn: Turn) -> Given | None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await make_turns().take(1, ADA, "hi", dies)
    await make_turns().take(1, ADA, "hi", answers)
    assert len(answers.said) == 1


async def test_messages_of_one_conversation_are_answered_in_order_and_others_do_not_wait(
    make_turns: Callable[[], Turns], answers: Answers
):
    turns, others = make_turns(), Answers()
    answers.may.clear()
    going = [asyncio.create_task(turns.take(number, ADA, str(number), answers)) for number in (1, 2, 3)]
    await answers.began.wait()
    await turns.take(4, BEN, "4", others)
    assert others.said == [(4, "4", None)]
    answers.may.set()
    await asyncio.gather(*going)
    assert [message for message, _, _ in answers.said] == [1, 2, 3]


async def test_an_edited_message_is_answered_anew_in_place(make_turns: Callable[[], Turns], answers: Answers):
    turns = make_turns()
    await turns.take(1, ADA, "hi", answers)
    await turns.edit(1, "hello", answers)
    assert answers.said == [(1, "hi", None), (1, "hello", 1001)]


async def test_an_edit_that_changes_no_word_and_one_of_a_message_nobody_heard_are_left_aside(
    make_turns: Callable[[], Turns], answers: Answers
):
    turns = make_turns()
    await turns.take(1, ADA, "hi", answers)
    await turns.edit(1, "hi", answers)
    await turns.edit(2, "other", answers)
    assert len(answers.said) == 1


async def test_what_is_edited_while_it_is_answered_is_answered_as_it_is_then(
    make_turns: Callable[[], Turns], answers: Answers
):
    turns = make_turns()
    answers.may.clear()
    going = asyncio.create_task(turns.take(1, ADA, "hi", answers))
    await answers.began.wait()
    await turns.edit(1, "hello", answers)
    answers.may.set()
    await going
    assert answers.said == [(1, "hi", None), (1, "hello", 1001)], "the second in the place of the first"


async def test_what_is_deleted_before_its_answer_gets_none(make_turns: Callable[[], Turns], answers: Answers):
    turns = make_turns()
    answers.may.clear()
    going = asyncio.create_task(turns.take(1, ADA, "hi", answers))
    waiting = asyncio.create_task(turns.take(2, ADA, "hi", answers))
    await answers.began.wait()
    turns.delete(1)
    turns.delete(2)
    turns.delete(3)
    answers.may.set()
    await asyncio.gather(going, waiting)
    assert answers.said == []


async def test_what_an_answer_shows_is_known_by_its_message(
    engine: AsyncEngine, make_turns: Callable[[], Turns], answers: Answers
):
    await make_turns().take(1, ADA, "hi", answers)
    heard = HeardMessages(engine)
    assert await heard.shown_in(1001) == "list:abc"
    assert await heard.shown_in(9) == ""
