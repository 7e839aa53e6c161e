"""The command line: `papercord`. Options and words only; what a command does is in bot.tasks.

Nothing heavy is imported before a command runs: `papercord --help` answers in a blink.
"""

import functools
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.command import global_options, json_option, mode_option, runs

if TYPE_CHECKING:
    from bot.results import Sort
    from retrieval.search import Mode


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="papercord")
@global_options
def main() -> None:
    """Papercord: research papers, found from Discord.

    Every command works offline on the bundled paper set. Start with `papercord run`.
    """
    # Before numpy is imported. Its library's threads would wait for work by spinning, on the cores that encode the
    # question: with one, a search costs a third less, and the product of a few vectors is as fast.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@main.command()
@click.option("--no-browser", is_flag=True, help="Do not open the playground in a browser.")
@global_options
def run(no_browser: bool) -> None:
    """Be on Discord if DISCORD_TOKEN is set; else open the playground."""
    from bot import tasks  # noqa: PLC0415

    runs(functools.partial(tasks.run, open_browser=not no_browser))


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Its port on 127.0.0.1 [default: any free one].")
@click.option("--no-browser", is_flag=True, help="Only print the page's address.")
@global_options
def playground(port: int | None, no_browser: bool) -> None:
    """Open the real bot in a local browser page; no Discord account is needed."""
    from bot import tasks  # noqa: PLC0415

    runs(functools.partial(tasks.playground, port=port, open_browser=not no_browser))


@main.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--format", "named", metavar="NAME", help="What the files are, if that is guessed wrongly.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option(
    "--visited",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day the page was saved (YYYY-MM-DD), if its year is worked out wrongly.",
)
@json_option
@global_options
def import_(
    files: tuple[Path, ...], named: str | None, dry_run: bool, visited: datetime | None, as_json: bool
) -> None:
    """Take in papers from files, of whatever kind they are.

    The text of a Hugging Face Daily Papers page (open it in a browser, select all, copy, save as a text file), Hugging
    Face JSON, arXiv Atom or RSS, JSONL (also gzipped), or a list of arXiv ids and links, which are looked up at arXiv.
    Give - and paste, ended by Ctrl-D.
    """
    from bot import tasks  # noqa: PLC0415

    day = visited.date() if visited else None
    runs(
        functools.partial(
            tasks.import_papers, files=files, visited=day, named=named, dry_run=dry_run, as_json=as_json
        )
    )


@main.command()
@click.option(
    "--source",
    "lines",
    multiple=True,
    metavar="SOURCE",
    help="One source, as config.toml names them; may be repeated [default: those of config.toml].",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Fetch everything since that day (YYYY-MM-DD) [default: where the last visit ended].",
)
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@json_option
@global_options
def sync(lines: tuple[str, ...], since: datetime | None, dry_run: bool, as_json: bool) -> None:
    """Fetch new papers from the configured sources, now.

    The bot on Discord does it by itself, and owns the data folder while it runs: there it is /corpus sync.
    """
    from bot import tasks  # noqa: PLC0415

    day = since.date() if since else None
    runs(functools.partial(tasks.sync, lines=lines, since=day, dry_run=dry_run, as_json=as_json))


@main.command()
@click.option(
    "--rebuild", is_flag=True, help="Build the index anew from the stored vectors; nothing is encoded twice."
)
@json_option
@global_options
def index(rebuild: bool, as_json: bool) -> None:
    """Bring the index up to date with the papers."""
    from bot import tasks  # noqa: PLC0415

    runs(functools.partial(tasks.index, rebuild=rebuild, as_json=as_json))


@main.command()
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 50), default=5, show_default=True, help="How many papers.")
@mode_option
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest", "upvotes", "comments"]),
    default="relevance",
    show_default=True,
    help="The order of the papers that were found.",
)
@json_option
@global_options
def find(query: str, limit: int, mode: "Mode", sort: "Sort", as_json: bool) -> None:
    """Find papers by what they are about, in your own words.

    QUERY may hold title: author: org: cat: id: after: before: has:code min_upvotes: "a phrase" and -without.
    """
    from bot import tasks  # noqa: PLC0415

    if not query.strip():
        raise click.BadParameter("it is empty; say what the papers are about", param_hint="QUERY")
    if query != query.encode("utf-8", "replace").decode("utf-8"):
        raise click.BadParameter("it is not UTF-8 text", param_hint="QUERY")
    runs(
        functools.partial(tasks.find, query=query.strip(), limit=limit, mode=mode, sort=sort, as_json=as_json)
    )


@main.command()
@click.argument("paper")
@click.option("--limit", type=click.IntRange(1, 50), default=5, show_default=True, help="How many papers.")
@json_option
@global_options
def similar(paper: str, limit: int, as_json: bool) -> None:
    """Find papers like one: an arXiv id, a link, or a title."""
    from bot import tasks  # noqa: PLC0415

    runs(functools.partial(tasks.similar, given=paper, limit=limit, as_json=as_json))


@main.command()
@click.argument("question")
@click.option(
    "--paper",
    "papers",
    multiple=True,
    metavar="PAPER",
    help="Only this paper answers: an arXiv id, a link, or a title; may be repeated.",
)
@json_option
@global_options
def ask(question: str, papers: tuple[str, ...], as_json: bool) -> None:
    """Answer a question with sentences of the papers, word for word.

    Where no sentence answers it, the answer says so and names the nearest papers.
    """
    from bot import tasks  # noqa: PLC0415

    if not question.strip():
        raise click.BadParameter("it is empty; ask what you want to know", param_hint="QUESTION")
    if question != question.encode("utf-8", "replace").decode("utf-8"):
        raise click.BadParameter("it is not UTF-8 text", param_hint="QUESTION")
    runs(functools.partial(tasks.ask, question=question.strip(), given=papers, as_json=as_json))


@main.command("evaluate-answers")
@click.option(
    "--questions",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Questions on the bundled papers [default: benchmarks/answers, in a checkout].",
)
@click.option(
    "--transfer",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Also a collection in BEIR layout: is a relevant paper cited? Its papers are encoded once.",
)
@click.option(
    "--lies",
    is_flag=True,
    help="Also with a language model on this computer that lies: which of its claims reach a reader?",
)
@json_option
@global_options
def evaluate_answers(questions: Path | None, transfer: Path | None, lies: bool, as_json: bool) -> None:
    """Measure the answers, on questions whose answering sentence is known.

    Each half apart: the one that the rules were tuned on, and the other.
    """
    from bot import tasks  # noqa: PLC0415

    runs(
        functools.partial(
            tasks.evaluate_answers, folder=questions, transfer=transfer, lies=lies, as_json=as_json
        )
    )


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--limit-queries", type=click.IntRange(min=1), metavar="N", help="Only the first N questions.")
@click.option("--ablate", is_flag=True, help="Also every stage alone, and the search without each.")
@mode_option
@json_option
@global_options
def evaluate(folder: Path, limit_queries: int | None, ablate: bool, mode: "Mode", as_json: bool) -> None:
    """Measure how well the search finds, on a collection in BEIR layout.

    DIR holds corpus.jsonl (or .jsonl.gz), queries.jsonl and qrels.tsv. The papers are encoded once.
    """
    from bot import tasks  # noqa: PLC0415

    runs(
        functools.partial(
            tasks.evaluate,
            folder=folder,
            mode=mode,
            ablate=ablate,
            limit_queries=limit_queries,
            as_json=as_json,
        )
    )


@main.command()
@click.option(
    "--papers",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="JSONL or gzipped JSONL with id, title, abstract, authors, date [default: the bundled papers].",
)
@click.option(
    "--size",
    type=click.IntRange(min=50),
    metavar="N",
    help="Only the first N papers [default: 10,000, then 100,000 if there are so many].",
)
@click.option("--million", is_flag=True, help="Also a million vectors, simulated; hours and many gigabytes.")
@json_option
@global_options
def bench(papers: Path | None, size: int | None, million: bool, as_json: bool) -> None:
    """Measure how fast and how large it is on this machine, each figure beside its yardstick.

    Papers are stored and encoded in a folder of the bench's own, once; an interrupted run is resumed.
    """
    from bot import tasks  # noqa: PLC0415

    if size and not papers:
        raise click.BadParameter(
            "it counts papers of --papers; the bundled set has one size", param_hint="--size"
        )
    runs(functools.partial(tasks.bench, file=papers, size=size, with_million=million, as_json=as_json))


@main.command()
@json_option
@global_options
def status(as_json: bool) -> None:
    """Show what is in the data folder, and whether the bot runs."""
    from bot import tasks  # noqa: PLC0415

    runs(functools.partial(tasks.status, as_json=as_json))


@main.command("check-config")
@json_option
@global_options
def check_config(as_json: bool) -> None:
    """Check the settings, and show what they come to. Secrets are not shown."""
    from bot import tasks  # noqa: PLC0415

    runs(functools.partial(tasks.check_config, as_json=as_json))
