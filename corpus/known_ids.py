"""arXiv ids for papers whose source names none: a small table, by title."""

import csv
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.resources import files

from corpus.paper import Paper, title_id


def with_known_ids(papers: Iterable[Paper]) -> list[Paper]:
    """The papers, each with its arXiv id where its own source or the table has one."""
    table = _table()
    return [
        paper if paper.arxiv_id else replace(paper, arxiv_id=table.get(title_id(paper.title)))
        for paper in papers
    ]


@cache
def _table() -> dict[str, str]:
    text = (files("corpus") / "data" / "arxiv_ids.tsv").read_text("utf-8")
    return {
        title_id(row["title"]): row["arxiv_id"] for row in csv.DictReader(text.splitlines(), delimiter="\t")
    }
