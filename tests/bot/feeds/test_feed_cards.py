"""What is shown of feeds and their settings keeps Discord's limits, stays inert, and says how things are."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any, get_args

from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import custom_ids
from bot.cards.feed_edit import edit_view, limits_form, time_form, topic_form
from bot.cards.feeds import confirm_delete_view, feed_view, feeds_view, missing_permissions
from bot.feeds.feed import Feed, Settings
from bot.feeds.schedule import Rhythm, Schedule
from corpus.paper import Paper
from tests.bot.reading import buttons, parts, text
from tests.bot.test_cards import MOST, WORST, assert_within_limits, components
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


@settings(max_examples=50, deadline=None)  # the worst texts take long
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


def test_the_worst_of_feeds_fit_one_message():
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
    assert_inert(
        *(
            feed_view(replace(feed, is_paused=is_paused), when=LONGEST_WHEN, problems=[WORST] * 40)
            for is_paused in (True, False)
        ),
        feeds_view([(feed, LONGEST_WHEN)] * 40),
        feeds_view([(replace(feed, is_paused=True), LONGEST_WHEN)] * 40),
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
    for query in ("decoding", WORST):
        said = shown(feeds_view([(replace(FEED, settings=Settings(query)), LONGEST_WHEN)] * 27))
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
