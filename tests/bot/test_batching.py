"""Questions that wait are asked together, each once, and every asker gets what is theirs."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.batching import Batcher
from bot.errors import BusyError


class Slow:
    """Answers a batch in capitals when its gate is opened, and remembers what it was asked."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = asyncio.Event()

    async def answer(self, questions: Sequence[str]) -> list[str]:
        self.batches.append(list(questions))
        await self.gate.wait()
        if "fail" in questions:
            raise RuntimeError("no answer")
        return [question.upper() for question in questions]


async def asked(batcher: Batcher[str, str], *questions: str) -> list[asyncio.Task[str]]:
    """The askers of questions, each of whom has asked by now."""
    tasks = [asyncio.create_task(batcher.ask(question)) for question in questions]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def test_a_question_alone_is_asked_at_once():
    slow = Slow()
    slow.gate.set()
    assert await Batcher(slow.answer, max_waiting=4).ask("a") == "A"
    assert slow.batches == [["a"]]


async def test_what_waits_meanwhile_is_asked_together_in_order_and_everyone_gets_their_own_answer():
    slow = Slow()
    batcher = Batcher(slow.answer, max_waiting=64)
    first = await asked(batcher, "first")
    others = await asked(batcher, *"cab")
    slow.gate.set()
    assert await asyncio.gather(*first, *others) == ["FIRST", "C", "A", "B"]
    assert slow.batches == [["first"], ["c", "a", "b"]]


async def test_sixteen_are_asked_together_at_most_and_the_rest_next():
    slow = Slow()
    batcher = Batcher(slow.answer, max_waiting=64)
    first = await asked(batcher, "first")
    others = await asked(batcher, *(f"q{number}" for number in range(20)))
    slow.gate.set()
    assert len(await asyncio.gather(*first, *others)) == 21
    assert [len(batch) for batch in slow.batches] == [1, 16, 4]
    assert [question for batch in slow.batches[1:] for question in batch] == [f"q{n}" for n in range(20)]


async def test_the_same_question_of_several_askers_is_asked_once():
    slow = Slow()
    batcher = Batcher(slow.answer, max_waiting=2)
    first = await asked(batcher, "first")
    same = await asked(batcher, "same", "same", "same")
    slow.gate.set()
    assert await asyncio.gather(*first, *same) == ["FIRST", "SAME", "SAME", "SAME"]
    assert slow.batches == [["first"], ["same"]]


async def test_an_asker_who_leaves_takes_nothing_from_the_others():
    slow = Slow()
    batcher = Batcher(slow.answer, max_waiting=8)
    [leaving] = await asked(batcher, "first")
    staying = await asked(batcher, "same")
    [also_leaving] = await asked(batcher, "same")
    leaving.cancel()
    also_leaving.cancel()
    slow.gate.set()
    assert await asyncio.gather(*staying) == ["SAME"]
    assert leaving.cancelled()
    assert also_leaving.cancelled()


async def test_a_question_that_fails_fails_alone_and_the_others_of_its_batch_are_answered():
    slow = Slow()
    batcher = Batcher(slow.answer, max_waiting=8)
    first = await asked(batcher, "first")
    together = await asked(batcher, "a", "fail", "b")
    slow.gate.set()
    outcomes = await asyncio.gather(*first, *together, return_exceptions=True)
    assert list(map(str, outcomes)) == ["FIRST", "A", "no answer", "B"]
    assert slow.batches == [["first"], ["a", "fail", "b"], ["a"], ["fail"], ["b"]]
    assert await batcher.ask("next") == "NEXT"


async def test_past_the_bound_an_asker_learns_at_once_that_it_is_busy_unless_the_question_waits_already():
    slow = Slow()
    batcher = Batcher(slow.answer, max_waiting=2)
    waiting = await asked(batcher, "first")
    waiting += await asked(batcher, "a", "b")
    with pytest.raises(BusyError):
        await batcher.ask("c")
    waiting += await asked(batcher, "a")
    slow.gate.set()
    assert await asyncio.gather(*waiting) == ["FIRST", "A", "B", "A"]
    assert await batcher.ask("c") == "C"
