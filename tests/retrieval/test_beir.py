"""Reading a test collection: what counts, what is left out, and what is said about a damaged file."""

import gzip
import json
from pathlib import Path

import pytest

from retrieval.beir import Collection, Document, own_paper, read_collection
from retrieval.errors import CollectionError, RetrievalError
from tests.conftest import SHARED

PAPERS = [
    {"_id": "p1", "title": "Tea", "text": "About tea."},
    {"_id": "p2", "title": "Coffee", "text": "About coffee."},
    {"_id": "p3", "text": "About nothing."},
]
QUESTIONS = [{"_id": "q1", "text": "what to drink"}, {"_id": "q2", "text": "what to eat"}]
HEADING = "query-id\tcorpus-id\tscore\n"


def lines(rows: list[dict[str, str]]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def write(
    folder: Path, *, papers: str = lines(PAPERS), questions: str = lines(QUESTIONS), qrels: str
) -> Path:
    (folder / "corpus.jsonl").write_text(papers, "utf-8")
    (folder / "queries.jsonl").write_text(questions, "utf-8")
    (folder / "qrels.tsv").write_text(qrels, "utf-8")
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(CollectionError) as refused:
        read_collection(folder)
    return str(refused.value)


def test_a_folder_is_read_as_papers_questions_and_what_answers_them(tmp_path: Path):
    assert read_collection(
        write(tmp_path, qrels=f"{HEADING}q1\tp1\t2\nq1\tp2\t1\nq2\tp3\t1\n")
    ) == Collection(
        name=tmp_path.name,
        papers=[
            Document("p1", "Tea", "About tea."),
            Document("p2", "Coffee", "About coffee."),
            Document("p3", "", "About nothing."),
        ],
        questions={"q1": "what to drink", "q2": "what to eat"},
        relevant={"q1": {"p1": 2, "p2": 1}, "q2": {"p3": 1}},
        own_papers={},
        left_out=0,
    )


def test_a_heading_over_the_grades_is_optional(tmp_path: Path):
    with_heading = read_collection(write(tmp_path, qrels=f"{HEADING}q1\tp1\t1\n"))
    assert read_collection(write(tmp_path, qrels="q1\tp1\t1\n")) == with_heading


def test_gzipped_files_and_grades_in_a_folder_of_their_own_are_read_alike(tmp_path: Path):
    plain = read_collection(write(tmp_path, qrels="q1\tp1\t1\n"))
    for name in ("corpus.jsonl", "queries.jsonl"):
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress((tmp_path / name).read_bytes()))
        (tmp_path / name).unlink()
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels.tsv").rename(tmp_path / "qrels" / "test.tsv")
    assert read_collection(tmp_path) == plain


def test_windows_line_ends_a_byte_order_mark_and_empty_lines_are_no_part_of_an_id(tmp_path: Path):
    plain = read_collection(write(tmp_path, qrels="q1\tp1\t1\n"))
    for file in tmp_path.iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n\r\n"))
    assert read_collection(tmp_path) == plain


def test_a_question_that_nothing_in_the_corpus_answers_is_left_out_and_counted(tmp_path: Path):
    collection = read_collection(write(tmp_path, qrels="q1\tp1\t1\nq1\tp2\t0\nq2\tp2\t0\nq2\telsewhere\t1\n"))
    assert collection.questions == {"q1": "what to drink"}
    assert collection.relevant == {"q1": {"p1": 1}}
    assert collection.left_out == 1


def test_a_grade_for_a_question_that_is_not_there_is_passed_over(tmp_path: Path):
    collection = read_collection(write(tmp_path, qrels="q1\tp1\t1\nof another split\tp1\t1\n"))
    assert set(collection.relevant) == {"q1"}
    assert collection.left_out == 1


def test_the_paper_that_a_question_was_made_from_is_no_answer_to_it(tmp_path: Path):
    questions = lines(
        [{"_id": "p1_background", "text": "TEA. It is  hot."}, {"_id": "p2_x", "text": "Coffee?"}]
    )
    qrels = "p1_background\tp1\t3\np1_background\tp2\t1\np2_x\tp2\t1\n"
    collection = read_collection(write(tmp_path, questions=questions, qrels=qrels))
    assert collection.own_paper("p1_background") == "p1"
    assert collection.relevant == {"p1_background": {"p2": 1}}
    assert collection.without_own_paper("p1_background", ["p1", "p3", "p2"]) == ["p3", "p2"]
    assert collection.left_out == 1  # only its own paper answered the other


def test_a_question_without_a_paper_of_its_own_keeps_its_whole_ranking(tmp_path: Path):
    collection = read_collection(write(tmp_path, qrels="q1\tp1\t1\n"))
    assert collection.own_paper("q1") is None
    assert collection.without_own_paper("q1", ["p1", "p2"]) == ["p1", "p2"]


TITLES = {"7": "Sorting on Tape", "7_b": "Merging", "8": "", "a_b": "Deep  Nets"}


@pytest.mark.parametrize(
    ("question_id", "question", "paper_id"),
    [
        ("7", "Sorting on tape. We sort.", "7"),
        ("7_method", "sorting  ON\ntape. We sort.", "7"),
        ("7_b_method", "Merging. We merge.", "7_b"),
        ("7_b_method", "Sorting on Tape. We sort.", "7"),
        ("a_b", "Deep Nets", "a_b"),
        ("7", "How is a tape sorted?", None),  # numbered alike by chance
        ("77", "Sorting on Tape. We sort.", None),
        ("8", "A paper without a title begins every question.", None),
        ("9", "Sorting on Tape. We sort.", None),
    ],
)
def test_a_question_has_a_paper_of_its_own_where_id_and_title_agree(
    question_id: str, question: str, paper_id: str | None
):
    assert own_paper(question_id, question, TITLES) == paper_id


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, name: str):
    write(tmp_path, qrels="q1\tp1\t1\n")
    (tmp_path / name).unlink()
    assert refusal(tmp_path).startswith(f"{tmp_path}: expected {name} or ")


def test_a_missing_folder_is_named(tmp_path: Path):
    assert refusal(tmp_path / "nowhere").startswith(
        f"{tmp_path / 'nowhere'}: expected a folder with corpus.jsonl"
    )


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("{", "one JSON object on the line"),
        ("[1]", "one JSON object on the line"),
        ('{"text": "no id"}', 'an "_id" that is a string'),
        ('{"_id": 4, "text": "a number"}', 'an "_id" that is a string'),
        ('{"_id": "p4", "title": "no text"}', 'a "text"'),
        ('{"_id": "p4", "text": "", "title": 1}', 'a "text" (and a "title"'),
        ('{"_id": "p1", "text": "again"}', "another \"_id\" than 'p1'"),
    ],
)
def test_a_paper_that_is_none_is_named_by_its_line(tmp_path: Path, row: str, expected: str):
    write(tmp_path, papers=f"{lines(PAPERS)}{row}\n", qrels="q1\tp1\t1\n")
    assert refusal(tmp_path).startswith(f"{tmp_path / 'corpus.jsonl'}, line 4: expected {expected}")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("q1\tp2", "question id, document id and grade with a tab"),
        ("q1 0 p2 1", "question id, document id and grade with a tab"),
        ("q1\tp2\tgood", "a grade that is a whole number, not 'good'"),
    ],
)
def test_a_grade_that_is_none_is_named_by_its_line(tmp_path: Path, row: str, expected: str):
    write(tmp_path, qrels=f"{HEADING}q1\tp1\t1\n{row}\n")
    assert refusal(tmp_path).startswith(f"{tmp_path / 'qrels.tsv'}, line 3: expected {expected}")


def test_grades_that_fit_no_question_are_refused_rather_than_scored_as_nothing(tmp_path: Path):
    assert "expected a grade above 0 for a question of queries.jsonl" in refusal(
        write(tmp_path, qrels="other\tp1\t1\n")
    )


def test_a_gzip_file_cut_short_is_refused_with_the_line_it_broke_off_at(tmp_path: Path):
    rows = [{"_id": f"p{number}", "text": f"{number * 7919}"} for number in range(5000)]
    write(tmp_path, qrels="q1\tp1\t1\n")
    (tmp_path / "corpus.jsonl").unlink()
    whole = gzip.compress(lines(rows).encode())
    (tmp_path / "corpus.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    text = refusal(tmp_path)
    assert "a file that can be read to its end" in text
    assert int(text.split("line ")[1].split(":")[0]) > 1000


def test_a_file_that_is_no_gzip_is_refused(tmp_path: Path):
    write(tmp_path, qrels="q1\tp1\t1\n")
    (tmp_path / "corpus.jsonl").rename(tmp_path / "corpus.jsonl.gz")
    assert "corpus.jsonl.gz, line 1: expected a file that can be read to its end" in refusal(tmp_path)


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path):
    write(tmp_path, qrels="q1\tp1\t1\n")
    (tmp_path / "queries.jsonl").write_bytes(b'{"_id": "q1", "text": "caf\xe9"}\n')
    assert "queries.jsonl, line 1: expected text in UTF-8" in refusal(tmp_path)


def test_a_refused_collection_is_a_failure_of_retrieval_that_a_person_can_act_on():
    assert issubclass(CollectionError, RetrievalError)


@pytest.mark.parametrize(
    ("name", "questions", "documents", "own_papers"),
    [
        ("litsearch", 255, 10_000, 0),
        ("autoscholar", 668, 10_000, 0),
        ("scifact", 300, 5_183, 0),
        ("csfcube", 50, 4_205, 50),
        ("cacm", 52, 3_204, 0),
    ],
)
def test_the_collections_we_measure_on_are_read_whole(
    name: str, questions: int, documents: int, own_papers: int
):
    folder = SHARED / "eval" / name
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: it holds collections that cannot be passed on with the code")
    collection = read_collection(folder)
    assert (len(collection.questions), len(collection.papers)) == (questions, documents)
    assert len(collection.own_papers) == own_papers
    assert collection.left_out == 0
    ids = {paper.id for paper in collection.papers}
    for question_id, grades in collection.relevant.items():
        assert set(grades) <= ids - {collection.own_paper(question_id)}
