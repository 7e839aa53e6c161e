"""The vector index of a command that only reads: a scan of every vector in SQL, beside a running bot."""

from collections.abc import Sequence

import numpy as np

from retrieval.representation import Matrix, Vector
from retrieval.search import Near
from retrieval.stored_vectors import StoredVectors


class ExactIndex:
    """All vectors in memory; a search is one matrix product (15 cpu-ms at 100,000 papers)."""

    def __init__(self, ids: list[str], rows: Matrix) -> None:
        self._ids = ids
        self._rows = rows
        self._position = dict(zip(ids, range(len(ids)), strict=True))

    def __len__(self) -> int:
        return len(self._ids)

    def nearest(self, vector: Vector, limit: int) -> list[Near]:
        """The papers closest to a vector, best first, with their cosine similarity."""
        if not self._ids:
            return []
        similarities = self._rows @ vector
        best = np.argsort(-similarities, kind="stable")[:limit]
        return [Near(self._ids[position], float(similarities[position])) for position in map(int, best)]

    def vector_of(self, paper_id: str) -> Vector | None:
        """The vector of one paper; None if the paper is not in the index."""
        position = self._position.get(paper_id)
        return None if position is None else self._rows[position]

    def vectors_of(self, paper_ids: Sequence[str]) -> dict[str, Vector]:
        """The vectors of those papers that are in the index."""
        return {
            paper_id: self._rows[self._position[paper_id]]
            for paper_id in paper_ids
            if paper_id in self._position
        }

    def background(self, size: int) -> Matrix:
        """At most `size` rows, evenly spread over the index."""
        return self._rows[:: max(1, -(-len(self._ids) // size))]


async def load_exact_index(stored: StoredVectors) -> ExactIndex:
    """Every paper that has a vector of this model."""
    ids: list[str] = []
    chunks: list[Matrix] = []
    async for chunk_ids, _, rows in stored.of_papers():
        ids += chunk_ids
        chunks.append(rows)
    return ExactIndex(ids, np.concatenate(chunks) if chunks else np.empty((0, 0), dtype=np.float32))
