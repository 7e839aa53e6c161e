"""The vector index that the running bot asks. The only file that knows chromadb.

Derived from SQL and never the truth: it can be deleted at any time. One process at a time may hold it. It keeps ids and
vectors, no texts.
"""

import logging
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from retrieval.errors import VectorIndexError
from retrieval.generations import Generations
from retrieval.representation import Matrix
from retrieval.seal import seal, unseal

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api import ClientAPI

log = logging.getLogger(__name__)
_COLLECTION = "papers"
_MAX_BATCH = 5000  # Chroma refuses more than 5,461 rows at once


class ChromaIndex:
    """A Chroma collection in a folder of its own, holding our combined vectors."""

    def __init__(self, folder: Path, *, made_with: str) -> None:
        """Open the collection, or begin it in an empty folder; `made_with` names the models of its vectors.

        Raises VectorIndexError if the folder cannot be used, or holds another model's vectors.
        """
        self.folder = folder
        with _in_words(folder):
            self._collection = _open(folder, made_with)
            self._size = self._collection.count()

    def __len__(self) -> int:
        return self._size

    def seal(self) -> None:
        """It is whole now: damage is noticed before it is opened again. Raises VectorIndexError."""
        with _in_words(self.folder):
            seal(self.folder, graph_files(self.folder))

    def contents(self) -> dict[str, str]:
        """The content hash of every paper in the index, by id."""
        contents: dict[str, str] = {}
        with _in_words(self.folder):
            for start in range(
                0, self._size, _MAX_BATCH
            ):  # 100,000 at once are too many variables for its SQLite
                held = cast(
                    "Any", self._collection.get(include=["metadatas"], limit=_MAX_BATCH, offset=start)
                )
                hashes = [metadata["content"] for metadata in held["metadatas"]]
                contents.update(zip(held["ids"], hashes, strict=True))
        return contents

    def put(self, ids: Sequence[str], content_hashes: Sequence[str], rows: Matrix) -> None:
        """Add papers, or replace their vectors. Until it is sealed, the index counts as damaged."""
        with _in_words(self.folder):
            unseal(self.folder)
            for start in range(0, len(ids), _MAX_BATCH):
                chunk = slice(start, start + _MAX_BATCH)
                self._collection.upsert(
                    ids=list(ids[chunk]),
                    embeddings=cast("Any", rows[chunk]),
                    metadatas=[{"content": content_hash} for content_hash in content_hashes[chunk]],
                )
            self._size = self._collection.count()

    def remove(self, ids: Iterable[str]) -> None:
        """Take papers out. Until it is sealed, the index counts as damaged."""
        gone = list(ids)
        with _in_words(self.folder):
            unseal(self.folder)
            for start in range(0, len(gone), _MAX_BATCH):
                self._collection.delete(ids=gone[start : start + _MAX_BATCH])
            self._size = self._collection.count()

    def nearest(self, vectors: Matrix, limit: int) -> list[list[str]]:
        """For each of the (q, d) unit rows the papers closest to it, best first. Raises VectorIndexError."""
        if not self._size:
            return [[] for _ in vectors]
        with _in_words(self.folder):
            found = cast(
                "Any",
                self._collection.query(
                    query_embeddings=cast("Any", vectors), n_results=min(limit, self._size), include=[]
                ),
            )
        return [list(ids) for ids in found["ids"]]


def open_whole(folder: Path, *, made_with: str) -> ChromaIndex | None:
    """The newest index in the folder that is whole and of these models; None if there is none."""
    generation = Generations(folder, graph_files).whole()
    if generation is None:
        return None
    try:
        index = ChromaIndex(generation, made_with=made_with)
        index.seal()  # Chroma notes in its SQLite file that it was opened
        return index  # noqa: TRY300
    except VectorIndexError as error:
        log.warning("The vector index is rebuilt: %s", error)
        return None


def begin(folder: Path, *, made_with: str) -> ChromaIndex:
    """A new, empty index beside those that there are. Raises VectorIndexError."""
    with _in_words(folder):
        generation = Generations(folder, graph_files).begin()
    try:
        return ChromaIndex(generation, made_with=made_with)
    except VectorIndexError:
        drop(folder, generation)
        raise


def settle(folder: Path, index: ChromaIndex) -> None:
    """This index is the one in use: drop the others."""
    with _in_words(folder):
        _close_clients(lambda path: path.parent == folder and path != index.folder)
        Generations(folder, graph_files).keep_only(index.folder)


def drop(folder: Path, generation: Path) -> None:
    """This index in the folder will not be used: close and remove it."""
    with _in_words(folder):
        _close_clients(lambda path: path == generation)
        Generations(folder, graph_files).drop(generation)


def graph_files(folder: Path) -> list[Path]:
    """What Chroma wrote: the graph's files, and the SQLite file with ids, contents and vectors not yet in the graph.

    SQLite would not notice a changed byte in either.
    """
    return [*folder.glob("*.sqlite3"), *folder.glob("*/*")]


def _open(folder: Path, made_with: str) -> "Collection":
    client = _client(folder)
    names = [collection.name for collection in client.list_collections()]
    if _COLLECTION not in names:
        return client.create_collection(
            _COLLECTION,
            embedding_function=None,
            metadata={"made_with": made_with},
            configuration={"hnsw": {"space": "ip"}},
        )
    # None on get as on create: an embedding function stored with the collection is never loaded.
    collection = client.get_collection(_COLLECTION, embedding_function=None)
    if (collection.metadata or {}).get("made_with") != made_with:
        raise VectorIndexError(f"{folder} holds vectors of other models")
    return collection


def _client(folder: Path) -> "ClientAPI":
    import chromadb  # noqa: PLC0415 - half a second, and only the running bot and `index` need it
    from chromadb.config import Settings  # noqa: PLC0415

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))


def _close_clients(is_unused: Callable[[Path], bool]) -> None:
    """Free the memory of the clients of some folders: Chroma keeps one for each until the process ends.

    Whoever still asks one of them gets a VectorIndexError.
    """
    from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415 - loaded already by `_client`

    # In its registry, and not by `close()`: a client whose collection was refused never came into our hands.
    registry = cast("Any", SharedSystemClient)
    systems, counts = registry._identifier_to_system, registry._identifier_to_refcount  # noqa: SLF001
    for name in [name for name in systems if is_unused(Path(name))]:
        counts.pop(name, None)
        systems.pop(name).stop()


@contextmanager
def _in_words(folder: Path) -> Generator[None]:
    try:
        yield
    except (VectorIndexError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        # What Rust and SQLite raise for what they find on the disk; a panic of Rust's is no Exception.
        raise VectorIndexError(
            f"the vector index in {folder} cannot be used: {error}. Check the folder's permissions and the free space."
        ) from error
