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
from corpus.paper import Paper
from retrieval.answer import Answer, Quoted
from retrieval.answers import Papers
from retrieval.followup import joined, subject_of
from retrieval.indexing import Blocking
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

    @property
    def has_model(self) -> bool:
        """Whether there is anything to write with."""
        ...

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
        run_blocking: Blocking,
        size: Callable[[], int],
        language_of: LanguageOf,
    ) -> None:
        """`size` is how many papers can be asked."""
        self._quoting = quoting
        self._writing = writing
        self._papers = papers
        self._run_blocking = run_blocking
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
        if answered.refused or not self._writing.has_model:
            return answered
        return await self._written(answered, person, on_draft)

    async def _written(self, quoted: Answered, person: int | str, on_draft: OnDraft | None) -> Answered:
        papers = await self._papers(list(dict.fromkeys(quote.paper_id for quote in quoted.quotes)))
        sources = await self._run_blocking(_sources, quoted.quotes, papers)

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


def _sources(quotes: Sequence[Quoted], of: Sequence[Paper]) -> list[Source]:
    """The quotes under their numbers, then what else their papers say. Splits abstracts, so it is for a worker."""
    papers = {paper.id: paper for paper in of}
    sentences = [(one.number, one.paper_id, one.sentence) for one in quotes if one.paper_id in papers]
    quoted = {(paper_id, sentence) for _, paper_id, sentence in sentences}
    others = [
        (paper.id, sentence)
        for paper in of
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
