"""Imports of small files, in processes of their own: what is noticed, not how long it takes."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bench.children import BenchError, kill
from bot.bench.folder import own_settings
from bot.bench.importing import Imported, check_again, check_resumed, figures, imported, measure
from bot.config import Settings
from tests.bot.bench.test_papers_file import row, written

pytestmark = pytest.mark.slow

SIZE = 30


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    made = own_settings(Settings.model_validate({"data": tmp_path / "data"}), SIZE)
    made.data.mkdir(parents=True)
    return made


def file_of(tmp_path: Path, *rows: Mapping[str, object]) -> Path:
    return written(tmp_path, *map(json.dumps, rows))


async def test_every_import_is_told_beside_its_yardstick_and_nothing_is_left_of_it(
    tmp_path: Path, own: Settings
):
    (own.data / "importing" / "killed").mkdir(parents=True)  # a bench was killed
    measured = await measure(own, file_of(tmp_path, *map(row, range(SIZE + 5))), SIZE)
    told = {figure.name: figure for figure in measured}
    assert {figure.papers for figure in measured} == {SIZE}
    assert all(figure.value > 0 for figure in measured if figure.unit == "s")
    assert [name for name, figure in told.items() if figure.target] == [
        "import, nothing encoded",
        "import again, nothing new",
        "memory grown while importing",
    ]
    assert told["import, to reading the lines"].ratio
    assert told["import, begun again after a kill"].yardstick == told["import, nothing encoded"].value
    assert 0 <= told["papers stored before the kill"].value <= 100
    assert list(own.data.iterdir()) == []


async def test_an_import_says_what_came_of_it(tmp_path: Path, own: Settings):
    file = file_of(tmp_path, *map(row, range(3)))
    first, again = await imported(own, file), await imported(own, file)
    assert (first.papers, first.new, first.updated) == (3, 3, 0)
    assert (again.papers, again.new, again.updated) == (3, 0, 0)
    assert first.contents == again.contents
    other = await imported(own, file_of(tmp_path, row(1) | {"title": "Now called otherwise"}))
    assert other.contents != again.contents


async def test_a_line_that_an_import_refuses_is_named(tmp_path: Path, own: Settings):
    with pytest.raises(BenchError, match="line 2 is not imported: it has no title"):
        await measure(own, file_of(tmp_path, row(0), {"id": "2401.00001"}), SIZE)
    assert list(own.data.iterdir()) == []


FIRST = Imported(2.0, 10.0, papers=SIZE, new=SIZE, updated=0, contents="all")


def test_an_import_that_changes_something_the_second_time_is_a_failure():
    again = replace(FIRST, new=0)
    check_again(FIRST, again)
    for changed in (replace(again, new=1), replace(again, updated=2), replace(again, contents="others")):
        with pytest.raises(BenchError, match="changed something"):
            check_again(FIRST, changed)


def test_an_import_that_was_killed_and_resumed_must_end_with_all_papers():
    resumed = replace(FIRST, new=SIZE // 2)
    check_resumed(FIRST, resumed)
    with pytest.raises(BenchError, match="ended with 29 papers instead of 30"):
        check_resumed(FIRST, replace(resumed, papers=SIZE - 1, contents="fewer"))
    with pytest.raises(BenchError, match="ended with other papers"):
        check_resumed(FIRST, replace(resumed, contents="others"))


def test_targets_are_for_sizes_that_they_were_set_for():
    def of_size(papers: int) -> list[float | None]:
        first = replace(FIRST, papers=papers)
        made = figures(1.0, first, first, first, left=papers // 2)
        return [figure.target and figure.target.limit for figure in made[:3]]

    assert of_size(10_000) == [18, 3, 300]
    assert of_size(100_000) == [180, 30, 300]
    assert of_size(100_001) == [None, None, None]


async def test_a_process_is_killed_some_time_after_it_said_its_line(own: Settings):
    code = (
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('Importing', file=sys.stderr, flush=True)\n"
        "time.sleep(3)\n"
        "pathlib.Path('done').touch()\n"
    )
    await kill("-c", code, settings=own, beginning="Importing", patience=60, after_seconds=0.01)
    assert list(own.data.iterdir()) == []


async def test_a_process_that_ends_before_it_is_killed_is_no_failure_but_one_that_says_nothing_is(
    own: Settings,
):
    said = "import sys; print('Importing', file=sys.stderr)"
    await kill("-c", said, settings=own, beginning="Importing", patience=60, after_seconds=60)
    with pytest.raises(BenchError, match="ended without saying “Importing”"):
        await kill("-c", "", settings=own, beginning="Importing", patience=60, after_seconds=60)
    silent = "import time; time.sleep(60)"
    with pytest.raises(BenchError, match="did not say “Importing” in"):
        await kill("-c", silent, settings=own, beginning="Importing", patience=0.2, after_seconds=0)
