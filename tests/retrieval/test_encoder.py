"""Which models are found and loaded, which are not, and what sentence-transformers makes of a text."""

import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import numpy as np
import pytest

from retrieval.encoder import Model
from retrieval.errors import ModelError
from retrieval.model_files import PACKAGED_BGE, PACKAGED_MINILM, ModelFiles, find_model
from retrieval.representation import RECIPE, Matrix, PaperText
from retrieval.sentence_transformer import SentenceTransformerEncoder


@pytest.mark.parametrize("name", [PACKAGED_MINILM, PACKAGED_BGE])
def test_a_packaged_model_is_found_without_loading_it(name: str):
    files = find_model(name)
    assert files.name == name
    assert files.folder.is_dir()
    assert files == find_model(name)


def test_vectors_of_another_variant_or_revision_have_another_key():
    keys = {Model("m", "1", "float32").key, Model("m", "1", "int8").key, Model("m", "2", "int8").key}
    assert len(keys) == 3
    assert all(key.endswith(RECIPE) for key in keys)


def test_a_model_that_is_nowhere_is_explained(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match=r"retrieval\.encoders names 'nobody/nothing'"):
        find_model("nobody/nothing")


def test_a_package_that_is_not_installed_is_explained(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("retrieval.model_files.find_spec", lambda _name: None)
    with pytest.raises(ModelError, match="make install"):
        find_model(PACKAGED_BGE)


def copy_of_the_model(folder: Path) -> Path:
    return shutil.copytree(find_model(PACKAGED_MINILM).folder, folder)


def test_another_file_is_another_revision(tmp_path: Path):
    folder = copy_of_the_model(tmp_path / "model")
    before = find_model(str(folder))
    (folder / "config.json").write_text((folder / "config.json").read_text() + "\n")
    assert find_model(str(folder)).revision != before.revision


@pytest.mark.model
@pytest.mark.slow
def test_a_folder_of_pickled_weights_is_refused(tmp_path: Path):
    folder = copy_of_the_model(tmp_path / "model")
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"a pickle that would run code")
    with pytest.raises(ModelError, match="safetensors"):
        SentenceTransformerEncoder(find_model(str(folder))).encode_questions(["x"])


@pytest.fixture(scope="module")
def reference() -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(find_model(PACKAGED_MINILM))


@pytest.mark.model
def test_vectors_have_length_one_and_the_same_text_the_same_vector(reference: SentenceTransformerEncoder):
    rows = reference.encode_questions(["a question", "another, rather longer question about papers"])
    assert rows.shape == (2, reference.dimension) == (2, 384)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(reference.encode_questions(["a question"])[0], rows[0], atol=1e-5)
    assert reference.encode_questions([]).shape == (0, 384)


@pytest.mark.model
def test_every_sentence_is_encoded_by_itself(reference: SentenceTransformerEncoder):
    first, second = reference.encode_papers(
        [PaperText("Title", "One thing. Another."), PaperText("Bare", "")]
    )
    assert first.sentences.shape == (2, 384)
    assert second.sentences.shape == (0, 384)
    np.testing.assert_allclose(first.sentences[0], reference.encode_questions(["One thing."])[0], atol=1e-5)
    np.testing.assert_allclose(second.whole, reference.encode_questions(["Bare. "])[0], atol=1e-5)


@pytest.mark.model
def test_a_lone_surrogate_is_read_as_a_question_mark(reference: SentenceTransformerEncoder):
    rows = reference.encode_questions(["\ud800 a", "? a"])
    np.testing.assert_allclose(rows[0], rows[1], atol=1e-5)


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path):
    nothing = ModelFiles("nothing", tmp_path, "0")
    with pytest.raises(ModelError, match="cannot be loaded"):
        SentenceTransformerEncoder(nothing).encode_questions(["x"])


@pytest.mark.model
def test_several_threads_take_turns_with_a_model_that_is_not_safe_for_them(monkeypatch: pytest.MonkeyPatch):
    class OneAtATime:
        """Says what tokenizers say where two threads meet in one."""

        def __init__(self) -> None:
            self.door = Lock()

        def encode_query(self, texts: Sequence[str], **_options: object) -> Matrix:
            if not self.door.acquire(blocking=False):
                raise RuntimeError("Already borrowed")
            time.sleep(0.02)
            self.door.release()
            return np.ones((len(texts), 1), dtype=np.float32)

    encoder = SentenceTransformerEncoder(ModelFiles("model", Path(), "1"))
    monkeypatch.setattr(encoder, "_loaded", OneAtATime())
    with ThreadPoolExecutor(4) as threads:
        rows = list(threads.map(encoder.encode_questions, [["a"]] * 8))
    assert len(rows) == 8
