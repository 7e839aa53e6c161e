"""With the real encoder: papers are found by questions in other words, and what is not there is not found.

`paraphrases.jsonl` asks for each bundled paper as a researcher would, `questions.jsonl` avoids the field's own
words as well and holds questions that no bundled paper answers. Both were written from the papers, by somebody
who had not seen a search result.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.config import load_settings
from corpus.importing import bundled_papers
from corpus.paper import Paper
from retrieval.encoder import SentenceTransformerEncoder
from retrieval.exact import ExactIndex
from retrieval.indexing import encode_papers
from retrieval.lexical import LexicalIndex, Text
from retrieval.search import Rules, Search

pytestmark = pytest.mark.model
HERE = Path(__file__).parent

CHOSEN = load_settings(None).retrieval
RULES = Rules(lexical_weight=CHOSEN.lexical_weight, min_evidence=CHOSEN.min_evidence)


@pytest.fixture(scope="module")
def papers() -> dict[str, Paper]:
    return {paper.id: paper for paper in bundled_papers()}


@pytest.fixture(scope="module")
def search(papers: dict[str, Paper]) -> Search:

    encoder = SentenceTransformerEncoder()
    made = encode_papers(encoder, list(papers.values()))
    index = ExactIndex(list(papers), np.stack([made[paper.content_hash].whole for paper in papers.values()]))
    texts = LexicalIndex()
    texts.put({key: Text(paper.content_hash, paper.title, paper.abstract) for key, paper in papers.items()})
    return Search(encoder, index, texts, RULES)


def asked(file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / file).read_text("utf-8").splitlines()]


def found_among_first(
    search: Search, papers: dict[str, Paper], questions: list[dict[str, Any]], first: int
) -> int:
    return sum(
        question["title"]
        in [papers[hit.paper_id].title for hit in search.find(question["question"], first).hits]
        for question in questions
    )


def test_48_of_52_paraphrases_find_their_paper_among_the_first_three(
    search: Search, papers: dict[str, Paper]
):
    questions = asked("paraphrases.jsonl")
    assert [question["title"] for question in questions] == [paper.title for paper in papers.values()]
    assert found_among_first(search, papers, questions, 3) >= 48


def test_most_questions_without_a_word_of_the_field_find_their_paper_among_the_first_five(
    search: Search, papers: dict[str, Paper]
):
    questions = [question for question in asked("questions.jsonl") if question["title"]]
    assert found_among_first(search, papers, questions, 5) >= 46


def test_a_question_that_a_paper_answers_is_rarely_refused_and_one_about_cooking_always(search: Search):
    paraphrases = [question["question"] for question in asked("paraphrases.jsonl")]
    assert sum(search.find(question, 1).found for question in paraphrases) >= 51
    off_topic = [
        question["question"] for question in asked("questions.jsonl") if question.get("kind") == "off-topic"
    ]
    assert len(off_topic) == 8
    assert not any(search.find(question, 1).found for question in off_topic)


def test_speculative_decoding_on_mobile_has_specmemo_first(search: Search, papers: dict[str, Paper]):
    [hit] = search.find("speculative decoding on mobile", 1).hits
    assert papers[hit.paper_id].title == "SpecMemo: Speculative Decoding is in Your Pocket"
