"""What the command line prints: results, reports, progress. JSON and answers go to stdout, the rest to stderr."""

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click

from bot.library import ResultList
from bot.results import Result
from corpus.importing import ImportReport
from retrieval.indexing import IndexReport

_INDENT = "   "


def say(text: str) -> None:
    """A line for the person at the terminal, beside the output."""
    click.echo(text, err=True)


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object."""
    click.echo(json.dumps(value, ensure_ascii=False))


@contextmanager
def progress_bar(what: str) -> Generator[Callable[[int, int], None], None, None]:
    """A bar on a terminal, two lines elsewhere. Yields the function that is told (done, total)."""
    from rich.console import Console  # noqa: PLC0415 - a tenth of a second that --help does not pay
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)

        def advance(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)
            if not console.is_terminal and done == total:
                say(f"{what}: {total} done")

        yield advance


def result_json(result: Result) -> dict[str, Any]:
    """One result as the contract has it."""
    paper = result.paper
    return {
        "id": paper.id,
        "title": paper.title,
        "url": paper.url,
        "date": paper.published.isoformat() if paper.published else None,
        "score": round(result.score, 4),
        "sentence": result.sentence,
    }


def results_json(
    asked: Mapping[str, str], results: ResultList, shown: Sequence[Result], took_ms: float
) -> dict[str, Any]:
    """A list of results as the contract has it; `asked` is the query, or the paper."""
    return {
        **asked,
        "found": results.found,
        "results": [result_json(result) for result in shown],
        "took_ms": round(took_ms, 1),
    }


def print_results(headline: str, shown: Sequence[Result]) -> None:
    """A list of results to read."""
    click.echo(click.style(headline, bold=True))
    for position, result in enumerate(shown, start=1):
        paper = result.paper
        click.echo(f"\n{position}. {click.style(paper.title, bold=True)}  {result.score:.3f}")
        facts = [paper.published.isoformat() if paper.published else "", paper.url]
        click.echo(_INDENT + " · ".join(fact for fact in facts if fact))
        if result.sentence:
            click.echo(
                click.wrap_text(f"“{result.sentence}”", initial_indent=_INDENT, subsequent_indent=_INDENT)
            )


def print_import(report: ImportReport) -> None:
    """An import's report to read."""
    click.echo(
        f"Read {report.read}: {report.new} new, {report.updated} updated, {report.unchanged} unchanged, "
        f"{len(report.rejected)} rejected."
    )
    for refused in report.rejected:
        say(f"rejected: {refused.where}: {refused.why}")


def import_json(report: ImportReport) -> dict[str, Any]:
    """An import's report as the contract has it."""
    return asdict(report)


def print_index(report: IndexReport) -> None:
    """An index report to read."""
    click.echo(
        f"{report.papers} papers in the index: {report.encoded} encoded, {report.reused} from the store, "
        f"in {report.seconds:.1f} s."
    )


def print_table(rows: Mapping[str, object]) -> None:
    """Names and values in two columns."""
    width = max(map(len, rows), default=0)
    for name, value in rows.items():
        click.echo(f"{name:<{width}}  {value}")
