"""A draft is shown as it grows, not more often than told, and none after the whole answer is there."""

import asyncio
from dataclasses import replace

from bot.chat.answered import Answered
from bot.chat.drafts import Drafts

DRAFT = Answered("q", "q", "q", False)


class Shown:
    def __init__(self) -> None:
        self.notes: list[str] = []
        self.at: list[float] = []

    async def __call__(self, draft: Answered) -> None:
        self.at.append(asyncio.get_running_loop().time())
        self.notes.append(draft.note)


def draft(number: int) -> Answered:
    return replace(DRAFT, note=str(number))


async def test_the_newest_draft_is_shown_every_so_often():
    shown = Shown()
    async with Drafts(shown, every=0.1) as drafts:
        for number in range(30):
            drafts.offer(draft(number))
            await asyncio.sleep(0.01)
    assert shown.notes[0] == "0"
    assert 2 <= len(shown.notes) <= 5
    assert [int(note) for note in shown.notes] == sorted({int(note) for note in shown.notes})
    assert all(later - earlier > 0.09 for earlier, later in zip(shown.at, shown.at[1:], strict=False))


async def test_an_answer_that_is_there_at_once_needs_no_draft():
    shown = Shown()
    async with Drafts(shown):
        pass
    async with Drafts(shown) as drafts:
        drafts.offer(DRAFT)
    assert shown.notes == []


async def test_a_draft_that_cannot_be_shown_does_no_harm():
    async def fails(_draft: Answered) -> None:
        raise OSError

    async with Drafts(fails, every=0.01) as drafts:
        for number in range(3):
            drafts.offer(draft(number))
            await asyncio.sleep(0.02)


async def test_one_that_hangs_is_not_waited_for():
    async def hangs(_draft: Answered) -> None:
        await asyncio.Event().wait()

    async with asyncio.timeout(30):
        async with Drafts(hangs) as drafts:
            drafts.offer(DRAFT)
            await asyncio.sleep(0.01)
