"""Counting how often a verdict is right."""

from pathlib import Path

from benchmarks.refusal import QUESTIONS, Tally, judge, lines_of, read_questions, tabulate


def test_every_question_is_there_once_in_its_kind():
    for path in QUESTIONS.glob("*.jsonl"):
        texts = [question.text for question in read_questions([path.stem])]
        assert texts
        assert len(texts) == len({text.casefold() for text in texts})


def test_lines_calibrate_and_check_by_turns(tmp_path: Path):
    (tmp_path / "near.jsonl").write_text('{"question": "a"}\n{"question": "b"}\n{"question": "c"}\n')
    questions = read_questions(["near"], tmp_path)
    assert [(question.text, question.split) for question in questions] == [
        ("a", "tune"),
        ("b", "check"),
        ("c", "tune"),
    ]


def test_right_is_to_pass_what_has_an_answer_and_to_refuse_the_rest(tmp_path: Path):
    (tmp_path / "in_corpus_ml.jsonl").write_text(
        '{"question": "found"}\n{"question": "lost"}\n{"question": "found 2"}\n'
    )
    (tmp_path / "off_topic.jsonl").write_text('{"question": "found 3"}\n{"question": "lost 2"}\n')
    questions = read_questions(["in_corpus_ml", "off_topic"], tmp_path)
    tallies = tabulate(judge(questions, lambda text: text.startswith("found")))
    assert tallies == [
        Tally("in_corpus_ml", "tune", asked=2, right=2),
        Tally("in_corpus_ml", "check", asked=1, right=0),
        Tally("off_topic", "tune", asked=1, right=0),
        Tally("off_topic", "check", asked=1, right=1),
    ]


def test_the_lines_say_what_was_right():
    lines = lines_of([Tally("in_corpus_ml", "tune", 4, 3), Tally("near", "check", 2, 1)])
    assert [" ".join(line.split()) for line in lines] == [
        "in_corpus_ml tune passed 75.0 % of 4",
        "near check refused 50.0 % of 2",
    ]
