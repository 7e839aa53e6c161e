"""What an evaluation measured, as it is printed."""

from collections.abc import Mapping
from typing import Any

from retrieval.evaluation import Evaluation
from retrieval.metrics import paired_bootstrap

DEFAULT = "default"


def measurements(measured: Mapping[str, Evaluation]) -> dict[str, Any]:
    """The figures of the default; the others, if there are any, as `ablations` with their differences to it."""
    default = measured[DEFAULT]
    rows = _figures(default)
    others = {
        name: _figures(one) | _difference(one, default)
        for name, one in measured.items()
        if one is not default
    }
    return rows | ({"ablations": others} if others else {})


def _figures(measured: Evaluation) -> dict[str, Any]:
    mean = measured.mean
    return {
        "queries": len(measured.scores),
        "documents": measured.documents,
        "ndcg@10": round(mean.ndcg10, 4),
        "recall@10": round(mean.recall10, 4),
        "recall@100": round(mean.recall100, 4),
        "mrr@10": round(mean.mrr10, 4),
        "refused": measured.refused,
        "cpu_ms": round(measured.cpu_ms, 1),
    }


def _difference(one: Evaluation, default: Evaluation) -> dict[str, Any]:
    """In nDCG@10, with its 95 % interval over the same questions."""
    interval = paired_bootstrap(
        [scores.ndcg10 for scores in one.scores], [scores.ndcg10 for scores in default.scores]
    )
    return {
        "difference": round(interval.mean, 4),
        "interval": [round(interval.low, 4), round(interval.high, 4)],
    }
