import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from bot.bench.papers_file import count_papers, paper_of, papers_in
from corpus.errors import UnreadableSourceError


def row(number: int) -> dict[str, object]:
    return {
        "id": f"2401.0{number:04}",
        "title": f"A paper $\\alpha$ {number}",
        "abstract": "We share code at https://github.com/some/thing. It works.",
        "authors": ["Ada Lovelace"],
        "date": "2024-01-05",
        "upvotes": 3,
        "comments": 1,
    }


def written(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "papers.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(lines).encode()))
    return file


def test_a_row_becomes_a_paper_with_its_code():
    paper = paper_of(row(7))
    assert paper
    assert (paper.id, paper.published, paper.upvotes) == ("2401.00007", date(2024, 1, 5), 3)
    assert paper.code_url == "https://github.com/some/thing"
    assert paper.title == "A paper α 7"


def test_the_first_papers_are_read_and_known_ones_left_out(tmp_path: Path):
    file = written(tmp_path, *(json.dumps(row(number)) for number in range(5)))
    assert count_papers(file) == 5
    assert [paper.id for paper in papers_in(file, 3, but_not={"2401.00001"})] == ["2401.00000", "2401.00002"]


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "2401.00001"}'])
def test_a_broken_line_is_named(tmp_path: Path, line: str):
    file = written(tmp_path, json.dumps(row(0)), line)
    with pytest.raises(UnreadableSourceError, match=r"papers\.jsonl\.gz, line 2"):
        list(papers_in(file, 2))


def test_a_file_that_is_no_gzip_is_refused_in_words(tmp_path: Path):
    file = tmp_path / "papers.jsonl.gz"
    file.write_text("{}")
    with pytest.raises(UnreadableSourceError, match="cannot be read"):
        count_papers(file)


def test_what_is_not_as_expected_is_unknown():
    paper = paper_of({"title": "A title", "abstract": "", "date": "soon", "id": None, "authors": None})
    assert paper
    assert (paper.published, paper.arxiv_id, paper.authors) == (None, None, ())
