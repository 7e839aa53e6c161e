"""Which models are loaded, and which are not."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoder import PACKAGED_MODEL, SentenceTransformerEncoder
from retrieval.errors import ModelError


def test_the_packaged_model_is_known_without_loading_it():
    model = SentenceTransformerEncoder().model
    assert model.name == PACKAGED_MODEL
    assert model.revision in model.key
    assert model == SentenceTransformerEncoder().model


def test_a_model_that_is_nowhere_is_explained(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match=r"retrieval\.model is 'nobody/nothing'"):
        SentenceTransformerEncoder("nobody/nothing")


def _copy_of_the_model(folder: Path) -> Path:
    packaged = SentenceTransformerEncoder()._folder
    shutil.copytree(packaged, folder)
    return folder


def test_another_file_is_another_revision(tmp_path: Path):
    folder = _copy_of_the_model(tmp_path / "model")
    before = SentenceTransformerEncoder(str(folder)).model
    (folder / "config.json").write_text((folder / "config.json").read_text() + "\n")
    assert SentenceTransformerEncoder(str(folder)).model.revision != before.revision


@pytest.mark.model
def test_a_folder_of_pickled_weights_is_refused(tmp_path: Path):
    folder = _copy_of_the_model(tmp_path / "model")
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"a pickle that would run code")
    with pytest.raises(ModelError, match="safetensors"):
        SentenceTransformerEncoder(str(folder)).encode_questions(["x"])


@pytest.mark.model
def test_vectors_have_length_one_and_the_same_text_the_same_vector():
    encoder = SentenceTransformerEncoder()
    rows = encoder.encode_questions(["a question", "another, rather longer question about papers"])
    assert rows.shape == (2, 384)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_questions(["a question"])[0], rows[0], atol=1e-5)
