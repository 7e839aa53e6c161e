"""How well each pipeline finds what it should, as the tables of docs/quality.md. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from retrieval.metrics import Interval, Scores

_HEADINGS = (
    "pipeline",
    "nDCG@10",
    "nDCG@10 against the default",
    "recall@10",
    "recall@100",
    "MRR@10",
    "cpu-ms a question",
    "bytes a paper",
)
_LEGEND = (
    "Bold is the best of its column. Brackets hold the 95 % interval of the difference in nDCG@10 (paired bootstrap over "
    "the questions): where both ends have the same sign, the difference is more than chance."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One pipeline on one collection. `against_default` is None for the default itself; `cpu_ms` is for one question."""

    collection: str
    pipeline: str
    scores: Scores
    against_default: Interval | None
    cpu_ms: float
    bytes_per_paper: int


def quality_page(rows: Sequence[Row], *, command: str, machine: str) -> str:
    """The tables in Markdown, one a collection; collections and pipelines keep the order in which they come."""
    collections = dict.fromkeys(row.collection for row in rows)
    tables = (
        f"### {name}\n\n{_table([row for row in rows if row.collection == name])}" for name in collections
    )
    return "\n\n".join([f"Made by `{command}` on {machine}.", _LEGEND, *tables]) + "\n"


def _table(rows: Sequence[Row]) -> str:
    columns = [
        [_escaped(row.pipeline) for row in rows],
        _figures([row.scores.ndcg10 for row in rows], _share, best=max),
        [_difference(row.against_default) for row in rows],
        _figures([row.scores.recall10 for row in rows], _share, best=max),
        _figures([row.scores.recall100 for row in rows], _share, best=max),
        _figures([row.scores.mrr10 for row in rows], _share, best=max),
        _figures([row.cpu_ms for row in rows], "{:.1f}".format, best=min),
        _figures([row.bytes_per_paper for row in rows], "{:,}".format, best=min),
    ]
    ruler = ["---", *["---:"] * (len(_HEADINGS) - 1)]
    return "\n".join(map(_line, [_HEADINGS, ruler, *zip(*columns, strict=True)]))


def _figures(
    values: Sequence[float], shown: Callable[[float], str], *, best: Callable[[Sequence[float]], float]
) -> list[str]:
    """The figures of a column. The best is bold with all that look the same, unless all do: nobody won then."""
    texts = [shown(value) for value in values]
    winner = shown(best(values))
    if set(texts) == {winner}:
        return texts
    return [f"**{text}**" if text == winner else text for text in texts]


def _difference(interval: Interval | None) -> str:
    if interval is None:
        return "—"
    return f"{_signed(interval.mean)} [{_signed(interval.low)}, {_signed(interval.high)}]"


def _share(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


def _signed(value: float) -> str:
    text = _share(abs(value))
    if text == _share(0):
        return text
    return f"+{text}" if value > 0 else f"−{text}"


def _escaped(text: str) -> str:
    return text.replace("|", r"\|")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
