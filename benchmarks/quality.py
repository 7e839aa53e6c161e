"""Measure every pipeline on collections in BEIR layout, and write docs/quality.md.

    python -m benchmarks.quality DIR… [--deep] [--data DIR] [--write FILE]

Papers are encoded once and kept in the data folder, as by `papercord evaluate`. Tune on one collection, report all.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks.cross_encoder import reread
from benchmarks.quality_page import Row, quality_page
from bot.bench.machine import this_machine
from bot.config import load_settings
from bot.data_folder import owned
from bot.measurements import DEFAULT
from bot.wiring import Parts, open_ensemble, open_parts
from retrieval.beir import Collection, read_collection
from retrieval.ensemble import Ensemble
from retrieval.evaluation import Evaluation, Examination, Variant, ablations
from retrieval.lexical import LexicalIndex
from retrieval.lexical_fields import Entry
from retrieval.metrics import paired_bootstrap
from retrieval.stored_vectors import StoredVectors

_FLOAT = 4  # bytes
_DEEP_QUESTIONS = 100
_INTRODUCTION = """\
# How well it finds

Every stage alone, together, and the search without each, on collections that nobody here wrote: questions over abstracts of
machine learning (autoscholar, litsearch), claims (scifact), questions by example (csfcube), and old computer science (cacm).
Settings were chosen on autoscholar alone. `make quality COLLECTIONS="…"` makes this page again.

"""
_DEEP = "default, then a cross-encoder over the best 20 (no part of the search)"


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--deep", is_flag=True, help="Also the cross-encoder, which takes a third of a second a question."
)
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--write", type=click.Path(path_type=Path), help="The page to write; else it is printed.")
def main(folders: tuple[Path, ...], deep: bool, data: Path, write: Path | None) -> None:
    """Measure, and write the page."""
    rows = asyncio.run(_measure(folders, data, deep=deep))
    names = " ".join(folder.name for folder in folders)
    command = f"python -m benchmarks.quality {names}{' --deep' if deep else ''}"
    page = _INTRODUCTION + quality_page(rows, command=command, machine=str(this_machine()))
    if write:
        write.write_text(page, "utf-8")
    else:
        click.echo(page)


async def _measure(folders: Sequence[Path], data: Path, *, deep: bool) -> list[Row]:
    settings = load_settings(None, data=data)
    place = data / "evaluations"
    rows: list[Row] = []
    with owned(place):
        async with open_parts(settings.model_copy(update={"data": place})) as parts:
            ensemble = open_ensemble(settings)
            for folder in folders:
                rows += await _of_collection(read_collection(folder), parts, ensemble, deep=deep)
    return rows


async def _of_collection(
    collection: Collection, parts: Parts, ensemble: Ensemble, *, deep: bool
) -> list[Row]:
    stored = StoredVectors(parts.engine, [encoder.model.key for encoder in ensemble.encoders])
    examination = Examination(collection, stored, parts.background.run)
    await examination.prepare(ensemble, _say(collection.name))
    variants = ablations(ensemble, parts.rules)
    measured = await examination.ask_all(
        variants, parts.verdict, topics=parts.settings.retrieval.is_calibrated
    )
    texts = _bytes_of_texts(examination)
    rows = [_row(collection.name, variant, measured, texts) for variant in measured]
    if deep:
        rows += await _last_stage(collection, examination, Variant(DEFAULT, ensemble, parts.rules), texts)
    return rows


async def _last_stage(
    collection: Collection, examination: Examination, default: Variant, texts: int
) -> list[Row]:
    """The cross-encoder beside the default, over the same few questions: a table of its own."""
    few = _DEEP_QUESTIONS
    deep = Variant(_DEEP, default.ensemble, default.rules)
    measured = {
        default: await examination.ask(default, None, topics=False, limit_questions=few),
        deep: await examination.ask(
            deep, None, topics=False, limit_questions=few, rerank=reread(examination.papers)
        ),
    }
    name = f"{collection.name}, the first {few} questions"
    return [_row(name, variant, measured, texts) for variant in measured]


def _row(name: str, variant: Variant, measured: dict[Variant, Evaluation], bytes_of_texts: int) -> Row:
    one = measured[variant]
    default = next(other for named, other in measured.items() if named.name == DEFAULT)
    difference = None
    if one is not default:
        pairs = ([scores.ndcg10 for scores in of.scores] for of in (one, default))
        difference = paired_bootstrap(*pairs)
    room = 0 if variant.mode == "exact" else _FLOAT * variant.ensemble.dimension
    room += 0 if variant.mode == "semantic" else bytes_of_texts
    return Row(name, variant.name, one.mean, difference, one.cpu_ms, room)


def _bytes_of_texts(examination: Examination) -> int:
    """What the text index takes on disk for a paper."""
    with TemporaryDirectory() as folder:
        texts = LexicalIndex(Path(folder))
        texts.put([Entry(key, paper) for key, paper in examination.papers.items()])
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
    return size // len(examination.papers)


def _say(name: str):  # noqa: ANN202 - a progress function
    def progress(done: int, total: int) -> None:
        if done == total:
            click.echo(f"{name}: {total} papers are encoded", err=True)

    return progress


if __name__ == "__main__":
    main()
