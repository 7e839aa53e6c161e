"""A collection is asked through the search itself, and its vectors are made once."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from retrieval.beir import read_collection
from retrieval.encoder import Model
from retrieval.ensemble import Ensemble
from retrieval.evaluation import Evaluation, Examination, Variant, ablations
from retrieval.search import Rules
from retrieval.stored_vectors import StoredVectors
from retrieval.verdict import Evidence
from tests.conftest import WORDS, at_once, nothing
from tests.retrieval.making import CountingEncoder

RULES = Rules(lexical_weight=0.5, feedback_weight=0.0)
DEFAULT = Variant("default", WORDS, RULES)
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "collection"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text(CORPUS, "utf-8")
    (folder / "queries.jsonl").write_text(QUERIES, "utf-8")
    (folder / "qrels.tsv").write_text(QRELS, "utf-8")
    return folder


async def prepared(folder: Path, engine: AsyncEngine, ensemble: Ensemble = WORDS) -> Examination:
    stored = StoredVectors(engine, [encoder.model.key for encoder in ensemble.encoders])
    examination = Examination(read_collection(folder), stored, at_once)
    await examination.prepare(ensemble, nothing)
    return examination


@pytest.fixture
async def examination(folder: Path, engine: AsyncEngine) -> Examination:
    return await prepared(folder, engine)


async def test_every_question_is_measured_and_its_own_paper_is_no_answer(examination: Examination):
    measured = await examination.ask(DEFAULT, None, topics=False)
    assert (len(measured.scores), measured.documents) == (3, 3)
    assert measured.mean.ndcg10 == 1
    assert measured.refused == 0


async def test_the_verdict_refuses_and_is_asked_with_evidence(folder: Path, engine: AsyncEngine):
    pair = Ensemble([CountingEncoder(), CountingEncoder(Model("others", "1", "float32"))], [1, 2])
    examination = await prepared(folder, engine, pair)
    seen: list[Evidence] = []

    def strict(evidence: Evidence) -> bool:
        seen.append(evidence)
        return len(seen) > 1

    measured = await examination.ask(replace(DEFAULT, ensemble=pair), strict, topics=True)
    assert (len(seen), measured.refused) == (3, 1)
    assert all((evidence.papers, len(evidence.similarities)) == (3, 2) for evidence in seen)
    assert all(evidence.match for evidence in seen)
    await examination.ask(replace(DEFAULT, ensemble=pair), strict, topics=False)
    assert not any(evidence.match for evidence in seen[3:])


async def test_a_second_time_nothing_is_encoded_and_the_figures_are_the_same(
    folder: Path, engine: AsyncEngine
):
    async def measure() -> Evaluation:
        examination = await prepared(folder, engine, Ensemble([encoder], [1.0]))
        return await examination.ask(DEFAULT, None, topics=False)

    encoder = CountingEncoder()
    first = await measure()
    assert len(encoder.papers) == 3
    second = await measure()
    assert replace(second, cpu_ms=0) == replace(first, cpu_ms=0)
    assert len(encoder.papers) == 3


async def test_only_the_first_questions_can_be_asked(examination: Examination):
    measured = await examination.ask(DEFAULT, None, topics=False, limit_questions=2)
    assert len(measured.scores) == 2


async def test_every_ablation_can_be_asked_over_what_was_prepared(examination: Examination):
    variants = ablations(WORDS, RULES)
    assert len({variant.name for variant in variants}) == len(variants)
    for variant in variants:
        measured = await examination.ask(variant, None, topics=False)
        assert measured.mean.recall10 > 0, variant.name
