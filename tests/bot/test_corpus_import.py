"""/corpus import: a file or a paste is looked at, and taken in when its owner says so."""

import asyncio
import gzip
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import discord
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.cards import custom_ids
from bot.client import Papercord
from bot.cogs.corpus import MOST_ATTACHED
from bot.curator import MOST_LOOKED_UP, Curator
from bot.state.pending_imports import KEPT
from bot.state.tables import pending_imports
from bot.views.corpus import MOST_PASTED
from corpus.store import PaperStore
from tests.conftest import NOW
from tests.corpus.test_arxiv_atom import answer, entry

from .conftest import Outside, Stage
from .reading import buttons, text
from .test_corpus import (
    ARXIV,
    EXPLAINED,
    KNOWN,
    daily,
    lines,
    paste,
    preview,
    with_button,
)


async def test_an_attached_file_is_shown_before_it_is_imported(stage: Stage, store: PaperStore):
    known = await store.get(KNOWN)
    assert known is not None
    content = lines("Bees", "Wasps", "Ants") + b"\nnot json\n" + lines(known.title, id=KNOWN, upvotes=99)
    message = await preview(stage, content)
    shown = text(message.components)
    assert "### papers.jsonl" in shown
    assert "**1 known** (1 of them would be updated), **3 new**, **1 unclear**" in shown
    assert "- papers.jsonl line 4: " in shown
    assert set(buttons(message.components)) == {"Import", "Cancel"}
    assert (await store.summary()).papers == 52


async def test_confirming_takes_it_in_says_so_and_takes_the_buttons_away(
    stage: Stage, store: PaperStore, news: asyncio.Event
):
    message = await preview(stage, lines("Bees", "Wasps"))
    assert not news.is_set()
    pressed = await stage.ada.click(message, label="Import")
    assert pressed.followups == []
    shown = text(message.components)
    assert "Imported: **2 new**, **0 updated**, 0 unchanged, 0 unclear" in shown
    assert "encoded in the background" in shown
    assert not buttons(message.components)
    assert (await store.summary()).papers == 54
    assert news.is_set()


async def test_a_preview_can_be_confirmed_after_a_restart(stage: Stage, store: PaperStore):
    message = await preview(stage, lines("Bees"))
    await stage.restart()
    await stage.ada.click(message, label="Import")
    assert "**1 new**" in text(message.components)
    assert await store.by_title("Bees")


async def test_a_second_confirmation_says_that_it_is_done(stage: Stage, store: PaperStore):
    message = await preview(stage, lines("Bees"))
    again = await with_button(stage, buttons(message.components)["Import"]["custom_id"])
    await stage.ada.click(message, label="Import")
    [notice] = (await stage.ada.click(again, label="Press")).followups
    assert notice.ephemeral
    assert "done already" in text(notice.components)
    assert (await store.summary()).papers == 53


async def test_a_preview_older_than_a_day_says_what_to_do(
    stage: Stage, store: PaperStore, make_curator: Callable[..., Curator]
):
    message = await preview(stage, lines("Bees"))
    bot = stage.env.bot
    assert isinstance(bot, Papercord)
    bot.curator = make_curator(now=NOW + KEPT + timedelta(seconds=1))
    [notice] = (await stage.ada.click(message, label="Import")).followups
    assert "run the command again" in text(notice.components)
    assert not await store.by_title("Bees")


async def test_cancelling_forgets_the_file(stage: Stage, engine: AsyncEngine):
    message = await preview(stage, lines("Bees"))
    await stage.ada.click(message, label="Cancel")
    assert text(message.components) == "Nothing is imported."
    assert not buttons(message.components)
    async with engine.connect() as connection:
        assert (await connection.execute(pending_imports.select())).all() == []


async def test_a_file_of_known_papers_has_nothing_to_confirm(stage: Stage):
    await stage.ada.click(await preview(stage, lines("Bees")), label="Import")
    message = await preview(stage, lines("Bees"))
    assert "**1 known**, **0 new**, **0 unclear**\nAll of it is known already." in text(message.components)
    assert not buttons(message.components)


@EXPLAINED
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.txt", b" \n", "That did not work: empty.txt is empty"),
        ("song.mp3", b"ID3\x03\x00\x00\xff\xfb\x90", "song.mp3 is not text: line 1 is not UTF-8"),
        ("cut.jsonl.gz", gzip.compress(lines("Bees"), mtime=0)[:-9], "damaged or cut off"),
        ("large.txt", b"x" * (MOST_ATTACHED + 1), "10 MB are the most here"),
        (
            "bomb.gz",
            gzip.compress(lines("Bees") + b"\n" + b" " * 20 * 2**20, mtime=0),
            "more than 16 MB of text",
        ),
        ("lines.gz", gzip.compress(lines("Bees") + b"\n{}" * 300_000, mtime=0), "more than 65,536 lines"),
        (
            "ids.gz",
            gzip.compress((KNOWN + "\n").encode() * 300 + b"x\n" * 300_000, mtime=0),
            "more than 65,536 lines",
        ),
    ],
)
async def test_a_file_that_is_no_use_is_explained_in_words(
    stage: Stage, engine: AsyncEngine, name: str, content: bytes, words: str
):
    message = await preview(stage, content, name)
    shown = text(message.components)
    assert words in shown
    assert "Error" not in shown
    assert "Traceback" not in shown
    assert not buttons(message.components)
    async with engine.connect() as connection:
        assert (await connection.execute(pending_imports.select())).all() == []


@EXPLAINED
async def test_a_file_that_discord_does_not_hand_over_is_explained(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    async def gone(*_arguments: Any, **_options: Any) -> bytes:
        raise discord.DiscordServerError(type("R", (), {"status": 500, "reason": "x"})(), "x")  # type: ignore[arg-type]

    monkeypatch.setattr(discord.Attachment, "read", gone)
    assert "attach it again" in text((await preview(stage, b"x")).components)


async def test_without_a_file_a_form_opens_that_says_what_it_takes(stage: Stage):
    form = (await stage.ada.slash(stage.channel, "corpus import")).modal
    assert form is not None
    [label] = form["components"]
    assert "4,000 characters" in label["description"]
    assert "attach" in label["description"]
    assert label["component"]["max_length"] == MOST_PASTED


async def test_a_paste_is_shown_like_a_file_and_can_be_confirmed(
    stage: Stage, outside: Outside, store: PaperStore
):
    form = await stage.ada.slash(stage.channel, "corpus import")
    await stage.restart()
    message = (await stage.ada.submit_modal(form, {custom_ids.PASTED: daily("2611.00001", KNOWN)})).response
    assert message is not None
    shown = text(message.components)
    assert "### the pasted text\n**1 known** (1 of them would be updated), **1 new**, **0 unclear**" in shown
    assert "its end may be missing" not in shown
    await stage.ada.click(message, label="Import")
    assert await store.get("2611.00001")
    assert not outside.asked


async def test_a_paste_that_fills_the_form_says_that_its_end_may_be_missing(stage: Stage):
    shown = text(await paste(stage, KNOWN + "\n" * (MOST_PASTED - len(KNOWN))))
    assert "its end may be missing. Attach a file" in shown


async def test_a_paste_that_cannot_be_read_is_explained(stage: Stage):
    assert "That did not work: the pasted text cannot be read" in text(await paste(stage, "good morning"))


async def test_pasted_ids_are_looked_up_and_those_that_arxiv_does_not_know_are_unclear(
    stage: Stage, outside: Outside, store: PaperStore
):
    outside.answers = {ARXIV: answer(entry("2611.00001v1"))}
    form = await stage.ada.slash(stage.channel, "corpus import")
    pasted = f"https://arxiv.org/abs/2611.00001 {KNOWN} 2611.00009"
    message = (await stage.ada.submit_modal(form, {custom_ids.PASTED: pasted})).response
    assert message is not None
    assert "**1 known**, **1 new**, **1 unclear**" in text(message.components)
    assert "2611.00009: arXiv knows no such paper" in text(message.components)
    assert len(outside.asked) == 1
    await stage.ada.click(message, label="Import")
    assert await store.get("2611.00001")


async def test_ids_that_cannot_be_asked_for_are_named_and_there_is_nothing_to_confirm(stage: Stage):
    shown = await paste(stage, "2611.00001")
    assert "- the pasted text 2611.00001: `https://export.arxiv.org/api/query` does not answer." in text(
        shown
    )
    assert not buttons(shown)


async def test_a_confirmation_while_arxiv_is_away_can_be_repeated(
    stage: Stage, outside: Outside, store: PaperStore
):
    outside.answers = {ARXIV: answer(entry("2611.00001v1"))}
    message = await preview(stage, b"2611.00001", "ids.txt")
    outside.answers = {}
    await stage.ada.click(message, label="Import")
    assert "does not answer" in text(message.components)
    outside.answers = {ARXIV: answer(entry("2611.00001v1"))}
    await stage.ada.click(message, label="Try again")
    assert "Imported: **1 new**" in text(message.components)
    assert await store.get("2611.00001")


@EXPLAINED
async def test_more_ids_than_arxiv_is_asked_for_at_once_are_refused(stage: Stage, outside: Outside):
    ids = "\n".join(f"2611.{number:05}" for number in range(1, MOST_LOOKED_UP + 2))
    shown = text((await preview(stage, ids.encode(), "ids.txt")).components)
    assert "1,001 papers that arXiv has to be asked for" in shown
    assert not outside.asked
