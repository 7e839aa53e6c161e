"""The questions whose answering sentence is known are what their README says."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from benchmarks.refusal import QUESTIONS as REFUSAL
from corpus.importing import bundled_papers
from retrieval.representation import split_sentences

ANSWERS = REFUSAL.with_name("answers")
HALVES = {"tune", "check"}
LONGEST_SHARED = 3  # words in a row


def lines(file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (ANSWERS / file).read_text("utf-8").splitlines()]


ANSWERED, UNANSWERABLE = lines("questions.jsonl"), lines("unanswerable.jsonl")
EVERY_QUESTION = [row["question"] for row in [*ANSWERED, *UNANSWERABLE]]


@pytest.fixture(scope="module")
def abstracts() -> dict[str, list[str]]:
    """The sentences of every bundled paper's abstract, by its id."""
    return {paper.id: split_sentences(paper.abstract) for paper in bundled_papers()}


def places(row: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Each paper that answers, its own first, and the sentences that do."""
    return [(place["paper"], place["sentences"]) for place in [row, *row.get("also", [])]]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + length]) for start in range(len(found) - length + 1)}


def test_every_sentence_is_one_of_its_papers_abstract(abstracts: dict[str, list[str]]):
    for row in ANSWERED:
        for paper, sentences in places(row):
            assert sentences
            assert set(sentences) <= set(abstracts[paper]), row["question"]
            assert len(sentences) == len(set(sentences))
        papers = [paper for paper, _ in places(row)]
        assert len(papers) == len(set(papers))


def test_every_paper_is_asked_about_two_to_five_times_in_the_order_of_the_papers(
    abstracts: dict[str, list[str]],
):
    asked = Counter(row["paper"] for row in ANSWERED)
    assert list(asked) == list(abstracts)
    assert set(asked.values()) <= {2, 3, 4, 5}


def test_no_two_questions_have_the_same_sentences():
    asked = Counter((row["paper"], *row["sentences"]) for row in ANSWERED)
    assert not [sentences for sentences, times in asked.items() if times > 1]


def test_no_question_has_four_words_in_a_row_from_a_sentence_that_answers_it():
    copied = {
        row["question"]: shared
        for row in ANSWERED
        for _, sentences in places(row)
        for sentence in sentences
        if (shared := runs(row["question"], LONGEST_SHARED + 1) & runs(sentence, LONGEST_SHARED + 1))
    }
    assert not copied


def test_every_question_is_there_once_and_in_no_other_set_of_questions():
    texts = [" ".join(words(question)) for question in EVERY_QUESTION]
    assert all(texts)
    assert not [text for text, times in Counter(texts).items() if times > 1]
    others = {
        " ".join(words(json.loads(line)["question"]))
        for path in REFUSAL.glob("*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    }
    assert not others & set(texts)


def test_there_are_as_many_as_the_readme_says():
    kinds = Counter(row["kind"] for row in UNANSWERABLE)
    readme = (ANSWERS / "README.md").read_text("utf-8")
    assert f"one of {len(ANSWERED)} questions" in readme
    assert f"one of {len(UNANSWERABLE)} questions" in readme
    assert kinds == {"close": 70, "other-science": 25, "off-topic": 24}
    assert all(f"{number} `{kind}`" in readme for kind, number in kinds.items())


def test_a_paper_is_in_one_half_with_all_that_answer_its_questions():
    halves: dict[str, set[str]] = {}
    for row in ANSWERED:
        for paper, _ in places(row):
            halves.setdefault(paper, set()).add(row["half"])
    assert all(len(found) == 1 for found in halves.values())
    assert Counter(half for found in halves.values() for half in found) == {"tune": 26, "check": 26}


def test_the_halves_are_of_about_one_size():
    for rows in (
        ANSWERED,
        *(
            [row for row in UNANSWERABLE if row["kind"] == kind]
            for kind in ("close", "other-science", "off-topic")
        ),
    ):
        sizes = Counter(row["half"] for row in rows)
        assert set(sizes) == HALVES
        assert min(sizes.values()) >= 0.45 * len(rows)
