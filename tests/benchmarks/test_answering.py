"""The measure of answers: what counts as right, and what a folder of questions must be."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.answering import QUESTIONS, Times, is_wrong
from corpus.paper import Paper
from retrieval.answer import Answer, Quoted
from retrieval.answer_evaluation import ANSWERABLE, Judged, KnownQuestion, judge, read_questions, tabulate
from retrieval.errors import CollectionError

PAPER = Paper("Bees", "Bees dance. They fly home.", id="bees")
OTHER = Paper("Ants", "Ants walk.", id="ants")
PAPERS = {one.id: one for one in (PAPER, OTHER)}


def question(text: str, kind: str = ANSWERABLE, half: str = "tune") -> KnownQuestion:
    accepted = {"bees": frozenset(["Bees dance."])} if kind == ANSWERABLE else {}
    return KnownQuestion(text, half, kind, accepted)


def said(*quotes: tuple[str, str]) -> Answer:
    numbered = (Quoted(number, *quote) for number, quote in enumerate(quotes, start=1))
    return Answer("", refused=not quotes, quotes=tuple(numbered))


RIGHT = said(("bees", "Bees dance."))
LATER = said(("ants", "Ants walk."), ("bees", "Bees dance."))
INVENTED = said(("bees", "Bees sing."))
REFUSED = said()


async def judged(pairs: Sequence[tuple[KnownQuestion, Answer]]) -> list[Judged]:
    answers = iter([answer for _, answer in pairs])

    async def asking(_text: str) -> Answer:
        return next(answers)

    return await judge([one for one, _ in pairs], asking, PAPERS)


async def test_shares_are_of_what_they_say():
    figures = tabulate(
        await judged(
            [
                (question("a"), RIGHT),
                (question("b"), LATER),
                (question("c"), INVENTED),
                (question("d"), REFUSED),
                (question("e", "close"), REFUSED),
                (question("f", "close"), RIGHT),
                (question("g", "off-topic"), REFUSED),
                (question("h", half="check"), RIGHT),
            ]
        )
    )
    tune = figures["tune"]
    assert (tune["answerable"], tune["unanswerable"]) == (4, 3)
    assert tune["right_paper_first"] == 0.5
    assert tune["right_paper_first_of_answered"] == 0.6667
    assert tune["right_sentence_quoted"] == 0.5
    assert tune["answerable_refused"] == 0.25
    assert tune["refusal_precision"] == 0.6667
    assert tune["refusal_recall"] == 0.6667
    assert tune["refused"] == {"close": 0.5, "off-topic": 1.0}
    assert tune["verbatim"] == 0.8, "one of five was invented"
    assert figures["check"]["right_sentence_quoted"] == 1.0


async def test_what_is_wrong_is_an_answer_that_is_not_quoted_or_one_where_there_is_none():
    pairs = [
        (question("a"), RIGHT, False),
        (question("b"), INVENTED, True),
        (question("c"), REFUSED, True),
        (question("d", "close"), REFUSED, False),
        (question("e", "close"), RIGHT, True),
    ]
    found = await judged([(one, answer) for one, answer, _ in pairs])
    assert [is_wrong(one) for one in found] == [wrong for _, _, wrong in pairs]


def test_the_shipped_questions_are_read_with_all_that_is_accepted():
    questions = read_questions(QUESTIONS)
    lines = [json.loads(line) for line in (QUESTIONS / "questions.jsonl").read_text("utf-8").splitlines()]
    answerable = [one for one in questions if one.kind == ANSWERABLE]
    assert len(answerable) == len(lines)
    for one, row in zip(answerable, lines, strict=True):
        assert len(one.accepted) == 1 + len(row.get("also", []))
    assert {one.half for one in questions} == {"tune", "check"}
    assert {one.kind for one in questions} == {ANSWERABLE, "close", "other-science", "off-topic"}


@pytest.mark.parametrize(
    ("line", "expected"), [("{", "line 1: expected one JSON"), ('{"question": "a"}', "an object with")]
)
def test_a_folder_of_something_else_is_refused_by_name_and_line(tmp_path: Path, line: str, expected: str):
    with pytest.raises(CollectionError, match=r"questions\.jsonl"):
        read_questions(tmp_path)
    (tmp_path / "questions.jsonl").write_text(line + "\n", "utf-8")
    with pytest.raises(CollectionError, match=expected):
        read_questions(tmp_path)


def test_times_are_said_in_a_line():
    line = Times([10.0, 20.0], [1.0, 3.0]).line()
    assert line == "2 questions: search 15 ms, p95 20 ms; beyond it 2 ms, p95 3 ms"
