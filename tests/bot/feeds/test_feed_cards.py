"""What administrators and readers see of feeds keeps Discord's limits, stays inert, and says how things are."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any, get_args

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import custom_ids
from bot.cards.feed_edit import edit_view, limits_form, time_form, topic_form
from bot.cards.feed_reports import history_view, rehearsal_view, why_post_view, why_view
from bot.cards.feeds import confirm_delete_view, feed_view, feeds_view, missing_permissions
from bot.feeds.delivery import Delivery, Lane, State
from bot.feeds.feed import Feed, Settings
from bot.feeds.rehearsed import Judged, Rehearsed, Why
from bot.feeds.schedule import Rhythm, Schedule
from corpus.paper import Paper
from tests.bot.reading import buttons, parts, text
from tests.bot.test_cards import HOSTILE_PAPERS, MOST, WORST, assert_within_limits, components
from tests.bot.test_text import TEXTS, outside_code
from tests.wire.rules import nested

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
AT = f"<t:{NOW.timestamp():.0f}:f>"
SOON = f"<t:{NOW.timestamp():.0f}:R>"
WHEN = "daily at 09:00 (Europe/Berlin)"
LONGEST_WHEN = f"by `{'0-5,' * 24}` ({'Zone' * 16})"
PAPER = Paper(title="Speculative decoding on a phone", abstract="", arxiv_id="2611.00001")
FEED = Feed(12, "feed", "Decoding watch", 1, 22, 33, Settings("speculative decoding"), NOW, 0, 0, due=NOW)
ALERT = replace(FEED, kind="alert", guild=None, channel=None)
DELIVERY = Delivery("x", 12, "digest", 22, None, "posted", 7, NOW, channel=22, message=44, done=NOW)
WHY = Why(PAPER, "Decoding watch", ((True, "it came after this was made"),), "it fits")

HOSTILE = TEXTS | st.just(WORST)
SNOWFLAKES = st.integers(1, 2**63)
TIMES = st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SCHEDULES = st.builds(
    Schedule, st.sampled_from(get_args(Rhythm)), st.times(), HOSTILE, st.integers(0, 6), HOSTILE
)
SETTINGS = st.builds(
    Settings,
    query=HOSTILE,
    sources=st.lists(st.sampled_from(["hugging-face", "arxiv", "files"]), unique=True).map(tuple),
    schedule=SCHEDULES,
    threshold=st.none() | st.floats(0, 1),
    min_upvotes=st.none() | st.integers(0, MOST),
    max_items=st.none() | st.integers(1, 50),
    style=st.sampled_from(["cards", "digest", "forum"]),
    mention_role=st.none() | SNOWFLAKES,
    skip_empty=st.booleans(),
    tags=st.lists(HOSTILE, max_size=5).map(tuple),
    backlog_days=st.integers(0, MOST),
)
FEEDS = st.builds(
    Feed,
    number=st.integers(1, MOST),
    kind=st.sampled_from(["feed", "alert"]),
    name=HOSTILE,
    guild=st.none() | SNOWFLAKES,
    channel=st.none() | SNOWFLAKES,
    user=SNOWFLAKES,
    settings=SETTINGS,
    made=st.just(NOW),
    start=st.just(0),
    seen=st.just(0),
    is_paused=st.booleans(),
    why=HOSTILE,
    due=TIMES,
)
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
_OURS = re.compile(
    r"^(?:### |-# |> )+|\*\*[\w ,.\d]+\*\*|<t:-?\d+:[fR]>|<#\d+>|<@&\d+>|\]\((?:https://[!-~]+?)\)"
)


def shown(view: ui.LayoutView) -> str:
    return text(components(view))


def ids(view: ui.LayoutView) -> list[str]:
    return [part["custom_id"] for part in parts(components(view)) if "custom_id" in part]


def assert_inert(*views: ui.LayoutView) -> None:
    """Nothing pings or leads anywhere but what the card itself writes, and Discord takes it."""
    for view in views:
        made = components(view)
        assert_within_limits(made)
        assert len(list(nested(made))) <= 40
        assert all(custom_ids.is_known(custom_id) for custom_id in ids(view))
        for line in text(made).split("\n"):
            bare = _OURS.sub("", outside_code(line))
            assert not re.search(r"://|<[@#:t]|@everyone|@here|discord\.gg/|www\.\w", bare, re.IGNORECASE), (
                line
            )
            assert not re.search(r"[*_`~|]", bare), line


def assert_sendable(form: ui.Modal) -> None:
    made = form.to_dict()
    assert custom_ids.is_known(made["custom_id"])
    assert len(made["title"]) <= 45
    assert 1 <= len(made["components"]) <= 5
    for label in made["components"]:
        field = label["component"]
        assert len(label["label"]) <= 45
        assert len(label.get("description", "")) <= 100
        assert len(field.get("value", "")) <= field["max_length"]
        assert field["custom_id"] in get_args(custom_ids.Field)


def fields(form: ui.Modal) -> dict[str, str]:
    """What stands in a form."""
    made: list[dict[str, Any]] = [label["component"] for label in form.to_dict()["components"]]
    return {field["custom_id"]: field.get("value", "") for field in made}


def menus(view: ui.LayoutView) -> dict[str, list[str]]:
    """What is chosen in each menu."""
    return {
        part["custom_id"].rpartition(":")[2]: [
            option["value"] for option in part["options"] if option["default"]
        ]
        for part in parts(components(view))
        if part["type"] == 3
    }


@given(FEEDS, st.lists(HOSTILE, max_size=12), st.none() | HOSTILE, TIMES)
def test_no_feed_acts_or_outgrows_a_message(
    feed: Feed, problems: list[str], topic: str | None, last: datetime | None
):
    assert_inert(
        feed_view(feed, when=LONGEST_WHEN, problems=problems, topic=topic, posts=MOST, last=last),
        edit_view(feed, when=LONGEST_WHEN, said="".join(problems)),
        feeds_view([(feed, LONGEST_WHEN)] * 3),
        confirm_delete_view(feed),
    )
    for form in (topic_form(feed), time_form(feed), limits_form(feed)):
        assert_sendable(form)


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


def test_the_worst_of_all_fits():
    worst_paper = replace(PAPER, title=WORST)
    judged = (Judged(worst_paper, 1.0, date(2026, 9, 30), WORST),) * 99
    settings = Settings(
        WORST,
        ("arxiv", "files", "hugging-face"),
        Schedule(),
        1.0,
        MOST,
        50,
        "forum",
        2**63,
        tags=(WORST,) * 9,
    )
    feed = replace(FEED, name=WORST, channel=2**63, settings=settings, why=WORST)
    why = Why(worst_paper, WORST, ((False, WORST),) * 20, WORST, WORST, f"https://discord.com/{'1' * 80}")
    delivery = replace(DELIVERY, reason=WORST, papers=MOST, channel=2**63, message=2**63, state="unknown")
    assert_inert(
        *(
            feed_view(replace(feed, is_paused=is_paused), when=LONGEST_WHEN, problems=[WORST] * 40)
            for is_paused in (True, False)
        ),
        feeds_view([(feed, LONGEST_WHEN)] * 40),
        feeds_view([(replace(feed, is_paused=True), LONGEST_WHEN)] * 40),
        rehearsal_view(Rehearsed(12, WORST, WORST, 365, MOST, judged, judged, 0.5, 1.0, 99.5)),
        why_view(why),
        why_post_view([why] * 50),
        history_view(feed, [delivery] * 99, totals=dict.fromkeys(get_args(State), MOST)),
    )


def test_a_feed_is_told_in_words():
    settings = Settings(
        '"speculative decoding" -vision',
        ("arxiv", "files"),
        threshold=0.56,
        min_upvotes=1,
        max_items=7,
        style="forum",
        mention_role=77,
        skip_empty=False,
        tags=("LLM", "*speed*"),
        backlog_days=7,
    )
    view = feed_view(replace(FEED, settings=settings), when=WHEN, posts=3, last=NOW)
    assert shown(view).split("\n") == [
        "### ▶ Decoding watch",
        '**About** “"speculative decoding" \\-vision”'.replace("\\-", "-"),
        "**From** arXiv or imported files",
        "**At least** a score of 0.56 and 1 upvote",
        "**New** from 7 days before it was made",
        "**Posts** daily at 09:00 (Europe/Berlin) in <#22>, as a forum post or thread for each paper",
        "**At most** 7 papers at a time",
        "**When nothing comes** it says so",
        "**Mentions** the role <@&77>",
        "**Forum tags** LLM, \\*speed\\*",
        f"**Next** {AT}, {SOON}",
        f"-# 3 posts so far, the last {SOON}",
    ]
    assert {label: button["custom_id"] for label, button in buttons(components(view)).items()} == {
        "Test": "feed-test:12",
        "Edit": "feed-edit:12",
        "Pause": "feed-pause:12",
        "Delete": "feed-delete:12",
    }


def test_what_was_not_set_is_not_told():
    said = shown(feed_view(replace(FEED, settings=Settings(), due=None), when="at once"))
    assert said.split("\n") == [
        "### ▶ Decoding watch",
        "**About** everything that comes",
        "**From** every source",
        "**Posts** at once in <#22>, as one digest",
        "**When nothing comes** it says nothing",
        "-# 0 posts so far",
    ]
    assert "**About** “decoding, since May”" in shown(feed_view(FEED, when=WHEN, topic="decoding, since May"))


def test_an_alert_comes_as_a_direct_message():
    said = shown(feed_view(replace(ALERT, settings=replace(FEED.settings, mention_role=7)), when=WHEN))
    assert "**Comes** daily at 09:00 (Europe/Berlin), as a direct message\n" in said
    assert "<#" not in said
    assert "Mentions" not in said
    assert "nothing comes" not in said


def test_a_paused_feed_says_why_and_can_be_resumed():
    view = feed_view(replace(FEED, is_paused=True, why="the channel is gone", due=None), when=WHEN)
    assert shown(view).startswith("### ⏸ Decoding watch\n")
    assert "\n**Paused**: the channel is gone\n" in shown(view)
    assert "feed-resume:12" in ids(view)
    assert "feed-pause:12" not in ids(view)


def test_each_missing_permission_is_named_once_as_discord_calls_it():
    lines = missing_permissions(["view_channel", "read_messages", "create_public_threads", "pin_messages"])
    assert lines == [
        "The bot lacks the permission “View Channel” there: without it the channel cannot be seen.",
        "The bot lacks the permission “Create Public Threads” there: without it papers get no thread of their own.",
        "The bot lacks the permission “Pin Messages” there: without it posting may fail.",
    ]
    said = shown(feed_view(FEED, when=WHEN, problems=[*lines, *missing_permissions(["mention_everyone"])]))
    assert said.count("\n⚠ The bot lacks") == 4
    assert "@everyone" not in said


def test_feeds_are_listed_with_how_they_are():
    feeds = [
        (FEED, WHEN),
        (replace(FEED, name="B", is_paused=True, why="by Ada", settings=Settings()), "at once"),
    ]
    assert shown(feeds_view(feeds)).split("\n") == [
        "### 2 feeds",
        "▶ Decoding watch · <#22> · “speculative decoding”",
        f"-# {WHEN} · next {SOON}",
        "⏸ B · <#22> · everything",
        "-# at once · paused: by Ada",
    ]
    assert shown(feeds_view([(ALERT, WHEN)], kind="alert")).startswith(
        "### 1 alert\n▶ Decoding watch · “speculative decoding”\n"
    )


def test_of_many_feeds_25_are_listed_and_the_rest_counted():
    for settings in (FEED.settings, Settings(WORST)):
        said = shown(feeds_view([(replace(FEED, settings=settings), LONGEST_WHEN)] * 27))
        assert said.startswith("### 27 feeds\n")
        assert said.count("▶") == 25
        assert said.endswith("\n-# … and 2 more")


def test_an_empty_list_says_how_to_make_one():
    assert "`/feed create`" in shown(feeds_view([]))
    assert "`/alert add`" in shown(feeds_view([], kind="alert"))


def test_the_menus_show_what_is_set():
    settings = Settings("x", ("files",), Schedule("weekly"), None, None, 7, "cards", 77, skip_empty=False)
    view = edit_view(replace(FEED, settings=settings), when=WHEN, said="It posts weekly now.")
    assert shown(view).split("\n") == [
        "### Edit Decoding watch",
        "**Posts** daily at 09:00 (Europe/Berlin)",
        "It posts weekly now.",
    ]
    assert menus(view) == {
        "rhythm": ["weekly"],
        "sources": ["files"],
        "most": ["7"],
        "style": ["cards"],
        "empty": ["say"],
    }
    assert [part["default_values"] for part in parts(components(view)) if part["type"] == 6] == [
        [{"id": 77, "type": "role"}]
    ]
    assert {label: button["custom_id"] for label, button in buttons(components(view)).items()} == {
        "Topic and words": "feed-set:12:topic",
        "Time and zone": "feed-set:12:time",
        "Threshold and limits": "feed-set:12:limits",
    }
    assert menus(edit_view(FEED, when=WHEN))["most"] == ["usual"]


def test_an_alert_has_fewer_menus():
    view = edit_view(ALERT, when=WHEN)
    assert set(menus(view)) == {"rhythm", "sources", "most"}
    assert not [part for part in parts(components(view)) if part["type"] == 6]


def test_the_forms_hold_what_is_set():
    settings = Settings(
        "speculative decoding",
        schedule=Schedule("weekly", time(7, 5), "Asia/Tokyo", 4, "0 9 * * *"),
        threshold=0.5,
        min_upvotes=0,
        max_items=9,
        style="forum",
        tags=("LLM", "speed"),
    )
    feed = replace(FEED, settings=settings)
    assert fields(topic_form(feed)) == {"name": "Decoding watch", "query": "speculative decoding"}
    assert fields(time_form(feed)) == {"time": "07:05", "zone": "Asia/Tokyo", "weekday": "Friday", "cron": ""}
    assert fields(limits_form(feed)) == {
        "threshold": "0.50",
        "upvotes": "0",
        "most": "9",
        "tags": "LLM, speed",
    }
    assert fields(limits_form(FEED)) == {"threshold": "", "upvotes": "", "most": ""}
    by_cron = replace(feed, settings=replace(settings, schedule=Schedule("cron", cron="0 9 * * *")))
    assert fields(time_form(by_cron))["cron"] == "0 9 * * *"


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
    assert shown(history_view(FEED, [DELIVERY] * 30)).endswith("more")


def test_deleting_is_asked_about():
    view = confirm_delete_view(FEED)
    assert shown(view).startswith("### Delete Decoding watch?\nIt posts no more in <#22>,")
    assert ids(view) == ["feed-delete-now:12", "feed-keep:12"]


def test_every_custom_id_is_read_back_as_it_was_written():
    token = "a-b_c" * 4 + "1234"
    for deed in get_args(custom_ids.Deed):
        match = custom_ids.FEED_DEED.fullmatch(custom_ids.feed_deed(deed, 2**63 - 1))
        assert match is not None
        assert (match["deed"], match["number"]) == (deed, str(2**63 - 1))
    for what in get_args(custom_ids.Choice):
        written = custom_ids.feed_choice(7, what)
        match = custom_ids.FEED_CHOICE.fullmatch(written)
        assert match is not None
        assert (match["number"], match["what"]) == ("7", what)
        assert not custom_ids.FEED_FORM_BUTTON.fullmatch(written)
    for what in get_args(custom_ids.Form):
        for written, pattern in [
            (custom_ids.feed_form_button(7, what), custom_ids.FEED_FORM_BUTTON),
            (custom_ids.feed_form(7, what), custom_ids.FEED_FORM),
        ]:
            match = pattern.fullmatch(written)
            assert match is not None
            assert (match["number"], match["what"]) == ("7", what)
    for threshold, hundredths in [(0.0, "0"), (0.56, "56"), (0.575, "57"), (1.0, "100")]:
        match = custom_ids.FEED_THRESHOLD.fullmatch(custom_ids.feed_threshold(7, threshold))
        assert match is not None
        assert (match["number"], match["hundredths"]) == ("7", hundredths)
    for written, pattern in [
        (custom_ids.post(token), custom_ids.POST),
        (custom_ids.post_paper(token), custom_ids.POST_PAPER),
    ]:
        match = pattern.fullmatch(written)
        assert match is not None
        assert match["token"] == token
