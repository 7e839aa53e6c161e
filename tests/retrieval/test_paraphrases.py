"""With the real encoders: papers are found by questions in other words, and what is not there is not found.

`paraphrases.jsonl` asks for each bundled paper as a researcher would, `questions.jsonl` avoids the field's own
words as well and holds questions that no bundled paper answers. Both were written from the papers, by somebody
who had not seen a search result.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.config import load_settings
from bot.wiring import open_parts
from corpus.importing import bundled_papers
from tests.conftest import nothing
from tests.retrieval.making import ask

pytestmark = pytest.mark.model
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Answer:
    """The titles found, best first, and whether they are said to be about the question."""

    titles: Sequence[str]
    found: bool


def asked(file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / file).read_text("utf-8").splitlines()]


PARAPHRASES, OTHERS = asked("paraphrases.jsonl"), asked("questions.jsonl")
SHORT = "speculative decoding on mobile"
PHONE = "run LLMs on a phone"
MIXTURES = ["mixture of experts", "papers about mixture of experts", "mixture-of-experts"]


@pytest.fixture(scope="module")
def answers(indexed_data: Path) -> dict[str, Answer]:
    """What the default pipeline answers to every question, by question."""
    questions = [SHORT, PHONE, *MIXTURES, *(row["question"] for row in [*PARAPHRASES, *OTHERS])]

    async def answer() -> dict[str, Answer]:
        async with open_parts(load_settings(None, data=indexed_data)) as parts:
            await parts.upkeep(owns=False).catch_up(nothing)
            assert len(parts.indexes.rows) == 52, (
                "the vectors that `papercord index` made are those asked for"
            )
            titles = {paper.id: paper.title for paper in bundled_papers()}
            found = [await parts.finder.find(ask(question, 5)) for question in questions]
            return {
                question: Answer([titles[hit.paper_id] for hit in one.ranking.hits], one.found)
                for question, one in zip(questions, found, strict=True)
            }

    return asyncio.run(answer())


def found_among_first(answers: dict[str, Answer], rows: list[dict[str, Any]], first: int) -> int:
    return sum(row["title"] in answers[row["question"]].titles[:first] for row in rows)


def of_kind(kind: str) -> list[str]:
    return [row["question"] for row in OTHERS if row.get("kind") == kind]


def test_48_of_52_paraphrases_find_their_paper_among_the_first_three(answers: dict[str, Answer]):
    assert [row["title"] for row in PARAPHRASES] == [paper.title for paper in bundled_papers()]
    assert found_among_first(answers, PARAPHRASES, 3) >= 48


def test_most_questions_without_a_word_of_the_field_find_their_paper_among_the_first_five(
    answers: dict[str, Answer],
):
    assert found_among_first(answers, [row for row in OTHERS if row["title"]], 5) >= 46


def test_a_question_that_a_paper_answers_is_rarely_refused(answers: dict[str, Answer]):
    assert sum(answers[row["question"]].found for row in PARAPHRASES) >= 51


def test_a_question_about_cooking_is_always_refused(answers: dict[str, Answer]):
    off_topic = of_kind("off-topic")
    assert len(off_topic) == 8
    assert not any(answers[question].found for question in off_topic)


def test_most_questions_of_other_computer_science_are_refused(answers: dict[str, Answer]):
    assert sum(answers[question].found for question in of_kind("other-cs")) <= 1


def test_speculative_decoding_on_mobile_has_specmemo_first(answers: dict[str, Answer]):
    assert answers[SHORT].titles[0] == "SpecMemo: Speculative Decoding is in Your Pocket"


def test_running_llms_on_a_phone_has_the_papers_on_smartphones_and_devices_among_the_first_three(
    answers: dict[str, Answer],
):
    # On a processor without instructions for int8 (VNNI), where vectors round otherwise, a third paper was first, by .004.
    first = answers[PHONE].titles[:3]
    assert any("Smartphone" in title for title in first)
    assert any("On-device" in title for title in first)


@pytest.mark.parametrize("question", MIXTURES)
def test_a_term_that_papers_use_is_found_however_it_is_hyphenated(answers: dict[str, Answer], question: str):
    assert answers[question].found
    assert answers[question].titles[0].startswith("EdgeMoE")
