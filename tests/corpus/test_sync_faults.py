"""Bad answers and bad hosts: no watermark passes them, nothing of them is stored, and nobody is asked too fast."""

import json
import random
from collections.abc import AsyncGenerator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from corpus.polite.client import Limits
from corpus.report import Refusal
from corpus.sources.arxiv import ARXIV_PACE
from tests.conftest import SHARED
from tests.corpus.polite.misbehaving_server import (
    MisbehavingServer,
    answers,
    breaks_off,
    drips,
    floods,
    resets,
)
from tests.corpus.syncing import (
    API_PATH,
    DAILY,
    DAILY_PATH,
    NEW,
    NEW_PATH,
    QUICK,
    SEARCH,
    TODAY,
    Arxiv,
    HuggingFace,
    Stage,
    announced,
    client_of,
    day,
    recognisable,
    record,
    staged,
)
from tests.corpus.test_arxiv_atom import AN_ERROR, answer, entry
from tests.corpus.test_arxiv_rss import item

pytestmark = pytest.mark.slow

RECORDED = sorted((SHARED / "samples" / "hf_daily").glob("*.json"))
WITHIN = Limits(first_pause=0.01, answer=2.0)
MAINTENANCE = "<!DOCTYPE html><html><body>Down for maintenance</body></html>"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefgh"))
    + ']><feed xmlns="http://www.w3.org/2005/Atom"><title>&h;</title></feed>'
)
THE_ANNOUNCEMENT = recognisable(announced(TODAY, item("2611.00005v1", title="Counting Bats")))
PAPERS = ("papers", "accounts", "aliases", "words", "events", "validators")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage, None]:
    """Everything was read to its end two days ago; since then there is a new paper at each place."""
    async with staged(tmp_path, limits=WITHIN) as stage:
        stage.clock.pass_days(-2)
        then = stage.clock.now.date()
        stage.hugging_face = HuggingFace({day(3): [record(1)]})
        stage.arxiv = Arxiv(
            [("2611.00002v1", "Counting Moths", day(3)), ("2611.00006v1", "Counting Ants", day())]
        )
        stage.server.script(
            NEW_PATH, recognisable(announced(then, item("2611.00003v1", title="Counting Owls")))
        )
        for line in (DAILY, NEW, SEARCH):
            assert (await stage.visit(line)).report.new == 1
        stage.clock.pass_days(2)
        stage.hugging_face.days[day()] = [record(4)]
        stage.server.script(NEW_PATH, THE_ANNOUNCEMENT)
        stage.server.arrivals.clear()
        yield stage


async def kept(stage: Stage) -> dict[str, Any]:
    """What must not change by a failure."""
    dump = await stage.dump()
    marks = {line: await stage.watermark(line) for line in (DAILY, NEW, SEARCH)}
    return {name: dump[name] for name in PAPERS} | marks


# arXiv

OF_ARXIV = {
    "429": answers("Rate exceeded.", status=429),
    "429_in_a_moment": answers("Rate exceeded.", status=429, headers={"Retry-After": "1"}),
    "429_later": answers("Rate exceeded.", status=429, headers={"Retry-After": "3600"}),
    "503": answers("Rate exceeded.", status=503),
    "empty_page": answers(answer(total=120)),
    "cut_xml": answers(answer(entry())[:-40]),
    "entity_bomb": answers(BOMB),
    "html": answers(MAINTENANCE),
    "an_error": answers(answer(AN_ERROR)),
    "nothing": answers(""),
    "reset": resets(),
}


@pytest.mark.parametrize(
    ("line", "fault"),
    # To wait for three seconds once is enough.
    [
        (line, fault)
        for fault in OF_ARXIV
        for line in (NEW, SEARCH)
        if (line, fault) != (NEW, "429_in_a_moment")
    ],
)
async def test_fault_15_a_bad_answer_of_arxiv_moves_no_watermark_brings_no_paper_and_is_not_hurried(
    stage: Stage, line: str, fault: str
):
    before = await kept(stage)
    path, well = (NEW_PATH, THE_ANNOUNCEMENT) if line == NEW else (API_PATH, stage.arxiv)
    stage.server.script(path, OF_ARXIV[fault])
    visit = await stage.visit(line)
    assert visit.failure
    assert (visit.report.read, await kept(stage)) == (0, before)
    asked_again = fault in {"429", "429_in_a_moment", "503", "reset"}
    asked_afresh = fault == "empty_page" and line == SEARCH
    assert len(stage.server.arrivals) == (4 if asked_again else 2 if asked_afresh else 1)
    assert all(gap >= (1.0 if fault == "429_in_a_moment" else QUICK) for gap in stage.server.gaps())

    stage.server.script(path, well)
    visit = await stage.visit(line)
    if fault == "429_later":
        assert "asks to be left alone" in str(visit.failure)
        assert len(stage.server.arrivals) == 1
        return
    assert (visit.failure, visit.report.new) == (None, 1), "nothing was lost"
    assert await stage.watermark(line) == day()
    assert min(stage.server.gaps()) >= QUICK
    assert all(arrival.connections == 1 for arrival in stage.server.arrivals)


async def test_fault_15_whoever_is_told_to_stay_away_for_an_hour_asks_nothing_of_arxiv_meanwhile(
    stage: Stage,
):
    stage.server.script(API_PATH, OF_ARXIV["429_later"])
    assert (await stage.visit(SEARCH)).failure
    for line in (NEW, SEARCH):
        assert "asks to be left alone" in str((await stage.visit(line)).failure)
    assert len(stage.server.arrivals) == 1
    assert (await stage.visit(DAILY)).failure is None, "that is another service"


async def test_fault_15_an_empty_page_is_asked_for_once_more_and_then_believed_to_be_a_failure(stage: Stage):
    whole = answer(entry("2611.00006v1", title="Counting Ants", published=f"{day()}T09:00:00Z"), total=1)
    stage.server.script(API_PATH, answers(answer(total=1)), answers(whole))
    assert (await stage.visit(SEARCH)).report.new == 1
    assert stage.server.gaps()[0] >= QUICK


async def test_fault_15_what_was_missed_is_stored_page_by_page_and_the_watermark_waits_for_the_last(
    stage: Stage,
):
    stage.clock.pass_days(3)  # a Thursday: the announcements of Tuesday and Wednesday were missed
    stage.arxiv.papers = [(f"2611.{1000 + n}v1", f"On {n} Bees", "2026-11-24") for n in range(150)]
    today = announced(stage.clock.now.date(), item("2611.00009v1", title="Counting Foxes"))
    stage.server.script(NEW_PATH, recognisable(today))
    stage.server.script(API_PATH, stage.arxiv, answers(MAINTENANCE))
    before = await stage.watermark(NEW)
    visit = await stage.visit(NEW)
    assert "HTML page" in str(visit.failure)
    assert (visit.report.new, await stage.watermark(NEW)) == (100, before)
    stage.server.script(API_PATH, stage.arxiv)
    visit = await stage.visit(NEW)
    assert (visit.failure, visit.report.new, visit.report.unchanged) == (None, 51, 100)
    assert await stage.watermark(NEW) == stage.clock.now.date().isoformat()
    new = await stage.new_events()
    assert len(new) == len(set(new)) == 3 + 151


async def test_fault_15_two_sources_and_two_visits_share_the_one_pace_of_arxiv(tmp_path: Path):
    async with staged(tmp_path, NEW, SEARCH, "arxiv-new:cs.LG") as stage:
        stage.server.script(NEW_PATH, THE_ANNOUNCEMENT)
        stage.server.script("/rss/cs.LG", answers(status=503))
        for _ in range(2):
            await stage.sync.run()
        assert len(stage.server.arrivals) == 12
        assert min(stage.server.gaps()) >= QUICK


async def test_fault_15_at_its_real_pace_arxiv_is_asked_every_three_seconds(tmp_path: Path):
    assert (ARXIV_PACE.requests, ARXIV_PACE.seconds, ARXIV_PACE.connections) == (1, 3.0, 1)
    async with staged(tmp_path, arxiv_seconds=ARXIV_PACE.seconds) as stage:
        stage.server.script(NEW_PATH, answers(status=503), THE_ANNOUNCEMENT)
        stage.arxiv = Arxiv([("2611.00006v1", "Counting Ants", day())])
        for line in (NEW, SEARCH):
            assert (await stage.visit(line)).report.new == 1
        assert len(stage.server.arrivals) == 3
        assert min(stage.server.gaps()) >= 3.0


async def test_fault_15_a_process_that_starts_anew_keeps_the_pace_of_the_one_before(tmp_path: Path):
    async with MisbehavingServer() as server:
        server.script(NEW_PATH, THE_ANNOUNCEMENT)
        for _ in range(3):
            async with client_of(server.address, folder=tmp_path) as client:
                await client.get(f"https://rss.arxiv.org{NEW_PATH}")
        assert min(server.gaps()) >= QUICK


# Hugging Face


async def test_fault_16_an_empty_weekend_is_read_and_moves_the_watermark(stage: Stage):
    stage.hugging_face.days = {}
    visit = await stage.visit()
    assert (visit.failure, visit.report.read, await stage.watermark()) == (None, 0, day(2))


async def test_fault_16_a_weekend_that_gives_fridays_papers_again_brings_nothing_new(stage: Stage):
    friday = stage.hugging_face.days[day(3)]
    stage.hugging_face.days |= {day(2): friday, day(1): friday}
    visit = await stage.visit()
    assert (visit.failure, visit.report.new) == (None, 1)
    new = await stage.new_events()
    assert len(new) == len(set(new))


async def test_fault_16_a_bad_record_is_skipped_and_counted_and_the_rest_of_its_day_is_stored(stage: Stage):
    tomorrow = (TODAY + timedelta(days=30)).isoformat()
    stage.hugging_face.days[day()] = [
        {"paper": {"title": "Without an id"}},
        record(5, title=" "),
        record(6, publishedAt=f"{tomorrow}T00:00:00.000Z"),
        {"paper": None},
        "{'paper': {'id': '2611.00007'}}",
        record(8, upvotes=-1, authors=7, githubStars=True, publishedAt="soon"),
        record(9),
        record(9),
    ]
    visit = await stage.visit()
    assert visit.failure is None
    assert [(refusal.where, refusal.why[:19]) for refusal in visit.report.rejected] == [
        ("record 1", "it has no id"),
        ("record 2 (2611.00005)", "it has no title"),
        ("record 3 (2611.00006)", f"its date {tomorrow}"[:19]),
        ("record 4", "its “paper” is null"),
        ("record 5", "is a text, not an o"),
    ]
    assert (visit.report.read, visit.report.new, visit.report.unchanged) == (9, 2, 2)
    paper = await stage.store.get("2611.00008")
    assert paper
    assert (paper.upvotes, paper.authors, paper.stars, paper.published) == (None, (), None, None)
    assert await stage.watermark() == day(2), "a bad record is no reason to ask for its day for ever"
    assert (await stage.states.get(DAILY)).counts == visit.counts()
    assert visit.counts()["rejected"] == 5


async def test_fault_16_a_paper_twice_in_a_day_and_again_on_the_next_is_one(stage: Stage):
    stage.hugging_face.days |= {
        day(1): [record(5), record(5, upvotes=3)],
        day(): [record(4), record(5, upvotes=8)],
    }
    visit = await stage.visit()
    assert (visit.report.read, visit.report.new) == (5, 2)
    paper = await stage.store.get("2611.00005")
    assert paper
    assert paper.upvotes == 8
    assert (await stage.new_events()).count("2611.00005") == 1


OF_HUGGING_FACE = {
    "50_megabytes": (floods(50, says_so=False), "more than 10 MB"),
    "50_megabytes_announced": (floods(50, says_so=True), "more than 10 MB"),
    "a_byte_a_second": (drips(1.0), "did not answer in full within 2 seconds"),
    "cut_off": (answers(json.dumps([record(4), record(5)])[:-30]), "expected JSON"),
    "breaks_off": (breaks_off(b'[{"paper":'), "broke off"),
    "html": (answers(MAINTENANCE), "expected JSON"),
    "an_error": (answers('{"error": "Too many requests"}'), "with “error”"),
    "429": (answers(status=429), "429 Too Many Requests"),
    "500": (answers(status=500), "500 Internal Server Error"),
    "400": (answers('{"error": "date is in the future"}', status=400), "date is in the future"),
    "404": (answers(status=404), "has nothing at"),
}


@pytest.mark.parametrize("fault", OF_HUGGING_FACE)
async def test_fault_16_a_bad_answer_of_hugging_face_stops_at_its_day_and_the_next_visit_begins_there(
    stage: Stage, fault: str
):
    behaviour, words = OF_HUGGING_FACE[fault]
    stage.clock.pass_days(3)
    later = [(TODAY + timedelta(days=ahead)).isoformat() for ahead in range(4)]
    stage.hugging_face.days |= {later[1]: [record(5)], later[3]: [record(6)]}
    stage.hugging_face.wrong[later[1]] = behaviour
    visit = await stage.visit()
    assert words in str(visit.failure)
    assert visit.report.new == 1, "today's, which is behind us"
    assert await stage.watermark() == later[1]
    assert later[2] not in stage.days_asked()
    stage.hugging_face.wrong.clear()
    visit = await stage.visit()
    assert (visit.failure, visit.report.new) == (None, 2)
    assert stage.days_asked() == later[1:]
    assert await stage.new_events() == [
        *("2611.00001", "2611.00003", "2611.00002", "2611.00004", "2611.00005", "2611.00006")
    ]


# Redirects


ELSEWHERE = [
    "https://evil.example/papers",
    "https://huggingface.co.evil.example/",
    "http://huggingface.co/api/daily_papers",
    "https://export.arxiv.org/api/query",
    "http://10.0.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://localhost/",
    "//evil.example/",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("location", ELSEWHERE)
async def test_fault_17_a_redirect_to_another_place_is_refused_and_not_followed(stage: Stage, location: str):
    before = await kept(stage)
    status = [301, 302, 303, 307, 308][ELSEWHERE.index(location) % 5]
    sent_on = answers(status=status, headers={"Location": location})
    for path in (DAILY_PATH, NEW_PATH, API_PATH):
        stage.server.script(path, sent_on)
    for line in (DAILY, NEW, SEARCH):
        assert "sent us on" in str((await stage.visit(line)).failure)
    assert len(stage.server.arrivals) == 3
    assert await kept(stage) == before


async def test_fault_17_a_redirect_to_another_port_of_the_same_machine_is_not_followed(stage: Stage):
    async with MisbehavingServer() as other:
        other.script("/", answers(json.dumps([record(7)])))
        stage.server.script(DAILY_PATH, answers(status=302, headers={"Location": f"{other.address}/"}))
        assert "sent us on" in str((await stage.visit()).failure)
        assert other.arrivals == []


async def test_fault_17_a_redirect_at_the_same_place_is_followed_and_a_circle_is_left(stage: Stage):
    async def moved(request: Any) -> Any:
        there = URL.build(path="/api/elsewhere", query=request.rel_url.query)
        return await answers(status=307, headers={"Location": str(there)})(request)

    stage.server.script(DAILY_PATH, moved)
    stage.server.script("/api/elsewhere", stage.hugging_face)
    assert (await stage.visit()).report.new == 1
    stage.server.script("/api/elsewhere", moved)
    stage.clock.pass_days(1)
    before = await kept(stage)
    assert "sends us on and on" in str((await stage.visit()).failure)
    assert await kept(stage) == before


# Many days


async def replay(stage: Stage, days: dict[str, list[Any]], chance: random.Random) -> list[Refusal]:
    """Visits at some hours of every day, many of which fail; the last day is visited until all is well."""
    bad = [answers(status=403), answers("["), answers(MAINTENANCE), breaks_off(), answers(status=404)]
    refused: list[Refusal] = []
    failures = 0
    for today in sorted(days):
        for hour in sorted(chance.sample(range(24), chance.randrange(4))):
            stage.clock.now = stage.clock.now.replace(hour=hour, day=int(today[-2:]))
            # In the morning only some of the day's papers are there.
            stage.hugging_face.days[today] = days[today][: len(days[today]) * (hour + 1) // 24]
            stage.hugging_face.wrong = {one: chance.choice(bad) for one in days if chance.random() < 0.3}
            visit = await stage.visit()
            failures += visit.failure is not None
            refused += visit.report.rejected
        stage.hugging_face.days[today] = days[today]
    stage.hugging_face.wrong.clear()
    stage.clock.now += timedelta(days=1)
    visit = await stage.visit()
    assert visit.failure is None
    assert failures > len(days) / 2
    return [*refused, *visit.report.rejected]


@pytest.mark.parametrize("seed", range(5))
async def test_fault_16_days_in_order_with_failures_between_them_bring_every_paper_exactly_once(
    tmp_path: Path, seed: int
):
    chance = random.Random(seed)  # noqa: S311
    days = {
        f"2026-11-{number:02}": [
            record(100 * number + place, upvotes=place) for place in range(0 if number % 7 > 4 else 6)
        ]
        for number in range(1, 15)
    }
    days["2026-11-06"] = days["2026-11-05"]  # as weekends do
    days["2026-11-12"] += [{"paper": {}}, days["2026-11-09"][0]]
    async with staged(tmp_path) as stage:
        stage.hugging_face.has_etags = bool(seed % 2)
        stage.clock.now = stage.clock.now.replace(day=1)
        await replay(stage, days, chance)
        whole = {one["paper"]["id"] for records in days.values() for one in records if one["paper"]}
        assert sorted(await stage.new_events()) == sorted(whole) == await stage.ids()


@pytest.mark.skipif(not RECORDED, reason="there are no recorded days beside this checkout")
async def test_fault_16_recorded_days_with_failures_between_them_bring_every_paper_exactly_once(
    tmp_path: Path,
):
    """Two of them were broken by their archiver: text where records should be."""
    days = {
        f"2026-11-{number:02}": json.loads(file.read_text("utf-8"))
        for number, file in enumerate(RECORDED, start=1)
    }
    days = {one: records if isinstance(records, list) else records["data"] for one, records in days.items()}
    async with staged(tmp_path) as stage:
        stage.clock.now = stage.clock.now.replace(day=1)
        refused = await replay(stage, days, random.Random(1))  # noqa: S311
        new = await stage.new_events()
        assert len(new) == len(set(new)) == len(await stage.ids()) == 241
        assert {refusal.why.partition(";")[0] for refusal in refused} == {"is a text, not an object"}
        assert await stage.rows("SELECT count(*) FROM papers WHERE content_hash = '' OR title = ''") == [(0,)]
