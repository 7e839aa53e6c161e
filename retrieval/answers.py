"""The extractive answer: sentences of abstracts that answer a question, word for word, or the nearest misses.

The search finds the papers, `retrieval.choosing` their sentences, and `retrieval.answered` says whether that is an
answer. Nothing here writes a word of its own.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache

from corpus.paper import Paper
from retrieval.answer import Answer, Quoted
from retrieval.answered import Grounds, is_answered
from retrieval.choosing import Asked, Candidate, Source, candidates, chosen
from retrieval.ensemble import Ensemble
from retrieval.finder import Finder, Found
from retrieval.indexing import Blocking
from retrieval.names import calls_by_name, foreign_names
from retrieval.query import Filters, Query
from retrieval.query_filters import both
from retrieval.representation import Matrix, split_sentences
from retrieval.search import Ask
from retrieval.sought import sought_by
from retrieval.stored_vectors import StoredVectors
from retrieval.verdict import score

_READ = 8  # papers, whose sentences are judged
_MISSES = 3
_IN_CONTEXT = 1.0  # what a paper that the conversation rests on ranks higher; the best has rank 1
_PAIR = 2  # encoders, which the verdict is for

Papers = Callable[[Sequence[str]], Awaitable[list[Paper]]]
"""The papers of some ids; those that there are."""


class Answerer:
    """Answers questions by quoting."""

    def __init__(
        self,
        finder: Finder,
        papers: Papers,
        stored: StoredVectors,
        ensemble: Ensemble,
        run_blocking: Blocking,
    ) -> None:
        self._finder = finder
        self._papers = papers
        self._stored = stored
        self._ensemble = ensemble
        self._run_blocking = run_blocking

    async def answer(
        self,
        question: str,
        *,
        among: Sequence[str] | None = None,
        context: Sequence[str] = (),
        filters: Filters | None = None,
    ) -> Answer:
        """The sentences that answer a question, or the nearest misses.

        `among` names the only papers that may answer, `filters` narrow them; `context` are papers that the conversation
        rests on, which come first where others answer as well. Raises BusyError as the search does.
        """
        if not question.strip() or (among is not None and not among):
            return Answer(question, refused=True)
        filters = both(filters or Filters(), Filters(ids=tuple(among or ())))
        found = await self._finder.find(Ask(Query(question, question, filters), _READ))
        ranks = _ranks(found, context, among)
        papers = {paper.id: paper for paper in await self._papers(list(ranks))}
        key = self._ensemble.sentence_encoder.model.key
        rows = await self._stored.sentences(key, [paper.content_hash for paper in papers.values()])
        return await self._run_blocking(self._choose, question, found, ranks, papers, rows, among is not None)

    def _choose(
        self,
        question: str,
        found: Found,
        ranks: Mapping[str, float],
        papers: Mapping[str, Paper],
        rows: Mapping[str, Matrix],
        given: bool,
    ) -> Answer:
        sources = [
            self._source(question, papers[paper_id], paper_id, rank, rows)
            for paper_id, rank in ranks.items()
            if paper_id in papers
        ]
        asked = self._asked(question, found)
        picked = chosen(candidates(asked, sources))
        if not picked or not is_answered(self._grounds(question, found, asked, picked, papers, given=given)):
            nearest = sorted(sources, key=lambda source: (not source.is_named, -source.rank))
            return Answer(question, refused=True, misses=tuple(one.paper_id for one in nearest[:_MISSES]))
        quotes = (
            Quoted(number, one.source.paper_id, one.sentence) for number, one in enumerate(picked, start=1)
        )
        return Answer(question, refused=False, quotes=tuple(quotes))

    def _source(
        self, question: str, paper: Paper, paper_id: str, rank: float, rows: Mapping[str, Matrix]
    ) -> Source:
        knows = self._ensemble.sentence_encoder.knows
        named = calls_by_name(question, paper.title, knows)
        sentences = _sentences(paper.abstract)
        return Source(paper_id, paper.title, sentences, rows.get(paper.content_hash), rank, is_named=named)

    def _asked(self, question: str, found: Found) -> Asked:
        ranking = found.ranking
        topic = ranking.topic or question
        whole = self._finder.search.question_vector(topic)
        vector = self._ensemble.unit_parts(whole)[self._ensemble.sentence_place]
        return Asked(topic, vector, ranking.extras, sought_by(question))

    def _grounds(
        self,
        question: str,
        found: Found,
        asked: Asked,
        picked: Sequence[Candidate],
        papers: Mapping[str, Paper],
        *,
        given: bool,
    ) -> Grounds:
        best = picked[0].source
        text = f"{best.title} {papers[best.paper_id].abstract}"
        evidence = found.evidence
        judged = evidence is not None and len(evidence.similarities) == _PAIR
        return Grounds(
            found=found.found,
            topic=score(evidence) if evidence is not None and judged else None,
            cosine=max(one.cosine for one in picked) if best.vectors is not None else None,
            share=max(one.share for one in picked),
            missing=len(foreign_names(question, text)),
            lacking=_lacking(asked, [one for one in picked if one.source is best]),
            given=given,
        )


def _ranks(found: Found, context: Sequence[str], among: Sequence[str] | None) -> dict[str, float]:
    """The papers that are read, and how each ranks: the best 1, one of the context higher than by itself."""
    hits = found.ranking.hits
    best = max((hit.score for hit in hits), default=0.0)
    ranks = {hit.paper_id: hit.score / best if best > 0 else 0.0 for hit in hits}
    for paper_id in context[:_READ]:
        if among is None or paper_id in among:
            ranks[paper_id] = ranks.get(paper_id, 0.0) + _IN_CONTEXT
    return ranks


def _lacking(asked: Asked, quoted: Sequence[Candidate]) -> float:
    """How far the sentences are from stating any of the things that are asked for."""
    lacks = (
        sought.weight * (1 - max(one.fits[place] for one in quoted))
        for place, sought in enumerate(asked.sought)
    )
    return min(lacks, default=0.0)


@lru_cache(maxsize=2048)
def _sentences(abstract: str) -> tuple[str, ...]:
    return tuple(split_sentences(abstract))
