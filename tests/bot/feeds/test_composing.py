"""Which of the papers that came a feed posts, and in what form."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.composing import MOST_AT_ONCE, MOST_IN_DIGEST, Choice, choose, posts
from bot.feeds.feed import Feed
from bot.feeds.judging import Candidate, Wish, kept_out
from bot.feeds.post import Item, Post
from bot.feeds.schedule import Schedule
from tests.bot.feeds.conftest import candidate_of, days_ago, feed_of
from tests.conftest import NOW

DAILY, WEEKLY = Schedule("daily"), Schedule("weekly")
TOPIC = Wish("speculative decoding")


def chosen(
    feed: Feed,
    came: Sequence[Candidate],
    wish: Wish | None = None,
    *,
    is_late: bool = False,
    uncounted: int = 0,
) -> Choice:
    return choose(feed, wish or Wish(), came, 0.5, now=NOW, is_late=is_late, uncounted=uncounted)


def made(feed: Feed, came: Sequence[Candidate], *, at_most: int = 25, **options: Any) -> list[Post]:
    choice = chosen(feed, came, **options)
    items = [Item(one.paper, one.score) for one in choice.fitting]
    return posts(feed, Wish(), choice, items, now=NOW, at_most=at_most)


def many(count: int, **facts: Any) -> list[Candidate]:
    return [candidate_of(number, **facts) for number in range(1, count + 1)]


def numbers(candidates: Sequence[Candidate]) -> list[int]:
    return [one.number for one in candidates]


@pytest.mark.parametrize(("style", "form"), [("cards", "card"), ("forum", "thread"), ("digest", "digest")])
def test_papers_come_as_was_chosen(style: str, form: str):
    assert chosen(feed_of(style=style), many(3)).form == form


def test_the_closest_to_the_topic_come_first_then_the_most_upvoted_then_the_newest():
    came = [
        candidate_of(1, score=0.6, upvotes=99),
        candidate_of(2, score=0.9),
        candidate_of(3, score=0.6, upvotes=99, listed=days_ago(-1)),
        candidate_of(4, score=0.6, upvotes=100),
        candidate_of(5, score=0.6, listed=None),
        candidate_of(6, score=0.6, listed=days_ago(400)),
    ]
    assert numbers(chosen(feed_of(), came, TOPIC).fitting) == [2, 4, 3, 1, 6, 5]


def test_the_order_in_which_papers_came_says_nothing():
    came = many(9)
    assert chosen(feed_of(), came).fitting == chosen(feed_of(), came[::-1]).fitting


@pytest.mark.parametrize(
    ("style", "most", "count"),
    [
        ("digest", None, MOST_IN_DIGEST),
        ("digest", 3, 3),
        ("cards", None, 30),
        ("cards", 3, 3),
        ("forum", 3, 3),
    ],
)
def test_what_is_more_than_a_post_takes_is_told_apart(style: str, most: int | None, count: int):
    choice = chosen(feed_of(style=style, max_items=most), many(30))
    assert (len(choice.fitting), len(choice.more)) == (count, 30 - count)


def test_a_flood_of_cards_is_one_digest_unless_somebody_said_how_many():
    flood = many(MOST_AT_ONCE + 1)
    assert chosen(feed_of(style="cards"), flood[:-1]).form == "card"
    choice = chosen(feed_of(style="cards"), flood)
    assert (choice.form, len(choice.fitting)) == ("digest", MOST_IN_DIGEST)
    choice = chosen(feed_of(style="cards", max_items=50), flood)
    assert (choice.form, len(choice.fitting)) == ("card", 50)


@pytest.mark.parametrize("style", ["cards", "forum", "digest"])
def test_what_was_missed_comes_as_one_digest_and_says_that_it_is_late(style: str):
    choice = chosen(feed_of(style=style), many(30), is_late=True)
    assert (choice.form, len(choice.fitting), choice.is_late) == ("digest", MOST_IN_DIGEST, True)


@pytest.mark.parametrize(("schedule", "days"), [(Schedule("instant"), 3), (DAILY, 3), (WEEKLY, 7)])
def test_after_a_pause_papers_of_three_days_are_caught_up_with_and_of_a_week_for_a_weekly_feed(
    schedule: Schedule, days: int
):
    came = [candidate_of(1, listed=days_ago(days)), candidate_of(2, listed=days_ago(days + 1))]
    choice = chosen(feed_of(schedule=schedule), came, is_late=True)
    assert (numbers(choice.fitting), numbers(choice.old)) == ([1], [2])


def test_nothing_is_too_old_for_a_feed_that_is_on_time_and_nothing_that_has_no_date():
    old = candidate_of(1, listed=days_ago(400))
    undated = candidate_of(2, listed=None)
    assert numbers(chosen(feed_of(), [old]).fitting) == [1]
    assert numbers(chosen(feed_of(), [undated], is_late=True).fitting) == [2]


def test_papers_on_something_else_and_those_that_are_only_counted_are_counted():
    came = [candidate_of(1, score=0.9), candidate_of(2, score=0.1), candidate_of(3, score=0.2, passes=False)]
    choice = chosen(feed_of(), came, Wish("decoding", "in cs.CL"), uncounted=100)
    assert (choice.looked_at, choice.below) == (103, 1)


def test_each_card_is_a_message_and_a_digest_as_many_as_it_takes():
    assert [len(post.items) for post in made(feed_of(style="cards"), many(3))] == [1, 1, 1]
    assert [len(post.items) for post in made(feed_of(style="digest"), many(7), at_most=3)] == [3, 3, 1]


def test_the_role_is_mentioned_and_counts_stand_in_the_first_message_alone():
    feed = feed_of(style="cards", mention_role=5, max_items=3)
    old = candidate_of(9, listed=days_ago(9))
    first, *others = made(feed, [*many(5), old])
    assert (first.role, first.looked_at, first.left) == (5, 6, 3)
    assert [(one.role, one.looked_at, one.left, one.below, one.too_old) for one in others] == [
        (None, 3, 0, 0, 0)
    ] * 2
    [late] = made(feed, [*many(2), old], is_late=True)
    assert (late.too_old, late.is_late, late.form) == (1, True, "digest")


def test_a_message_knows_of_which_time_it_is():
    [post] = made(feed_of(ran=NOW - timedelta(days=1), tags=("agents",)), many(1))
    assert (post.feed, post.since, post.until, post.tags) == (
        "Morning",
        NOW - timedelta(days=1),
        NOW,
        ("agents",),
    )


def test_an_empty_day_is_said_if_that_was_asked_for_and_without_a_mention():
    feed = feed_of(style="digest", schedule=DAILY, skip_empty=False, mention_role=5)
    [post] = made(feed, [], uncounted=7)
    assert (post.form, post.items, post.looked_at, post.role) == ("nothing", (), 7, None)
    assert made(replace(feed, settings=replace(feed.settings, skip_empty=True)), []) == []


def test_a_feed_that_posts_at_once_never_says_that_nothing_came():
    assert made(feed_of(skip_empty=False), []) == []


CAME = st.lists(
    st.builds(
        candidate_of,
        st.integers(0, 10_000),
        score=st.none() | st.floats(0, 1),
        passes=st.booleans(),
        source=st.sampled_from(("arxiv", "hugging-face", "list")),
        upvotes=st.none() | st.integers(0, 50),
        listed=st.none() | st.integers(0, 20).map(days_ago),
    ),
    max_size=130,
    unique_by=lambda one: one.number,
)
FEEDS = st.builds(
    feed_of,
    start=st.integers(0, 100),
    style=st.sampled_from(("cards", "digest", "forum")),
    schedule=st.sampled_from((Schedule("instant"), DAILY, WEEKLY)),
    sources=st.sampled_from(((), ("arxiv",), ("files", "hugging-face"))),
    min_upvotes=st.none() | st.integers(0, 30),
    max_items=st.none() | st.integers(1, 50),
    skip_empty=st.booleans(),
    mention_role=st.none() | st.just(5),
)
WISHES = st.builds(Wish, st.sampled_from(("", "decoding")), st.sampled_from(("", "in cs.CL")))


@given(feed=FEEDS, wish=WISHES, came=CAME, is_late=st.booleans(), uncounted=st.integers(0, 9))
def test_whatever_comes_each_paper_is_posted_or_more_or_too_old_or_kept_out(
    feed: Feed, wish: Wish, came: list[Candidate], is_late: bool, uncounted: int
):
    choice = chosen(feed, came, wish, is_late=is_late, uncounted=uncounted)
    out = [one for one in came if kept_out(feed, wish, one, 0.5)]
    everywhere = [*choice.fitting, *choice.more, *choice.old, *out]
    assert sorted(numbers(everywhere)) == sorted(numbers(came))
    assert choice.looked_at == len(came) + uncounted
    assert choice.below <= len(out)
    assert len(choice.fitting) <= (feed.settings.max_items or MOST_AT_ONCE)
    assert is_late or not choice.old


@given(feed=FEEDS, came=CAME, is_late=st.booleans(), at_most=st.integers(1, 25))
def test_whatever_is_chosen_stands_in_exactly_one_message_in_its_order(
    feed: Feed, came: list[Candidate], is_late: bool, at_most: int
):
    choice = chosen(feed, came, is_late=is_late)
    items = [Item(one.paper, one.score) for one in choice.fitting]
    messages = posts(feed, Wish(), choice, items, now=NOW, at_most=at_most)
    assert [item for post in messages for item in post.items] == items
    assert all(0 < len(post.items) <= at_most or post.form == "nothing" for post in messages)
    assert [post.role for post in messages if post.role] == (
        [5] if items and feed.settings.mention_role else []
    )
    assert sum(post.left for post in messages) == (len(choice.more) if messages else 0)
    assert sum(post.too_old for post in messages) == (len(choice.old) if messages else 0)
