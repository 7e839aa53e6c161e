"""What a message is, whatever anybody types: never an error, always the same, in time in proportion to what is read."""

from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.intents import READ, Empty, Intent, OpenPaper, Question, Search, intent_of
from tests.runaway import no_runaway

from .table import Row, rows

ACTS = {"Pick", "Like", "Compare", "Summarise", "More", "Reset", "Help", "Sources", "SmallTalk"}
SAID = [row.text for row in rows()]
PIECES = [
    *(
        "a",
        "à",
        "ﬀ",
        "İ",
        "1 ",
        "1,2 and ",
        "> ",
        "\n> ",
        "`",
        "```",
        "<",
        "<@1>",
        "<@123456789012345678> ",
        "\u200b",
        "[a](",
    ),
    *(
        "the first two ",
        "compare 1 and ",
        "like ",
        "more ",
        "why ",
        "?",
        "what is it ",
        "hi ",
        "thanks ",
        "tl;dr ",
        "in terms of ",
    ),
    *(
        "https://",
        "https://arxiv.org/abs/",
        "2506.01986 ",
        "author:han ",
        "id:",
        '"',
        "-a ",
        "a:",
        "a'",
        "a.b-",
        "()",
        "🙂",
    ),
    *(
        "please ",
        "show me ",
        "find me some papers ",
        "any some new ",
        "papers from ",
        "papers papers ",
        "of the ",
        "on on ",
    ),
    *(
        "only with code ",
        "since 2024 ",
        "by a ",
        "no surveys and ",
        "sort by ",
        "not older than ",
        "most upvoted ",
        "new topic: ",
    ),
]
messages = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from([*PIECES, *SAID]), max_size=8).map("".join),
    st.tuples(st.sampled_from(SAID), st.text(max_size=20), st.sampled_from(SAID)).map(" ".join),
)
shown = st.integers(min_value=0, max_value=30)


def fields(intent: Intent) -> Any:
    return type(intent).__name__, str(asdict(intent)).casefold()


@settings(max_examples=500)
@given(messages, shown, st.booleans())
def test_no_message_is_an_error_and_the_same_is_always_the_same(text: str, shown: int, context: bool):
    found = intent_of(text, shown=shown, has_context=context)
    assert found == intent_of(text, shown=shown, has_context=context)
    if isinstance(found, Search):
        assert any(character.isalnum() for character in found.query)


@given(messages)
def test_nothing_is_a_message_of_more_than_what_is_read(text: str):
    found = intent_of(text + " x" * READ, shown=0, has_context=False)
    assert len(str(asdict(found))) < 2 * READ


@pytest.mark.parametrize("row", [row for row in rows() if row.intent in ACTS], ids=lambda row: row.text[:40])
def test_an_act_is_the_same_in_capitals_and_with_blanks_and_a_mention_around_it(row: Row):
    found = fields(intent_of(row.text, shown=row.shown, has_context=row.context))
    blanks = "  <@!123456789012345678>\n " + row.text.replace(" ", " \t ") + "\u200b \n"
    assert fields(intent_of(blanks, shown=row.shown, has_context=row.context)) == found
    if "/" not in row.text:  # addresses are not the same in capitals
        assert fields(intent_of(row.text.upper(), shown=row.shown, has_context=row.context)) == found
        assert fields(intent_of(row.text.lower(), shown=row.shown, has_context=row.context)) == found


@pytest.mark.parametrize("other", ["", "since 2024 ", "with code ", "à", "and "])
@pytest.mark.parametrize("piece", PIECES)
def test_a_hundred_thousand_characters_take_no_longer_than_a_few(piece: str, other: str):
    text = (piece + other) * (100_000 // len(piece + other))
    with no_runaway(3):  # they take a hundredth of a second
        intent_of(text, shown=5, has_context=True)


def test_what_no_one_can_see_is_nothing():
    for text in (
        "\u200b\u200d\ufeff",
        "\u202e\u2066",
        "``` ```",
        "<a:wave:123456789012345678> 👋",
        "<@1><@2>",
        "⠀",
    ):
        assert intent_of(text, shown=5, has_context=True) == Empty()


def test_invisible_characters_inside_a_word_change_nothing():
    assert intent_of("25\u200b06.01\u200d986", shown=0, has_context=False) == OpenPaper(("2506.01986",))
    assert intent_of("what\u200b is lora?", shown=0, has_context=False) == Question("what is lora?")


def test_code_and_quotations_are_read_as_what_they_say():
    assert intent_of("```\n2506.01986\n```", shown=0, has_context=False) == OpenPaper(("2506.01986",))
    assert intent_of("> what is lora?", shown=0, has_context=False) == Question("what is lora?")


def test_an_id_is_read_once_however_often_and_however_it_is_written():
    text = (
        "https://arxiv.org/abs/2506.01986v2, <https://huggingface.co/papers/2506.01986> and arXiv:2506.01986."
    )
    assert intent_of(text, shown=0, has_context=False) == OpenPaper(("2506.01986",))
