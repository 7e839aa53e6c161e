"""A test collection in a BEIR folder: papers, questions, and which papers answer which question.

`corpus.jsonl` and `queries.jsonl` (either may be gzipped) hold objects with `_id`, `text` and, in the corpus,
`title`. `qrels.tsv` or `qrels/test.tsv` holds question id, document id and grade between tabs, under a heading or
none. Only questions with a relevant document in the corpus count; grades of documents elsewhere are passed over.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, cast

from retrieval.errors import CollectionError

_QRELS_FIELDS = 3


@dataclass(frozen=True, slots=True)
class Document:
    """A paper of a collection; title or text may be empty."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """`relevant` has, for every question, the documents that answer it with their grades, all above 0.

    `own_papers` has, for questions that were made from a paper of the corpus, that paper. `left_out` is the number
    of questions in the folder that nothing in the corpus answers.
    """

    name: str
    papers: list[Document]
    questions: dict[str, str]
    relevant: dict[str, dict[str, int]]
    own_papers: dict[str, str]
    left_out: int

    def own_paper(self, question_id: str) -> str | None:
        """The paper that the question was made from, which is no answer to it; mostly there is none."""
        return self.own_papers.get(question_id)

    def without_own_paper(self, question_id: str, ranking: Sequence[str]) -> list[str]:
        """The ranking without the paper that the question was made from: rank one more than is measured."""
        own = self.own_paper(question_id)
        return [paper_id for paper_id in ranking if paper_id != own]


def read_collection(folder: Path) -> Collection:
    """Read a BEIR folder. Raises CollectionError, which names file and line and says what was expected."""
    if not folder.is_dir():
        raise CollectionError(f"{folder}: expected a folder with corpus.jsonl, queries.jsonl and qrels.tsv")
    corpus = _one_of(folder, "corpus.jsonl", "corpus.jsonl.gz")
    queries = _one_of(folder, "queries.jsonl", "queries.jsonl.gz")
    qrels = _one_of(folder, "qrels.tsv", "qrels/test.tsv")
    papers = [Document(*row) for row in _rows(corpus)]
    asked = {question_id: text for question_id, _, text in _rows(queries)}
    titles = {paper.id: paper.title for paper in papers}
    own = {question_id: own_paper(question_id, text, titles) for question_id, text in asked.items()}
    relevant: dict[str, dict[str, int]] = {}
    for question_id, paper_id, grade in _judgements(qrels):
        if grade > 0 and question_id in asked and paper_id in titles and paper_id != own[question_id]:
            relevant.setdefault(question_id, {})[paper_id] = grade
    if not relevant:
        raise CollectionError(
            f"{qrels}: expected a grade above 0 for a question of {queries.name} and a document of {corpus.name}; "
            "there is none"
        )
    return Collection(
        name=folder.resolve().name,
        papers=papers,
        questions={question_id: text for question_id, text in asked.items() if question_id in relevant},
        relevant=relevant,
        own_papers={
            question_id: paper_id
            for question_id, paper_id in own.items()
            if paper_id and question_id in relevant
        },
        left_out=len(asked) - len(relevant),
    )


def own_paper(question_id: str, question: str, titles: Mapping[str, str]) -> str | None:
    """The paper that a question was made from: `10014168_background` begins with the title of `10014168`.

    `titles` are the corpus's, by id. The ids alone say nothing: collections numbered from 1 have a paper 7 and a
    question 7 that are strangers. Case and spacing do not count; a paper without a title made no question.
    """
    parts = question_id.split("_")
    for length in range(len(parts), 0, -1):
        paper_id = "_".join(parts[:length])
        title = _plain(titles.get(paper_id, ""))
        if title and _plain(question).startswith(title):
            return paper_id
    return None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _one_of(folder: Path, *names: str) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise CollectionError(f"{folder}: expected {' or '.join(names)}; there is none")


def _rows(path: Path) -> Iterator[tuple[str, str, str]]:
    """Id, title and text of every line."""
    seen: set[str] = set()
    for number, line in _lines(path):
        try:
            row: Any = json.loads(line)
        except ValueError as error:
            raise _unexpected(path, number, f"one JSON object on the line ({error})") from error
        if not isinstance(row, dict):
            raise _unexpected(path, number, "one JSON object on the line")
        fields = cast("dict[str, Any]", row)
        row_id, title, text = fields.get("_id"), fields.get("title") or "", fields.get("text")
        if not isinstance(row_id, str) or not row_id:
            raise _unexpected(path, number, 'an "_id" that is a string')
        if not isinstance(text, str) or not isinstance(title, str):
            raise _unexpected(path, number, 'a "text" (and a "title", if there is one) that is a string')
        if row_id in seen:
            raise _unexpected(path, number, f'another "_id" than {row_id!r}, which an earlier line has')
        seen.add(row_id)
        yield row_id, title, text


def _judgements(path: Path) -> Iterator[tuple[str, str, int]]:
    """Question id, document id and grade of every line after the heading."""
    for position, (number, line) in enumerate(_lines(path)):
        fields = [field.strip() for field in line.split("\t")]
        if len(fields) != _QRELS_FIELDS:
            raise _unexpected(path, number, "question id, document id and grade with a tab between each two")
        try:
            grade = int(fields[2])
        except ValueError as error:
            if position == 0:
                continue  # the heading
            raise _unexpected(path, number, f"a grade that is a whole number, not {fields[2]!r}") from error
        yield fields[0], fields[1], grade


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their numbers, one at a time: a gzipped corpus is never unpacked whole."""
    number = 0
    try:
        with _opened(path) as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise _unexpected(path, number + 1, "text in UTF-8 near here") from error
    except (OSError, EOFError, zlib.error) as error:
        raise _unexpected(path, number + 1, f"a file that can be read to its end ({error})") from error


def _opened(path: Path) -> TextIO:
    encoding = "utf-8-sig"  # a byte order mark is no part of the first id
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding=encoding)
    return path.open(encoding=encoding)


def _unexpected(path: Path, line: int, expected: str) -> CollectionError:
    return CollectionError(f"{path}, line {line}: expected {expected}")
