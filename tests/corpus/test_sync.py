"""Visits to sources: what is asked again and what is not, what is kept with what, and what one failure costs the others."""

import asyncio
import logging
import sys
from collections.abc import AsyncGenerator, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import corpus.sources
from corpus.errors import DatabaseError, SyncingError, UnknownSourceError
from corpus.events import Events
from corpus.report import Refusal
from corpus.sources.source import Validator
from corpus.sync import Sync
from retrieval.indexing import encode_missing, waiting
from retrieval.stored_vectors import StoredVectors
from tests.conftest import WORDS, WordEncoder, at_once, nothing
from tests.corpus.polite.misbehaving_server import answers, answers_after
from tests.corpus.syncing import (
    DAILY,
    NEW,
    NEW_PATH,
    NOW,
    SEARCH,
    TODAY,
    Arxiv,
    HuggingFace,
    Stage,
    announced,
    day,
    recognisable,
    record,
    staged,
)
from tests.corpus.test_arxiv_rss import item

A_WEEK = [day(ago) for ago in range(7, -1, -1)]
OPEN_DAYS = [day(2), day(1), day()]
EAGER = """
from corpus.sources.source import Batch, Source

async def fetch(get, argument, window):
    yield Batch(watermark=window.now.date().isoformat())

SOURCES = (Source("eager", "says that all is read", "eager", {}, fetch, lambda argument: ""),)
"""
BROKEN = """
from corpus.sources.source import Source

async def fetch(get, argument, window):
    raise ZeroDivisionError("nobody expected it")
    yield

SOURCES = (Source("broken", "a mistake of ours", "broken", {}, fetch, lambda argument: ""),)
"""


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage, None]:
    async with staged(tmp_path) as stage:
        stage.hugging_face = HuggingFace(
            {day(6): [record(1), record(2)], day(3): [record(3)], day(1): [record(4, upvotes=1)]}
        )
        yield stage


# What is asked for


async def test_the_first_sync_asks_for_every_day_of_a_week_oldest_first_and_takes_everything_in(stage: Stage):
    visit = await stage.visit()
    assert stage.days_asked() == A_WEEK
    assert (visit.failure, visit.report.read, visit.report.new) == (None, 4, 4)
    assert await stage.new_events() == ["2611.00001", "2611.00002", "2611.00003", "2611.00004"]
    assert await stage.watermark() == day(2), "the first day that may still change"


async def test_a_second_sync_asks_for_the_days_that_are_still_open_and_changes_nothing(stage: Stage):
    await stage.visit()
    stage.days_asked()
    before = await stage.dump()
    stage.clock.pass_days(0.01)
    visit = await stage.visit()
    assert stage.days_asked() == OPEN_DAYS
    assert (visit.report.new, visit.report.updated, visit.report.unchanged) == (0, 0, 1)
    after = await stage.dump()
    assert {name for name in after if after[name] != before[name]} == {"source_states", "words"}


async def test_every_day_that_was_missed_is_caught_up(stage: Stage):
    await stage.visit()
    stage.days_asked()
    stage.clock.pass_days(5)
    stage.hugging_face.days |= {"2026-11-24": [record(5)], "2026-11-28": [record(6)]}
    visit = await stage.visit()
    assert stage.days_asked() == [f"2026-11-{number}" for number in range(21, 29)]
    assert (visit.report.new, await stage.watermark()) == (2, "2026-11-26")


async def test_since_a_day_before_the_watermark_everything_is_asked_for_and_the_watermark_stays(stage: Stage):
    await stage.visit()
    stage.hugging_face.days[day(9)] = [record(9)]
    stage.days_asked()
    visit = await stage.visit(since=date.fromisoformat(day(9)))
    assert stage.days_asked() == [day(ago) for ago in range(9, -1, -1)]
    assert (visit.report.new, visit.report.unchanged, await stage.watermark()) == (1, 4, day(2))


@pytest.mark.parametrize("line", [DAILY, NEW, SEARCH])
async def test_since_a_day_behind_the_watermark_the_days_between_are_not_taken_for_read(
    stage: Stage, line: str
):
    stage.server.script(NEW_PATH, answers(announced(TODAY, item())))
    stage.arxiv = Arxiv([("2611.00001v1", "Counting Fireflies", day())])
    await stage.visit(line)
    before = await stage.watermark(line)
    stage.clock.pass_days(9)
    then = stage.clock.now.date()
    stage.hugging_face.days[then.isoformat()] = [record(7)]
    stage.arxiv = Arxiv([("2611.00008v1", "Counting Sheep", then.isoformat())])
    stage.server.script(NEW_PATH, answers(announced(then, item("2611.00009v1"))))
    assert (await stage.visit(line, since=then)).report.new > 0
    assert await stage.watermark(line) == before
    await stage.visit(line)
    reached = await stage.watermark(line)
    assert before
    assert reached
    assert reached > before


async def test_a_source_that_thinks_too_well_of_itself_does_not_pass_over_the_days_that_were_left_out(
    stage: Stage, drawer: Path
):
    (drawer / "an_eager_source.py").write_text(EAGER, "utf-8")
    await stage.visit("eager")
    assert await stage.watermark("eager") == day()
    stage.clock.pass_days(9)
    await stage.visit("eager", since=TODAY + timedelta(days=1))
    assert await stage.watermark("eager") == day(), "the rest of that day was not asked for"
    await stage.visit("eager", since=TODAY)
    assert await stage.watermark("eager") == "2026-12-02"


async def test_a_sync_without_a_watermark_since_a_day_reads_from_there(stage: Stage):
    await stage.visit(since=date.fromisoformat(day(3)))
    assert stage.days_asked() == [day(3), *OPEN_DAYS]
    assert await stage.watermark() == day(2)


async def test_a_clock_that_was_ahead_once_hides_no_day_from_the_right_one(stage: Stage):
    await stage.visit()
    stage.clock.pass_days(30)
    await stage.visit()
    stage.clock.pass_days(-30)
    stage.days_asked()
    assert (await stage.visit()).failure is None
    assert stage.days_asked() == OPEN_DAYS
    assert await stage.watermark() == day(2)
    stage.clock.pass_days(5)
    stage.days_asked()
    await stage.visit()
    assert len(stage.days_asked()) == len(OPEN_DAYS) + 5


# What is new, and what changed


async def test_a_day_that_is_looked_at_again_brings_late_papers_and_new_votes(stage: Stage):
    await stage.visit()
    first_seen = await stage.rows("SELECT id, first_seen, content_hash FROM papers WHERE id < '2611.00005'")
    stage.clock.pass_days(0.25)
    stage.hugging_face.days[day(1)] = [record(4, upvotes=30, comments=2, githubStars=5), record(5)]
    visit = await stage.visit()
    assert (visit.report.new, visit.report.updated) == (1, 1)
    paper = await stage.store.get("2611.00004")
    assert paper
    assert (paper.upvotes, paper.comments, paper.stars) == (30, 2, 5)
    assert await stage.new_events() == [f"2611.0000{number}" for number in range(1, 6)]
    assert await stage.rows("SELECT paper_id, kind FROM events WHERE id > 4 ORDER BY id") == [
        ("2611.00005", "new"),
        ("2611.00004", "updated"),
    ]
    kept = await stage.rows("SELECT id, first_seen, content_hash FROM papers WHERE id < '2611.00005'")
    assert kept == first_seen


async def test_a_paper_is_new_once_however_often_and_on_whichever_days_it_is_told(stage: Stage):
    await stage.visit()
    for votes in range(2, 6):
        stage.clock.pass_days(1)
        today = stage.clock.now.date().isoformat()
        stage.hugging_face.days[today] = [record(4, upvotes=votes), record(1, upvotes=votes)]
        await stage.visit()
    new = await stage.new_events()
    assert len(new) == len(set(new)) == 4


async def test_whoever_remembers_the_last_event_it_saw_is_told_of_each_paper_once(stage: Stage):
    events, last, told = Events(stage.engine), 0, list[str]()
    for ago in range(8, -1, -1):
        stage.clock.now = NOW
        stage.clock.pass_days(-ago)
        for _ in range(2):
            await stage.visit()
            for happened in await events.after(last, limit=100):
                last = happened.number
                told += [happened.paper_id] if happened.kind == "new" else []
    assert told == ["2611.00001", "2611.00002", "2611.00003", "2611.00004"]


async def test_only_a_changed_title_or_abstract_is_encoded_again(stage: Stage):
    stored = StoredVectors(stage.engine, [WordEncoder.model.key])
    await stage.visit()
    ids = await waiting(stage.store, stored)
    assert len(ids) == 4
    await encode_missing(stage.store, stored, WORDS, at_once, ids, nothing)
    changes = {
        "upvotes": 9,
        "comments": 9,
        "githubStars": 9,
        "ai_summary": "Fireflies.",
        "projectPage": "https://f.org/",
    }
    stage.hugging_face.days[day()] = [record(number, **changes) for number in range(1, 5)]
    assert (await stage.visit()).report.updated == 4
    assert await waiting(stage.store, stored) == []
    stage.hugging_face.days[day()] = [record(1, **changes), record(2, title="Counting Moths", **changes)]
    assert (await stage.visit()).report.updated == 1
    assert await waiting(stage.store, stored) == ["2611.00002"]


async def test_a_new_version_and_a_withdrawal_are_changes_of_the_paper_that_is_known(stage: Stage):
    def tell(*items: str) -> None:
        stage.clock.pass_days(1)
        stage.server.script(NEW_PATH, answers(announced(stage.clock.now.date(), *items)))

    tell(item("2611.00001v1", title="Counting Fireflies"))
    await stage.visit(NEW)
    tell(item("2611.00001v2", "replace", title="Counting All Fireflies", abstract="We count more."))
    assert (await stage.visit(NEW)).report.updated == 1
    paper = await stage.store.get("2611.00001")
    assert paper
    assert (paper.title, paper.version, paper.withdrawn) == ("Counting All Fireflies", 2, False)
    tell(item("2611.00001v3", "replace", abstract="This paper has been withdrawn by the authors."))
    assert (await stage.visit(NEW)).report.updated == 1
    paper = await stage.store.get("2611.00001")
    assert paper
    assert (paper.abstract, paper.version, paper.withdrawn) == ("We count more.", 3, True)
    assert await stage.new_events() == ["2611.00001"]


async def test_a_replacement_of_a_paper_that_nobody_knows_is_skipped_and_counted(stage: Stage):
    stage.server.script(NEW_PATH, answers(announced(TODAY, item(), item("2611.00002v4", "replace"))))
    visit = await stage.visit(NEW)
    assert (visit.report.read, visit.report.new, visit.report.skipped) == (2, 1, 1)
    assert await stage.ids() == ["2611.00001"]


# Answers that are known


async def test_an_answer_that_is_still_the_same_is_not_sent_again_and_changes_nothing(stage: Stage):
    stage.hugging_face.has_etags = True
    await stage.visit()
    before = await stage.dump()
    stage.server.arrivals.clear()
    visit = await stage.visit()
    assert visit.report.read == 0
    assert all("If-None-Match" in arrival.headers for arrival in stage.server.arrivals)
    after = await stage.dump()
    assert {name for name in after if after[name] != before[name]} == {"source_states"}
    stage.hugging_face.days[day(1)].append(record(5))
    assert (await stage.visit()).report.new == 1


async def test_an_answer_counts_as_known_only_once_its_papers_are_stored(stage: Stage):
    stage.hugging_face.has_etags = True
    await refuse(stage, "INSERT ON papers")
    with pytest.raises(DatabaseError):
        await stage.visit()
    await allow(stage)
    stage.server.arrivals.clear()
    assert (await stage.visit()).report.new == 4
    assert "If-None-Match" not in stage.server.arrivals[1].headers, "the first day with papers"


async def test_what_is_known_of_an_answer_is_the_last_that_was_stored(stage: Stage):
    stage.hugging_face.has_etags = True
    await stage.visit()
    (first,) = await stage.rows(f"SELECT url, etag FROM validators WHERE url LIKE '%date={day(1)}%'")  # noqa: S608
    assert await stage.states.validator(first[0]) == Validator(first[0], first[1], None)
    stage.hugging_face.days[day(1)].append(record(5))
    await stage.visit()
    (second,) = await stage.rows(f"SELECT url, etag FROM validators WHERE url LIKE '%date={day(1)}%'")  # noqa: S608
    assert second[0] == first[0]
    assert second[1] != first[1]


async def test_a_rehearsal_is_not_told_that_it_knows_the_answer(stage: Stage):
    stage.server.script(NEW_PATH, recognisable(announced(TODAY, item())))
    await stage.visit(NEW)
    visit = await stage.visit(NEW, dry_run=True)
    assert (visit.report.read, visit.report.unchanged) == (1, 1)


# What one failure costs


async def test_one_source_that_fails_leaves_the_others(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    async with staged(tmp_path, NEW, DAILY) as stage:
        stage.hugging_face.days = {day(): [record(1)]}
        stage.server.script(NEW_PATH, answers("gone away", status=403))
        visits = await stage.sync.run()
        assert list(visits) == stage.sync.lines == [NEW, DAILY]
        assert "403 Forbidden: gone away" in str(visits[NEW].failure)
        assert (visits[DAILY].failure, visits[DAILY].report.new) == (None, 1)
        assert "403 Forbidden" in caplog.text
        assert await stage.watermark(NEW) is None
        assert await stage.watermark() == day(2)


async def test_a_mistake_of_ours_in_one_source_leaves_the_others_and_is_logged(
    tmp_path: Path, drawer: Path, caplog: pytest.LogCaptureFixture
):
    (drawer / "a_broken_source.py").write_text(BROKEN, "utf-8")
    async with staged(tmp_path, "broken", DAILY) as stage:
        stage.hugging_face.days = {day(): [record(1)]}
        with caplog.at_level(logging.ERROR):
            visits = await stage.sync.run()
        assert visits["broken"].failure == "something unexpected went wrong; the log says what"
        assert visits[DAILY].report.new == 1
        assert (await stage.states.get("broken")).failure == visits["broken"].failure
    [logged] = caplog.records
    assert logged.exc_info
    assert logged.exc_info[0] is ZeroDivisionError


async def test_what_was_read_before_a_failure_is_kept_and_the_next_sync_goes_on_from_there(stage: Stage):
    stage.hugging_face.wrong[day(3)] = answers("<html>", status=200)
    visit = await stage.visit()
    assert str(visit.failure).startswith(f"the papers of {day(3)}: expected JSON")
    assert (visit.report.new, await stage.watermark()) == (2, day(3))
    stage.hugging_face.wrong.clear()
    stage.days_asked()
    assert (await stage.visit()).report.new == 2
    assert stage.days_asked() == [day(3), *OPEN_DAYS]


@pytest.mark.parametrize(
    "refused",
    ["INSERT ON papers", "INSERT ON events", "UPDATE OF watermark ON source_states", "INSERT ON validators"],
)
async def test_papers_events_and_watermark_are_kept_together_or_not_at_all(stage: Stage, refused: str):
    stage.hugging_face = HuggingFace({day(7): [record(1)]}, has_etags=True)
    await refuse(stage, refused)
    with pytest.raises(DatabaseError, match="the disk is on fire"):
        await stage.visit()
    dump = await stage.dump()
    assert {name: len(dump[name]) for name in ("papers", "accounts", "aliases", "events", "validators")} == {
        "papers": 0,
        "accounts": 0,
        "aliases": 0,
        "events": 0,
        "validators": 0,
    }
    assert await stage.watermark() is None
    await allow(stage)
    assert (await stage.visit()).report.new == 1


async def test_a_visit_that_is_cancelled_keeps_what_was_stored_and_lets_the_next_one_go_on(stage: Stage):
    stage.hugging_face.wrong[day(1)] = answers_after(60.0)
    visiting = asyncio.create_task(stage.visit())
    await stage.until_asked(day(1))
    visiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await visiting
    assert (len(await stage.ids()), await stage.watermark()) == (3, day(2))
    stage.hugging_face.wrong.clear()
    assert (await stage.visit()).report.new == 1


# Rehearsals


@pytest.mark.parametrize("is_first", [True, False])
async def test_a_rehearsal_says_what_would_change_and_changes_nothing_in_any_table(
    stage: Stage, *, is_first: bool
):
    if not is_first:
        await stage.visit()
        stage.hugging_face.days[day(1)] = [record(4, upvotes=9), record(5), {"paper": {}}]
    stage.hugging_face.has_etags = True
    before = await stage.dump()
    rehearsed = await stage.visit(dry_run=True)
    assert await stage.dump() == before
    visit = await stage.visit()
    assert rehearsed == visit
    assert (visit.report.new, visit.report.updated) == ((4, 0) if is_first else (1, 1))


async def test_a_rehearsal_that_fails_changes_nothing_and_says_why_and_what_would_be_kept_all_the_same(
    stage: Stage,
):
    stage.hugging_face.wrong[day(3)] = answers("[", status=200)
    before = await stage.dump()
    rehearsed = await stage.visit(dry_run=True)
    assert await stage.dump() == before
    assert str(rehearsed.failure).startswith(f"the papers of {day(3)}: expected JSON")
    assert rehearsed.report.new == 2
    assert await stage.visit() == rehearsed


async def test_a_rehearsal_since_a_day_moves_no_watermark(stage: Stage):
    await stage.visit()
    before = await stage.dump()
    await stage.visit(since=date.fromisoformat(day(7)), dry_run=True)
    assert await stage.dump() == before


async def test_while_a_rehearsal_waits_for_a_host_others_can_write(stage: Stage):
    stage.hugging_face.wrong[day(1)] = answers_after(60.0)
    rehearsing = asyncio.create_task(stage.visit(dry_run=True))
    await stage.until_asked(day(1))
    async with asyncio.timeout(30):
        await stage.states.begin("somebody", now=NOW)
    rehearsing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await rehearsing


# Never two at once


async def test_a_second_run_while_one_goes_on_is_refused_in_words_and_the_first_is_not_disturbed(
    stage: Stage,
):
    stage.hugging_face.wrong[day(4)] = answers_after(0.2, "[]")
    first = asyncio.create_task(stage.sync.run())
    await asyncio.sleep(0.05)
    for lines, dry_run in ((None, False), (None, True), ([NEW], False)):
        with pytest.raises(SyncingError, match="being fetched already"):
            await stage.sync.run(lines, dry_run=dry_run)
    assert (await first)[DAILY].report.new == 4
    assert (await stage.visit()).failure is None


async def test_a_run_that_failed_does_not_lock_out_the_next(stage: Stage):
    await refuse(stage, "INSERT ON papers")
    for _ in range(2):
        with pytest.raises(DatabaseError):
            await stage.sync.run()


# What is said of it


async def test_what_was_refused_is_told_with_where_and_why(stage: Stage):
    stage.hugging_face.days[day()] = [
        {"paper": {"title": "No Id"}},
        record(8),
        "records in Python's notation",
    ]
    visit = await stage.visit()
    assert visit.report.rejected == [
        Refusal("record 1", "it has no id"),
        Refusal("record 3", "is a text, not an object; it begins “records in Python's notation”"),
    ]
    assert (visit.failure, visit.report.read, visit.report.new) == (None, 7, 5)


async def test_the_last_visit_is_remembered_with_its_counts_and_its_failure_until_the_next(stage: Stage):
    stage.hugging_face.wrong[day()] = answers(status=403)
    stage.hugging_face.days[day(6)].append({"paper": {}})
    visit = await stage.visit()
    state = await stage.states.get(DAILY)
    assert state.failure == visit.failure
    assert (
        state.counts
        == visit.counts()
        == {
            "read": 5,
            "new": 4,
            "updated": 0,
            "unchanged": 0,
            "skipped": 0,
            "rejected": 1,
        }
    )
    assert (state.started, state.ended, state.watermark) == (NOW, NOW, day(2))
    stage.hugging_face.wrong.clear()
    stage.clock.pass_days(0.1)
    await stage.visit()
    state = await stage.states.get(DAILY)
    assert (state.failure, state.started, state.ended) == (None, stage.clock.now, stage.clock.now)
    assert state.counts
    assert state.counts["new"] == 0


@pytest.mark.parametrize("line", ["bees", "hugging-face-daily:x", "arxiv-new", "arxiv-new:no such"])
async def test_a_source_that_there_is_not_is_refused_before_anything_is_asked(stage: Stage, line: str):
    with pytest.raises(UnknownSourceError):
        Sync(stage.store, stage.states, stage.sync._client, [line], stage.clock)
    with pytest.raises(UnknownSourceError):
        await stage.sync.run([DAILY, line])
    assert stage.server.arrivals == []


async def test_sources_that_only_search_have_no_watermark_and_are_asked_anew_each_time(stage: Stage):
    line = "hugging-face-search: fireflies"
    stage.server.script(
        "/api/papers/search", answers('[{"paper": {"id": "2611.00001", "title": "Fireflies"}}]')
    )
    assert (await stage.visit(line)).report.new == 1
    assert (await stage.visit(line)).report.unchanged == 1
    assert await stage.watermark(line) is None
    assert {arrival.query for arrival in stage.server.arrivals} == {"q=fireflies"}


async def refuse(stage: Stage, what: str) -> None:
    """The database fails there from now on."""
    when = f"CREATE TRIGGER fire BEFORE {what} BEGIN SELECT RAISE(ABORT, 'the disk is on fire'); END"
    async with stage.engine.begin() as connection:
        await connection.execute(text(when))


async def allow(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await connection.execute(text("DROP TRIGGER fire"))


@pytest.fixture
def drawer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is a part of corpus/sources for as long as the test runs."""
    folder = tmp_path / "sources"
    folder.mkdir()
    before = set(sys.modules)
    monkeypatch.setattr(corpus.sources, "__path__", [*corpus.sources.__path__, str(folder)])
    yield folder
    for name in set(sys.modules) - before:
        if name.startswith("corpus.sources."):
            del sys.modules[name]
