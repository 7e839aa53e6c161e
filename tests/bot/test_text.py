"""Nothing that a paper, a reader or a model writes pings, links, or leaves its place."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.text import code, emphasised, escaped, link, shorten, visible

HOSTILE = [
    "@everyone",
    "@here",
    "<@123456789012345678>",
    "<@&123456789012345678>",
    "<#123456789012345678>",
    "[free](https://evil.example)",
    "https://evil.example/a_b",
    "HTTP://evil.example",
    "discord.gg/abc",
    "www.evil.example",
    "javascript:/x",
    "**bold**",
    "```block",
    "`code`",
    "||spoiler||",
    "~~x~~",
    "# title",
    "> quote",
    "- item",
    "-# small",
    "\u202egnp.exe",
    "\u200b",
    "](https://evil.example)",
    "\\",
    "<t:0:R>",
    "<:a:123456789012345678>",
    "\n",
]
TEXTS = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12)), max_size=12).map(
    " ".join
) | st.lists(st.sampled_from(HOSTILE), max_size=8).map("".join)
_CODE = re.compile(r"`[^`\n]*`")


def outside_code(text: str) -> str:
    """What Discord would read as markup: escaped characters and inline code taken out."""
    return _CODE.sub("", re.sub(r"\\.", "", text))


@given(TEXTS, st.integers(20, 300))
def test_escaped_text_has_nothing_left_to_act(text: str, limit: int):
    shown = escaped(text, limit)
    assert len(shown) <= limit
    assert "\n" not in shown
    bare = outside_code(shown)
    assert not re.search(r"://|<[@#:t]|@everyone|@here|@[!&]?\d{17}", bare, re.IGNORECASE)
    assert not re.search(r"[*_`~|]", bare)
    assert not re.search(
        r"[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff]", shown.replace("@\u200b", "@")
    )
    assert not re.match(r"#{1,3} |-#? |>", shown)


SPANS = st.lists(st.tuples(st.integers(0, 120), st.integers(0, 120)), max_size=12).map(
    lambda spans: sorted({(min(span), max(span)) for span in spans})
)


@given(TEXTS, SPANS, st.integers(20, 300))
def test_emphasised_text_has_nothing_left_to_act_but_its_own_pairs_of_stars(
    text: str, marks: list[tuple[int, int]], limit: int
):
    shown = emphasised(text, marks, limit)
    assert len(shown) <= limit
    assert "\n" not in shown
    bare = outside_code(shown)
    assert bare.count("**") % 2 == 0, "every emphasis that begins ends"
    plain = re.sub(r"\*\*([^*]+)\*\*", r"\1", bare)
    assert not re.search(r"[*_`~|]", plain)
    assert not re.search(r"://|<[@#:t]|@everyone|@here|@[!&]?\d{17}", bare, re.IGNORECASE)
    assert not re.match(r"#{1,3} |-#? |>", shown)


@given(TEXTS, SPANS)
def test_emphasis_changes_nothing_but_stars(text: str, marks: list[tuple[int, int]]):
    def seen(shown: str) -> str:
        bare = re.sub(r"\\(.)|\*\*", lambda match: match[1] or "", shown)
        return bare.replace("\u200b", "")

    assert seen(emphasised(text, marks, 10_000)) == seen(escaped(text, 10_000))


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ([], "We decode on-device, *fast*: https://e.example/decode"),
        ([(3, 9)], "We **decode** on-device, *fast*: https://e.example/decode"),
        ([(3, 9), (10, 12), (13, 19)], "We **decode on-device**, *fast*: https://e.example/decode"),
        ([(3, 7), (5, 9)], "We **deco**de on-device, *fast*: https://e.example/decode"),
        ([(47, 53)], "We decode on-device, *fast*: https://e.example/decode"),
        ([(9, 10), (12, 13), (19, 20)], "We decode on-device, *fast*: https://e.example/decode"),
        ([(22, 26)], "We decode on-device, ***fast***: https://e.example/decode"),
        ([(500, 600)], "We decode on-device, *fast*: https://e.example/decode"),
    ],
)
def test_marked_words_are_bold_neighbours_as_one_and_addresses_stay_whole(
    marks: list[tuple[int, int]], shown: str
):
    text = "We decode on-device, *fast*: https://e.example/decode"
    got = emphasised(text, marks, 300)
    assert got.replace("\\", "").replace("`", "") == shown
    assert "`https://e.example/decode`" in got


def test_marks_keep_their_words_when_invisible_characters_and_blanks_go():
    text = "a \u200b\u202e  we\u200b run  decoding"
    marks = [(text.index(word), text.index(word) + len(word)) for word in ("run", "decoding")]
    assert emphasised(text, marks, 99) == "a we **run decoding**"


def test_a_mark_that_is_cut_off_leaves_no_open_emphasis():
    assert emphasised("we study quantization", [(9, 21)], 15) == "we study…"
    assert emphasised("quantization " * 40, [(0, 12), (26, 38)], 48).count("**") == 4


@given(TEXTS)
def test_text_as_code_stays_code(text: str):
    shown = code(text, 60)
    assert len(shown) <= 60
    assert shown[0] == shown[-1] == "`"
    assert not re.search(r"[`\\\n]", shown[1:-1])


@given(TEXTS)
def test_a_link_leads_to_our_address_whatever_its_label_says(text: str):
    url = "https://huggingface.co/papers/2506.01986"
    shown = link(text, url, 150)
    assert shown.startswith("[")
    assert shown.endswith(f"]({url})")
    label = shown[1 : -len(f"]({url})")]
    assert label
    assert len(label) <= 150
    assert not re.search(r"[\[\]]|://", label)


@given(st.text(max_size=200), st.integers(2, 100))
def test_shortening_keeps_a_beginning_and_the_limit(text: str, limit: int):
    short = shorten(text, limit)
    assert len(short) <= max(limit, 0)
    assert text == short or text.startswith(short[:-1])


def test_ordinary_text_is_left_as_it_is():
    sentence = "We reach 2.3× on LLaMA (7B), at 50% of the memory; see § 3."
    assert escaped(sentence, 300) == sentence


def test_an_address_in_an_abstract_is_shown_but_leads_nowhere():
    assert escaped("Code: https://github.com/a/b_c.", 100) == "Code: `https://github.com/a/b_c.`"


@pytest.mark.parametrize(
    ("text", "seen"),
    [("a\u202eb", "ab"), ("a\u200bb", "ab"), (" a \n b\t", "a b"), ("👩\u200d🔬", "👩\u200d🔬")],
)
def test_invisible_characters_go_and_joined_emoji_stay(text: str, seen: str):
    assert visible(text) == seen


def test_a_link_whose_address_would_end_it_early_is_encoded():
    assert link("x", "https://github.com/a/(b)", 10) == "[x](https://github.com/a/%28b%29)"


@pytest.mark.parametrize("piece", ["a", "[a](", "a:/", "@", "*", "https://", " "])
def test_a_million_characters_of_anything_still_fit_the_limit(piece: str):
    text = piece * (1_000_000 // len(piece))
    assert len(escaped(text, 300)) <= 300
    assert link(text, "https://huggingface.co/papers/2501.00001", 180).endswith("2501.00001)")
