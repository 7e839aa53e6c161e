"""Papers of which only the id is known, asked for at the places that know them."""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from corpus.account import Account
from corpus.errors import FetchError, UnreadableSourceError
from corpus.importing import ARXIV, LookUp
from corpus.sources.arxiv import papers_by_id
from corpus.sources.hugging_face import single_paper
from corpus.sources.reading import Reading
from corpus.sources.source import Answer, Context, Get
from corpus.sync import Client

log = logging.getLogger(__name__)
HUGGING_FACE = "hugging-face"


def looked_up_by(client: Client) -> LookUp:
    """The asking of arXiv, a hundred ids at a time."""

    def look_up(ids: Sequence[str]) -> AsyncIterator[Reading]:
        return papers_by_id(without_memory(client), ids, Context(today=datetime.now(UTC).date()))

    return look_up


async def told_of_one(client: Client, arxiv_id: str, *, today: date) -> AsyncIterator[tuple[str, Account]]:
    """What arXiv says of a paper, and then, if it answers, Hugging Face; each with whose word it is.

    Raises FetchError where arXiv cannot be asked.
    """
    get, context = without_memory(client), Context(today=today)
    async for reading in papers_by_id(get, [arxiv_id], context):
        for account in reading.accounts:
            yield ARXIV, account
    try:
        reading = await single_paper(get, arxiv_id, context)
    except (FetchError, UnreadableSourceError) as error:
        log.info("Hugging Face says nothing of %s: %s", arxiv_id, error)
        return
    for account in reading.accounts:
        # Upvotes of a paper that arXiv does not know would make it one.
        yield HUGGING_FACE, replace(account, is_news=False)


def without_memory(client: Client) -> Get:
    """A way to ask that takes no answer for known: what is asked once is wanted whole."""

    async def get(
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        fresh: bool = False,  # noqa: ARG001 - every answer is
    ) -> Answer | None:
        return await client.get(url, params)

    return get
