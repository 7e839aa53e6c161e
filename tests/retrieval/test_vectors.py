"""The Chroma index: ours in every vector, and rebuilt whenever it cannot be trusted."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoder import Model
from retrieval.errors import VectorIndexError
from retrieval.vectors import ChromaIndex

MODEL = Model("words", "1")
ROWS = np.eye(3, dtype=np.float32)


def filled(folder: Path, model: Model = MODEL) -> ChromaIndex:
    index = ChromaIndex(folder, model=model)
    index.put(["a", "b", "c"], ["1", "2", "3"], ROWS)
    index.seal()
    return index


def large(folder: Path) -> None:
    """Enough rows for Chroma to write its graph files, and the process that wrote them gone."""
    code = (
        "import sys, pathlib, numpy as np\nfrom retrieval.encoder import Model\n"
        "from retrieval.vectors import ChromaIndex\n"
        "rows = np.random.default_rng(0).normal(size=(2500, 16)).astype('float32')\n"
        "rows /= np.linalg.norm(rows, axis=1, keepdims=True)\n"
        "index = ChromaIndex(pathlib.Path(sys.argv[1]), model=Model('words', '1'))\n"
        "index.put([str(n) for n in range(2500)], ['x'] * 2500, rows)\nindex.seal()\n"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], cwd=Path(__file__).parents[2], check=True)


def opened_and_asked(folder: Path) -> int:
    """How many rows a new process finds in the index when it asks for 30."""
    code = (
        "import sys, pathlib, numpy as np\nfrom retrieval.encoder import Model\n"
        "from retrieval.vectors import ChromaIndex\n"
        "index = ChromaIndex(pathlib.Path(sys.argv[1]), model=Model('words', '1'))\n"
        "print(len(index.nearest(np.eye(1, 16, dtype='float32')[0], 30)))\n"
    )
    command = [sys.executable, "-c", code, str(folder)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True)
    return int(done.stdout)


def test_the_nearest_come_first_with_their_cosine(tmp_path: Path):
    index = filled(tmp_path / "index")
    near = index.nearest(np.array([0.8, 0.6, 0], dtype=np.float32), 2)
    assert [other.paper_id for other in near] == ["a", "b"]
    assert [other.similarity for other in near] == pytest.approx([0.8, 0.6], abs=1e-6)


def test_an_empty_index_finds_nothing(tmp_path: Path):
    index = ChromaIndex(tmp_path / "index", model=MODEL)
    assert index.nearest(ROWS[0], 5) == []
    assert index.vector_of("a") is None
    assert index.contents() == {}


def test_it_is_there_again_after_a_restart(tmp_path: Path):
    filled(tmp_path / "index")
    again = ChromaIndex(tmp_path / "index", model=MODEL)
    assert again.contents() == {"a": "1", "b": "2", "c": "3"}
    vector = again.vector_of("b")
    assert vector is not None
    np.testing.assert_allclose(vector, ROWS[1])


def test_another_models_index_is_never_used(tmp_path: Path):
    filled(tmp_path / "index")
    other = ChromaIndex(tmp_path / "index", model=Model("words", "2"))
    assert other.contents() == {}
    other.put(["a"], ["1"], np.eye(1, 8, dtype=np.float32))  # of another dimension, too


def test_an_id_can_be_replaced_and_removed(tmp_path: Path):
    index = filled(tmp_path / "index")
    index.put(["a"], ["9"], ROWS[2:])
    index.remove(["b"])
    assert index.contents() == {"a": "9", "c": "3"}
    index.clear()
    assert index.contents() == {}


@pytest.mark.parametrize("damage", ["truncated", "garbage", "empty", "foreign"])
def test_damaged_files_are_noticed_and_replaced_by_an_empty_index(tmp_path: Path, damage: str):
    folder = tmp_path / "index"
    folder.mkdir()
    file = folder / "chroma.sqlite3"
    if damage == "garbage":
        file.write_bytes(b"this is no database" * 500)
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "foreign":
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE collections (x)")
    else:
        source = tmp_path / "source"
        filled(source)
        whole = (source / "chroma.sqlite3").read_bytes()
        file.write_bytes(whole[: len(whole) // 3])
    index = ChromaIndex(folder, model=MODEL)
    assert index.contents() == {}
    index.put(["a"], ["1"], ROWS[:1])
    assert [near.paper_id for near in index.nearest(ROWS[0], 1)] == ["a"]


def test_a_sealed_index_is_opened_again_and_again(tmp_path: Path):
    large(tmp_path / "index")
    assert [opened_and_asked(tmp_path / "index") for _ in range(3)] == [30, 30, 30]


@pytest.mark.parametrize("damage", ["folder gone", "pickle gone", "cut", "flipped", "seal gone"])
def test_damaged_graph_files_are_noticed_before_chroma_reads_them(tmp_path: Path, damage: str):
    folder = tmp_path / "index"
    large(folder)
    [graph] = [path for path in folder.iterdir() if path.is_dir()]
    data = graph / "data_level0.bin"
    if damage == "folder gone":
        shutil.rmtree(graph)
    elif damage == "pickle gone":
        (graph / "index_metadata.pickle").unlink()
    elif damage == "cut":
        data.write_bytes(data.read_bytes()[: data.stat().st_size // 2])
    elif damage == "flipped":
        data.write_bytes(bytes(byte ^ 0xFF for byte in data.read_bytes()))
    else:
        (folder / "seal.json").unlink()
    assert opened_and_asked(folder) == 0, "an empty index, to be filled from the database"


def test_a_folder_that_cannot_be_used_is_explained(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(VectorIndexError, match="cannot be used"):
        ChromaIndex(tmp_path / "file" / "index", model=MODEL)
