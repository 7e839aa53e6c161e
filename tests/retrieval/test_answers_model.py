"""Answers by the real pair of encoders over the bundled papers."""

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.config import load_settings
from bot.wiring import open_parts
from retrieval.answers import Answerer
from retrieval.followup import joined

pytestmark = pytest.mark.model
SPECMEMO, SPECEE, POWERINFER = "2506.01986", "2504.08850", "2406.06282"


@pytest.fixture
async def answerer(tmp_path: Path, indexed_data: Path) -> AsyncGenerator[Answerer, None]:
    settings = load_settings(None, data=Path(shutil.copytree(indexed_data, tmp_path / "data")))
    async with open_parts(settings) as parts:
        await parts.upkeep(owns=False).catch_up(lambda _done, _total: None)
        yield Answerer(parts.finder, parts.store.get_many, parts.vectors, parts.ensemble, parts.worker.run)


async def test_a_question_in_other_words_is_answered_by_the_sentence_that_says_it(answerer: Answerer):
    answer = await answerer.answer(
        "where does a sparse mixture live while it waits on a small gadget, edgemoe?"
    )
    assert answer.quotes[0].paper_id == "2308.14352"


async def test_a_follow_up_is_answered_from_what_the_conversation_rests_on(answerer: Answerer):
    question = joined("speculative decoding", "and on a phone?")
    answer = await answerer.answer(question, context=[SPECMEMO])
    assert answer.quotes[0].paper_id == SPECMEMO


async def test_a_short_question_on_a_shown_paper_is_answered_and_one_on_something_else_refused(
    answerer: Answerer,
):
    fast = await answerer.answer("how fast is it?", among=[POWERINFER])
    assert any("29.2x" in quote.sentence or "11.68" in quote.sentence for quote in fast.quotes)
    assert (await answerer.answer("who invented the paperclip?", among=[POWERINFER])).refused


@pytest.mark.parametrize(
    "question",
    [
        "which GPUs was SpecEE measured on?",
        "how many watts does AccLLM draw?",
        "AWQ or GPTQ, which loses less?",
        "why is the sky blue?",
        "best pizza dough recipe",
    ],
)
async def test_what_no_abstract_says_is_refused(answerer: Answerer, question: str):
    assert (await answerer.answer(question)).refused


async def test_a_named_paper_answers_its_question(answerer: Answerer):
    answer = await answerer.answer("specee speedup with llama2?")
    assert {quote.paper_id for quote in answer.quotes} == {SPECEE}
    assert any("2.25x and 2.43x" in quote.sentence for quote in answer.quotes)
