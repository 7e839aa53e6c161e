"""What the bot, the command line and the benchmarks ask: ranked papers, whether any is about it, and what they say."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.paper import Paper
from retrieval.ensemble import Ensemble
from retrieval.indexing import Blocking
from retrieval.representation import Matrix, Vector, best_sentence, split_sentences
from retrieval.search import Ask, Ranking, Search
from retrieval.stored_vectors import StoredVectors
from retrieval.verdict import Evidence, Verdict

_ENOUGH = 10  # papers: the furthest of fewer is not far
JUDGED = 3  # the best papers, whose sentences are read for the verdict

Asking = Callable[[Ask], Awaitable[Ranking]]
"""Answers one question; may gather those that wait."""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search. `found` is False where even the best is not about the question: nearest misses.

    `evidence` is what that rests on; None where there was nothing to judge.
    """

    ranking: Ranking
    found: bool
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an abstract, word for word, and where words of the question stand in it: starts and ends."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


_NOTHING = Quote("")


class Finder:
    """Search, verdict and quotation over one corpus."""

    def __init__(
        self,
        search: Search,
        ensemble: Ensemble,
        stored: StoredVectors,
        verdict: Verdict,
        asking: Asking,
        run_blocking: Blocking,
    ) -> None:
        self.search = search
        self._ensemble = ensemble
        self._stored = stored
        self._verdict = verdict
        self._asking = asking
        self._run_blocking = run_blocking

    async def find(self, ask: Ask) -> Found:
        """The papers that a question is about, or the nearest misses."""
        ranking = await self._asking(ask)
        if not ranking.topic or not ranking.hits:
            return Found(ranking, found=bool(ranking.hits))
        if ask.mode == "exact" or not any(hit.cosines for hit in ranking.hits[:JUDGED]):
            return Found(ranking, found=True)  # there is a word in common, and nothing else to judge by
        evidence = await self._run_blocking(self._evidence, ranking, await self._sentences_of(ranking))
        return Found(ranking, found=self._verdict(evidence), evidence=evidence)

    @property
    def papers(self) -> int:
        """How many papers are searched."""
        return len(self.search.indexes.texts)

    async def similar(self, paper_id: str, limit: int) -> Ranking | None:
        """The papers closest in meaning to this one; None if it is not encoded yet."""
        return await self._run_blocking(self.search.similar, paper_id, limit)

    async def did_you_mean(self, text: str) -> str | None:
        """What was typed, with misspelt words put right; None if there are none that are sure."""
        expansion = self.search.indexes.expansion
        return await self._run_blocking(expansion.did_you_mean, text) if expansion else None

    async def quotes_for_topic(self, topic: str, papers: Sequence[Paper]) -> dict[str, Quote]:
        """For each paper its sentence closest to the topic, by paper id.

        A paper without vectors is quoted by the words it shares with the topic, and left out if there are none.
        """
        rows = await self._sentences(papers)
        return await self._run_blocking(self._quote_topic, topic, papers, rows)

    async def quotes_for_paper(self, paper_id: str, papers: Sequence[Paper]) -> dict[str, Quote]:
        """For each paper its sentence closest to another paper as a whole, by paper id."""
        return await self._run_blocking(self._quote_paper, paper_id, papers, await self._sentences(papers))

    def _quote_paper(
        self, paper_id: str, papers: Sequence[Paper], rows: Mapping[str, Matrix]
    ) -> dict[str, Quote]:
        vector = self.search.indexes.rows.vector_of(paper_id)
        return {} if vector is None else _quoted(self._sentence_part(vector), papers, rows)

    def _quote_topic(
        self, topic: str, papers: Sequence[Paper], rows: Mapping[str, Matrix]
    ) -> dict[str, Quote]:
        wanted = self._sentence_part(self.search.question_vector(topic))
        quotes = _quoted(wanted, papers, rows)
        for paper in papers:
            if not quotes.get(paper.id, _NOTHING).text and (by_words := self._most_marked(topic, paper)):
                quotes[paper.id] = Quote(by_words)
        marked = self.search.marks(topic, [quote.text for quote in quotes.values()])
        return {
            paper_id: replace(quote, marks=tuple(marks))
            for (paper_id, quote), marks in zip(quotes.items(), marked, strict=True)
        }

    def _most_marked(self, topic: str, paper: Paper) -> str:
        """The sentence with most of the topic's words, where no vector can choose; empty if none has one."""
        sentences = split_sentences(paper.abstract)
        marked = [len(marks) for marks in self.search.marks(topic, sentences)]
        return sentences[marked.index(max(marked))] if any(marked) else ""

    async def _sentences(self, papers: Sequence[Paper]) -> dict[str, Matrix]:
        return await self._stored.sentences(
            self._ensemble.sentence_encoder.model.key, [paper.content_hash for paper in papers]
        )

    async def _sentences_of(self, ranking: Ranking) -> list[Matrix]:
        """The sentence vectors of the best papers."""
        best = [hit.paper_id for hit in ranking.hits[:JUDGED]]
        hashes = [found for found in map(self.search.indexes.rows.content_hash, best) if found]
        rows = await self._stored.sentences(self._ensemble.sentence_encoder.model.key, hashes)
        return list(rows.values())

    def _evidence(self, ranking: Ranking, sentences: Sequence[Matrix]) -> Evidence:
        vector = self.search.question_vector(ranking.topic)
        place = self._ensemble.sentence_place
        best = max(hit.cosines[place] for hit in ranking.hits[:JUDGED] if hit.cosines)
        wanted = self._sentence_part(vector)
        closest = [float((rows @ wanted).max()) for rows in sentences if len(rows)]
        topics = self.search.indexes.topics
        match, covered = topics.features(self._ensemble.unit_parts(vector)) if topics else (0.0, 0.0)
        return Evidence(
            similarities=ranking.best_cosines,
            sentence_similarity=max([best, *closest]),
            lexical_share=ranking.matches.share,
            words=ranking.matches.terms,
            papers=len(self.search.indexes.rows),
            match=match,
            covered=covered,
            is_said=ranking.matches.is_said,
            floors=ranking.floors if len(self.search.indexes.rows) >= _ENOUGH else (),
        )

    def _sentence_part(self, vector: Vector) -> Vector:
        """The part of a combined vector that sentences are compared with, of unit length."""
        return self._ensemble.unit_parts(vector)[self._ensemble.sentence_place]


def _quoted(wanted: Vector, papers: Sequence[Paper], rows: Mapping[str, Matrix]) -> dict[str, Quote]:
    return {
        paper.id: Quote(best_sentence(wanted, paper.abstract, rows[paper.content_hash]))
        for paper in papers
        if paper.content_hash in rows
    }
