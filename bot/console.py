"""What the command line prints: results, reports, progress. JSON and answers go to stdout, the rest to stderr."""

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import groupby
from operator import itemgetter
from typing import Any

import click

from bot.headline import headline
from bot.results import Page, Result
from corpus.importing import ImportReport
from retrieval.upkeep import IndexReport

_INDENT = "   "


def say(text: str) -> None:
    """A line for the person at the terminal, beside the output."""
    click.echo(text, err=True)


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object."""
    click.echo(json.dumps(value, ensure_ascii=False))


@contextmanager
def progress_bar(what: str) -> Generator[Callable[[int, int], None], None, None]:
    """A bar on a terminal while something is done, two lines elsewhere. Yields the function that is told (done, total).

    The caller may live on: a bot that has nothing to encode shows no bar, and one that is done takes it away.
    """
    from rich.console import Console  # noqa: PLC0415 - a tenth of a second that --help does not pay
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=console)
    task = progress.add_task(what, total=None)

    def advance(done: int, total: int) -> None:
        progress.update(task, completed=done, total=total)
        if not console.is_terminal:
            if done == total:
                say(f"{what}: {total} done")
        elif done < total:
            progress.start()
        else:
            progress.stop()

    try:
        yield advance
    finally:
        if console.is_terminal:
            progress.stop()


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


def page_json(asked: Mapping[str, str], page: Page, took_ms: float) -> dict[str, Any]:
    """A list of results as the contract has it; `asked` is the query, or the paper.

    What it was narrowed to, notes and a suggestion are there where there are any.
    """
    more = {"narrowed": page.narrowed, "notes": list(page.notes), "suggestion": page.suggestion}
    return {
        **asked,
        "found": page.found,
        "results": [result_json(result) for result in page.results],
        "took_ms": round(took_ms, 1),
        **{name: value for name, value in more.items() if value},
    }


def print_page(page: Page) -> None:
    """A list of results to read."""
    click.echo(click.style(headline(page, quoted=_plain, strong=_plain), bold=True))
    for note in page.notes:
        click.echo(_plain(note))
    if page.suggestion:
        click.echo(f"Did you mean: {_plain(page.suggestion)}")
    for position, result in enumerate(page.results, start=1):
        paper = result.paper
        click.echo(f"\n{position}. {click.style(_plain(paper.title), bold=True)}  {result.score:.3f}")
        facts = [paper.published.isoformat() if paper.published else "", paper.url]
        click.echo(_INDENT + " · ".join(fact for fact in facts if fact))
        if result.sentence:
            click.echo(_quotation(result.sentence, result.marks if page.found else ()))


def _quotation(sentence: str, marks: Sequence[tuple[int, int]]) -> str:
    """The sentence, wrapped and indented, its marked words underlined (click takes that away where no terminal is)."""
    marked = {
        place + 1 for start, end in marks for place in range(start, end)
    }  # one behind the quotation mark
    quoted = f"“{_plain(sentence)}”"
    wrapped = click.wrap_text(quoted, initial_indent=_INDENT, subsequent_indent=_INDENT)
    # Wrapping moves blanks only: what is no blank comes in the same order as before.
    places = iter([place for place, character in enumerate(quoted) if not character.isspace()])
    said = [(character, not character.isspace() and next(places) in marked) for character in wrapped]
    runs = groupby(said, key=itemgetter(1))
    return "".join(
        click.style(text, underline=True) if is_marked else text
        for is_marked, run in runs
        for text in ("".join(character for character, _ in run),)
    )


def _plain(text: str) -> str:
    """The text with every character that could steer a terminal replaced; as long as before."""
    return "".join(character if character.isprintable() or character == "\n" else " " for character in text)


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
