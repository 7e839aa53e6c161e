"""The quoted answer stands whatever becomes of the written one, and what is written cites what is shown."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.chat.answered import Answered
from bot.chat.answering import MOST_ASKED, Answering
from bot.llm.claims import Claim, Source, Written
from bot.llm.errors import (
    BudgetSpentError,
    DeadlineError,
    LostSubstanceError,
    NoModelError,
    NotAnsweredError,
    RestingError,
    WriterError,
)
from corpus.paper import Paper
from retrieval.answer import Answer, Quoted
from tests.conftest import at_once

PAPER = Paper("MARLIN", "It is fast. It is 2.8 times as fast. It is open.", arxiv_id="2501.00001")
OTHER = Paper("Other", "So it goes. And on.", arxiv_id="2501.00002")
QUOTES = (Quoted(1, PAPER.id, "It is 2.8 times as fast."), Quoted(2, OTHER.id, "And on."))


class Quoting:
    """Finds these quotes, and remembers how it was asked."""

    def __init__(self, quotes: Sequence[Quoted] = QUOTES) -> None:
        self._quotes = tuple(quotes)
        self.asked: dict[str, Any] = {}

    async def answer(self, question: str, **how: Any) -> Answer:
        self.asked = {"question": question, **how}
        return Answer(question, not self._quotes, self._quotes, () if self._quotes else (OTHER.id,))


class Writing:
    """Writes these claims, or fails."""

    def __init__(self, *claims: Claim, failure: WriterError | None = None, has_model: bool = True) -> None:
        self.has_model = has_model
        self._claims, self._failure = claims, failure
        self.sources: Sequence[Source] = ()

    async def write(self, _question: str, sources: Sequence[Source], **how: Any) -> Written:
        self.sources = sources
        if self._failure:
            raise self._failure
        if how["on_text"]:
            how["on_text"](self._claims[:1])
        return Written(self._claims, 0, "tiny")


async def papers(ids: Sequence[str]) -> list[Paper]:
    return [paper for paper in (PAPER, OTHER) if paper.id in ids]


async def language(words: str) -> str | None:
    return "German" if "wie" in words else None


def answering(writing: Writing | None = None, quoting: Quoting | None = None) -> Answering:
    writing = writing or Writing(failure=NoModelError("none"), has_model=False)
    return Answering(quoting or Quoting(), writing, papers, at_once, lambda: 52, language)


async def test_without_a_model_the_quotes_are_the_answer():
    answered = await answering().answer("how fast is MARLIN?", person=1)
    assert (answered.quotes, answered.claims, answered.note) == (QUOTES, (), "")
    assert answered.rests_on == (PAPER.id, OTHER.id)
    assert answered.topic == "MARLIN"


@pytest.mark.parametrize(
    "failure",
    [
        DeadlineError("late"),
        NotAnsweredError("no"),
        BudgetSpentError("spent"),
        RestingError("resting"),
        LostSubstanceError(1, 3),
        WriterError("whatever"),
    ],
    ids=lambda failure: failure.kind,
)
async def test_whatever_becomes_of_the_model_the_quotes_stay_and_it_is_said_that_it_is_quoted(
    failure: WriterError,
):
    answered = await answering(Writing(failure=failure)).answer("how fast?", person=1)
    assert answered.quotes == QUOTES
    assert not answered.claims
    assert "sentences" in answered.note


async def test_a_model_writes_from_the_quotes_and_from_what_else_their_papers_say():
    writing = Writing(Claim("It is open.", (4,)), Claim("It is 2.8 times as fast.", (1, 4)))
    drafts: list[Answered] = []
    answered = await answering(writing).answer("how fast?", person=1, on_draft=drafts.append)
    said = {source.number: source.sentence for source in writing.sources}
    assert said[1] == "It is 2.8 times as fast."
    assert set(said.values()) == {*PAPER.abstract.replace(". ", ".|").split("|"), "So it goes.", "And on."}
    assert answered.model == "tiny"
    assert [quote.number for quote in answered.quotes] == [1, 2], "numbered anew, in the order of the claims"
    assert answered.quotes[0].sentence == said[4]
    assert answered.claims == (Claim("It is open.", (1,)), Claim("It is 2.8 times as fast.", (1, 2)))
    [draft] = drafts
    assert draft.claims == answered.claims[:1]


async def test_what_is_refused_is_not_given_to_a_model():
    writing = Writing(Claim("I know it all.", (1,)))
    answered = await answering(writing, Quoting([])).answer("how fast?", person=1)
    assert answered.refused
    assert answered.misses == (OTHER.id,)
    assert not writing.sources


async def test_who_asks_in_another_language_and_finds_nothing_is_told_to_try_english():
    answered = await answering(quoting=Quoting([])).answer("wie schnell?", person=1)
    assert "German" in answered.note


async def test_a_follow_up_is_searched_with_its_topic_and_stays_on_it():
    quoting = Quoting()
    answered = await answering(quoting=quoting).answer(
        "and on a phone?", person=1, topic="speculative decoding", context=["x"], among=["y"]
    )
    assert quoting.asked["question"] == "speculative decoding on a phone?"
    assert quoting.asked["context"] == ["x"]
    assert quoting.asked["among"] == ["y"]
    assert answered.topic == "speculative decoding"
    assert answered.question == "and on a phone?"


async def test_an_endless_question_is_cut():
    quoting = Quoting()
    await answering(quoting=quoting).answer("why " * 10_000, person=1)
    assert len(quoting.asked["question"]) <= MOST_ASKED
