"""kill -9 between any two steps of a sync and of the encoding behind it: repeated, never lost and never doubled."""

import asyncio
import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from corpus.account import Account
from corpus.database import open_database
from corpus.paper import title_id
from tests.corpus.polite.misbehaving_server import MisbehavingServer
from tests.corpus.sync_driver import LINES
from tests.corpus.syncing import (
    NEW_PATH,
    NOW,
    SEARCH,
    TODAY,
    Arxiv,
    HuggingFace,
    Stage,
    abstract_of,
    announced,
    client_of,
    day,
    recognisable,
    record,
)
from tests.corpus.test_arxiv_rss import item

POINTS = 60
DRIVERS = 2  # side by side
SEED = 20261123
ROOT = Path(__file__).parents[2]


async def prepared(server: MisbehavingServer, file: Path) -> None:
    """A database as it was three days ago, and at the server what happened since: new papers, news of old, and a paper
    that turns out to be two rows."""
    async with open_database(f"sqlite+aiosqlite:///{file}") as engine, client_of(server.address) as client:
        stage = Stage(engine, server, client, *LINES)
        for title in ("Counting Fireflies, Part 2", "COUNTING FIREFLIES, PART 3.", "A Paper Without an Id"):
            page = Account(title, abstract_of(title), organisation="Harbour Lab")
            await stage.store.put([page], source="daily-papers-page", now=NOW - timedelta(days=9))
        then = stage.clock.now = NOW - timedelta(days=4)
        stage.hugging_face = HuggingFace({day(5): [record(1)], day(4): [record(9)]}, has_etags=True)
        first = item("2611.00002v1", title="Fireflies, First Draft", abstract="We began.", day="")
        server.script(NEW_PATH, recognisable(announced(then.date(), first)))
        stage.arxiv = Arxiv([("2611.00020v1", "Counting Ants", day(4))])
        visits = await stage.sync.run()
        assert sum(visit.report.new for visit in visits.values()) == 4
        assert len(await stage.ids()) == 7
    assert not file.with_suffix(".db-wal").exists()
    stage.hugging_face.days |= {
        day(4): [record(9, upvotes=7), record(2)],
        day(3): [record(3), record(4)],
        day(1): [record(5), record(4, upvotes=3)],
        day(): [record(6), {"paper": {}}],
    }
    news = [
        item(
            "2611.00001v2", "replace", title="Counting Fireflies, Part 1, Revised", abstract="We count again."
        ),
        item("2611.00005v1", title="Counting Fireflies, Part 5", abstract="We count."),
        item("2611.00030v1", title="Counting Bats"),
        item("2611.00031v2", "replace", title="Nobody Knows This One"),
    ]
    server.script(NEW_PATH, recognisable(announced(TODAY, *news)))
    stage.arxiv.papers += [
        ("2611.00021v1", "Counting Moths", day(3)),
        ("2611.00004v2", "Counting Fireflies, Part 4, Revised", day(2)),
        ("2611.00022v1", "Counting Owls", day()),
    ]


async def driven(server: MisbehavingServer, template: Path, folder: Path, part: int) -> list[dict[str, Any]]:
    """What one driver tells, a run at a time."""
    told = [server.address, str(template), str(folder), str(SEED), str(POINTS), str(part), str(DRIVERS)]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.corpus.sync_driver", *told),
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        output, errors = await process.communicate()
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, errors.decode()[-3000:]
    return [json.loads(line) for line in output.splitlines()]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the driver forks")
@pytest.mark.slow
async def test_whenever_a_sync_and_its_encoding_are_killed_every_paper_is_there_exactly_once(tmp_path: Path):
    template = tmp_path / "template.db"
    async with MisbehavingServer() as server, asyncio.timeout(300):
        await prepared(server, template)
        drivers = [driven(server, template, tmp_path, part) for part in range(DRIVERS)]
        (whole, *runs), *others = await asyncio.gather(*drivers)
    for other, *more in others:
        assert other["state"] == whole["state"], "a run that nobody disturbs does not depend on when"
        runs += more
    check(whole["state"])
    expected = comparable(whole["state"])
    for run in runs:
        state = comparable(run["state"])
        for part, there in state.items():
            assert there == expected[part], f"{part}, after being killed before steps {run['fatal']}"
        # Two words of one visit can become two visits': the earlier is then no last word. One there must be.
        assert {word["digest"] for word in words_of(run["state"])} <= {
            word["digest"] for word in words_of(whole["state"])
        }
        assert places(words_of(run["state"])) == places(state["accounts"])
        assert set(run["state"]["contents"].values()) <= set(run["state"]["encoded"])
    kills = [step for run in runs for step in run["killed"]]
    steps = whole["state"]["steps"]
    print(  # noqa: T201
        f"\n{len(kills)} kills in {len(runs)} runs of {steps} steps (seed {SEED}), "
        f"{sum(len(run['killed']) > 1 for run in runs)} of them killed twice: {sorted(kills)}"
    )
    assert len(kills) >= 50
    assert all(run["killed"][:1] == run["fatal"][:1] for run in runs), (
        "each was killed where it was meant to be"
    )
    assert {run["fatal"][0] for run in runs} >= {1, steps}


def check(state: dict[str, Any]) -> None:
    """What nobody disturbed is what it should be: the others are compared with it."""
    tables = state["tables"]
    ids = {paper["id"] for paper in tables["papers"]}
    with_id = [f"2611.{number:05}" for number in (1, 2, 3, 4, 5, 6, 9, 20, 21, 22, 30)]
    assert ids == {*with_id, title_id("A Paper Without an Id")}
    assert len(ids) == len(tables["papers"])
    new = [event["paper_id"] for event in tables["events"] if event["kind"] == "new"]
    assert sorted(new) == sorted(ids), "one event of each paper's coming"
    assert {alias["paper_id"] for alias in tables["aliases"]} == ids
    assert [(one["source"], one["watermark"], one["failure"]) for one in tables["source_states"]] == [
        ("arxiv-new:cs.CL", day(), None),
        (SEARCH, day(), None),
        ("hugging-face-daily", day(2), None),
    ]
    second = next(paper for paper in tables["papers"] if paper["id"] == "2611.00002")
    assert (second["title"], second["organisation"]) == ("Fireflies, First Draft", "Harbour Lab")
    assert (
        state["contents"]
        == state["rows"]
        == state["graph"]
        == {paper["id"]: paper["content_hash"] for paper in tables["papers"]}
    )
    assert len(state["texts"]) == len(ids)


def words_of(state: dict[str, Any]) -> list[dict[str, Any]]:
    return state["tables"]["words"]


def places(rows: list[dict[str, Any]]) -> set[tuple[str, str, int]]:
    """Whose rows these are, about which version of which paper."""
    return {(row["paper_id"], row["source"], row["version"]) for row in rows}


def comparable(state: dict[str, Any]) -> dict[str, Any]:
    """All but what a run that was killed may have made for a moment, and another not: vectors of passing texts."""
    tables = {name: rows for name, rows in state["tables"].items() if name != "words"}
    return tables | {name: state[name] for name in ("contents", "rows", "graph", "texts")}
