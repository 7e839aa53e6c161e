"""Puts what `papercord bench --json` printed into docs/performance.md, with its picture.

    papercord bench --papers FILE --json > run.json
    python -m benchmarks.performance run.json

The words around the tables are written by hand, and stay.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.performance_chart import chart
from bot.bench.report import measured

_DOCS = Path(__file__).parents[1] / "docs"
_PAGE = _DOCS / "performance.md"
_PICTURE = _DOCS / "pictures" / "performance.svg"
_BEGIN, _END = "<!-- measured: written by benchmarks/performance.py -->", "<!-- end of measured -->"
_STEPS = {
    "find": "One question, from end to end",
    "throughput": "Many readers at once",
    "encoding": "Encoding papers",
    "start": "From start to answer",
    "memory": "Memory and disk",
    "import": "Importing a file",
    "million": "A million vectors, simulated",
}


@click.command()
@click.argument("run", type=click.File())
def main(run: Any) -> None:
    """Write the page and the picture from a run's JSON."""
    told: dict[str, Any] = json.load(run)
    page = _PAGE.read_text("utf-8")
    _PAGE.write_text(with_tables(page, tables(told)), "utf-8")
    _PICTURE.write_text(chart(told["figures"], title=f"papercord bench, {machine_of(told)}"), "utf-8")


def with_tables(page: str, made: str) -> str:
    """The page with these tables in place of those before. Raises ValueError if it has no place for them."""
    pattern = re.compile(f"{re.escape(_BEGIN)}.*?{re.escape(_END)}", re.DOTALL)
    if not pattern.search(page):
        raise ValueError(f"the page has no lines “{_BEGIN}” and “{_END}”")
    return pattern.sub(lambda _: f"{_BEGIN}\n\n{made}\n\n{_END}", page)


def machine_of(told: dict[str, Any]) -> str:
    """The machine in a few words."""
    machine = told["machine"]
    return f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']:g} GB"


def tables(told: dict[str, Any]) -> str:
    """A table for each step, the sizes of the corpus below one another."""
    machine = told["machine"]
    said = f"Measured on {told['day']}: {machine_of(told)}, {machine['system']}, Python {machine['python']}."
    made = (
        f"### {heading}\n\n{_table(rows)}"
        for step, heading in _STEPS.items()
        if (rows := [figure for figure in told["figures"] if figure["step"] == step])
    )
    return "\n\n".join([said, *made])


def _table(figures: Sequence[dict[str, Any]]) -> str:
    aimed = [figure for figure in figures if figure["target"]]
    told = [figure for figure in figures if not figure["target"]]
    made: list[str] = []
    if aimed:
        made.append(
            "\n".join(
                _lines(("", "papers", "measured", "yardstick", "ratio", "target", ""), map(_aimed, aimed))
            )
        )
    if told:
        made.append(
            "\n".join(
                _lines(("", "papers", "measured", "yardstick", "ratio"), (_aimed(one)[:5] for one in told))
            )
        )
    return "\n\n".join(made)


def _lines(headings: Sequence[str], rows: Any) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|---{'|---:' * (len(headings) - 1)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _aimed(figure: dict[str, Any]) -> tuple[str, ...]:
    unit, ratio, target = figure["unit"], figure["ratio"], figure["target"]
    sign = "≥" if figure["at_least"] else "≤"
    against = f"{measured(figure['yardstick'], unit)} ({figure['against']})" if figure["yardstick"] else ""
    return (
        figure["name"],
        f"{figure['papers']:,}",
        measured(figure["value"], unit),
        against,
        f"{ratio:.2f} ×" if ratio else "",
        f"{sign} {target:g} {'×' if ratio else unit}" if target else "",
        {None: "", True: "reached", False: "**not reached**"}[figure["reached"]],
    )


if __name__ == "__main__":
    main()
