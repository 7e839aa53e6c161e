"""Accounts into SQL: a batch is read, matched and written in a few statements, inside the caller's transaction."""

import asyncio
import dataclasses
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from corpus.account import Account, digest
from corpus.best import Told
from corpus.paper import Paper
from corpus.report import Changes
from corpus.shelf import Known, Outcome, Shelf, names_of
from corpus.tables import accounts, aliases, events, papers, words

CHUNK = 500
"""Values in one IN (…); databases limit the parameters of a statement."""
_PAPER_FIELDS = [field.name for field in dataclasses.fields(Paper)]
_LISTS = ("authors", "links", "categories", "keywords", "media")
_ONE_WRITER = 0x70617065  # an advisory lock's number, PostgreSQL only: two batches could make one paper twice


async def take_in(
    connection: AsyncConnection, told: Sequence[Account], *, source: str, now: datetime
) -> Changes:
    """Store what a source told, each with what is known of its paper."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:it)"), {"it": _ONE_WRITER})
    fresh, held = await _without_repeated(connection, told, source)
    await _hear_again(connection, held, source, now)
    known = await _may_be_meant(connection, fresh)
    # Off the event loop: to make a long abstract readable takes a millisecond.
    shelf, outcomes = await asyncio.to_thread(_shelved, known, fresh, source, now)
    changed = [one for one in shelf.papers if one.is_changed or one.words or one.names - one.stored_names]
    await _write(connection, changed, held, source=source, now=now)
    new_ids = tuple(one.paper.id for one in shelf.papers if one.stored_as is None)
    # A paper that came and turned out to be another, all in this batch, is none that is new.
    updated = outcomes.count("updated") + outcomes.count("new") - len(new_ids)
    unchanged = outcomes.count("unchanged") + len(told) - len(fresh)
    return Changes(len(new_ids), updated, unchanged, outcomes.count("skipped"), new_ids)


def paper_from_row(row: RowMapping) -> Paper:
    """The paper that a row of the table holds."""
    values: dict[str, Any] = {name: row[name] for name in _PAPER_FIELDS}
    values |= {name: tuple(values[name]) for name in _LISTS}
    return Paper(**values)


async def told_of(connection: AsyncConnection, paper_id: str) -> list[Told]:
    """Every account of a paper, by source and version."""
    query = select(accounts).where(accounts.c.paper_id == paper_id)
    rows = await connection.execute(query.order_by(accounts.c.source, accounts.c.version))
    return [_told_from(row) for row in rows]


def _told_from(row: Any) -> Told:
    return Told(Account.from_json(row.told), row.source, _aware(row.told_at))


def _shelved(
    known: Iterable[Known], told: Iterable[Account], source: str, now: datetime
) -> tuple[Shelf, list[Outcome]]:
    shelf = Shelf(known)
    return shelf, [shelf.take(account, source=source, now=now) for account in told]


async def _without_repeated(
    connection: AsyncConnection, told: Sequence[Account], source: str
) -> tuple[list[Account], set[str]]:
    """Those that say something else than the source's last word on their paper, and the digests of those that do not.

    A source that repeats itself does not undo what others have said since, and costs next to nothing.
    """
    digests = await asyncio.to_thread(lambda: [digest(account.as_json()) for account in told])
    held: set[str] = set()
    for chunk in _chunks(digests):
        same = select(words.c.digest).where(words.c.source == source, words.c.digest.in_(chunk))
        held |= set((await connection.execute(same)).scalars())
    # What is repeated beside something new of the same paper is said in its turn, or the order would be another.
    subjects = {_subject(account) for account, mark in zip(told, digests, strict=True) if mark not in held}
    return [account for account in told if _subject(account) in subjects], held


async def _hear_again(connection: AsyncConnection, held: set[str], source: str, now: datetime) -> None:
    for chunk in _chunks(held):
        said = update(words).where(words.c.source == source, words.c.digest.in_(chunk))
        await connection.execute(said.values(said=now))


def _subject(account: Account) -> tuple[str, int | None]:
    return account.arxiv_id or account.key or account.title, account.version


async def _may_be_meant(connection: AsyncConnection, told: Sequence[Account]) -> list[Known]:
    """Every stored paper that one of the accounts may be about."""
    names = await asyncio.to_thread(lambda: {name for account in told for name in names_of(account)})
    ids = {account.arxiv_id for account in told if account.arxiv_id}
    for chunk in _chunks(names):
        rows = await connection.execute(select(aliases.c.paper_id).where(aliases.c.alias.in_(chunk)))
        ids |= set(rows.scalars())
    known: list[Known] = []
    for chunk in _chunks(ids):
        known += await _known(connection, chunk)
    return known


async def _known(connection: AsyncConnection, ids: Sequence[str]) -> list[Known]:
    rows = (await connection.execute(select(papers).where(papers.c.id.in_(ids)))).mappings().all()
    told: dict[str, dict[tuple[str, int], Told]] = {row["id"]: {} for row in rows}
    for row in await connection.execute(select(accounts).where(accounts.c.paper_id.in_(told))):
        told[row.paper_id][row.source, row.version] = _told_from(row)
    names: dict[str, set[str]] = {paper_id: set() for paper_id in told}
    for alias, paper_id in await connection.execute(select(aliases).where(aliases.c.paper_id.in_(told))):
        names[paper_id].add(alias)
    return [
        Known(
            paper_from_row(row),
            row["id"],
            told[row["id"]],
            names[row["id"]],
            _aware(row["first_seen"]),
            stored=paper_from_row(row),
            stored_names=frozenset(names[row["id"]]),
        )
        for row in rows
    ]


async def _write(
    connection: AsyncConnection, changed: Sequence[Known], held: set[str], *, source: str, now: datetime
) -> None:
    await _let_go(connection, changed)
    new = [one for one in changed if one.stored_as is None]
    old = [one for one in changed if one.stored_as is not None and one.is_changed]
    rows = [_row(one) | {"updated": now} for one in new]
    await _many(connection, insert(papers), rows)
    await _many(
        connection,
        update(papers).where(papers.c.id == bindparam("stored_as")),
        [_row(one) | {"updated": now, "stored_as": one.stored_as} for one in old],
    )
    told = [(one, place) for one in changed for place in sorted(one.told_now)]
    await _many(
        connection,
        accounts.delete().where(
            accounts.c.paper_id == bindparam("of"),
            accounts.c.source == bindparam("by"),
            accounts.c.version == bindparam("in"),
        ),
        [
            {"of": one.paper.id, "by": place[0], "in": place[1]}
            for one, place in told
            if one.stored_as is not None
        ],
    )
    await _many(connection, insert(accounts), [_account_row(one, place) for one, place in told])
    await _keep_words(connection, changed, held, now)
    named = [
        {"alias": name, "paper_id": one.paper.id} for one in changed for name in one.names - one.stored_names
    ]
    await _many(connection, insert(aliases), named)
    happened = [(one, "new") for one in new] + [(one, "updated") for one in old]
    await _many(
        connection,
        insert(events),
        [{"paper_id": one.paper.id, "kind": kind, "source": source, "at": now} for one, kind in happened],
    )


async def _keep_words(
    connection: AsyncConnection, changed: Sequence[Known], held: set[str], now: datetime
) -> None:
    """By which a source's repetition of its last word is recognised without looking closer; `held` are kept already.

    A new word takes the place of those before it, but not of what is said at the same time: a file may say two things of
    one paper, and each import of it would change that paper twice.
    """
    said_anew = [(one.paper.id, place) for one in changed for place in one.said_anew]
    at = {"of": words.c.paper_id, "by": words.c.source, "in": words.c.version}
    await _many(
        connection,
        words.delete().where(words.c.said < now, *(column == bindparam(name) for name, column in at.items())),
        [{"of": paper_id, "by": place[0], "in": place[1]} for paper_id, place in said_anew],
    )
    said = [(one.paper.id, place, marks - held) for one in changed for place, marks in one.words.items()]
    await _many(
        connection,
        insert(words),
        [
            {"digest": mark, "source": place[0], "paper_id": paper_id, "version": place[1], "said": now}
            for paper_id, place, marks in said
            for mark in sorted(marks)
        ],
    )


async def _let_go(connection: AsyncConnection, changed: Sequence[Known]) -> None:
    """The rows that turned out to be another's; what happened to them happened to that one, which came only once."""
    for one in changed:
        for gone in one.absorbed:
            theirs = update(events).where(events.c.paper_id == gone)
            await connection.execute(theirs.values(paper_id=one.stored_as))
            # A digest is kept once a source: what was said of the one was not said of the other.
            said = update(words).where(words.c.paper_id == gone)
            await connection.execute(said.values(paper_id=one.stored_as))
            await connection.execute(papers.delete().where(papers.c.id == gone))
        if one.absorbed:
            came = (events.c.paper_id == one.stored_as) & (events.c.kind == "new")
            first = select(func.min(events.c.id)).where(came).scalar_subquery()
            again = update(events).where(came, events.c.id > first)
            await connection.execute(again.values(kind="updated"))


async def _many(connection: AsyncConnection, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        await connection.execute(statement, rows)


def _row(one: Known) -> dict[str, Any]:
    paper = one.paper
    row: dict[str, Any] = {name: getattr(paper, name) for name in _PAPER_FIELDS} | {"day": paper.day}
    row |= {name: list(row[name]) for name in _LISTS}
    return row | {"content_hash": paper.content_hash, "first_seen": one.first_seen}


def _account_row(one: Known, place: tuple[str, int]) -> dict[str, Any]:
    told = one.told[place]
    return {
        "paper_id": one.paper.id,
        "source": place[0],
        "version": place[1],
        "told": told.account.as_json(),
        "told_at": told.at,
    }


def _chunks(values: Iterable[str]) -> Iterable[list[str]]:
    every = list(values)
    return (every[start : start + CHUNK] for start in range(0, len(every), CHUNK))


def _aware(time: datetime) -> datetime:
    """SQLite gives times back without their zone, which is UTC."""
    return time if time.tzinfo else time.replace(tzinfo=UTC)
