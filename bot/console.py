"""What the command line prints: results, reports, progress. JSON and answers go to stdout, the rest to stderr."""

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

import click

from bot.chat.answered import Answered
from bot.feeds.health import FeedHealth
from bot.headline import headline
from bot.results import CorpusStatus, Page, Result
from corpus.paper import Paper
from corpus.report import Report, Visit
from corpus.source_state import SourceState
from retrieval.upkeep import IndexReport

_INDENT = "   "
_SHOWN_REFUSALS = 50


def say(text: str) -> None:
    """A line for the person at the terminal, beside the output."""
    click.echo(text, err=True)


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object."""
    click.echo(json.dumps(value, ensure_ascii=False))


@contextmanager
def progress_bar(what: str, *, in_bytes: bool = False) -> Generator[Callable[[int, int], None], None, None]:
    """A bar on a terminal while something is done, two lines elsewhere. Yields the function that is told (done, total).

    The caller may live on: a bot that has nothing to encode shows no bar, and one that is done takes it away.
    """
    from rich.console import Console  # noqa: PLC0415 - a tenth of a second that --help does not pay
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    amount = DownloadColumn() if in_bytes else MofNCompleteColumn()
    columns = (TextColumn(what), BarColumn(), amount, TimeRemainingColumn())
    progress = Progress(*columns, console=console)
    task = progress.add_task(what, total=None)

    def advance(done: int, total: int) -> None:
        progress.update(task, completed=done, total=total)
        if not console.is_terminal:
            if done == total and not in_bytes:
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


def answer_json(answered: Answered, papers: Mapping[str, Paper]) -> dict[str, Any]:
    """An answer as the contract has it; the nearest `misses` where it is refused, and the `model` that wrote it, if one did."""
    cited = [{"n": quote.number, "id": quote.paper_id, "quote": quote.sentence} for quote in answered.quotes]
    found: dict[str, Any] = {
        "answer": " ".join(_said(answered)) or _refusal(answered),
        "refused": answered.refused,
        "citations": cited,
    }
    if answered.refused:
        misses = [papers[paper_id] for paper_id in answered.misses if paper_id in papers]
        found["misses"] = [{"id": paper.id, "title": paper.title, "url": paper.url} for paper in misses]
    if answered.model:
        found["model"] = answered.model
    if answered.note:
        found["note"] = answered.note
    return found


def print_answer(answered: Answered, papers: Mapping[str, Paper]) -> None:
    """An answer to read: numbered quotes, each paper under what it says; or the nearest misses."""
    if answered.note:
        say(answered.note)
    if answered.refused:
        click.echo(click.style(_refusal(answered), bold=True))
        misses = [papers[paper_id] for paper_id in answered.misses if paper_id in papers]
        if misses:
            click.echo("The nearest papers, which do not answer it:")
        for paper in misses:
            click.echo(f"\n·  {click.style(_plain(paper.title), bold=True)}\n{_INDENT}{paper.url}")
        return
    if answered.claims:
        click.echo("\n".join(_plain(line) for line in _said(answered)))
        click.echo(f"Written by {_plain(answered.model)} from these sentences:\n")
    for paper_id, quotes in groupby(answered.quotes, key=attrgetter("paper_id")):
        for quote in quotes:
            click.echo(f"[{quote.number}]\n{_quotation(quote.sentence, ())}")
        if paper := papers.get(paper_id):
            click.echo(f"{_INDENT}— {click.style(_plain(paper.title), bold=True)}\n{_INDENT}  {paper.url}\n")


def _said(answered: Answered) -> list[str]:
    """Each claim or, where no model wrote, each quote, with its numbers."""
    if answered.claims:
        return [
            f"{claim.text} {''.join(f'[{number}]' for number in claim.cites)}" for claim in answered.claims
        ]
    return [f"{quote.sentence} [{quote.number}]" for quote in answered.quotes]


def _refusal(answered: Answered) -> str:
    asked = len(answered.asked) or answered.corpus
    return f"No sentence of {'this paper' if asked == 1 else f'these {asked:,} papers'} answers that."


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


def print_report(report: Report, *, dry_run: bool = False) -> None:
    """What an import did, to read; of many refusals the first ones."""
    click.echo(_counts(report, dry_run=dry_run))
    for refused in report.rejected[:_SHOWN_REFUSALS]:
        say(_plain(f"rejected: {refused.where}: {refused.why}"))
    if more := report.refused - len(report.rejected[:_SHOWN_REFUSALS]):
        say(f"… and {more:,} more; --json lists them.")


def report_json(report: Report) -> dict[str, Any]:
    """An import's report as the contract has it; `skipped` and `unlisted` where there are such."""
    counts = asdict(report)
    return {name: value for name, value in counts.items() if value or name not in {"skipped", "unlisted"}}


def print_visit(line: str, visit: Visit, *, dry_run: bool) -> None:
    """What a visit to a source did, to read."""
    click.echo(f"{_plain(line)}: ", nl=False)
    print_report(visit.report, dry_run=dry_run)


def visit_json(visit: Visit) -> dict[str, Any]:
    """A visit's report as the contract has it; `failure` where it ended early."""
    return report_json(visit.report) | ({"failure": visit.failure} if visit.failure else {})


def _counts(report: Report, *, dry_run: bool) -> str:
    skipped = f", {report.skipped:,} skipped" if report.skipped else ""
    said = f"{report.new:,} new, {report.updated:,} updated, {report.unchanged:,} unchanged{skipped}"
    would = " Nothing was stored: this is what would change." if dry_run else ""
    return f"Read {report.read:,}: {said}, {report.refused:,} rejected.{would}"


def status_json(status: CorpusStatus) -> dict[str, Any]:
    """The corpus's state as the contract has it."""
    return {
        "papers": status.papers,
        "newest": status.newest.isoformat() if status.newest else None,
        "sources": dict(status.sources),
        "days": {day.isoformat(): dict(sources) for day, sources in status.days.items()},
        "sync": {state.source: _state_json(state) for state in status.states},
        "waiting": status.waiting,
    }


def feeds_json(feeds: FeedHealth) -> dict[str, Any]:
    """The feeds' state as the contract has it."""
    numbers = ("feeds", "due", "waiting", "set_aside", "unknown", "posted", "closed", "errors")
    return {
        "last_tick": feeds.ticked.isoformat(timespec="seconds") if feeds.ticked else None,
        **{name: getattr(feeds, name) for name in numbers},
        "last_error": feeds.last_error,
        "paused": [{"name": name, "why": why} for name, why in feeds.paused],
    }


def print_status(status: CorpusStatus, feeds: FeedHealth, others: Mapping[str, object]) -> None:
    """The corpus's state to read, and what else is known."""
    rows: dict[str, object] = {
        "papers": f"{status.papers:,}{f', the newest of {status.newest}' if status.newest else ''}",
        "waiting to be encoded": f"{status.waiting:,}",
    }
    rows |= {f"told by {source}": f"{papers:,}" for source, papers in status.sources.items()}
    for day, sources in status.days.items():
        rows[f"new on {day}"] = ", ".join(f"{papers:,} by {source}" for source, papers in sources.items())
    rows |= {_plain(state.source): _visited(state) for state in status.states}
    print_table({**rows, **_feed_rows(feeds), **others})


def _feed_rows(feeds: FeedHealth) -> dict[str, object]:
    if not feeds.feeds and not feeds.posted:
        return {"feeds": "none"}
    rows: dict[str, object] = {
        "feeds and alerts": f"{feeds.feeds:,}, {feeds.due:,} of them due",
        "posts": f"{feeds.posted:,} posted, {feeds.waiting:,} waiting, {feeds.set_aside:,} set aside, "
        f"{feeds.unknown:,} perhaps posted",
        "feeds looked at": _minute(feeds.ticked) if feeds.ticked else "never",
    }
    if feeds.errors:
        rows["errors in their loop"] = f"{feeds.errors:,}, the last: {_plain(feeds.last_error)}"
    return rows | {f"paused: {_plain(name)}": _plain(why) for name, why in feeds.paused}


def _visited(state: SourceState) -> str:
    if state.ended is None:
        last = "never visited"
    else:
        counts = state.counts or {}
        told = f"{counts.get('new', 0):,} new, {counts.get('updated', 0):,} updated"
        last = f"visited {_minute(state.ended)}: " + (_plain(state.failure) if state.failure else told)
    read = f"; read up to {state.watermark}" if state.watermark else ""
    return f"{last}{read}{f'; next at {_minute(state.next_visit)}' if state.next_visit else ''}"


def _minute(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _state_json(state: SourceState) -> dict[str, Any]:
    times = {"started": state.started, "ended": state.ended, "next": state.next_visit}
    return {
        "watermark": state.watermark,
        **{name: time.isoformat(timespec="seconds") if time else None for name, time in times.items()},
        "failure": state.failure,
        "counts": dict(state.counts or {}),
    }


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
