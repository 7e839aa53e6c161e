"""What people type for a feed, read as it was meant, or refused with what to do about it."""

from datetime import time as time_of_day
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FeedTroubleError, UnknownFeedError
from bot.feeds.feed import MOST, Settings
from bot.feeds.options import (
    Timing,
    name_for,
    read_count,
    read_days,
    read_most,
    read_sources,
    read_tags,
    read_threshold,
    schedule_of,
    style_for,
)
from bot.feeds.schedule import Schedule
from bot.feeds.zones import ScheduleError
from tests.bot.feeds.conftest import Newsroom

HOSTILE = "@everyone <@&1> [free](https://evil.example) " * 50
READERS: dict[str, Any] = {
    "sources": read_sources,
    "days": read_days,
    "threshold": read_threshold,
    "most": read_most,
    "tags": read_tags,
    "time": lambda typed: schedule_of(Timing(time=typed)),
    "zone": lambda typed: schedule_of(Timing(timezone=typed)),
    "weekday": lambda typed: schedule_of(Timing(weekday=typed)),
    "cron": lambda typed: schedule_of(Timing(cron=typed)),
}


@pytest.mark.parametrize(
    ("typed", "sources"),
    [
        (None, ()),
        ("", ()),
        ("  ", ()),
        ("all", ()),
        ("hugging-face", ("hugging-face",)),
        ("Hugging_Face, ArXiv", ("hugging-face", "arxiv")),
        ("hf+file arxiv", ("hugging-face", "files", "arxiv")),
        ("imports, files,, hf, huggingface", ("files", "hugging-face")),
    ],
)
def test_sources_are_read_in_any_spelling_and_each_once(typed: str | None, sources: tuple[str, ...]):
    assert read_sources(typed) == sources


def test_another_source_is_refused_with_those_that_there_are():
    with pytest.raises(
        FeedTroubleError, match=r"“reddit” is no source\. There are: hugging-face, arxiv, files"
    ):
        read_sources("hf, reddit")


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("30d", 30),
        ("45", 45),
        ("1", 1),
        ("2 weeks", 14),
        ("1 Week", 7),
        ("2W", 14),
        ("3 months", 90),
        (" 1m ", 30),
        ("90 days", 90),
    ],
)
def test_days_are_read_as_people_say_them(typed: str, days: int):
    assert read_days(typed) == days


@pytest.mark.parametrize(
    "typed", ["", "0", "91", "4 months", "13w", "-3", "1.5d", "a week", "d", "1y", "1" * 9]
)
def test_no_days_and_too_many_are_refused(typed: str):
    with pytest.raises(FeedTroubleError, match="such as 30d or 2w; 90 days are the most"):
        read_days(typed)


@pytest.mark.parametrize(
    ("typed", "threshold"),
    [("", None), ("  ", None), ("0.56", 0.56), ("0,56", 0.56), ("0", 0.0), ("1", 1.0), ("0.555", 0.56)],
)
def test_a_threshold_is_a_number_from_0_to_1(typed: str, threshold: float | None):
    assert read_threshold(typed) == pytest.approx(threshold)


@pytest.mark.parametrize("typed", ["high", "-0.1", "1.01", "56%", "nan", "inf", "-inf", "0x1", "1,2,3"])
def test_what_is_no_threshold_is_refused_with_where_to_find_one(typed: str):
    with pytest.raises(FeedTroubleError, match="/feed test proposes one"):
        read_threshold(typed)


@pytest.mark.parametrize(("typed", "most"), [("", None), ("1", 1), (" 50 ", 50), ("٣", 3)])
def test_the_most_papers_of_a_post_are_from_1_to_50(typed: str, most: int | None):
    assert read_most(typed) == most


@pytest.mark.parametrize("typed", ["0", "51", "-1", "1.5", "five", "²", "1_0", "9" * 5000])
def test_another_number_of_papers_is_refused(typed: str):
    with pytest.raises(
        FeedTroubleError, match=f"The most papers at a time is a whole number from 1 to {MOST}"
    ):
        read_most(typed)


async def test_a_feed_by_a_number_of_5000_digits_is_none(newsroom: Newsroom):
    with pytest.raises(UnknownFeedError):
        await newsroom.parts.office.desk.named("9" * 5000, guild=newsroom.guild)


def test_a_count_says_what_it_counts_and_how_far_it_goes():
    assert read_count("1000", least=0, most=1_000_000, what="The least number of upvotes") == 1000
    with pytest.raises(
        FeedTroubleError, match="The least number of upvotes is a whole number from 0 to 1,000,000"
    ):
        read_count("1000001", least=0, most=1_000_000, what="The least number of upvotes")


def test_tags_are_names_between_commas_at_most_five():
    assert read_tags(" agents,, big models ,") == ("agents", "big models")
    assert read_tags("") == ()
    with pytest.raises(FeedTroubleError, match="Discord allows 5 tags a post, and these are 6"):
        read_tags("a,b,c,d,e,f")


def test_what_was_typed_changes_a_schedule_and_the_rest_stays():
    before = Schedule("weekly", time_of_day(7), "Europe/Berlin", 4)
    assert schedule_of(Timing(), before) == before
    assert schedule_of(Timing(time="8pm"), before) == Schedule("weekly", time_of_day(20), "Europe/Berlin", 4)
    assert schedule_of(Timing(timezone="tokyo", weekday="Mon"), before) == Schedule(
        "weekly", time_of_day(7), "Asia/Tokyo", 0
    )
    assert schedule_of(Timing("daily"), before).rhythm == "daily"
    assert schedule_of(Timing()) == Schedule()


def test_a_cron_expression_is_a_rhythm_of_its_own():
    assert schedule_of(Timing("daily", cron="30 8 * * 1-5")) == Schedule("cron", cron="30 8 * * 1-5")
    assert schedule_of(Timing("daily", cron="  ")).rhythm == "daily"
    with pytest.raises(FeedTroubleError, match="A cron schedule needs its expression"):
        schedule_of(Timing("cron"))


@pytest.mark.parametrize(
    "timing", [Timing(time="25:00"), Timing(timezone="Mars"), Timing(weekday="Noday"), Timing(cron="* * * *")]
)
def test_a_time_that_cannot_be_is_refused(timing: Timing):
    with pytest.raises(ScheduleError):
        schedule_of(timing)


@pytest.mark.parametrize("reader", READERS)
def test_hostile_text_is_quoted_short(reader: str):
    with pytest.raises((FeedTroubleError, ScheduleError)) as refused:
        READERS[reader](HOSTILE if reader != "tags" else HOSTILE.replace(" ", ","))
    assert len(str(refused.value)) < 250


@given(typed=st.text(max_size=40), reader=st.sampled_from(sorted(READERS)))
def test_whatever_is_typed_is_read_or_refused_in_words(typed: str, reader: str):
    words = ""
    try:
        READERS[reader](typed)
    except (FeedTroubleError, ScheduleError) as error:
        words = str(error)
    assert not words or 10 < len(words) < 250


def test_a_feed_without_a_name_is_called_by_its_topic():
    assert name_for(Settings("  speculative \n decoding ")) == "speculative decoding"
    assert name_for(Settings()) == "All new papers"
    long = name_for(Settings("speculative " * 20))
    assert len(long) <= 61
    assert long.endswith("speculative…")


@pytest.mark.parametrize(
    ("rhythm", "is_forum", "style"),
    [
        ("instant", False, "cards"),
        ("daily", False, "digest"),
        ("cron", False, "digest"),
        ("instant", True, "forum"),
    ],
)
def test_papers_that_come_at_once_come_one_by_one_if_nobody_said_otherwise(
    rhythm: Any, is_forum: bool, style: str
):
    assert style_for(rhythm, is_forum=is_forum) == style
