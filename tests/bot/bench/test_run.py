"""The whole bench, once, with the real encoders: what it says, not how fast it is."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.bench.figures import Figure
from bot.bench.run import growth, sizes
from tests.bot.bench.test_papers_file import row, written

ROOT = Path(__file__).parents[3]


def test_the_usual_sizes_are_those_that_the_file_has(tmp_path: Path):
    file = written(tmp_path, *["{}"] * 12)
    assert sizes(file, None) == [12]
    assert sizes(file, 7) == [7]
    assert sizes(None, None) == [0]


def test_growth_compares_the_largest_corpus_with_the_smallest():
    slow = [
        Figure("find", "find, unfiltered, p95", papers, ms, "ms") for papers, ms in ((100, 30.0), (10, 20.0))
    ]
    assert growth(slow[:1]) == []
    [grown] = growth(slow)
    assert (grown.ratio, grown.papers, grown.reached) == (1.5, 100, True)


def told_of(number: int) -> dict[str, str]:
    about = " ".join(f"{word}{number}" for word in ("graphs", "proteins", "robots", "speech", "maps"))
    return {
        "title": f"Learning to draw {about}",
        "abstract": " ".join(
            f"Part {part} shows how {about} are drawn, {part} at a time." for part in range(8)
        ),
    }


PAPERS = 50
# As `papercord bench`, but that less is measured before a figure is told.
COMMAND = (
    "from bot.bench import encoding, latency, start, throughput\n"
    "from bot.cli import main\n"
    "encoding._AT_MOST, latency._AT_MOST, start._TIMES, throughput._AT_MOST = 16, 10, 1, 40\n"
    "main(prog_name='papercord')\n"
)


@pytest.mark.model
@pytest.mark.slow
def test_a_bench_of_fifty_papers_measures_every_step(tmp_path: Path, lay_models: Callable[[Path], None]):
    lay_models(tmp_path / "data" / "bench" / str(PAPERS))
    file = written(tmp_path, *(json.dumps(row(number) | told_of(number)) for number in range(PAPERS)))
    command = [
        sys.executable,
        "-c",
        COMMAND,
        "--data",
        str(tmp_path / "data"),
        "bench",
        "--papers",
        str(file),
        "--size",
        str(PAPERS),
        "--json",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {figure["step"] for figure in told["figures"]} == {
        "find",
        "throughput",
        "encoding",
        "start",
        "memory",
        "import",
    }
    assert all(figure["papers"] == PAPERS for figure in told["figures"])
    assert all(figure["value"] > 0 for figure in told["figures"] if figure["unit"] in {"ms", "/s", "s"})
    assert any(figure["ratio"] for figure in told["figures"])
    assert told["papers_file"] == "papers.jsonl.gz"
