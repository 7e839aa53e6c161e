"""What arXiv announces, and what it announced while nobody asked."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from corpus.errors import FetchError, NotThereError
from corpus.sources.arxiv import fetch_new
from corpus.sources.reading import Reading
from corpus.sources.source import Batch
from tests.corpus.test_arxiv_rss import announcement, item

from .test_arxiv import (
    API,
    ETAG,
    HTML,
    RSS,
    Arxiv,
    all_of,
    day_of,
    ids,
    submitted,
    until_failure,
    window,
)


async def test_the_first_time_only_the_announcement_is_asked_for():
    arxiv = Arxiv(announced=day_of("2026-11-23"))
    (batch,) = await all_of(fetch_new(arxiv, " cs.CL+cs.LG ", window()))
    assert arxiv.asked == [(RSS, None, False)]
    assert (ids([batch]), batch.watermark, batch.validator) == (["2611.00001"], "2026-11-23", ETAG)


@pytest.mark.parametrize("watermark", ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"])
async def test_over_a_weekend_nothing_is_missed(watermark: str):
    arxiv = Arxiv(announced=day_of("2026-11-23"))
    (batch,) = await all_of(fetch_new(arxiv, "cs.CL+cs.LG", window(watermark)))
    assert (len(arxiv.asked), batch.watermark) == (1, "2026-11-23")


async def test_what_was_announced_while_nobody_looked_is_asked_for_by_its_submission_and_given_first():
    arxiv = Arxiv(submitted(("2026-11-17", 150), ("2026-11-19", 1)), announced=day_of("2026-11-23"))
    batches = await all_of(fetch_new(arxiv, "cs.CL+cs.LG", window("2026-11-18")))
    assert [url for url, _, _ in arxiv.asked] == [RSS, API, API]
    assert arxiv.questions[0] == {
        "search_query": "(cat:cs.CL OR cat:cs.LG) AND submittedDate:[202611150000 TO 202611202359]",
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
        "start": "0",
        "max_results": "100",
    }
    assert arxiv.questions[1]["start"] == "100"
    assert [len(batch.reading.accounts) for batch in batches] == [100, 51, 1]
    assert [batch.watermark for batch in batches] == [None, None, "2026-11-23"]


async def test_a_missed_friday_is_noticed_on_monday():
    arxiv = Arxiv(announced=day_of("2026-11-23"))
    await all_of(fetch_new(arxiv, "cs.CL+cs.LG", window("2026-11-19")))
    assert arxiv.periods == ["[202611160000 TO 202611202359]"]


async def test_a_long_absence_is_asked_for_a_week_at_a_time_without_a_gap():
    arxiv = Arxiv(submitted(("2026-10-31", 3), ("2026-11-10", 2)), announced=day_of("2026-11-23"))
    batches = await all_of(fetch_new(arxiv, "cs.CL+cs.LG", window("2026-11-02")))
    periods = [re.findall(r"(\d{8})\d{4}", period) for period in arxiv.periods]
    days = [[datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC) for day in period] for period in periods]
    assert (periods[0][0], periods[-1][1]) == ("20261030", "20261120")
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in pairwise(days))
    assert all(last - first <= timedelta(days=6) for first, last in days)
    assert len(ids(batches)) == 6


async def test_a_named_day_is_asked_for_up_to_today_before_the_announcement():
    arxiv = Arxiv(submitted(("2026-11-21", 2)), announced=day_of("2026-11-23"))
    batches = await all_of(fetch_new(arxiv, "cs.CL+cs.LG", window(since="2026-11-21")))
    assert arxiv.periods == ["[202611210000 TO 202611232359]"]
    assert [batch.watermark for batch in batches] == [None, "2026-11-23"]


async def test_a_named_day_after_a_gap_leaves_the_watermark_before_the_gap():
    arxiv = Arxiv(announced=day_of("2026-11-23"))
    (batch,) = await all_of(fetch_new(arxiv, "cs.CL+cs.LG", window("2026-11-02", since="2026-11-22")))
    assert (batch.watermark, batch.validator) == (None, None)
    (batch,) = await all_of(fetch_new(arxiv, "cs.CL+cs.LG", window("2026-11-02", since="2026-10-01")))
    assert (batch.watermark, batch.validator) == ("2026-11-23", ETAG)


async def test_an_announcement_that_was_read_before_gives_nothing_and_a_named_day_is_asked_for_all_the_same():
    arxiv = Arxiv(submitted(("2026-11-21", 2)), announced=None)
    assert await all_of(fetch_new(arxiv, "cs.CL+cs.LG", window("2026-11-23"))) == []
    batches = await all_of(fetch_new(arxiv, "cs.CL+cs.LG", window("2026-11-23", since="2026-11-20")))
    assert (len(ids(batches)), [batch.watermark for batch in batches]) == (2, [None])


async def test_an_empty_weekend_moves_the_watermark():
    arxiv = Arxiv(announced=announcement(day="Sat, 21 Nov 2026 00:00:00 -0500"))
    assert await all_of(fetch_new(arxiv, "cs.CL+cs.LG", window("2026-11-20"))) == [
        Batch(Reading(), "2026-11-21", ETAG)
    ]


async def test_an_old_announcement_does_not_take_the_watermark_back():
    arxiv = Arxiv(announced=day_of("2026-11-18"))
    (batch,) = await all_of(fetch_new(arxiv, "cs.CL+cs.LG", window("2026-11-20")))
    assert batch.watermark == "2026-11-20"


@pytest.mark.parametrize(
    ("announced", "words"),
    [
        (HTML, "the announcement of cs.CL+cs.LG: expected an Atom or RSS feed; found an HTML page"),
        (day_of("2026-11-23")[:400], "broken or cut off"),
        (announcement(day="soon"), "does not say of which day"),
        (day_of("2026-11-30", item(day="")), "its day, 2026-11-30, lies in the future"),
        (NotThereError("gone"), "gone"),
    ],
)
async def test_an_announcement_that_is_none_ends_it_before_anything_is_given(
    announced: str | FetchError, words: str
):
    arxiv = Arxiv(submitted(("2026-11-17", 5)), announced=announced)
    given, error = await until_failure(fetch_new(arxiv, "cs.CL+cs.LG", window("2026-11-02")))
    assert given == []
    assert words in str(error)
    assert len(arxiv.asked) == 1


async def test_no_watermark_passes_a_failure_on_the_way_to_the_announcement():
    arxiv = Arxiv(submitted(("2026-11-17", 250)), announced=day_of("2026-11-23"), wrong={1: HTML})
    given, error = await until_failure(fetch_new(arxiv, "cs.CL+cs.LG", window("2026-11-18")))
    assert [(len(batch.reading.accounts), batch.watermark, batch.validator) for batch in given] == [
        (100, None, None)
    ]
    assert "an HTML page" in str(error)


async def test_an_archive_is_asked_for_with_all_that_is_in_it():
    arxiv = Arxiv(announced=day_of("2026-11-23"))
    await all_of(fetch_new(arxiv, "hep-th+cs", window("2026-11-18")))
    assert arxiv.questions[0]["search_query"].startswith(
        "(cat:hep-th OR cat:hep-th.* OR cat:cs OR cat:cs.*) AND submittedDate:["
    )
