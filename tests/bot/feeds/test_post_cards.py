"""What a feed posts keeps Discord's limits, mentions nobody unasked, and says what is not in it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import custom_ids
from bot.cards.posts import MOST_SHOWN, post_view, shown_of, thread_name
from bot.feeds.post import Form, Item, Post
from corpus.paper import Paper
from tests.bot.reading import buttons, parts, text, titles
from tests.bot.test_cards import (
    FULL,
    HOSTILE_PAPERS,
    MOST,
    PICTURE,
    WORST,
    assert_within_limits,
    components,
    thumbnails,
)
from tests.bot.test_text import TEXTS, outside_code
from tests.wire.rules import nested

TOKEN = "a-b_c" * 4 + "1234"
FORMS: list[Form] = ["card", "digest", "thread", "nothing"]
SINCE, UNTIL = datetime(2026, 11, 26, 9, tzinfo=UTC), datetime(2026, 11, 27, 9, tzinfo=UTC)
PAPER = Paper(
    title="Speculative decoding on a phone",
    abstract="",
    arxiv_id="2611.00001",
    authors=("Ada Byron", "Ben", "Cy", "Di"),
    published=date(2026, 11, 25),
    listed=date(2026, 11, 26),
    upvotes=3,
    comments=0,
    keywords=("decoding", "LLM"),
    thumbnail=PICTURE,
)
ITEM = Item(PAPER, 0.873, "We show that speculative decoding is fast.", ((13, 33),))
POST = Post("digest", "Decoding watch", "speculative decoding", (ITEM,), 1, since=SINCE, until=UNTIL)
COUNTS = st.integers(0, MOST)
TIMES = st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MARKS = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=5).map(tuple)
ITEMS = st.builds(Item, HOSTILE_PAPERS, st.none() | st.floats(0, 1), TEXTS | st.just(WORST), MARKS)
POSTS = st.builds(
    Post,
    form=st.sampled_from(get_args(Form)),
    feed=TEXTS | st.just(WORST),
    topic=TEXTS | st.just(WORST),
    items=st.lists(ITEMS, max_size=6).map(tuple),
    looked_at=COUNTS,
    below=COUNTS,
    left=COUNTS,
    too_old=COUNTS,
    since=TIMES,
    until=TIMES,
    is_late=st.booleans(),
    role=st.none() | st.integers(1, 2**63),
)
_OURS = re.compile(r"^(?:#{2,3} |-# |> )+|\*\*(?:[^*]+)\*\*|<t:-?\d+:[fD]>|\]\(https://[!-~]+?\)")


def items(count: int, **changes: Any) -> tuple[Item, ...]:
    """So many papers with ids of their own."""
    return tuple(
        replace(ITEM, paper=replace(PAPER, id="", **({"arxiv_id": f"2611.{number:05}"} | changes)))
        for number in range(count)
    )


def view(post: Post = POST, **changes: Any) -> list[dict[str, Any]]:
    return components(post_view(replace(post, **changes), token=TOKEN))


def options(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [option for part in parts(shown) if part["type"] == 3 for option in part["options"]]


def assert_sendable(shown: list[dict[str, Any]]) -> None:
    assert_within_limits(shown)
    assert len(list(nested(shown))) <= 40
    ids = [part["custom_id"] for part in parts(shown) if "custom_id" in part]
    assert all(custom_ids.is_known(custom_id) for custom_id in ids)
    assert f"post:{TOKEN}" in ids
    chosen = options(shown)
    assert len({option["value"] for option in chosen}) == len(chosen) <= 25
    assert all(0 < len(option["label"].strip()) <= 100 for option in chosen)


@settings(max_examples=50, deadline=None)  # the worst texts take long
@given(POSTS)
def test_nothing_that_a_post_shows_acts_but_the_mention_of_its_role(post: Post):
    shown = view(post)
    assert_sendable(shown)
    lines = text(shown).split("\n")
    if post.role is not None:
        assert lines.pop(0) == f"<@&{post.role}>"
    for line in lines:
        bare = _OURS.sub("", outside_code(line))
        assert not re.search(r"://|<[@#:t]|@everyone|@here|discord\.gg/|www\.\w", bare, re.IGNORECASE), line
        assert not re.search(r"[*_`~|]", bare), line
    for option in options(shown):
        assert not re.search(r"@everyone|@here|<[@#:]", option["label"], re.IGNORECASE)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("count", [1, 2, 10, 16, 25, 50])
@pytest.mark.parametrize("has_id", [True, False])
def test_as_many_papers_as_can_be_chosen_fit_one_message_whatever_they_say(
    form: Form, count: int, has_id: bool
):
    marks = tuple((start, start + 8) for start in range(0, 5000, 9))
    worst = tuple(
        Item(
            replace(
                PAPER,
                **FULL
                | {
                    "title": f"{'a' * 70} {n} {WORST}",
                    "arxiv_id": f"astro-ph/06010{n:02}" if has_id else None,
                    "id": "",
                },
            ),
            1.0,
            WORST,
            marks,
        )
        for n in range(count)
    )
    post = Post(form, WORST, WORST, worst, MOST, MOST, MOST, MOST, SINCE, UNTIL, is_late=True, role=2**63)
    shown = view(post)
    assert_sendable(shown)
    if form == "digest":
        numbers = re.findall(r"^(?:### |\*\*)(\d+)(?:\*\*)? · ", text(shown), re.MULTILINE)
        said = len(numbers) or 1
        assert said == shown_of(post) == min(count, MOST_SHOWN)
        assert ("and 25 more" in text(shown)) is (count == 50)


def test_a_digest_reads_like_one():
    shown = view(items=items(3), looked_at=48, below=44, left=1)
    assert text(shown).split("\n") == [
        "## 3 new papers on “speculative decoding”",
        f"-# Decoding watch · <t:{SINCE.timestamp():.0f}:D> – <t:{UNTIL.timestamp():.0f}:D>",
        "### 1 · [Speculative decoding on a phone](https://huggingface.co/papers/2611.00000)",
        "Ada Byron, Ben, Cy + 1 · 25 Nov 2026 (listed 26 Nov) · 87% match · ▲ 3 · 💬 0",
        "> We show that **speculative decoding** is fast.",
        "-# Keywords: decoding · LLM",
        (
            "-# [Hugging Face](https://huggingface.co/papers/2611.00000) · [arXiv](https://arxiv.org/abs/2611.00000)"
            " · [PDF](https://arxiv.org/pdf/2611.00000)"
        ),
        "**2** · [Speculative decoding on a phone](https://huggingface.co/papers/2611.00001)",
        "-# Ada Byron + 3 · 87% match · ▲ 3 · 💬 0",
        "**3** · [Speculative decoding on a phone](https://huggingface.co/papers/2611.00002)",
        "-# Ada Byron + 3 · 87% match · ▲ 3 · 💬 0",
        "-# 48 papers came in all, 44 of them on something else",
        "-# 1 more fit and is not listed: more came than a post takes",
    ]
    assert thumbnails(shown) == [PICTURE]
    assert buttons(shown)["Abstract"]["custom_id"] == "abstract:2611.00000"
    assert buttons(shown)["Why this?"]["custom_id"] == f"post:{TOKEN}"
    assert [(option["value"], option["label"]) for option in options(shown)] == [
        (f"2611.0000{number}", f"{number + 1}. Speculative decoding on a phone") for number in range(3)
    ]


def test_without_a_topic_there_is_neither_one_nor_a_score():
    taken = tuple(replace(item, score=None) for item in items(2))
    shown = text(view(items=taken, topic="", looked_at=2))
    assert shown.startswith("## 2 new papers\n-# Decoding watch · ")
    assert "match" not in shown
    assert shown.endswith("\n-# 2 papers came in all")


def test_a_digest_of_one_paper_has_no_list():
    shown = view(items=items(1))
    assert text(shown).startswith("## 1 new paper on “speculative decoding”\n")
    assert titles(shown) == ["Speculative decoding on a phone"]
    assert options(shown) == []


def test_facts_go_before_titles_are_cut_and_titles_before_papers_are_left_out():
    title = "A title of ordinary length, which says what the paper is about and how it was done"
    few, many = text(view(items=items(12, title=title))), text(view(items=items(25, title=title)))
    assert few.count(f"[{title}](") == 12
    assert few.count("-# Ada Byron") == 11
    assert many.count(f"[{title}](") == 25
    assert many.count("-# Ada Byron") == 0
    assert many.count("](https://huggingface.co/papers/2611.00024)") == 1


def test_more_papers_than_one_message_shows_are_counted():
    post = replace(POST, items=items(31))
    assert shown_of(post) == 25
    assert "\n-# … and 6 more\n" in text(view(post))
    assert "more" not in text(view(post, items=post.items[:25]))


def test_a_late_digest_says_what_was_too_old():
    shown = text(view(items=items(2), too_old=7, left=2, is_late=True))
    assert shown.endswith(
        "\n-# 2 more fit and are not listed: more came than a post takes"
        "\n-# 7 more fit and were too old to catch up with\n-# Catching up after a pause"
    )


@pytest.mark.parametrize("form", ["card", "thread"])
def test_a_card_says_which_feed_it_is_of(form: Form):
    shown = view(form=form)
    assert text(shown).split("\n") == [
        "-# New on “speculative decoding” · Decoding watch",
        "### [Speculative decoding on a phone](https://huggingface.co/papers/2611.00001)",
        "Ada Byron, Ben, Cy + 1 · 25 Nov 2026 (listed 26 Nov) · ▲ 3 · 💬 0",
        "> We show that **speculative decoding** is fast.",
        "-# Keywords: decoding · LLM",
        (
            "-# [Hugging Face](https://huggingface.co/papers/2611.00001) · [arXiv](https://arxiv.org/abs/2611.00001)"
            " · [PDF](https://arxiv.org/pdf/2611.00001)"
        ),
    ]
    assert thumbnails(shown) == [PICTURE]
    assert list(buttons(shown)) == ["Abstract", "Similar", "Why this?"]
    assert text(view(form=form, topic="Decoding Watch")).startswith("-# New on “Decoding Watch”\n")
    assert text(view(form=form, feed="Speculative…")).startswith("-# New on “speculative decoding”\n")
    assert text(view(form=form, topic="")).startswith("-# New · Decoding watch\n")


def test_nothing_is_one_quiet_line():
    [line, row] = view(form="nothing", items=(), looked_at=48)
    since = f"<t:{SINCE.timestamp():.0f}:f>"
    assert line["content"] == (
        f"-# Nothing new on “speculative decoding” since {since}: 48 papers were looked at · Decoding watch"
    )
    assert list(buttons([row])) == ["Why this?"]
    cases: list[tuple[dict[str, Any], str]] = [
        ({"looked_at": 1}, f"since {since}: 1 paper was looked at"),
        ({"looked_at": 0}, f"since {since}: no paper came in at all"),
        ({"since": None, "looked_at": 2}, "since the last time: 2 papers were looked at"),
    ]
    for changes, said in cases:
        assert said in text(view(form="nothing", items=(), **changes))


def test_a_notice_is_a_word_to_one_person():
    shown = view(form="notice", items=(), topic="The *channel* of your feed is gone.")
    assert text(shown) == "The \\*channel\\* of your feed is gone."
    assert list(buttons(shown)) == ["Why this?"]
    assert shown_of(replace(POST, form="notice")) == 0


def test_a_post_without_papers_says_so_whatever_its_form():
    for form in FORMS:
        post = replace(POST, form=form, items=())
        assert shown_of(post) == 0
        assert text(view(post)).startswith("-# Nothing new on ")


def test_the_role_is_the_first_line():
    for form in FORMS:
        assert text(view(form=form, role=77)).startswith("<@&77>\n")
        assert "<@" not in text(view(form=form))


def test_two_posts_within_a_day_say_the_hour():
    shown = text(view(since=UNTIL - timedelta(hours=2)))
    assert f"<t:{UNTIL.timestamp() - 7200:.0f}:f> – <t:{UNTIL.timestamp():.0f}:f>" in shown


@given(TEXTS | st.text(max_size=300) | st.just(WORST))
def test_a_thread_has_a_name_whatever_the_title(title: str):
    name = thread_name(replace(POST, items=(Item(replace(PAPER, title=title)),)))
    assert 0 < len(name.strip()) <= 100
    assert "\n" not in name
    assert not re.search(r"@everyone|@here|<[@#:]", name, re.IGNORECASE)


def test_a_thread_is_called_like_its_paper():
    for title, name in [
        ("Recall@10 of <x>\nfor C#", "Recall@10 of <x> for C#"),
        ("\u200b \n", "Untitled"),
        ("@@everyone <<@&1>", "everyone @&1>"),
        ("word " * 40, "word " * 18 + "word…"),
    ]:
        assert thread_name(replace(POST, form="thread", items=items(1, title=title))) == name
    assert thread_name(replace(POST, form="thread", items=())) == "Decoding watch"


def test_a_digest_in_a_forum_is_called_like_its_feed_and_day():
    assert thread_name(POST) == "Decoding watch · 27 Nov 2026"
