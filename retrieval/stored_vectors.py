"""The vectors in SQL, from which every index is built: made once, kept for good."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.database import reading, writing
from corpus.tables import papers, vectors
from retrieval.representation import Matrix, PaperVectors

_WHOLE = np.dtype("<f4")
_SENTENCES = np.dtype("<f2")  # only compared with one another; half the room, the same order
_CHUNK_ROWS = 2000


class StoredVectors:
    """The vectors of one model in one database."""

    def __init__(self, engine: AsyncEngine, model_key: str) -> None:
        self._engine = engine
        self._model = model_key

    async def hashes(self) -> set[str]:
        """The content hashes that have vectors."""
        query = select(vectors.c.content_hash).where(vectors.c.model == self._model)
        async with reading(self._engine) as connection:
            return set((await connection.scalars(query)).all())

    async def put(self, made: Mapping[str, PaperVectors]) -> None:
        """Keep the new vectors of some contents, by content hash."""
        values = [
            {
                "model": self._model,
                "content_hash": content_hash,
                "whole": paper.whole.astype(_WHOLE).tobytes(),
                "sentences": paper.sentences.astype(_SENTENCES).tobytes(),
            }
            for content_hash, paper in made.items()
        ]
        same = (vectors.c.model == self._model) & vectors.c.content_hash.in_(made)
        async with writing(self._engine) as connection:
            # Another process on the same database may have made them meanwhile: theirs are as good.
            held = set((await connection.scalars(select(vectors.c.content_hash).where(same))).all())
            if missing := [row for row in values if row["content_hash"] not in held]:
                await connection.execute(insert(vectors), missing)

    async def of_papers(self) -> AsyncIterator[tuple[list[str], list[str], Matrix]]:
        """Every paper that has a vector, in chunks: ids, content hashes and the (n, dimension) matrix."""
        query = (
            select(papers.c.id, papers.c.content_hash, vectors.c.whole)
            .join(vectors, vectors.c.content_hash == papers.c.content_hash)
            .where(vectors.c.model == self._model)
            .order_by(papers.c.id)
        )
        async with reading(self._engine) as connection:
            result = await connection.stream(query)
            async for rows in result.partitions(_CHUNK_ROWS):
                ids, hashes, blobs = zip(*rows, strict=True)
                yield list(ids), list(hashes), _matrix(blobs)

    async def of_contents(self, content_hashes: Sequence[str]) -> Matrix:
        """The vectors of these contents, a row each in this order. Raises KeyError for one that has none."""
        query = select(vectors.c.content_hash, vectors.c.whole).where(vectors.c.model == self._model)
        async with reading(self._engine) as connection:
            held: dict[str, bytes] = dict((await connection.execute(query)).all())
        return _matrix([held[content_hash] for content_hash in content_hashes])

    async def sentences(self, content_hashes: Collection[str]) -> dict[str, Matrix]:
        """The sentences' vectors of some contents, by content hash; those without vectors are left out."""
        query = (
            select(vectors.c.content_hash, vectors.c.whole, vectors.c.sentences)
            .where(vectors.c.model == self._model)
            .where(vectors.c.content_hash.in_(content_hashes))
        )
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return {row.content_hash: _rows(row.sentences, len(row.whole) // _WHOLE.itemsize) for row in rows}


def _matrix(blobs: Sequence[bytes]) -> Matrix:
    return np.frombuffer(b"".join(blobs), dtype=_WHOLE).reshape(len(blobs), -1).astype(np.float32)


def _rows(blob: bytes, dimension: int) -> Matrix:
    return np.frombuffer(blob, dtype=_SENTENCES).reshape(-1, dimension).astype(np.float32)
