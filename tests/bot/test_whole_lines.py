"""In the playground a command may be typed as one line, as in Discord's own client."""

from typing import Any

import pytest

from bot.client import Papercord
from bot.typed_lines import let_whole_lines_be_commands

from .conftest import Stage
from .reading import text, titles


@pytest.fixture
def typing(stage: Stage) -> Stage:
    assert isinstance(stage.env.bot, Papercord)
    assert stage.channel.guild
    let_whole_lines_be_commands(stage.env.bot, stage.ada, stage.channel.guild)
    return stage


async def test_a_question_typed_as_one_line_is_asked(typing: Stage):
    answer: Any = await typing.ada.send(typing.channel, "/find speculative decoding on mobile devices")
    assert titles(answer.components)[0] == "SpecMemo: Speculative Decoding is in Your Pocket"


async def test_an_optional_argument_is_taken_too_and_capitals_do_not_matter(typing: Stage):
    answer: Any = await typing.ada.send(typing.channel, "/Help find")
    assert text(answer.components).startswith("### /find")


async def test_a_number_is_taken_as_one(typing: Stage):
    answer: Any = await typing.ada.send(typing.channel, "/latest 90")
    assert "No paper came up since" in text(answer.components)


@pytest.mark.simcord(check_errors=False)
async def test_a_command_of_a_group_is_run_with_the_words_behind_it(typing: Stage):
    status: Any = await typing.ada.send(typing.channel, "/corpus status")
    assert text(status.components).startswith("### 52 papers")
    unknown: Any = await typing.ada.send(typing.channel, "/Corpus  Sync  no such source")
    assert "“no such source” is no configured source" in text(unknown.components)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/nosuch x", "There is no command /nosuch"),
        ("/find", "query"),
        ("/find " + "x" * 301, "query"),
        ("/corpus", "/corpus needs one of its commands: /corpus status, "),
        ("/corpus nosuch", "/corpus needs one of its commands"),
        ("/corpus add", "paper"),
        ("/corpus import", "/corpus import opens a form or takes a file"),
        ("/corpus import 2506.01986", "/corpus import opens a form or takes a file"),
    ],
)
async def test_a_line_that_is_no_use_is_explained_by_the_bot(typing: Stage, line: str, words: str):
    await typing.ada.send(typing.channel, line)
    message = typing.channel.last_message
    assert message is not None
    assert words in text([dict(component.to_dict()) for component in message.components])


async def test_an_ordinary_line_is_said_to_the_bot_which_answers_it(typing: Stage):
    me = typing.env.bot.user
    assert me is not None
    for line in ("good morning", f"good {me.mention} morning"):
        said: Any = await typing.ada.send(typing.channel, line)
        assert said.content.count(me.mention) == 1
        message = typing.channel.last_message
        assert message is not None
        assert message.author.id == me.id
        assert "Hello!" in text([dict(component.to_dict()) for component in message.components])


async def test_options_are_typed_by_their_names(typing: Stage):
    line = "/feed create #papers query:speculative decoding max_items:7 skip_empty:no threshold:0.4"
    answer: Any = await typing.ada.send(typing.channel, line)
    said = text(answer.components)
    assert "speculative decoding" in said
    assert "7 papers" in said
    assert "0.40" in said


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("#nowhere", "channel is a channel, such as #papers"),
        ("#papers max_items:many", "max_items is a whole number"),
        ("#papers threshold:much", "threshold is a number"),
    ],
)
async def test_an_option_that_cannot_be_is_explained(typing: Stage, typed: str, words: str):
    answer: Any = await typing.ada.send(typing.channel, f"/feed create {typed}")
    assert words in text([part.to_dict() for part in answer.components]).replace("\\_", "_")
