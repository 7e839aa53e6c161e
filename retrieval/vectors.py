"""The vector index that the running bot asks. The only file that knows chromadb.

Derived from SQL and never the truth: it can be deleted at any time. One process at a time may hold it.
"""

import logging
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from retrieval.encoder import Model
from retrieval.errors import VectorIndexError
from retrieval.representation import RECIPE, Matrix, Vector
from retrieval.seal import refuse_damage, seal, unseal
from retrieval.search import Near

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api import ClientAPI

log = logging.getLogger(__name__)
_COLLECTION = "papers"
_MAX_BATCH = 5000  # Chroma refuses more than 5,461 rows at once


class ChromaIndex:
    """A Chroma collection in a folder, holding our vectors of one model."""

    def __init__(self, folder: Path, *, model: Model) -> None:
        """Open the index, or start an empty one where it is missing, damaged or another model's.

        Raises VectorIndexError if the folder cannot be used at all.
        """
        self._folder = folder
        self._metadata = {"model": model.name, "revision": model.revision, "recipe": RECIPE}
        try:
            refuse_damage(self._folder, self._graph_files())
            self._collection = self._open()
            self.contents()
        except Exception as damage:  # noqa: BLE001 - a damaged file surfaces as any of Rust's or SQLite's errors
            log.warning(
                "The index in %s cannot be read (%s); it is rebuilt from the database.", folder, damage
            )
            self._collection = self._start_over()

    def seal(self) -> None:
        """It is whole now: damage is noticed when it is opened again."""
        seal(self._folder, self._graph_files())

    def contents(self) -> dict[str, str]:
        """The content hash of every paper in the index, by id."""
        held = cast("Any", self._collection.get(include=["metadatas"]))
        return {
            paper_id: metadata["content"]
            for paper_id, metadata in zip(held["ids"], held["metadatas"], strict=True)
        }

    def put(self, ids: Sequence[str], content_hashes: Sequence[str], rows: Matrix) -> None:
        """Add papers, or replace their vectors. Until it is sealed, the index counts as damaged."""
        unseal(self._folder)
        for start in range(0, len(ids), _MAX_BATCH):
            chunk = slice(start, start + _MAX_BATCH)
            self._collection.upsert(
                ids=list(ids[chunk]),
                embeddings=cast("Any", rows[chunk]),
                metadatas=[{"content": content_hash} for content_hash in content_hashes[chunk]],
            )

    def remove(self, ids: Sequence[str]) -> None:
        """Take papers out. Until it is sealed, the index counts as damaged."""
        unseal(self._folder)
        for start in range(0, len(ids), _MAX_BATCH):
            self._collection.delete(ids=list(ids[start : start + _MAX_BATCH]))

    def clear(self) -> None:
        """Take every paper out."""
        self._collection = self._start_over()

    def nearest(self, vector: Vector, limit: int) -> list[Near]:
        """The papers closest to a vector, best first, with their cosine similarity."""
        size = self._collection.count()
        if not size:
            return []
        found = cast(
            "Any",
            self._collection.query(
                query_embeddings=cast("Any", [vector]), n_results=min(limit, size), include=["distances"]
            ),
        )
        return [
            Near(paper_id, 1.0 - distance)
            for paper_id, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def vector_of(self, paper_id: str) -> Vector | None:
        """The vector of one paper; None if the paper is not in the index."""
        held = cast("Any", self._collection.get(ids=[paper_id], include=["embeddings"]))
        return np.asarray(held["embeddings"][0], dtype=np.float32) if held["ids"] else None

    def vectors_of(self, paper_ids: Sequence[str]) -> dict[str, Vector]:
        """The vectors of those papers that are in the index."""
        if not paper_ids:
            return {}
        held = cast("Any", self._collection.get(ids=list(paper_ids), include=["embeddings"]))
        return dict(zip(held["ids"], np.asarray(held["embeddings"], dtype=np.float32), strict=True))

    def background(self, size: int) -> Matrix:
        """At most `size` rows of the index."""
        held = cast("Any", self._collection.get(limit=size, include=["embeddings"]))
        return np.asarray(held["embeddings"], dtype=np.float32)

    def _graph_files(self) -> list[Path]:
        """The SQLite file is none of them: it changes by itself, and SQLite knows when it is damaged."""
        return list(self._folder.glob("*/*"))

    def _open(self) -> "Collection":
        client = _client(self._folder)
        with suppress(_not_found()):
            # None on get as on create: an embedding function stored with the collection is never loaded.
            collection = client.get_collection(_COLLECTION, embedding_function=None)
            if {key: (collection.metadata or {}).get(key) for key in self._metadata} == self._metadata:
                return collection
            log.info("The index holds vectors of another model; it is rebuilt from the database.")
            client.delete_collection(_COLLECTION)
        return client.create_collection(
            _COLLECTION,
            embedding_function=None,
            metadata=self._metadata,
            configuration={"hnsw": {"space": "cosine"}},
        )

    def _start_over(self) -> "Collection":
        from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415

        SharedSystemClient.clear_system_cache()  # else the client of the damaged files is handed out again
        try:
            if self._folder.exists():
                shutil.rmtree(self._folder)
            return self._open()
        except Exception as error:
            raise VectorIndexError(
                f"the index folder {self._folder} cannot be used: {error}. Check its permissions and the free space."
            ) from error


def _client(folder: Path) -> "ClientAPI":
    import chromadb  # noqa: PLC0415 - half a second, and only the running bot and `index` need it
    from chromadb.config import Settings  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))


def _not_found() -> type[Exception]:
    from chromadb.errors import NotFoundError  # noqa: PLC0415

    return NotFoundError
