"""A collection is asked through the search itself, and its vectors are made once."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from retrieval.beir import read_collection
from retrieval.evaluation import evaluate
from retrieval.representation import Matrix
from retrieval.search import Rules
from retrieval.stored_vectors import StoredVectors
from tests.conftest import WordEncoder, at_once

RULES = Rules(lexical_weight=0.5, min_evidence=0.55)
CORPUS = """\
{"_id": "1", "title": "Speculative decoding", "text": "Drafts are verified on mobile phones."}
{"_id": "2", "title": "Caching keys", "text": "The cache is quantized for decoding."}
{"_id": "3", "title": "Bread", "text": "Dough rises overnight."}
"""
QUERIES = """\
{"_id": "q1", "text": "papers about verified drafts on phones"}
{"_id": "q2", "text": "quantized cache"}
{"_id": "3_background", "text": "Bread dough and speculative decoding"}
"""
QRELS = "query-id\tcorpus-id\tscore\nq1\t1\t1\nq2\t2\t2\n3_background\t1\t1\n"


class CountingEncoder(WordEncoder):
    def __init__(self) -> None:
        self.passages = 0

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        return super().encode_passages(questions)

    def encode_passages(self, passages: Sequence[str]) -> Matrix:
        self.passages += len(passages)
        return super().encode_passages(passages)


def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus.jsonl").write_text(CORPUS, "utf-8")
    (tmp_path / "queries.jsonl").write_text(QUERIES, "utf-8")
    (tmp_path / "qrels.tsv").write_text(QRELS, "utf-8")
    return tmp_path


def nothing(_done: int, _total: int) -> None:
    pass


async def test_every_question_is_measured_and_its_own_paper_is_no_answer(tmp_path: Path, engine: AsyncEngine):
    stored = StoredVectors(engine, "evaluated")
    measured = await evaluate(
        read_collection(folder(tmp_path)), stored, WordEncoder(), RULES, at_once, nothing
    )
    assert (measured.questions, measured.documents) == (3, 3)
    assert measured.scores.ndcg10 == 1
    assert measured.refused == 0


async def test_a_second_time_nothing_is_encoded(tmp_path: Path, engine: AsyncEngine):
    stored = StoredVectors(engine, "evaluated")
    collection = read_collection(folder(tmp_path))
    encoder = CountingEncoder()
    first = await evaluate(collection, stored, encoder, RULES, at_once, nothing)
    made = encoder.passages
    assert made > 0
    assert await evaluate(collection, stored, encoder, RULES, at_once, nothing) == first
    assert encoder.passages == made


async def test_only_the_first_questions_can_be_asked(tmp_path: Path, engine: AsyncEngine):
    stored = StoredVectors(engine, "evaluated")
    measured = await evaluate(
        read_collection(folder(tmp_path)), stored, WordEncoder(), RULES, at_once, nothing, limit_questions=2
    )
    assert measured.questions == 2
