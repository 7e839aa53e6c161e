"""arXiv ids for papers whose source names none: a small table, by title."""

import csv
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.resources import files

from corpus.account import Account
from corpus.latex import readable
from corpus.paper import title_id


def with_known_ids(accounts: Iterable[Account]) -> list[Account]:
    """The accounts, each with its paper's arXiv id where its own source or the table has one."""
    table = _table()
    return [
        account
        if account.arxiv_id
        else replace(account, arxiv_id=table.get(title_id(readable(account.title))))
        for account in accounts
    ]


@cache
def _table() -> dict[str, str]:
    text = (files("corpus") / "data" / "arxiv_ids.tsv").read_text("utf-8")
    return {
        title_id(row["title"]): row["arxiv_id"] for row in csv.DictReader(text.splitlines(), delimiter="\t")
    }
