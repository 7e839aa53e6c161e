"""A run as a table to read at a terminal. Pure, but for printing."""

from collections.abc import Sequence

import click

from bot.bench.figures import Figure
from bot.bench.run import Run

_HEADINGS = ("", "papers", "measured", "yardstick", "ratio", "target", "")
_SMALL = 10_000  # papers: below, fixed costs outweigh all that grows


def print_run(run: Run) -> None:
    """The machine, the table, and which targets are not reached."""
    click.echo(f"{run.machine}\n")
    for line in lines_of(run.figures):
        click.echo(line)
    missed = [figure for figure in run.figures if figure.reached is False]
    aimed = [figure for figure in run.figures if figure.reached is not None]
    click.echo(f"\n{len(aimed) - len(missed)} of {len(aimed)} targets are reached.")
    if all(figure.papers < _SMALL for figure in run.figures):
        click.echo("Figures at this size say little: give --papers FILE with 10,000 papers or more.")


def lines_of(figures: Sequence[Figure]) -> list[str]:
    """The figures in columns, the names on the left."""
    rows = [_HEADINGS, *(cells(figure) for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            text.ljust(width) if place == 0 else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def cells(figure: Figure) -> tuple[str, ...]:
    """Name, papers, value, yardstick, ratio, target, and whether it is reached."""
    ratio, target = figure.ratio, figure.target
    return (
        figure.name,
        f"{figure.papers:,}",
        measured(figure.value, figure.unit),
        "" if figure.yardstick is None else measured(figure.yardstick, figure.unit),
        "" if ratio is None else f"{ratio:.2f} ×",
        "" if target is None else _limit(figure),
        {None: "", True: "reached", False: "NOT reached"}[figure.reached],
    )


def measured(value: float, unit: str) -> str:
    """A value to three digits, whole where it is large."""
    digits = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004
    return f"{digits} {unit}".rstrip()


def _limit(figure: Figure) -> str:
    if figure.target is None:
        return ""
    sign = "≥" if figure.target.at_least else "≤"
    unit = figure.unit if figure.ratio is None else "×"
    return f"{sign} {figure.target.limit:g} {unit}"
