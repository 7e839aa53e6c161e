"""arXiv as a place to fetch from: what it is asked, in which order, and that no watermark passes a failure."""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from corpus.errors import FetchError, UnreachableError, UnreadableSourceError
from corpus.sources.arxiv import ARXIV_PACE, FORMATS, SOURCES, fetch_search, papers_by_id
from corpus.sources.source import Answer, Batch, Context, Validator, Window
from tests.corpus.test_arxiv_atom import answer, entry, recorded
from tests.corpus.test_arxiv_rss import announcement, item

TODAY = date(2026, 11, 23)  # a Monday
NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
CONTEXT = Context(TODAY)
NEW, SEARCH = SOURCES
API = "https://export.arxiv.org/api/query"
RSS = "https://rss.arxiv.org/rss/cs.CL+cs.LG"
ETAG = Validator(RSS, '"v1"', None)
HTML = "<!DOCTYPE html><html><body>Down for maintenance</body></html>"
Asked = tuple[str, Mapping[str, str] | None, bool]


class Arxiv:
    """Stands for the network: papers by the day of their submission, found by period and paged through as arXiv does."""

    def __init__(
        self,
        papers: Iterable[tuple[str, str]] = (),
        *,
        announced: str | FetchError | None = None,
        wrong: Mapping[int, str | FetchError] | None = None,
    ) -> None:
        self.papers = list(papers)
        self.announced = announced
        self.wrong = dict(wrong or {})  # what the API gives for its n-th question instead, from 0 on
        self.asked: list[Asked] = []

    async def __call__(
        self, url: str, params: Mapping[str, str] | None = None, *, fresh: bool = False
    ) -> Answer | None:
        self.asked.append((url, params, fresh))
        if params is None:
            given, validator = self.announced, ETAG
        else:
            given, validator = self.wrong.get(len(self.questions) - 1, self.found(params)), None
        if isinstance(given, FetchError):
            raise given
        return Answer(given, validator) if given is not None else None

    @property
    def questions(self) -> list[Mapping[str, str]]:
        return [params for _, params, _ in self.asked if params is not None]

    @property
    def periods(self) -> list[str]:
        """Of the first page of every question."""
        return [
            one["search_query"].partition("submittedDate:")[2]
            for one in self.questions
            if one["start"] == "0"
        ]

    def found(self, params: Mapping[str, str]) -> str:
        if "id_list" in params:
            papers = [paper for paper in self.papers if paper[0] in params["id_list"].split(",")]
            return answer(*(entry(f"{about}v1") for about, _ in papers))
        first, last = re.findall(r"(\d{8})\d{4}", params["search_query"])
        papers = [paper for paper in self.papers if first <= paper[1].replace("-", "") <= last]
        start = int(params["start"])
        page = papers[start : start + int(params["max_results"])]
        entries = (entry(f"{about}v1", published=f"{day}T09:00:00Z") for about, day in page)
        return answer(*entries, total=len(papers), start=start)


def submitted(*counts: tuple[str, int]) -> list[tuple[str, str]]:
    """So many papers of each day, numbered through."""
    days = [day for day, count in counts for _ in range(count)]
    return [(f"2611.{number:05}", day) for number, day in enumerate(days)]


def day_of(day: str, *items: str) -> str:
    written = f"{date.fromisoformat(day):%a, %d %b %Y} 00:00:00 -0500"
    return announcement(*(items or (item(day=written),)), day=written)


async def all_of(batches: AsyncIterator[Batch]) -> list[Batch]:
    return [batch async for batch in batches]


async def until_failure(batches: AsyncIterator[Batch]) -> tuple[list[Batch], Exception]:
    given: list[Batch] = []

    async def take() -> None:
        async for batch in batches:
            given.append(batch)  # noqa: PERF401 - what was given before the failure counts

    with pytest.raises((FetchError, UnreadableSourceError)) as caught:
        await take()
    return given, caught.value


def ids(batches: Iterable[Batch]) -> list[str | None]:
    return [account.arxiv_id for batch in batches for account in batch.reading.accounts]


def window(watermark: str | None = None, since: str | None = None) -> Window:
    return Window(NOW, watermark, date.fromisoformat(since) if since else None)


# Searches


async def test_a_search_asks_for_a_month_the_first_time_oldest_first():
    arxiv = Arxiv(submitted(("2026-11-01", 1)))
    await all_of(fetch_search(arxiv, ' cat:cs.CL AND abs:"bees" ', window()))
    assert arxiv.questions == [
        {
            "search_query": '(cat:cs.CL AND abs:"bees") AND submittedDate:[202610240000 TO 202611231230]',
            "sortBy": "submittedDate",
            "sortOrder": "ascending",
            "start": "0",
            "max_results": "100",
        }
    ]


async def test_every_page_moves_the_watermark_to_the_newest_day_on_it():
    papers = submitted(("2026-11-10", 90), ("2026-11-12", 110), ("2026-11-15", 1))
    batches = await all_of(fetch_search(Arxiv(papers), "bees", window()))
    assert [(len(ids([batch])), batch.watermark) for batch in batches] == [
        (100, "2026-11-12"),
        (100, "2026-11-12"),
        (1, "2026-11-15"),
    ]
    assert ids(batches) == [about for about, _ in papers]


async def test_the_next_run_begins_at_the_day_that_was_reached():
    arxiv = Arxiv(submitted(("2026-11-10", 1), ("2026-11-15", 2)))
    (batch,) = await all_of(fetch_search(arxiv, "bees", window("2026-11-15")))
    assert (arxiv.periods, ids([batch])) == (
        ["[202611150000 TO 202611231230]"],
        ["2611.00001", "2611.00002"],
    )


async def test_now_is_told_in_arxivs_zone():
    arxiv = Arxiv()
    now = datetime(2026, 11, 22, 22, 30, tzinfo=timezone(timedelta(hours=-5)))
    await all_of(fetch_search(arxiv, "bees", Window(now, "2026-11-20")))
    assert arxiv.periods == ["[202611200000 TO 202611230330]"]


async def test_a_search_without_results_gives_nothing_to_move_the_watermark():
    assert await all_of(fetch_search(Arxiv(), "bees", window())) == []


async def test_a_run_ends_after_two_thousand_results_and_the_next_goes_on():
    papers = submitted(("2026-11-10", 1_500), ("2026-11-12", 700), ("2026-11-15", 10))
    first = await all_of(fetch_search(Arxiv(papers), "bees", window()))
    assert (len(ids(first)), first[-1].watermark) == (2_000, "2026-11-12")
    second = await all_of(fetch_search(Arxiv(papers), "bees", window(first[-1].watermark)))
    assert set(ids(first)) | set(ids(second)) == {about for about, _ in papers}
    assert not any(batch.reading.rejected for batch in first)


async def test_a_day_with_more_than_a_run_may_ask_for_is_read_to_its_end():
    papers = submitted(("2026-11-12", 2_300), ("2026-11-15", 300))
    first = await all_of(fetch_search(Arxiv(papers), "bees", window("2026-11-12")))
    assert first[-1].watermark == "2026-11-15"


async def test_a_named_day_before_the_watermark_is_searched_and_the_watermark_stays():
    arxiv = Arxiv(submitted(("2026-09-01", 1), ("2026-11-21", 1)))
    batches = await all_of(fetch_search(arxiv, "bees", window("2026-11-20", since="2026-08-01")))
    assert [batch.watermark for batch in batches] == ["2026-11-21"]
    batches = await all_of(fetch_search(arxiv, "bees", window("2026-11-22", since="2026-08-01")))
    assert [batch.watermark for batch in batches] == ["2026-11-22"]


async def test_a_named_day_after_the_watermark_leaves_the_days_between_to_the_next_run():
    arxiv = Arxiv(submitted(("2026-11-21", 1)))
    (batch,) = await all_of(fetch_search(arxiv, "bees", window("2026-11-01", since="2026-11-20")))
    assert (ids([batch]), batch.watermark) == (["2611.00000"], None)


async def test_what_a_named_day_is_too_long_ago_for_is_said_where_no_watermark_can_carry_it():
    papers = submitted(("2026-09-01", 1_950), ("2026-09-03", 100))
    batches = await all_of(fetch_search(Arxiv(papers), "bees", window("2026-11-22", since="2026-08-01")))
    (rest,) = batches[-1].reading.rejected
    assert (rest.where, rest.why) == (
        "results 2,001 to 2,050",
        "too many for one run: ask again since 2026-09-03",
    )


async def test_a_clock_that_was_ahead_does_not_ask_for_a_period_that_ends_before_it_begins():
    arxiv = Arxiv()
    await all_of(fetch_search(arxiv, "bees", window("2026-12-24")))
    assert arxiv.periods == ["[202611230000 TO 202611231230]"]


async def test_a_paper_of_tomorrow_does_not_take_the_watermark_there():
    arxiv = Arxiv(wrong={0: answer(entry(published="2026-11-24T01:00:00Z"))})
    (batch,) = await all_of(fetch_search(arxiv, "bees", window()))
    assert batch.watermark == "2026-11-23"


# Pages


async def test_an_empty_page_is_asked_for_once_more_and_afresh():
    arxiv = Arxiv(submitted(("2026-11-10", 150)), wrong={1: answer(total=150, start=100)})
    batches = await all_of(fetch_search(arxiv, "bees", window()))
    assert len(ids(batches)) == 150
    assert [(params or {})["start"] for _, params, fresh in arxiv.asked if fresh] == ["100"]


async def test_a_page_that_stays_empty_is_a_failure_of_the_hour():
    empty = answer(total=150, start=100)
    arxiv = Arxiv(submitted(("2026-11-10", 150)), wrong={1: empty, 2: empty})
    given, error = await until_failure(fetch_search(arxiv, "bees", window()))
    assert isinstance(error, UnreachableError)
    assert str(error) == "arXiv gave an empty page where its results from 101 on should be; try later"
    assert [batch.watermark for batch in given] == ["2026-11-10"]


async def test_a_server_that_does_not_look_at_the_start_ends_the_paging():
    page = answer(*(entry(f"{about}v1") for about, _ in submitted(("2026-11-19", 100))), total=5_000)
    arxiv = Arxiv(wrong=dict.fromkeys(range(100), page))
    assert len(ids(await all_of(fetch_search(arxiv, "bees", window())))) == 100
    assert len(arxiv.asked) == 2


async def test_pages_are_counted_with_the_records_that_cannot_be_read():
    page = answer(*(entry(f"{about}v1", title="") for about, _ in submitted(("2026-11-19", 100))), total=101)
    arxiv = Arxiv(wrong={0: page, 1: answer(entry("2611.00777v1"), total=101, start=100)})
    first, second = await all_of(fetch_search(arxiv, "bees", window()))
    assert (len(first.reading.rejected), first.watermark, ids([second])) == (100, None, ["2611.00777"])
    assert arxiv.questions[1]["start"] == "100"


async def test_without_a_total_a_page_that_is_not_full_is_the_last():
    arxiv = Arxiv(wrong={0: answer(entry(), total="")})
    assert len(await all_of(fetch_search(arxiv, "bees", window()))) == 1
    assert len(arxiv.asked) == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (HTML, "an HTML page"),
        (answer(entry())[:-30], "broken or cut off"),
        ('<!DOCTYPE feed [<!ENTITY a SYSTEM "file:///etc/passwd">]><feed>&a;</feed>', "not safe"),
        (
            answer("<entry><id>http://arxiv.org/api/errors#x</id><summary>bad query</summary></entry>"),
            "arXiv answered: bad query",
        ),
        (UnreachableError("no answer in time"), "no answer in time"),
    ],
)
async def test_what_is_no_page_ends_a_search_and_what_was_given_before_is_kept(
    wrong: str | FetchError, words: str
):
    arxiv = Arxiv(submitted(("2026-11-10", 150)), wrong={1: wrong})
    given, error = await until_failure(fetch_search(arxiv, "bees", window()))
    assert [(len(ids([batch])), batch.watermark) for batch in given] == [(100, "2026-11-10")]
    assert words in str(error)


# Papers by their ids


async def test_papers_are_asked_for_a_hundred_at_a_time_and_unknown_ones_are_named():
    known = submitted(("2026-11-10", 130))
    arxiv = Arxiv(known)
    wanted = ["2501.99999", *(about for about, _ in known), known[0][0]]
    readings = [reading async for reading in papers_by_id(arxiv, wanted, CONTEXT)]
    assert [one["id_list"].count(",") + 1 for one in arxiv.questions] == [100, 31]
    assert {one["max_results"] for one in arxiv.questions} == {"100"}
    assert sum(len(reading.accounts) for reading in readings) == 130
    assert [(one.where, one.why) for reading in readings for one in reading.rejected] == [
        ("2501.99999", "arXiv knows no such paper")
    ]


async def test_an_id_that_is_none_is_not_asked_for():
    arxiv = Arxiv(submitted(("2026-11-10", 1)))
    first, second = [reading async for reading in papers_by_id(arxiv, ["bees", "2611.00000v3"], CONTEXT)]
    assert [(one.where, one.why) for one in first.rejected] == [("bees", "is not an arXiv id")]
    assert [account.arxiv_id for account in second.accounts] == ["2611.00000"]
    assert arxiv.questions == [{"id_list": "2611.00000", "max_results": "100"}]


async def test_a_paper_that_is_answered_but_cannot_be_read_is_not_called_unknown():
    arxiv = Arxiv(wrong={0: answer(entry("2611.00001v1", title=""))})
    (reading,) = [reading async for reading in papers_by_id(arxiv, ["2611.00001"], CONTEXT)]
    assert [one.why for one in reading.rejected] == ["it has no title"]


async def test_nothing_wanted_is_nothing_asked():
    arxiv = Arxiv()
    assert [reading async for reading in papers_by_id(arxiv, [], CONTEXT)] == []
    assert arxiv.asked == []


# Arguments, and what is declared


@pytest.mark.parametrize(
    "argument",
    ["cs.CL", "cs.CL+cs.LG", " hep-th ", "physics.ao-ph+cond-mat.mtrl-sci", "math", "astro-ph.GA+q-bio.NC"],
)
def test_categories_are_taken_as_arxiv_writes_them(argument: str):
    assert NEW.check(argument) == ""


@pytest.mark.parametrize(
    ("argument", "named"),
    [
        ("cs.cl", "“cs.cl”"),
        ("cs.CL, cs.LG", "“cs.CL, cs.LG”"),
        ("cs.CL+", "“”"),
        ("cs.CL+../x", "“../x”"),
        ("CS", "“CS”"),
    ],
)
def test_what_is_no_category_is_named(argument: str, named: str):
    assert named in NEW.check(argument)


def test_an_argument_is_needed_and_the_words_say_which():
    assert "cs.CL+cs.LG" in NEW.check(" ")
    assert "cat:cs.CL" in SEARCH.check(" ")


@pytest.mark.parametrize(
    ("argument", "words"),
    [("x" * 501, "at most 500"), ("(all:bees", "parentheses"), ('abs:"bees', "quotes")],
)
def test_a_query_that_arxiv_would_misread_is_refused(argument: str, words: str):
    assert words in SEARCH.check(argument)
    assert SEARCH.check('cat:cs.CL AND (abs:"speculative decoding" OR ti:bees)') == ""


def test_one_pace_holds_for_all_of_arxiv():
    for source in SOURCES:
        assert set(source.hosts) == {"export.arxiv.org", "rss.arxiv.org"}
        assert set(source.hosts.values()) == {ARXIV_PACE}
    assert (ARXIV_PACE.requests, ARXIV_PACE.seconds, ARXIV_PACE.connections) == (1, 3.0, 1)


def test_each_text_is_recognised_by_its_own_format_only():
    texts = {
        "arxiv-atom": answer(entry()),
        "arxiv-recorded": recorded(answer(entry())),
        "arxiv-rss": announcement(item()),
    }
    assert {
        known.name: [name for name, text in texts.items() if known.recognises(text)] for known in FORMATS
    } == {name: [name] for name in texts}
    for known in FORMATS:
        assert [account.arxiv_id for account in known.parse(texts[known.name], CONTEXT).accounts] == [
            "2611.00001"
        ]
