"""Which rows of a comparison somebody means, in their own words. Pure."""

import re
from collections.abc import Iterable, Mapping

from retrieval.comparing import ROWS, Row

_WORDS: Mapping[Row, str] = {
    "result": r"results?|findings?|outcomes?|accuracy|quality|performance|scores?|benchmarks?|contributions?",
    "speed-up": r"speed\w*|fast\w*|slow\w*|latency|throughput|tokens?/s|time|quick\w*|accelerat\w+|performance",
    "memory": r"memory|ram|vram|footprint|gb",
    "hardware": r"hardware|gpus?|cpus?|devices?|phones?|mobile|chips?|platforms?|fpgas?|machines?",
    "model size": r"models?|sizes?|parameters?|params?|scale|backbones?",
    "data": r"data|datasets?|data ?sets?|corpora|corpus|benchmarks?|training data|tasks?",
    "code": r"code|repo\w*|github|source|implementation|open[- ]source\w*|available|availability",
}
_PATTERNS: Mapping[Row, re.Pattern[str]] = {
    row: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for row, words in _WORDS.items()
}
_LONGEST = 60  # characters of an aspect that are read


def rows_for(aspects: Iterable[str]) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The rows that these words mean, in their usual order, and the words that mean none; no words at all mean all rows."""
    asked = [aspect.strip()[:_LONGEST] for aspect in aspects if aspect.strip()]
    meant: set[Row] = set()
    unknown: list[str] = []
    for aspect in asked:
        found: set[Row] = {row for row, pattern in _PATTERNS.items() if pattern.search(aspect)}
        meant |= found
        if not found:
            unknown.append(aspect)
    return tuple(row for row in ROWS if row in meant) or ROWS, tuple(unknown)
