"""What is told of a feed's posts keeps Discord's limits, stays inert, and says why."""

from dataclasses import replace
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.feed_reports import history_view, rehearsal_view, why_post_view, why_view
from bot.feeds.delivery import Delivery, Lane, State
from bot.feeds.feed import Feed
from bot.feeds.rehearsed import Judged, Rehearsed, Why
from corpus.paper import Paper
from tests.bot.feeds.test_feed_cards import (
    ALERT,
    AT,
    FEED,
    FEEDS,
    HOSTILE,
    NOW,
    SNOWFLAKES,
    TIMES,
    assert_inert,
    ids,
    shown,
)
from tests.bot.reading import buttons
from tests.bot.test_cards import HOSTILE_PAPERS, MOST, WORST, components

PAPER = Paper(title="Speculative decoding on a phone", abstract="", arxiv_id="2611.00001")
DELIVERY = Delivery("x", 12, "digest", 22, None, "posted", 7, NOW, channel=22, message=44, done=NOW)
WHY = Why(PAPER, "Decoding watch", ((True, "it came after this was made"),), "it fits")

JUDGED = st.builds(Judged, HOSTILE_PAPERS, st.none() | st.floats(0, 1), st.none() | st.dates(), HOSTILE)
REHEARSED = st.builds(
    Rehearsed,
    st.integers(1, MOST),
    HOSTILE,
    HOSTILE,
    st.integers(1, 365),
    st.integers(0, MOST),
    st.lists(JUDGED, max_size=5).map(tuple),
    st.lists(JUDGED, max_size=3).map(tuple),
    st.none() | st.floats(0, 1),
    st.none() | st.floats(0, 1),
    st.none() | st.floats(0, 100),
)
WHYS = st.builds(
    Why,
    HOSTILE_PAPERS,
    HOSTILE,
    st.lists(st.tuples(st.booleans(), HOSTILE), max_size=8).map(tuple),
    HOSTILE,
    st.none() | HOSTILE,
    st.none() | st.just("https://discord.com/channels/1/2/3"),
)
DELIVERIES = st.builds(
    Delivery,
    id=st.just("x"),
    feed=st.just(12),
    lane=st.sampled_from(get_args(Lane)),
    place=SNOWFLAKES,
    post=st.none(),
    state=st.sampled_from(get_args(State)),
    papers=st.integers(0, MOST),
    made=st.just(NOW),
    channel=st.none() | SNOWFLAKES,
    message=st.none() | SNOWFLAKES,
    done=TIMES,
    reason=HOSTILE,
)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)  # the worst texts take long
@given(REHEARSED, st.lists(WHYS, max_size=3), st.lists(DELIVERIES, max_size=5), FEEDS)
def test_no_report_acts_or_outgrows_a_message(
    rehearsed: Rehearsed, whys: list[Why], deliveries: list[Delivery], feed: Feed
):
    totals: dict[State, int] = dict.fromkeys(get_args(State), MOST)
    assert_inert(
        rehearsal_view(rehearsed),
        why_post_view(whys),
        *map(why_view, whys),
        history_view(feed, deliveries, totals=totals),
        history_view(feed, deliveries),
    )


def test_the_worst_of_reports_fit_one_message():
    worst_paper = replace(PAPER, title=WORST)
    judged = (Judged(worst_paper, 1.0, date(2026, 9, 30), WORST),) * 99
    why = Why(worst_paper, WORST, ((False, WORST),) * 20, WORST, WORST, f"https://discord.com/{'1' * 80}")
    delivery = replace(DELIVERY, reason=WORST, papers=MOST, channel=2**63, message=2**63, state="unknown")
    feed = replace(FEED, name=WORST)
    assert_inert(
        rehearsal_view(Rehearsed(12, WORST, WORST, 365, MOST, judged, judged, 0.5, 1.0, 99.5)),
        why_view(why),
        why_post_view([why] * 50),
        history_view(feed, [delivery] * 99, totals=dict.fromkeys(get_args(State), MOST)),
    )


def test_a_rehearsal_tells_scores_and_proposes_a_threshold():
    rehearsed = Rehearsed(
        12,
        "Decoding watch",
        "speculative decoding",
        30,
        412,
        (Judged(PAPER, 0.714, date(2026, 11, 26)),),
        (Judged(PAPER, 0.52, date(2026, 11, 25), "0.52, and 0.56 is needed"),),
        0.56,
        0.483,
        2,
    )
    linked = "[Speculative decoding on a phone](https://huggingface.co/papers/2611.00001)"
    view = rehearsal_view(rehearsed)
    assert shown(view).split("\n") == [
        "### Decoding watch, rehearsed",
        "-# “speculative decoding” · 412 papers looked at · threshold 0.56",
        "**1 paper would have been posted in the last 30 days**",
        f"`0.71` · {linked} · 26 Nov 2026",
        "**The best of those kept out**",
        f"`0.52` · {linked} · 25 Nov 2026",
        "-# kept out: 0.52, and 0.56 is needed",
        "Proposed: a threshold of **0.48** for about 2 a day.",
    ]
    assert buttons(components(view))["Use 0.48"]["custom_id"] == "feed-threshold:12:48"
    same = rehearsal_view(replace(rehearsed, proposed=0.5601))
    assert shown(same).endswith("\nThe present threshold is the one for about 2 a day.")
    assert not ids(same)


def test_a_rehearsal_of_a_feed_without_a_topic_has_no_scores():
    said = shown(rehearsal_view(Rehearsed(12, "All", "", 1, 3, (Judged(PAPER),) * 2)))
    assert "-# 3 papers looked at\n**2 papers would have been posted in the last day**\n[Spec" in said
    nothing = shown(rehearsal_view(Rehearsed(12, "All", "", 30, 0, ())))
    assert nothing.endswith("**No paper would have been posted in the last 30 days**")


def test_of_a_long_rehearsal_the_rest_is_counted():
    said = shown(
        rehearsal_view(Rehearsed(12, "All", "", 30, 412, (Judged(PAPER, 0.5, date(2026, 1, 1)),) * 90))
    )
    listed = said.count("`0.50`")
    assert 10 < listed < 90
    assert said.endswith(f"\n-# … and {90 - listed} more")


def test_why_goes_rule_by_rule():
    why = replace(
        WHY,
        rules=((True, "it came after this was made"), (False, "about “x”: 0.52, and 0.56 is needed")),
        verdict="it is kept out",
        posted="posted on 3 May 2026",
        url="https://discord.com/channels/1/2/3",
    )
    assert shown(why_view(why)).split("\n") == [
        "### [Speculative decoding on a phone](https://huggingface.co/papers/2611.00001)",
        "Decoding watch · it is kept out",
        "✓ it came after this was made",
        "✗ about “x”: 0.52, and 0.56 is needed",
        "-# [posted on 3 May 2026](https://discord.com/channels/1/2/3)",
    ]
    assert "posted on 3 May 2026" in shown(why_view(replace(why, url=None)))


def test_why_a_post_names_every_paper_of_it():
    rules = tuple((True, f"rule {number} says this and that of a paper") for number in range(5))
    whys = [replace(WHY, rules=rules)] * 25
    few, many = shown(why_post_view(whys[:3])), shown(why_post_view(whys))
    assert few.startswith("### Why Decoding watch posted this\n[Speculative decoding on a phone](")
    assert few.count("\n-# ✓ rule 0 ") == 3
    assert many.count("\n-# ✓ rule 4 ") == many.count("](https://huggingface.co/papers/") == 25
    assert "more" not in many


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, f"{AT} · [a digest of 7 papers](https://discord.com/channels/1/22/44) · posted"),
        (
            {"papers": 1, "lane": "cards", "state": "unknown"},
            f"{AT} · [a card](https://discord.com/channels/1/22/44) · given up: perhaps posted",
        ),
        (
            {"papers": 0, "message": None, "done": None, "state": "waiting"},
            f"{AT} · that nothing came · waiting",
        ),
        ({"lane": "notice", "message": None}, f"{AT} · a notice · posted"),
        (
            {"message": None, "state": "refused", "reason": "*Too* long"},
            f"{AT} · a digest of 7 papers · set aside\n-# \\*Too\\* long",
        ),
    ],
)
def test_the_history_says_what_became_of_each_message(changes: dict[str, Any], line: str):
    said = shown(history_view(FEED, [replace(DELIVERY, **changes)]))
    assert said == f"### Decoding watch: its last posts\n{line}"


def test_the_history_counts_all_messages():
    said = shown(
        history_view(FEED, [DELIVERY], totals={"posted": 1204, "refused": 1, "expired": 2, "split": 0})
    )
    assert said.endswith("\n-# In all: 1,204 posted · 3 set aside")
    assert "/channels/@me/22/44" in shown(history_view(ALERT, [DELIVERY]))
    assert "Nothing has been posted yet." in shown(history_view(FEED, []))
    assert shown(history_view(FEED, [DELIVERY] * 99)).endswith("more")
