"""The vectors in SQL, from which every index is built: made once, kept for good."""

from collections.abc import Collection, Mapping, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.database import reading, writing
from corpus.tables import vectors
from retrieval.representation import Matrix, PaperVectors

_WHOLE = np.dtype("<f4")
_SENTENCES = np.dtype("i1")  # only compared with one another: a quarter of the room, the same order
_LARGEST = 127
_CHUNK = 500  # contents in one IN (…); databases limit the parameters of a statement


class StoredVectors:
    """The vectors of some models, by their keys, in one database."""

    def __init__(self, engine: AsyncEngine, models: Sequence[str]) -> None:
        self._engine = engine
        self._models = tuple(models)

    def only(self, models: Sequence[str]) -> "StoredVectors":
        """Those of some of the models, or of others."""
        return StoredVectors(self._engine, models)

    async def hashes(self, model: str) -> set[str]:
        """The content hashes that have a vector of this model."""
        query = select(vectors.c.content_hash).where(vectors.c.model == model)
        async with reading(self._engine) as connection:
            return set((await connection.scalars(query)).all())

    async def complete(self) -> set[str]:
        """The content hashes that have a vector of every model."""
        return reduce(set[str].intersection, [await self.hashes(model) for model in self._models])

    async def put(self, model: str, made: Mapping[str, PaperVectors]) -> None:
        """Keep the new vectors of some contents, by content hash."""
        values = [
            {
                "model": model,
                "content_hash": content_hash,
                "whole": paper.whole.astype(_WHOLE).tobytes(),
                "sentences": _small(paper.sentences).tobytes(),
            }
            for content_hash, paper in made.items()
        ]
        async with writing(self._engine) as connection:
            # Another process on the same database may have made them meanwhile: theirs are as good.
            same = select(vectors.c.content_hash).where(_are(model, made))
            held = set((await connection.scalars(same)).all())
            if missing := [row for row in values if row["content_hash"] not in held]:
                await connection.execute(insert(vectors), missing)

    async def hashes_among(self, model: str, content_hashes: Collection[str]) -> set[str]:
        """Those of the contents that have a vector of this model."""
        query = select(vectors.c.content_hash).where(_are(model, content_hashes))
        async with reading(self._engine) as connection:
            return set((await connection.scalars(query)).all())

    async def wholes(self, content_hashes: Sequence[str]) -> list[Matrix]:
        """For each model an (n, d) matrix, a row for each of these contents. Raises KeyError for one without."""
        return [await self._wholes(model, content_hashes) for model in self._models]

    async def _wholes(self, model: str, content_hashes: Sequence[str]) -> Matrix:
        blobs: dict[str, bytes] = {}
        async with reading(self._engine) as connection:
            for start in range(0, len(content_hashes), _CHUNK):
                chunk = content_hashes[start : start + _CHUNK]
                query = select(vectors.c.content_hash, vectors.c.whole).where(_are(model, chunk))
                blobs.update((await connection.execute(query)).all())
        return _matrix([blobs[content_hash] for content_hash in content_hashes])

    async def sentences(self, model: str, content_hashes: Collection[str]) -> dict[str, Matrix]:
        """The sentences' unit vectors of some contents, by content hash; those without vectors are left out."""
        query = select(vectors.c.content_hash, vectors.c.whole, vectors.c.sentences).where(
            _are(model, content_hashes)
        )
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return {row.content_hash: _rows(row.sentences, len(row.whole) // _WHOLE.itemsize) for row in rows}


def _are(model: str, content_hashes: Collection[str]) -> ColumnElement[bool]:
    return (vectors.c.model == model) & vectors.c.content_hash.in_(content_hashes)


def _matrix(blobs: Sequence[bytes]) -> Matrix:
    return np.frombuffer(b"".join(blobs), dtype=_WHOLE).reshape(len(blobs), -1).astype(np.float32)


def _small(rows: Matrix) -> NDArray[np.int8]:
    """Each row scaled to the range of int8: a cosine does not see the scale."""
    largest = np.maximum(np.abs(rows).max(axis=1, keepdims=True, initial=0.0), 1e-9)
    return np.rint(rows / largest * _LARGEST).astype(np.int8)


def _rows(blob: bytes, dimension: int) -> Matrix:
    rows = np.frombuffer(blob, dtype=_SENTENCES).reshape(-1, dimension).astype(np.float32)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
