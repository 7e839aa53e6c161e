import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from bot.bench.papers_file import count_papers, cut, first_papers
from corpus.errors import UnreadableSourceError

TODAY = date(2026, 1, 1)


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


def test_the_first_papers_are_read_as_an_import_reads_them(tmp_path: Path):
    file = written(tmp_path, json.dumps(row(0)), "", *(json.dumps(row(number)) for number in range(1, 5)))
    assert count_papers(file) == 5
    told = list(first_papers(file, 3, today=TODAY))
    assert [account.arxiv_id for account in told] == ["2401.00000", "2401.00001", "2401.00002"]
    assert (told[0].published, told[0].upvotes) == (date(2024, 1, 5), 3)


@pytest.mark.parametrize(
    ("line", "why"),
    [("{", "is not JSON"), ("[]", "is not a JSON object"), ('{"id": "2401.00001"}', "it has no title")],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, why: str):
    file = written(tmp_path, json.dumps(row(0)), "", line)
    with pytest.raises(UnreadableSourceError, match=rf"papers\.jsonl\.gz, line 3: {why}"):
        list(first_papers(file, 2, today=TODAY))


def test_what_is_behind_the_first_papers_may_be_broken(tmp_path: Path):
    file = written(tmp_path, json.dumps(row(0)), "{")
    assert len(list(first_papers(file, 1, today=TODAY))) == 1


def test_a_line_that_is_no_text_is_named(tmp_path: Path):
    file = tmp_path / "papers.jsonl"
    file.write_bytes(json.dumps(row(0)).encode() + b"\n\xff\n")
    with pytest.raises(UnreadableSourceError, match=r"papers\.jsonl, line 2: it is not UTF-8"):
        count_papers(file)


def test_a_file_that_is_not_there_or_cut_off_is_refused_in_words(tmp_path: Path):
    with pytest.raises(UnreadableSourceError, match="cannot be read"):
        count_papers(tmp_path / "nothing.jsonl")
    file = written(tmp_path, *(json.dumps(row(number)) for number in range(100)))
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(UnreadableSourceError, match="damaged or cut off"):
        count_papers(file)


def test_a_cut_has_the_first_papers_as_they_stand(tmp_path: Path):
    lines = [json.dumps(row(number)) for number in range(5)]
    file = written(tmp_path, lines[0], " ", *lines[1:])
    for count, expected in ((3, lines[:3]), (9, lines)):
        cut(file, count, tmp_path / "cut.gz")
        assert gzip.decompress((tmp_path / "cut.gz").read_bytes()).decode().splitlines() == expected
