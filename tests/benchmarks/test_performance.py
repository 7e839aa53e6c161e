from typing import Any
from xml.etree import ElementTree as ET

import pytest

from benchmarks.performance import tables, with_tables
from benchmarks.performance_chart import chart
from bot.bench.figures import Figure, Target

FIGURES = [
    Figure("find", "find, one year, p95", 10_000, 30.0, "ms", "its parts alone", 15.0, Target(1.5)),
    Figure("find", "part of one year: encode, p50", 10_000, 4.0, "ms"),
    Figure(
        "throughput",
        "questions a second",
        10_000,
        90.0,
        "/s",
        "plain & simple",
        30.0,
        Target(3.0, at_least=True),
    ),
    Figure("start", "process start to first answer", 10_000, 2.5, "s", target=Target(3.0)),
]


def told() -> dict[str, Any]:
    machine = {"cpu": "A <fast> one", "cores": 2, "memory_gb": 8.0, "system": "Linux", "python": "3.11.7"}
    return {"day": "2026-11-24", "machine": machine, "figures": [figure.as_json() for figure in FIGURES]}


def test_a_page_has_every_figure_its_ratio_and_what_is_not_reached():
    page = tables(told())
    assert "2026-11-24" in page
    assert "A <fast> one, 2 cores, 8 GB, Linux, Python 3.11.7" in page
    assert (
        "| find, one year, p95 | 10,000 | 30 ms | 15 ms (its parts alone) | 2.00 × | ≤ 1.5 × | **not reached** |"
        in page
    )
    assert "| part of one year: encode, p50 | 10,000 | 4 ms |  |  |" in page
    assert "| process start to first answer | 10,000 | 2.5 s |  |  | ≤ 3 s | reached |" in page


def test_the_words_around_the_tables_stay():
    begin, end = "<!-- measured: written by benchmarks/performance.py -->", "<!-- end of measured -->"
    page = f"before\n{begin}\nold\n{end}\nafter\n"
    once = with_tables(page, "new")
    assert once == with_tables(once, "new") == f"before\n{begin}\n\nnew\n\n{end}\nafter\n"
    with pytest.raises(ValueError, match="has no lines"):
        with_tables("nothing of the kind", "new")


def test_a_picture_has_a_bar_for_every_ratio_with_a_target():
    picture = ET.fromstring(chart(told()["figures"], title="Ours & theirs"))  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"
    bars = picture.findall(f"{space}rect[@rx]")
    assert len(bars) == 2
    widths = [float(bar.get("width", "0")) for bar in bars]
    assert widths[1] == pytest.approx(1.5 * widths[0], rel=0.01)
    assert bars[0].get("fill") != bars[1].get("fill")
    assert "Ours & theirs" in "".join(picture.itertext())
