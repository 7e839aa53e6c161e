"""A conversation in direct messages and on mention, as people have it."""

from typing import Any

import discord
import pytest

from bot.client import Papercord

from .conftest import Stage
from .reading import buttons, text, titles

DECODING = "papers on speculative decoding on mobile devices"


async def said(stage: Stage, *lines: str) -> list[discord.Message]:
    """What the bot answers in a direct message to each of these lines."""
    answers: list[discord.Message] = []
    for line in lines:
        await stage.ada.send_dm(line)
        answers.append(newest(stage))
    return answers


def newest(stage: Stage) -> discord.Message:
    message = stage.ada.user.dm_channel.last_message
    assert message is not None
    assert message.author.bot, "the bot answers"
    return message


def raw(message: discord.Message) -> list[dict[str, Any]]:
    return [dict(component.to_dict()) for component in message.components]


def words(message: discord.Message) -> str:
    return text(raw(message))


async def test_plain_text_in_a_direct_message_is_a_search(stage: Stage):
    [answer] = await said(stage, DECODING)
    assert titles(raw(answer))[0] == "SpecMemo: Speculative Decoding is in Your Pocket"
    assert answer.reference is None


async def test_what_is_said_next_acts_on_the_last_results(stage: Stage):
    listed, second, more, like = await said(stage, DECODING, "2", "more", "like 1")
    shown = titles(raw(listed))
    assert titles(raw(second)) == [shown[1]]
    assert not set(titles(raw(more))) & set(shown)
    assert words(like).startswith("Most like")


async def test_a_list_is_turned_forth_and_back_and_has_a_beginning(stage: Stage):
    listed, more, back, before = await said(stage, DECODING, "more", "previous page", "back")
    assert titles(raw(back)) == titles(raw(listed)) != titles(raw(more))
    assert "the beginning of the list" in words(before)


async def test_from_a_paper_one_goes_back_to_the_page_that_it_was_on(stage: Stage):
    _, more, card, back, again = await said(stage, DECODING, "more", "7", "back", "back")
    assert titles(raw(card)) == [titles(raw(more))[1]]
    assert titles(raw(back)) == titles(raw(more))
    assert titles(raw(again)) != titles(raw(more))


async def test_a_number_beyond_the_list_and_one_without_a_list_are_explained(stage: Stage):
    early, _, beyond = await said(stage, "like 2", DECODING, "99")
    assert "no list" in words(early)
    assert "there is no 99" in words(beyond)


async def test_a_question_is_answered_with_numbered_quotes_that_stand_in_their_paper(stage: Stage):
    [answer] = await said(stage, "how does speculative decoding save memory on mobile devices?")
    shown = words(answer)
    assert "**[1]** “" in shown
    assert "SpecMemo" in shown
    assert "Follow up" not in buttons(raw(answer)), "a reply is enough here"


async def test_what_the_corpus_does_not_answer_is_refused_and_can_be_waited_for(stage: Stage):
    [answer] = await said(stage, "who won the football world cup in 1998?")
    assert "Not in this corpus" in words(answer)
    assert "Tell me when one appears" in buttons(raw(answer))
    pressed = await stage.ada.user.click(answer, label="Tell me when one appears")
    assert pressed.response is not None
    assert "football" in text(pressed.response.components)
    assert isinstance(stage.env.bot, Papercord)
    [alert] = await stage.env.bot.office.desk.of_user(stage.ada.id)
    assert "football" in alert.settings.query


async def test_papers_are_compared_by_their_numbers_and_each_cell_is_a_quote(stage: Stage):
    listed, compared, aspect = await said(stage, DECODING, "compare 1 and 2", "compare 1 and 2 on memory")
    first, second, *_ = titles(raw(listed))
    assert first.split(":")[0] in words(compared)
    assert second.split(":")[0] in words(compared)
    for row in ("Result", "Speed-up", "Hardware", "Code"):
        assert f"**{row}**" in words(compared)
    assert "**Memory**" in words(aspect)
    assert "**Hardware**" not in words(aspect)


async def test_new_forgets_and_sources_says_what_an_answer_rests_on(stage: Stage):
    _, sources, _, after = await said(
        stage, "how does speculative decoding save memory on mobile devices?", "sources", "new", "sources"
    )
    assert "rests on these sentences" in words(sources)
    assert "no answer yet" in words(after)


async def test_after_half_an_hour_the_conversation_is_forgotten(stage: Stage, time):
    await said(stage, DECODING)
    time.go(minutes=31)
    [answer] = await said(stage, "2")
    assert "SpecMemo" not in words(answer)


async def test_a_mention_in_a_server_is_answered_by_a_reply_that_pings_nobody(stage: Stage):
    me = stage.env.bot.user
    assert me is not None
    await stage.ada.send(stage.channel, f"{me.mention} {DECODING}")
    answer = stage.channel.last_message
    assert answer is not None
    assert answer.author.id == me.id
    assert answer.reference is not None
    assert titles(raw(answer))[0] == "SpecMemo: Speculative Decoding is in Your Pocket"
    await stage.ada.send(stage.channel, f"{me.mention} 2")
    second = stage.channel.last_message
    assert second is not None
    assert titles(raw(second)) == [titles(raw(answer))[1]]


async def test_what_is_said_to_others_and_by_bots_is_not_answered(stage: Stage):
    await stage.ada.send(stage.channel, DECODING)
    other = stage.env.create_user("a bot", bot=True)
    await other.send_dm(DECODING)
    assert stage.channel.last_message is not None
    assert stage.channel.last_message.author.id == stage.ada.id
    assert other.dm_channel.last_message is not None
    assert other.dm_channel.last_message.author.id == other.id


async def test_two_people_in_one_channel_have_two_conversations(stage: Stage):
    me = stage.env.bot.user
    assert me is not None
    await stage.ada.send(stage.channel, f"{me.mention} {DECODING}")
    await stage.ben.send(stage.channel, f"{me.mention} 2")
    answer = stage.channel.last_message
    assert answer is not None
    assert "no list" in words(answer) or not titles(raw(answer))


async def test_an_edited_message_is_answered_anew_in_place(stage: Stage):
    mine = await stage.ada.send_dm(DECODING)
    first = newest(stage)
    before = words(first)
    await stage.ada.user.edit(mine, "papers on protein folding")
    again = newest(stage)
    assert again.id == first.id, "the same message"
    assert words(again) != before
    assert "protein folding" in words(again)


@pytest.mark.parametrize("line", ["hi", "thanks!", "help", "👍"])
async def test_small_talk_gets_an_answer(stage: Stage, line: str):
    [answer] = await said(stage, line)
    assert words(answer)
