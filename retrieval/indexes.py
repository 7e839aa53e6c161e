"""What a search asks, as it stands at the moment: parts are replaced while questions go on being answered."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from retrieval.errors import VectorIndexError
from retrieval.exact import ExactIndex
from retrieval.expansion import Expansion
from retrieval.lexical import LexicalIndex
from retrieval.representation import Matrix
from retrieval.topics import Topics

log = logging.getLogger(__name__)
_COMPARED = 2500  # papers a question: of several questions at once, comparing all is one product


class Graph(Protocol):
    """An index that finds the nearest vectors without comparing all."""

    def nearest(self, vectors: Matrix, limit: int) -> list[list[str]]:
        """For each of the (q, d) unit rows the papers closest to it, best first."""
        ...


@dataclass(slots=True)
class Indexes:
    """`rows` and `texts` are always there, if empty; `graph` is None until it is whole, and after it failed.

    `expansion` and `topics` are what was learned from the papers; None until it is, or where it is not wanted.
    """

    rows: ExactIndex
    texts: LexicalIndex
    graph: Graph | None = None
    expansion: Expansion | None = None
    topics: Topics | None = None

    def nearest(self, vectors: Matrix, limit: int) -> list[list[str]]:
        """The papers closest to each row, from the graph, or by comparing all where that is cheaper or there is none."""
        graph = self.graph
        together = len(vectors) > 1 and len(self.rows) <= _COMPARED * len(vectors)
        if graph is not None and len(vectors) and not together:
            try:
                return graph.nearest(vectors, limit)
            except VectorIndexError as error:
                if self.graph is graph:  # and not replaced meanwhile, which closes it
                    log.warning("The vector index failed and is left alone until it is rebuilt: %s", error)
                    self.graph = None
        return self.rows.nearest(vectors, limit)

    def nearest_among(self, vectors: Matrix, limit: int, among: Sequence[str]) -> list[list[str]]:
        """The same, of the named papers only."""
        return self.rows.nearest(vectors, limit, among=among)
