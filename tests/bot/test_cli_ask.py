"""`ask` and `evaluate-answers` as processes: quotes that can be checked, refusals, and figures that do not fall."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.chat.answered import Answered
from bot.console import answer_json, print_answer
from bot.llm.claims import Claim
from bot.tasks import _shipped_questions
from corpus.importing import bundled_papers
from corpus.paper import Paper
from retrieval.answer import Quoted
from retrieval.errors import CollectionError

from .test_cli import answer, papercord, refusal

pytestmark = pytest.mark.slow

PAPERS = {paper.id: paper for paper in bundled_papers()}


@pytest.fixture
def data(tmp_path: Path, indexed_data: Path) -> Path:
    return Path(shutil.copytree(indexed_data, tmp_path / "data"))


@pytest.mark.model
def test_an_answer_quotes_word_for_word_and_says_which_paper(data: Path):
    said = answer("ask", "how much faster is SpecEE with Llama2-7B?", data=data)
    assert said.keys() == {"answer", "refused", "citations"}
    assert said["refused"] is False
    assert [one["n"] for one in said["citations"]] == list(range(1, len(said["citations"]) + 1))
    assert any("2.25x and 2.43x speedup" in one["quote"] for one in said["citations"])
    for one in said["citations"]:
        assert one.keys() == {"n", "id", "quote"}
        assert one["quote"] in PAPERS[one["id"]].abstract
        assert f"{one['quote']} [{one['n']}]" in said["answer"]
    read = papercord("ask", "how much faster is SpecEE with Llama2-7B?", data=data)
    assert "[1]" in read.stdout
    assert "https://huggingface.co/papers/2504.08850" in read.stdout


@pytest.mark.model
def test_what_no_paper_answers_is_refused_with_the_nearest_misses(data: Path):
    said = answer("ask", "how long do I boil an egg?", data=data)
    assert (said["refused"], said["citations"]) == (True, [])
    assert said["misses"]
    assert {one["id"] for one in said["misses"]} <= PAPERS.keys()
    read = papercord("ask", "how long do I boil an egg?", data=data)
    assert read.returncode == 0
    assert "No sentence of these 52 papers answers that." in read.stdout


@pytest.mark.model
def test_one_paper_is_asked_by_its_id_and_an_unknown_one_is_refused(data: Path):
    said = answer("ask", "how fast is it?", "--paper", "2406.06282", data=data)
    assert {one["id"] for one in said["citations"]} == {"2406.06282"}
    assert "is not in this corpus" in refusal("ask", "how fast is it?", "--paper", "1201.56789", data=data)


@pytest.mark.model
def test_the_figures_do_not_fall(data: Path):
    halves = answer("evaluate-answers", "--lies", data=data)
    lied = halves.pop("a model that lies")
    assert lied["lies_shown"] == 0
    assert lied["lies_told"] > 400
    assert lied["written"] > 150, "what it says besides is true, and written"
    assert halves.keys() == {"tune", "check"}
    for half, figures in halves.items():
        assert figures["verbatim"] == 1.0
        assert figures["right_sentence_quoted"] >= {"tune": 0.8, "check": 0.66}[half]
        assert figures["answerable_refused"] <= {"tune": 0.06, "check": 0.12}[half]
        assert figures["refused"]["other-science"] >= 0.9
        assert figures["refused"]["off-topic"] >= 0.9


@pytest.mark.parametrize("question", ["", "  ", "\udcff"])
def test_a_question_without_words_is_wrong_usage(tmp_path: Path, question: str):
    assert "QUESTION" in refusal("ask", question, data=tmp_path, code=2)


def test_a_folder_without_questions_is_refused_by_name(tmp_path: Path):
    assert "questions.jsonl" in refusal("evaluate-answers", "--questions", tmp_path, data=tmp_path)


def test_an_installed_package_says_where_the_questions_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("bot.tasks.__file__", str(tmp_path / "bot" / "tasks.py"))
    with pytest.raises(CollectionError, match="--questions"):
        _shipped_questions()


def answered(*, refused: bool = False, **more: Any) -> Answered:
    return Answered("q", "q", "q", refused, **more)


HOSTILE = Paper("A \x1b[31mred\x07 title", "It \x1b[2Jclears. So.", id="red")


def test_an_answer_to_read_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]):
    quotes = (Quoted(1, "red", "It \x1b[2Jclears."),)
    claims = (Claim("It \x1b[2Jclears.", (1,)),)
    for written in ((), claims):
        print_answer(answered(quotes=quotes, claims=written, model="a \x1b[2Jmodel"), {"red": HOSTILE})
    print_answer(answered(refused=True, misses=("red", "gone"), corpus=1), {"red": HOSTILE})
    printed = capsys.readouterr().out
    assert "\x1b[31m" not in printed
    assert "\x1b[2J" not in printed
    assert "\x07" not in printed
    assert "No sentence of this paper answers that." in printed


def test_a_paper_that_is_gone_meanwhile_is_left_out_of_the_misses():
    said = answer_json(answered(refused=True, misses=("red", "gone"), corpus=1200), {"red": HOSTILE})
    assert [one["id"] for one in said["misses"]] == ["red"]
    assert "1,200 papers" in said["answer"]
    assert json.dumps(said)
