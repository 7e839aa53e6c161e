"""The Chroma index: opened only where it is whole and of our models, and never the truth."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import VectorIndexError
from retrieval.vectors import ChromaIndex, begin, drop, open_whole, settle

ROWS = np.eye(3, dtype=np.float32)
MANY = 1200  # enough for Chroma to write all the files of its graph
FILES = [
    "chroma.sqlite3",
    "data_level0.bin",
    "header.bin",
    "index_metadata.pickle",
    "length.bin",
    "link_lists.bin",
    "seal.json",
]


def filled(folder: Path, made_with: str = "words") -> ChromaIndex:
    index = begin(folder, made_with=made_with)
    index.put(["a", "b", "c"], ["1", "2", "3"], ROWS)
    index.seal()
    return index


def in_a_process(code: str, folder: Path) -> str:
    """What another process prints: Chroma remembers the folders that it had open in this one."""
    begun = "import sys, pathlib, numpy as np\nfrom retrieval.vectors import *\nfolder = pathlib.Path(sys.argv[1])\n"
    command = [sys.executable, "-c", begun + code, str(folder)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a bot leaves it whose process has ended; to copy."""
    folder = tmp_path_factory.mktemp("large") / "index"
    in_a_process(
        f"rows = np.random.default_rng(0).normal(size=({MANY}, 16)).astype('float32')\n"
        "rows /= np.linalg.norm(rows, axis=1, keepdims=True)\n"
        "index = begin(folder, made_with='words')\n"
        f"index.put([str(n) for n in range({MANY})], ['x'] * {MANY}, rows)\nindex.seal()\n",
        folder,
    )
    return folder


def generation_in(folder: Path) -> Path:
    [generation] = folder.iterdir()
    return generation


def test_the_nearest_come_first_for_every_row(tmp_path: Path):
    index = filled(tmp_path)
    rows = np.array([[0.8, 0.6, 0], [0, 0.6, 0.8]], dtype=np.float32)
    assert index.nearest(rows, 2) == [["a", "b"], ["c", "b"]]


def test_no_more_than_there_are_are_found(tmp_path: Path):
    assert len(filled(tmp_path).nearest(ROWS[:1], 10)[0]) == 3


def test_an_empty_index_finds_nothing(tmp_path: Path):
    index = begin(tmp_path, made_with="words")
    assert index.nearest(ROWS[:2], 5) == [[], []]
    assert (index.contents(), len(index)) == ({}, 0)


def test_an_id_can_be_replaced_and_removed(tmp_path: Path):
    index = filled(tmp_path)
    index.put(["a"], ["9"], ROWS[2:])
    index.remove(["b"])
    assert index.contents() == {"a": "9", "c": "3"}
    assert len(index) == 2


@pytest.mark.slow
def test_a_whole_index_is_opened_again_and_again(large: Path, tmp_path: Path):
    folder = shutil.copytree(large, tmp_path / "index")
    code = (
        "index = open_whole(folder, made_with='words')\n"
        "print(len(index), len(index.contents()), len(index.nearest(np.eye(1, 16, dtype='float32'), 30)[0]))\n"
    )
    assert [in_a_process(code, folder) for _ in range(2)] == [f"{MANY} {MANY} 30"] * 2


def test_there_is_none_in_a_folder_that_is_missing_or_empty(tmp_path: Path):
    assert open_whole(tmp_path / "nowhere", made_with="words") is None
    assert open_whole(tmp_path, made_with="words") is None


def test_27_another_models_index_is_never_opened_and_a_new_one_is_begun_beside_it(tmp_path: Path):
    filled(tmp_path)
    assert open_whole(tmp_path, made_with="words of another revision") is None
    other = begin(tmp_path, made_with="words of another revision")
    other.put(["a"], ["1"], np.eye(1, 8, dtype=np.float32))  # of another dimension, too
    assert other.contents() == {"a": "1"}
    assert open_whole(tmp_path, made_with="words") is not None, (
        "the old one serves until the new one is whole"
    )


def test_when_an_index_is_in_use_the_others_go(tmp_path: Path):
    filled(tmp_path)
    index = filled(tmp_path)
    settle(tmp_path, index)
    assert generation_in(tmp_path) == index.folder
    assert index.nearest(ROWS[:1], 1) == [["a"]]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["cut", "a byte flipped", "gone"])
def test_26_damage_to_any_file_is_noticed_before_chroma_reads_it(
    large: Path, tmp_path: Path, name: str, damage: str
):
    folder = shutil.copytree(large, tmp_path / "index")
    [file] = generation_in(folder).rglob(name)
    whole = bytearray(file.read_bytes())
    if damage == "gone":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(whole[: len(whole) // 2])
    else:
        whole[len(whole) // 2] ^= 255
        file.write_bytes(whole)
    assert open_whole(folder, made_with="words") is None


def test_26_an_index_that_was_being_written_when_the_process_died_is_not_trusted(large: Path, tmp_path: Path):
    folder = shutil.copytree(large, tmp_path / "index")
    opened_and_killed = (
        "import os\nindex = open_whole(folder, made_with='words')\n"
        "index.put(['new'], ['x'], np.eye(1, 16, dtype='float32'))\nprint(len(index), flush=True)\nos._exit(9)\n"
    )
    with pytest.raises(subprocess.CalledProcessError) as killed:
        in_a_process(opened_and_killed, folder)
    assert killed.value.stdout.strip() == str(MANY + 1)
    assert open_whole(folder, made_with="words") is None


def test_an_index_whose_folder_was_deleted_under_it_says_so_in_our_words(tmp_path: Path):
    index = filled(tmp_path)
    shutil.rmtree(index.folder)
    for act in (lambda: index.put(["d"], ["4"], ROWS[:1]), lambda: index.remove(["a"]), index.seal):
        with pytest.raises(VectorIndexError, match="cannot be used"):
            act()


def test_a_folder_that_cannot_be_used_is_explained(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(VectorIndexError, match="cannot be used"):
        begin(tmp_path / "file" / "index", made_with="words")
    assert open_whole(tmp_path / "file" / "index", made_with="words") is None


def test_26_a_panic_of_chromas_rust_is_an_error_like_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class Panic(BaseException):
        """As pyo3_runtime.PanicException is."""

    class Broken:
        def query(self, **_options: object) -> None:
            raise Panic("index out of bounds")

    index = filled(tmp_path)
    monkeypatch.setattr(index, "_collection", Broken())
    with pytest.raises(VectorIndexError, match="index out of bounds"):
        index.nearest(np.ones((1, 2), dtype=np.float32), 1)


def clients() -> dict[str, object]:
    """What Chroma keeps until the process ends, by folder."""
    from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415 - half a second

    return dict(SharedSystemClient._identifier_to_system)


def test_an_index_that_is_replaced_leaves_nothing_of_its_in_memory_and_the_new_one_goes_on(tmp_path: Path):
    old = filled(tmp_path)
    beside = filled(tmp_path.parent / f"{tmp_path.name}-beside")
    new = filled(tmp_path)
    settle(tmp_path, new)
    assert str(old.folder) not in clients()
    assert {str(new.folder), str(beside.folder)} <= clients().keys()
    for index in (new, beside):
        assert index.nearest(ROWS[:1], 1) == [["a"]]
    new.put(["d"], ["4"], ROWS[:1])
    assert len(new) == 4
    with pytest.raises(VectorIndexError):
        old.nearest(ROWS[:1], 1)


def test_an_index_that_will_not_be_used_is_closed_and_removed(tmp_path: Path):
    kept, unused = filled(tmp_path), filled(tmp_path)
    drop(tmp_path, unused.folder)
    assert str(unused.folder) not in clients()
    assert generation_in(tmp_path) == kept.folder
    assert kept.nearest(ROWS[:1], 1) == [["a"]]
