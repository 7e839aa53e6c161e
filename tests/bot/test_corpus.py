"""/corpus: its owner looks at the corpus, fetches, imports and adds; everybody else is refused."""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.cards import custom_ids
from bot.client import Papercord
from bot.curator import Curator
from bot.state.tables import pending_imports
from corpus.account import Account
from corpus.source_states import SourceStates
from corpus.store import PaperStore
from tests.conftest import NOW
from tests.corpus.test_arxiv_atom import answer, entry

from .conftest import Outside, Stage
from .reading import buttons, parts, text, titles

DAILY = "https://huggingface.co/api/daily_papers"
A_PAPER = "https://huggingface.co/api/papers/"
ARXIV = "https://export.arxiv.org/api/query"
KNOWN = "2506.01986"  # SpecMemo, of the bundled papers
SUMMARY = "Bees count to four. We ask whether they count to five."
EXPLAINED = pytest.mark.simcord(check_errors=False)
"""Of a test whose command raises what its answer explains."""
COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("corpus status", {}),
    ("corpus sync", {}),
    ("corpus import", {}),
    ("corpus import", {"file": ("ids.txt", b"2611.00001")}),
    ("corpus add", {"paper": "2611.00001"}),
]


def daily(*ids: str, **fields: Any) -> str:
    """A day of Hugging Face's papers."""
    papers = [
        {"id": arxiv_id, "title": f"Bees count {arxiv_id}", "summary": SUMMARY, "upvotes": 7, **fields}
        for arxiv_id in ids
    ]
    return json.dumps([{"paper": paper, "numComments": 2} for paper in papers])


def lines(*titles_: str, **fields: Any) -> bytes:
    """A file with a paper a line."""
    return "\n".join(
        json.dumps({"title": title, "abstract": SUMMARY, **fields}) for title in titles_
    ).encode()


async def ask(stage: Stage, name: str, **options: Any) -> list[dict[str, Any]]:
    """What the owner is answered."""
    result = await stage.ada.slash(stage.channel, name, **options)
    assert result.ephemeral
    assert result.response is not None
    return result.response.components


async def preview(stage: Stage, content: bytes, name: str = "papers.jsonl") -> simcord.ResponseMessage:
    """The message that shows what importing a file would change."""
    result = await stage.ada.slash(stage.channel, "corpus import", file=(name, content))
    assert result.ephemeral
    assert result.response is not None
    return result.response


async def paste(stage: Stage, pasted: str) -> list[dict[str, Any]]:
    form = await stage.ada.slash(stage.channel, "corpus import")
    result = await stage.ada.submit_modal(form, {custom_ids.PASTED: pasted})
    assert result.ephemeral
    assert result.response is not None
    return result.response.components


async def posted(stage: Stage, view: discord.ui.LayoutView) -> discord.Message:
    """A message that everybody sees, with somebody's buttons on it."""
    view.stop()
    channel = stage.env.bot.get_channel(stage.channel.id)
    assert isinstance(channel, discord.TextChannel)
    return await channel.send(view=view)


async def with_button(stage: Stage, custom_id: str) -> discord.Message:
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.ActionRow(discord.ui.Button(label="Press", custom_id=custom_id)))
    return await posted(stage, view)


# Its state


async def test_status_says_what_there_is_and_that_nothing_is_fetched_by_itself(stage: Stage):
    shown = text(await ask(stage, "corpus status"))
    assert "### 52 papers, the newest of 24 Nov 2025\nNone waits to be encoded." in shown
    assert "52 by " in shown
    assert "- 23 Nov 2026: 52 by " in shown, "the bundled papers came on the day of this test"
    assert "`hugging-face-daily` never visited · next visit not planned" in shown


async def test_status_says_how_a_visit_went_how_far_it_read_and_what_waits(stage: Stage, outside: Outside):
    outside.answers = {DAILY: daily("2611.00001", "2611.00002")}
    await ask(stage, "corpus sync")
    shown = text(await ask(stage, "corpus status"))
    assert "### 54 papers" in shown
    assert "2 wait to be encoded." in shown
    assert f"visited <t:{NOW.timestamp():.0f}:R>: 2 new, 0 updated · read up to 2026-11-21" in shown
    assert "- 23 Nov 2026: " in shown
    assert "2 by hugging-face" in shown


async def test_status_says_in_words_why_a_visit_failed_and_when_the_next_is(
    stage: Stage, engine: AsyncEngine
):
    await ask(stage, "corpus sync")
    later = NOW + timedelta(hours=1)
    await SourceStates(engine).expect(["hugging-face-daily"], at=later)
    shown = text(await ask(stage, "corpus status"))
    assert f"**failed** · next visit <t:{later.timestamp():.0f}:R>" in shown
    assert "> `https://huggingface.co/api/daily_papers` does not answer." in shown


async def test_status_says_that_a_visit_has_not_ended(stage: Stage, engine: AsyncEngine):
    await SourceStates(engine).begin("hugging-face-daily", now=NOW)
    shown = text(await ask(stage, "corpus status"))
    assert f"`hugging-face-daily` a visit began <t:{NOW.timestamp():.0f}:R> and has not ended" in shown


async def test_days_are_counted_whole_and_the_eighth_is_not_shown(stage: Stage, store: PaperStore):
    for days, title in [(6.4, "Six days ago, at night"), (7, "A week ago")]:
        then = NOW - timedelta(days=days)
        await store.put([Account(title)], source="test", now=then)
    shown = text(await ask(stage, "corpus status"))
    assert "- 17 Nov 2026: 1 by test" in shown
    assert "16 Nov" not in shown


# Fetching


async def test_sync_answers_with_counts_refusals_and_wakes_the_encoder(
    stage: Stage, outside: Outside, news: asyncio.Event
):
    broken = [*json.loads(daily("2611.00001")), {"paper": {"id": "no-id", "title": "x"}}]
    outside.answers = {f"{DAILY}?date=2026-11-23": json.dumps(broken), DAILY: "[]"}
    shown = text(await ask(stage, "corpus sync"))
    assert "`hugging-face-daily` **1 new**, **0 updated**, 0 unchanged, 1 unclear" in shown
    assert "- record 2: its id “no-id” is not an arXiv id" in shown
    assert "encoded in the background" in shown
    assert news.is_set()


async def test_sync_says_in_words_what_failed_and_what_came_before_that_stays(
    stage: Stage, outside: Outside, store: PaperStore
):
    outside.answers = {f"{DAILY}?date=2026-11-16": daily("2611.00001")}
    shown = text(await ask(stage, "corpus sync"))
    assert "**1 new**" in shown
    assert "> Ended early: `https://huggingface.co/api/daily_papers` does not answer." in shown
    assert await store.get("2611.00001")


async def test_one_source_of_several_is_chosen_by_how_its_name_begins(
    stage: Stage, outside: Outside, make_curator: Callable[..., Curator]
):
    long = "hugging-face-search:" + "a long question " * 8
    bot = stage.env.bot
    assert isinstance(bot, Papercord)
    bot.curator = make_curator(lines=["hugging-face-daily", "hugging-face-search:bees", long])
    choices = await stage.ada.autocomplete(stage.channel, "corpus sync", "source", "search")
    assert [choice["value"] for choice in choices] == ["hugging-face-search:bees", long[:100]]
    assert all(len(choice["name"]) <= 100 for choice in choices)
    shown = text(await ask(stage, "corpus sync", source=long[:100]))
    assert "a long question" in shown
    assert "daily" not in shown
    [asked] = outside.asked
    assert "a+long+question" in asked
    assert await stage.ben.autocomplete(stage.channel, "corpus sync", "source", "") == []


@EXPLAINED
async def test_a_source_that_is_not_configured_is_answered_with_those_that_are(
    stage: Stage, outside: Outside
):
    shown = text(await ask(stage, "corpus sync", source="no-such @everyone"))
    assert "is no configured source. There are: hugging-face-daily" in shown
    assert "@everyone" not in shown
    assert not outside.asked


@EXPLAINED
async def test_a_second_sync_at_the_same_time_is_told_that_one_is_under_way(
    stage: Stage, curator: Curator, outside: Outside
):
    outside.answers = {DAILY: "[]"}
    outside.opens.clear()
    first = asyncio.create_task(curator.sync())
    await outside.was_asked.wait()
    shown = text(await ask(stage, "corpus sync"))
    assert "new papers are being fetched already" in shown
    outside.opens.set()
    assert (await first)["hugging-face-daily"].failure is None


# Adding


async def test_a_new_paper_is_fetched_and_its_whole_card_shown(
    stage: Stage, outside: Outside, store: PaperStore, news: asyncio.Event
):
    outside.answers = {
        ARXIV: answer(entry("2611.00001v2")),
        A_PAPER: json.dumps(json.loads(daily("2611.00001"))[0]["paper"]),
    }
    shown = await ask(stage, "corpus add", paper="https://huggingface.co/papers/2611.00001")
    assert text(shown).startswith("**Added.** It is encoded in the background.\n### [")
    assert "▲ 7" in text(shown)
    assert len(titles(shown)) == 1
    assert await store.get("2611.00001")
    assert news.is_set()


async def test_a_known_paper_is_brought_up_to_date_and_then_nothing_has_changed(
    stage: Stage, outside: Outside
):
    outside.answers = {ARXIV: answer(entry(f"{KNOWN}v9"))}
    first = text(await ask(stage, "corpus add", paper=KNOWN))
    assert first.startswith("**Known already**, brought up to date.")
    again = text(await ask(stage, "corpus add", paper=KNOWN))
    assert again.startswith("**Known already**, and nothing has changed.")


@EXPLAINED
async def test_a_paper_that_arxiv_does_not_know_and_no_id_at_all_are_explained(
    stage: Stage, outside: Outside
):
    outside.answers = {ARXIV: answer()}
    assert "arXiv says nothing of 2611.00009" in text(await ask(stage, "corpus add", paper="2611.00009"))
    assert "Give an arXiv id such as" in text(await ask(stage, "corpus add", paper="SpecMemo"))


@EXPLAINED
async def test_a_paper_is_not_added_while_arxiv_is_away_and_the_owner_is_told_why(
    stage: Stage, store: PaperStore
):
    shown = text(await ask(stage, "corpus add", paper="2611.00001"))
    assert "That did not work: `https://export.arxiv.org/api/query` does not answer." in shown
    assert await store.get("2611.00001") is None


# Who may


async def test_every_command_of_the_group_is_tried_by_a_stranger_below(stage: Stage):
    bot = stage.env.bot
    assert isinstance(bot, Papercord)
    group = bot.tree.get_command("corpus")
    assert isinstance(group, discord.app_commands.Group)
    assert {command.qualified_name for command in group.walk_commands()} == {name for name, _ in COMMANDS}


@EXPLAINED
@pytest.mark.parametrize(("name", "options"), COMMANDS)
async def test_fault_35_whoever_runs_a_server_but_not_the_bot_is_refused(
    stage: Stage,
    outside: Outside,
    store: PaperStore,
    caplog: pytest.LogCaptureFixture,
    name: str,
    options: dict[str, Any],
):
    with caplog.at_level(logging.WARNING):
        result = await stage.ben.slash(stage.channel, name, **options)
    assert result.ephemeral
    assert result.modal is None
    assert result.response is not None
    assert text(result.response.components).startswith("Only the owner of this bot may do that")
    assert not outside.asked
    assert (await store.summary()).papers == 52
    [record] = [record for record in caplog.records if "refused" in record.message]
    assert record.levelno == logging.WARNING
    assert record.message == f"/{name} is the owner's, and was refused to user {stage.ben.id}."
    assert record.exc_info is None


@EXPLAINED
async def test_fault_35_the_owner_is_refused_too_outside_of_servers(stage: Stage, outside: Outside):
    # Discord would not offer it there; what it offers is in its hands, and this is the bot's own look.
    backend = stage.env.backend
    command = backend.find_command("corpus", None)
    assert command is not None
    command["contexts"] = [0, 1, 2]
    for name, options in COMMANDS:
        result = await stage.ada.user.slash(name, **options)
        assert result.response is not None
        assert "only in a server" in text(result.response.components), name
    assert not outside.asked


async def test_fault_35_a_stranger_presses_in_vain(stage: Stage, store: PaperStore, engine: AsyncEngine):
    message = await preview(stage, lines("Bees"))
    for label in ("Import", "Cancel"):
        shown = await with_button(stage, buttons(message.components)[label]["custom_id"])
        pressed = await stage.ben.click(shown, label="Press")
        assert pressed.ephemeral
        assert pressed.response is not None
        assert "Only the owner" in text(pressed.response.components)
    assert not await store.by_title("Bees")
    async with engine.connect() as connection:
        assert len((await connection.execute(pending_imports.select())).all()) == 1


async def test_fault_35_a_form_is_refused_to_whoever_no_longer_owns_the_bot(stage: Stage, outside: Outside):
    form = await stage.ada.slash(stage.channel, "corpus import")
    bot = stage.env.bot
    assert isinstance(bot, Papercord)
    bot.let_own(stage.ben.id)
    result = await stage.ada.submit_modal(form, {custom_ids.PASTED: "2611.00001"})
    assert result.ephemeral
    assert result.response is not None
    assert "Only the owner" in text(result.response.components)
    assert not outside.asked


@EXPLAINED
async def test_nobody_else_owns_the_bot_where_nobody_says_so(stage: Stage):
    await stage.env.restart_bot(stage.make_bot())
    result = await stage.ada.slash(stage.channel, "corpus status")
    assert result.response is not None
    assert "Only the owner" in text(result.response.components)


async def test_who_owns_the_application_is_asked_once_at_the_start(stage: Stage):
    await stage.env.restart_bot(stage.make_bot())
    bot = stage.env.bot
    assert isinstance(bot, Papercord)
    assert bot.owner_id is not None


async def test_a_form_of_another_version_says_what_to_do(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    form = await stage.ada.slash(stage.channel, "corpus import")
    monkeypatch.setattr("bot.client.PASTE", "another")
    result = await stage.ada.submit_modal(form, {custom_ids.PASTED: "2611.00001"})
    assert result.response is not None
    assert "run the command again" in text(result.response.components)


async def test_discord_is_told_to_offer_it_in_servers_to_those_who_run_them(stage: Stage):
    bot = stage.env.bot
    assert isinstance(bot, Papercord)
    group = bot.tree.get_command("corpus")
    assert group is not None
    payload: dict[str, Any] = dict(group.to_dict(bot.tree))
    assert payload["contexts"] == [0]
    assert payload["integration_types"] == [0]
    assert int(payload["default_member_permissions"]) == discord.Permissions(manage_guild=True).value


# What others wrote


@pytest.mark.parametrize("name", ["@everyone [free](https://evil.example).jsonl", "<@123456789012345678>"])
async def test_fault_31_names_and_lines_of_files_act_nowhere(stage: Stage, name: str):
    content = lines("Bees") + b"\n@everyone [free](https://evil.example) <@123456789012345678>"
    message = await preview(stage, content, name)
    await stage.ada.click(message, label="Import")
    for part in parts(message.components):
        shown = part.get("content", "")
        assert "@everyone" not in shown
        assert "](https://evil" not in shown
        assert "<@1" not in shown.replace("\\<", "")
