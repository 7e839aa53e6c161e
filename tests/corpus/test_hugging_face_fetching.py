"""In which order Hugging Face is asked, and how far it is read."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime, timedelta, timezone

import pytest

from corpus.errors import NotThereError, UnreadableSourceError
from corpus.sources.hugging_face import fetch_daily, fetch_search, single_paper
from corpus.sources.reading import Reading
from corpus.sources.source import Answer, Batch, Window

from .test_hugging_face import (
    CONTEXT,
    DAILY,
    ETAG,
    NOW,
    SEARCH,
    TODAY,
    paper,
    record,
)


class Site:
    """Stands for huggingface.co: gives what was recorded for a day and page, `[]` otherwise, and keeps what it was asked."""

    def __init__(
        self, pages: Mapping[tuple[str, int], str | None] | None = None, *, otherwise: str | None = "[]"
    ):
        self.pages = pages or {}
        self.otherwise = otherwise
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.asked_afresh = 0

    async def __call__(
        self, url: str, params: Mapping[str, str] | None = None, *, fresh: bool = False
    ) -> Answer | None:
        assert len(self.asked) < 500, "it is asked again and again"
        asked = dict(params or {})
        self.asked.append((url, asked))
        text = self.pages.get((asked.get("date", ""), int(asked.get("p", "0"))), self.otherwise)
        assert not (fresh and text is None)
        self.asked_afresh += fresh
        return None if text is None else Answer(text, ETAG)

    @property
    def days(self) -> list[tuple[str, int]]:
        return [(params["date"], int(params["p"])) for _, params in self.asked]


def full(first: int, *, size: int = 100) -> str:
    return json.dumps([record(f"2611.{number:05}") for number in range(first, first + size)])


async def keep(batches: AsyncIterator[Batch], kept: list[Batch]) -> None:
    """As whoever fetches does: what came before an error stays."""
    async for batch in batches:
        kept.append(batch)  # noqa: PERF401 - a comprehension would lose it


async def all_of(batches: AsyncIterator[Batch]) -> list[Batch]:
    return [batch async for batch in batches]


async def daily(site: Site, *, watermark: str | None = None, since: date | None = None) -> list[Batch]:
    return await all_of(fetch_daily(site, "", Window(NOW, watermark, since)))


async def test_the_first_time_the_last_week_is_asked_for_up_to_today_and_not_beyond():
    site = Site()
    await daily(site)
    assert site.days == [(f"2026-11-{day}", 0) for day in range(16, 24)]
    assert site.asked[0] == (
        "https://huggingface.co/api/daily_papers",
        {"date": "2026-11-16", "limit": "100", "p": "0"},
    )


async def test_today_is_that_of_utc_wherever_the_clock_stands():
    site = Site()
    kiribati = datetime(2026, 11, 24, 6, tzinfo=timezone(timedelta(hours=14)))
    await all_of(fetch_daily(site, "", Window(kiribati, since=TODAY)))
    assert site.days == [("2026-11-23", 0)]


async def test_the_watermark_follows_the_days_and_stops_before_the_last_three():
    batches = await daily(Site(), watermark="2026-11-18")
    assert [batch.watermark for batch in batches] == [
        "2026-11-19",
        "2026-11-20",
        "2026-11-21",
        "2026-11-21",
        "2026-11-21",
        "2026-11-21",
    ]


async def test_the_next_time_the_last_three_days_are_looked_at_again():
    site = Site()
    last = (await daily(Site()))[-1].watermark
    await daily(site, watermark=last)
    assert site.days == [("2026-11-21", 0), ("2026-11-22", 0), ("2026-11-23", 0)]


async def test_days_named_from_long_ago_do_not_take_the_watermark_back():
    batches = await daily(Site(), watermark="2026-11-21", since=date(2026, 11, 1))
    assert {batch.watermark for batch in batches} == {"2026-11-21"}


async def test_days_named_from_after_the_watermark_do_not_move_it_over_those_between():
    site = Site()
    batches = await daily(site, watermark="2026-11-01", since=date(2026, 11, 20))
    assert site.days[0] == ("2026-11-20", 0)
    assert {batch.watermark for batch in batches} == {None}


async def test_days_named_from_the_watermark_on_move_it_as_always():
    batches = await daily(Site(), watermark="2026-11-19", since=date(2026, 11, 19))
    assert [batch.watermark for batch in batches][:2] == ["2026-11-20", "2026-11-21"]


async def test_a_window_that_begins_tomorrow_asks_nothing():
    site = Site()
    assert await daily(site, since=date(2026, 11, 24)) == []
    assert site.asked == []


async def test_a_day_of_two_pages_is_two_batches_and_only_the_last_moves_the_watermark():
    site = Site({("2026-11-23", 0): full(0), ("2026-11-23", 1): full(100, size=30)})
    first, second = await daily(site, since=TODAY)
    assert (len(first.reading.accounts), first.watermark, first.validator) == (100, None, None)
    assert (len(second.reading.accounts), second.watermark, second.validator) == (30, "2026-11-21", None)


async def test_a_day_of_exactly_one_full_page_ends_with_an_empty_one():
    site = Site({("2026-11-23", 0): full(0)})
    batches = await daily(site, since=TODAY)
    assert [len(batch.reading.accounts) for batch in batches] == [100, 0]
    assert site.days == [("2026-11-23", 0), ("2026-11-23", 1)]


async def test_a_server_that_ignores_pages_is_asked_for_one_more_and_counted_once():
    site = Site(otherwise=full(0))
    batches = await daily(site, since=TODAY)
    assert site.days == [("2026-11-23", 0), ("2026-11-23", 1)]
    assert sum(len(batch.reading.accounts) for batch in batches) == 100
    assert batches[-1].watermark == "2026-11-21"


async def test_a_server_that_turns_in_a_circle_is_left_after_the_first_round():
    site = Site({("2026-11-23", page): full(page % 2 * 100) for page in range(500)})
    batches = await daily(site, since=TODAY)
    assert [len(batch.reading.accounts) for batch in batches] == [100, 100, 0]


async def test_a_server_whose_pages_never_end_is_unreadable_and_moves_no_watermark():
    site = Site({("2026-11-23", page): full(page * 100) for page in range(500)})
    kept: list[Batch] = []
    with pytest.raises(UnreadableSourceError, match=r"2026-11-23: more than 2,000"):
        await keep(fetch_daily(site, "", Window(NOW, since=TODAY)), kept)
    assert len(site.asked) == 20
    assert [batch.watermark for batch in kept] == [None] * 20


async def test_refused_records_fill_a_page_and_come_with_it():
    broken = [*json.loads(full(0, size=99)), "{'paper': {}}"]
    site = Site(
        {
            ("2026-11-23", 0): json.dumps(broken),
            ("2026-11-23", 1): json.dumps([record("x"), record("2611.00000")]),
        }
    )
    first, second = await daily(site, since=TODAY)
    assert (len(first.reading.accounts), len(first.reading.rejected)) == (99, 1)
    assert (len(second.reading.accounts), len(second.reading.rejected)) == (1, 1)


async def test_a_page_of_nothing_but_refused_records_is_counted_and_ends_the_day():
    (batch,) = await daily(Site({("2026-11-23", 0): json.dumps(["{'paper'"] * 100)}), since=TODAY)
    assert len(batch.reading.rejected) == 100
    assert (batch.watermark, batch.validator) == ("2026-11-21", None)


async def test_a_whole_day_on_one_page_is_recognised_the_next_time():
    (batch,) = await daily(Site({("2026-11-23", 0): full(0, size=3)}), since=TODAY)
    assert batch.validator == ETAG


async def test_an_unchanged_day_moves_the_watermark_and_brings_nothing():
    batches = await daily(Site(otherwise=None), watermark="2026-11-21")
    assert batches == [Batch(watermark="2026-11-21")] * 3


async def test_a_watermark_of_days_that_have_not_settled_is_not_believed():
    for written_ahead in ("2026-11-23", "2026-12-24"):
        site = Site()
        await daily(site, watermark=written_ahead)
        assert site.days == [("2026-11-21", 0), ("2026-11-22", 0), ("2026-11-23", 0)]


@pytest.mark.parametrize("damaged", ["", "<html>busy</html>", full(0, size=2)[:-40], '{"error": "too many"}'])
async def test_a_damaged_page_ends_the_fetch_and_the_watermark_stays_before_its_day(damaged: str):
    site = Site({("2026-11-18", 0): damaged})
    kept: list[Batch] = []
    with pytest.raises(UnreadableSourceError, match="the papers of 2026-11-18: expected"):
        await keep(fetch_daily(site, "", Window(NOW)), kept)
    assert [batch.watermark for batch in kept] == ["2026-11-17", "2026-11-18"]


async def test_a_damaged_second_page_leaves_its_day_to_be_read_again():
    site = Site({("2026-11-23", 0): full(0), ("2026-11-23", 1): "[{"})
    fetched = fetch_daily(site, "", Window(NOW, since=TODAY))
    assert (await anext(fetched)).watermark is None
    with pytest.raises(UnreadableSourceError):
        await anext(fetched)


async def test_a_weekend_that_gives_an_earlier_days_papers_is_read_like_any_day():
    site = Site(otherwise=full(0, size=5))
    batches = await daily(site, watermark="2026-11-21")
    assert [len(batch.reading.accounts) for batch in batches] == [5, 5, 5]


async def test_a_search_is_one_batch_without_a_watermark():
    site = Site(otherwise=json.dumps([record(), "odd"]))
    (batch,) = await all_of(fetch_search(site, " counting fireflies ", Window(NOW)))
    assert site.asked == [("https://huggingface.co/api/papers/search", {"q": "counting fireflies"})]
    assert (len(batch.reading.accounts), len(batch.reading.rejected)) == (1, 1)
    assert (batch.watermark, batch.validator) == (None, ETAG)


async def test_a_search_whose_answer_is_known_brings_nothing():
    assert await all_of(fetch_search(Site(otherwise=None), "fireflies", Window(NOW))) == []


async def test_an_unreadable_search_names_its_words():
    with pytest.raises(UnreadableSourceError, match="the search for “fireflies”: expected"):
        await all_of(fetch_search(Site(otherwise="<html>"), "fireflies", Window(NOW)))


@pytest.mark.parametrize(
    ("words", "wrong"),
    [("fireflies", ""), ("x" * 200, ""), (" ", "needs the words"), ("x" * 201, "at most 200 characters")],
)
def test_a_search_needs_words_and_not_too_many(words: str, wrong: str):
    assert wrong in SEARCH.check(words)
    assert bool(SEARCH.check(words)) == bool(wrong)


def test_the_daily_papers_take_no_argument():
    assert DAILY.check("") == ""
    assert DAILY.check("cs.CL") == "takes nothing behind its name"


async def test_one_paper_is_asked_for_by_its_id_and_read():
    site = Site(otherwise=json.dumps(paper("cs/0701001", upvotes=5)))
    reading = await single_paper(site, "cs/0701001", CONTEXT)
    assert site.asked == [("https://huggingface.co/api/papers/cs%2F0701001", {})]
    assert [account.upvotes for account in reading.accounts] == [5]
    assert site.asked_afresh == 1, "an answer that is not kept cannot be recognised"


async def test_a_paper_that_the_site_does_not_know_is_nothing_said():
    async def get(url: str, params: Mapping[str, str] | None = None, *, fresh: bool = False) -> Answer | None:
        raise NotThereError(f"404 for {url}, {params}, {fresh}")

    assert await single_paper(get, "2611.00001", CONTEXT) == Reading()
