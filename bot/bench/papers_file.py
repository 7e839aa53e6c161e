"""Reads a file of papers, JSONL or gzipped JSONL: one object a line with id, title, abstract and what else is known."""

import gzip
import json
import zlib
from collections.abc import Container, Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, TextIO, cast

from corpus.errors import UnreadableSourceError
from corpus.latex import readable
from corpus.links import find_links
from corpus.paper import Paper, parse_arxiv_id


def count_papers(file: Path) -> int:
    """How many lines say something. Raises UnreadableSourceError."""
    return sum(1 for _ in _lines(file))


def papers_in(file: Path, first: int, *, but_not: Container[str] = ()) -> Iterator[Paper]:
    """The first papers of a file, without those whose id is known already. Raises UnreadableSourceError."""
    for number, line in islice(_lines(file), first):
        row = _row(file, number, line)
        if str(row.get("id")) in but_not:
            continue
        paper = paper_of(row)
        if paper is None:
            raise UnreadableSourceError(f"{file.name}, line {number}: expected a title and an abstract")
        if paper.id not in but_not:
            yield paper


def paper_of(row: Mapping[str, Any]) -> Paper | None:
    """The paper that a row tells of; None without title or abstract. What is not as expected is unknown."""
    raw_title, raw_abstract = row.get("title"), row.get("abstract")
    if not isinstance(raw_title, str) or not isinstance(raw_abstract, str) or not raw_title.strip():
        return None
    abstract = readable(raw_abstract)
    return Paper(
        readable(raw_title),
        abstract,
        raw_title,
        raw_abstract,
        arxiv_id=parse_arxiv_id(str(row.get("id") or "")),
        authors=tuple(map(str, row.get("authors") or ())),
        published=_day(row.get("date")),
        upvotes=row.get("upvotes"),
        comments=row.get("comments"),
        links=find_links(abstract),
    )


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def _row(file: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        raise UnreadableSourceError(
            f"{file.name}, line {number}: expected one JSON object ({error})"
        ) from error
    if not isinstance(row, dict):
        raise UnreadableSourceError(f"{file.name}, line {number}: expected one JSON object")
    return cast("dict[str, Any]", row)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        with _opened(file) as text:
            for number, line in enumerate(text, start=1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise UnreadableSourceError(f"{file} cannot be read: {error}") from error


def _opened(file: Path) -> TextIO:
    return gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8")
