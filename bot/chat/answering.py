"""A question answered: quoted from the abstracts, or written by a model from those quotes and checked against them.

The quoted answer is there first. A model can only put it in better words: whatever goes wrong with it, the quoted one stays.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from bot.chat.answered import Answered
from bot.library import LanguageOf, in_english
from bot.llm.claims import Claim, Source, Written
from bot.llm.errors import WriterError
from bot.llm.writer import OnText
from retrieval.answer import Answer, Quoted
from retrieval.answers import Papers
from retrieval.followup import joined, subject_of
from retrieval.query_filters import Filters
from retrieval.representation import split_sentences

MOST_ASKED = 500
"""Characters of a question; what is longer is cut."""
_MOST_SENTENCES = 24  # that a model writes from: the quotes, and what else their papers say
_SETBACKS = {
    "not-answered": "The language model finds no full answer in these sentences; they are what comes closest.",
    "lost-substance": "What the language model wrote does not stand in the papers, so here are their own sentences.",
    "budget": "The written answers of today are used up, so here are the papers' own sentences.",
    "deadline": "The language model took too long, so here are the papers' own sentences.",
    "no-model": "",
}
_AWAY = "The language model is not available right now, so here are the papers' own sentences."

OnDraft = Callable[[Answered], None]
"""Told an answer that is not finished yet, as far as it has been checked."""


class Quoting(Protocol):
    """What finds the sentences that answer."""

    async def answer(
        self,
        question: str,
        *,
        among: Sequence[str] | None = None,
        context: Sequence[str] = (),
        filters: Filters | None = None,
    ) -> Answer:
        """As Answerer.answer."""
        ...


class Writing(Protocol):
    """What writes an answer from sentences."""

    async def write(
        self,
        question: str,
        sources: Sequence[Source],
        /,
        *,
        person: int | str,
        on_text: OnText | None = None,
    ) -> Written:
        """As Writer.write."""
        ...


class Answering:
    """Answers questions over one corpus."""

    def __init__(
        self,
        quoting: Quoting,
        writing: Writing,
        papers: Papers,
        size: Callable[[], int],
        language_of: LanguageOf,
    ) -> None:
        """`size` is how many papers can be asked."""
        self._quoting = quoting
        self._writing = writing
        self._papers = papers
        self._size = size
        self._language_of = language_of

    async def answer(
        self,
        question: str,
        *,
        person: int | str,
        topic: str = "",
        among: Sequence[str] = (),
        context: Sequence[str] = (),
        filters: Filters | None = None,
        on_draft: OnDraft | None = None,
    ) -> Answered:
        """The answer to a question, or the nearest misses.

        `topic` is what a follow-up is about, `context` the papers that it rests on, `among` the only papers that may answer.
        Raises BusyError as the search does.
        """
        question = question.strip()[:MOST_ASKED]
        searched = joined(topic, question) if topic else question
        language = asyncio.ensure_future(self._language_of(question))  # beside the search
        found = await self._quoting.answer(searched, among=among or None, context=context, filters=filters)
        answered = Answered(
            question,
            topic=topic or subject_of(question),
            searched=searched,
            refused=found.refused,
            quotes=found.quotes,
            misses=found.misses,
            asked=tuple(among),
            corpus=self._size(),
        )
        if foreign := await language:
            answered = replace(answered, note=in_english(foreign))
        return answered if answered.refused else await self._written(answered, person, on_draft)

    async def _written(self, quoted: Answered, person: int | str, on_draft: OnDraft | None) -> Answered:
        sources = await self._sources(quoted.quotes)

        def tell(claims: tuple[Claim, ...]) -> None:
            if on_draft:
                on_draft(_with_claims(quoted, claims, sources, ""))

        try:
            written = await self._writing.write(
                quoted.searched, sources, person=person, on_text=tell if on_draft else None
            )
        except WriterError as error:
            notes = (quoted.note, _SETBACKS.get(error.kind, _AWAY))
            return replace(quoted, note=" ".join(note for note in notes if note))
        return _with_claims(quoted, written.claims, sources, written.model)

    async def _sources(self, quotes: Sequence[Quoted]) -> list[Source]:
        """The quotes under their numbers, then what else their papers say."""
        papers = {
            paper.id: paper
            for paper in await self._papers(list(dict.fromkeys(quote.paper_id for quote in quotes)))
        }
        known = [quote for quote in quotes if quote.paper_id in papers]
        sentences = [(quote.number, quote.paper_id, quote.sentence) for quote in known]
        quoted = {(paper_id, sentence) for _, paper_id, sentence in sentences}
        others = [
            (paper.id, sentence)
            for paper in papers.values()
            for sentence in split_sentences(paper.abstract)
            if (paper.id, sentence) not in quoted
        ]
        last = max((number for number, _, _ in sentences), default=0)
        sentences += [(last + place, *other) for place, other in enumerate(others, start=1)]
        return [
            Source(number, paper_id, papers[paper_id].title, sentence, papers[paper_id].abstract)
            for number, paper_id, sentence in sentences[:_MOST_SENTENCES]
        ]


def _with_claims(
    quoted: Answered, claims: Sequence[Claim], sources: Sequence[Source], model: str
) -> Answered:
    """The answer in the model's words; the sentences that it cites are numbered anew, in their order there."""
    by_number = {source.number: source for source in sources}
    cited = dict.fromkeys(number for claim in claims for number in claim.cites)
    numbers = {number: place for place, number in enumerate(cited, start=1)}
    quotes = tuple(
        Quoted(place, by_number[number].paper_id, by_number[number].sentence)
        for number, place in numbers.items()
    )
    numbered = tuple(
        Claim(claim.text, tuple(sorted(numbers[number] for number in claim.cites))) for claim in claims
    )
    return replace(quoted, claims=numbered, quotes=quotes, model=model)
