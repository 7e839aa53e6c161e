"""/find, from a person's question to cards and pages."""

import discord
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import BusyError
from bot.state.tables import result_lists
from corpus.store import PaperStore
from tests.conftest import NOW, account_of

from .conftest import Stage
from .reading import buttons, text, titles

QUESTION = "speculative decoding on mobile devices"


async def test_find_shows_the_matching_paper_first_as_a_card(stage: Stage):
    answer = (await stage.ada.slash(stage.channel, "find", query=QUESTION)).response
    assert answer is not None
    assert titles(answer.components)[0] == "SpecMemo: Speculative Decoding is in Your Pocket"
    shown = text(answer.components)
    assert "2 authors · 16 May 2025" in shown
    assert "> However, deploying **speculative decoding** on memory-constrained **devices**" in shown
    for address in (
        "huggingface.co/papers/2506.01986",
        "arxiv.org/abs/2506.01986",
        "arxiv.org/pdf/2506.01986",
    ):
        assert f"(https://{address})" in shown


async def test_a_question_in_a_server_is_answered_privately_with_a_share_button(stage: Stage):
    answer = await stage.ada.slash(stage.channel, "find", query=QUESTION)
    assert answer.ephemeral
    assert answer.response is not None
    assert "Share" in buttons(answer.response.components)


async def test_a_question_can_be_answered_for_everybody(stage: Stage):
    answer = await stage.ada.slash(stage.channel, "find", query=QUESTION, private=False)
    assert not answer.ephemeral
    assert answer.response is not None
    assert "Share" not in buttons(answer.response.components)


async def test_a_direct_message_is_answered_visibly(stage: Stage):
    answer = await stage.ada.user.slash("find", query=QUESTION)
    assert not answer.ephemeral
    assert answer.response is not None
    assert "Share" not in buttons(answer.response.components)


async def test_the_pager_turns_pages_in_place_and_stops_at_both_ends(stage: Stage):
    first = (await stage.ada.slash(stage.channel, "find", query=QUESTION)).response
    assert first is not None
    assert buttons(first.components)["◀"]["disabled"]
    assert "1/3" in buttons(first.components)
    seen = titles(first.components)
    for place in ("2/3", "3/3"):
        turned = await stage.ada.click(first, label="▶")
        assert place in buttons(first.components), "the same message was edited"
        assert turned.followups == []
        seen += titles(first.components)
    assert buttons(first.components)["▶"]["disabled"]
    assert len(seen) == len(set(seen)) == 12
    await stage.ada.click(first, label="◀")
    assert "2/3" in buttons(first.components)


async def test_share_posts_the_page_once_for_everybody(stage: Stage):
    private = (await stage.ada.slash(stage.channel, "find", query=QUESTION)).response
    assert private is not None
    shared = await stage.ada.click(private, label="Share")
    [public] = shared.followups
    assert not public.ephemeral
    assert titles(public.components) == titles(private.components)
    assert "Share" not in buttons(private.components)
    assert "Share" not in buttons(public.components)


async def test_a_stranger_who_turns_a_public_list_gets_a_private_copy(stage: Stage):
    public = (await stage.ada.slash(stage.channel, "find", query=QUESTION, private=False)).response
    assert public is not None
    copy = await stage.ben.click(public, label="▶")
    assert copy.ephemeral
    assert copy.response is not None
    assert "2/3" in buttons(copy.response.components)
    assert "1/3" in buttons(public.components), "the owner's list stays where it is"


async def test_buttons_work_after_a_restart(stage: Stage):
    first = (await stage.ada.slash(stage.channel, "find", query=QUESTION)).response
    assert first is not None
    await stage.restart()
    await stage.ada.click(first, label="▶")
    assert "2/3" in buttons(first.components)
    custom_id = buttons(first.components)["Abstract"]["custom_id"]
    abstract = (await stage.ada.click(first, custom_id=custom_id)).response
    assert abstract is not None
    assert titles(abstract.components) == titles(first.components)[:1]


async def test_a_list_that_is_no_longer_kept_says_what_to_do(stage: Stage, engine: AsyncEngine):
    first = (await stage.ada.slash(stage.channel, "find", query=QUESTION)).response
    assert first is not None
    async with engine.begin() as connection:
        await connection.execute(result_lists.delete())
    pressed = await stage.ada.click(first, label="▶")
    [notice] = pressed.followups
    assert notice.ephemeral
    assert "run the command again" in text(notice.components)


async def test_a_list_keeps_a_paper_that_got_its_arxiv_id_meanwhile(stage: Stage, store: PaperStore):
    query = "two-stage attack methodology DeepPeep reverse-engineer compact DNNs"
    first = (await stage.ada.slash(stage.channel, "find", query=query)).response
    assert first is not None
    before = titles(first.components)
    assert before[0].startswith("DeepPeep")
    [nameless] = await store.search_titles("DeepPeep", limit=2)
    await store.put([account_of(nameless, arxiv_id="2007.15248")], source="test", now=NOW)
    await stage.ada.click(first, label="▶")
    await stage.ada.click(first, label="◀")
    assert titles(first.components) == before


async def test_a_button_of_another_version_says_what_to_do(stage: Stage):
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.ActionRow(discord.ui.Button(label="Old", custom_id="what-was-that:1")))
    view.stop()
    channel = stage.env.bot.get_channel(stage.channel.id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send(view=view)
    pressed = await stage.ada.click(message, label="Old")
    assert pressed.response is not None
    assert pressed.ephemeral
    assert "run the command again" in text(pressed.response.components)


async def test_a_question_that_no_paper_is_about_says_so_and_shows_the_nearest_misses(stage: Stage):
    answer = (await stage.ada.slash(stage.channel, "find", query="sourdough fermentation")).response
    assert answer is not None
    assert len(titles(answer.components)) == 3
    assert "▶" not in buttons(answer.components)
    assert "**Nothing in these 52 papers is about “sourdough fermentation”.** The nearest misses" in text(
        answer.components
    )


@pytest.mark.simcord(check_errors=False)
async def test_a_blank_question_is_answered_with_what_to_do(stage: Stage):
    answer = (await stage.ada.slash(stage.channel, "find", query="   ")).response
    assert answer is not None
    assert "say what the papers are about" in text(answer.components)


async def test_a_share_that_discord_refuses_leaves_the_button(stage: Stage):
    private = (await stage.ada.slash(stage.channel, "find", query=QUESTION)).response
    assert private is not None
    stage.env.inject_error("POST", "/webhooks/*", status=500, times=9)
    await stage.ada.click(private, label="Share")
    assert "Share" in buttons(private.components)


@pytest.mark.simcord(check_errors=False)
@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (BusyError(), "try again in 5 s"),
        (RuntimeError("secret detail at /home/someone"), "Something went wrong on my side"),
    ],
)
async def test_every_failure_is_explained_in_words(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, failure, words
):
    async def fail(*_arguments, **_options):
        raise failure

    monkeypatch.setattr(stage.env.bot.library, "find", fail)  # type: ignore[attr-defined]
    answer = (await stage.ada.slash(stage.channel, "find", query=QUESTION)).response
    assert answer is not None
    said = text(answer.components)
    assert words in said
    assert "Error" not in said
    assert "/home" not in said


async def test_a_question_full_of_markup_stays_in_its_place(stage: Stage):
    hostile = "@everyone [free](https://evil.example) <@123456789012345678> **bold** `code`"
    answer = (await stage.ada.slash(stage.channel, "find", query=hostile)).response
    assert answer is not None
    headline = text(answer.components).split("\n", 1)[0]
    assert "@everyone" not in headline
    assert "(https://evil" not in headline
    assert "\\<@" in headline
    assert "\\*\\*bold" in headline


async def test_a_list_kept_by_an_earlier_version_still_shows_its_sentences(stage: Stage, engine: AsyncEngine):
    first = (await stage.ada.slash(stage.channel, "find", query=QUESTION)).response
    assert first is not None
    before = text(first.components)
    async with engine.begin() as connection:
        await connection.execute(result_lists.update().values(details={}))
    await stage.restart()
    await stage.ada.click(first, label="▶")
    await stage.ada.click(first, label="◀")
    assert text(first.components) == before
