"""How well does the search find? A BEIR collection asked through the same code as /find."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from time import process_time

from corpus.paper import Paper
from retrieval.beir import Collection
from retrieval.ensemble import Ensemble
from retrieval.exact import ExactIndex
from retrieval.expansion import Expansion
from retrieval.finder import Finder
from retrieval.indexes import Indexes
from retrieval.indexing import Blocking, Progress, encode_and_keep
from retrieval.learning import cover, expansion_by, learn_words, topic_vectors
from retrieval.lexical import LexicalIndex
from retrieval.lexical_fields import Entry
from retrieval.metrics import Scores, mean_scores, scores
from retrieval.query import Filters, Query
from retrieval.representation import PaperText
from retrieval.search import Ask, Mode, Ranking, Rules, Search
from retrieval.stored_vectors import StoredVectors
from retrieval.verdict import Evidence, Verdict

_DEPTH = 100
_CHUNK = 200


Rerank = Callable[[str, Sequence[str], Sequence[float]], list[str]]
"""From a question, its papers and their scores to the papers in another order."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to search: the default, or the default with a stage changed."""

    name: str
    ensemble: Ensemble
    rules: Rules
    mode: Mode = "hybrid"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of the questions, in their order; `refused` counts those answered "not in this corpus".

    `cpu_ms` is the processor time of a question, all threads together.
    """

    documents: int
    scores: tuple[Scores, ...]
    refused: int
    cpu_ms: float

    @property
    def mean(self) -> Scores:
        """The means over the questions."""
        return mean_scores(self.scores)


class Examination:
    """A collection that is ready to be asked, as its corpus would be by readers."""

    def __init__(self, collection: Collection, stored: StoredVectors, run_blocking: Blocking) -> None:
        self._collection = collection
        self._stored = stored
        self._run = run_blocking
        self.papers = {document.id: Paper(document.title, document.text) for document in collection.papers}
        self._texts = LexicalIndex()
        self._ensemble: Ensemble | None = None
        self._expansion: Expansion | None = None
        self._rows: dict[str, ExactIndex] = {}

    async def prepare(self, ensemble: Ensemble, progress: Progress) -> None:
        """Encode and index the papers; vectors that are stored are not made again."""
        self._ensemble = ensemble
        texts = {paper.content_hash: PaperText(paper.title, paper.abstract) for paper in self.papers.values()}
        hashes = list(texts)
        for start in range(0, len(hashes), _CHUNK):
            chunk = {content_hash: texts[content_hash] for content_hash in hashes[start : start + _CHUNK]}
            await encode_and_keep(chunk, self._stored, ensemble, self._run)
            progress(min(start + _CHUNK, len(hashes)), len(hashes))
        await self._run(self._texts.put, [Entry(key, paper) for key, paper in self.papers.items()])
        encoder = ensemble.sentence_encoder
        words = await self._run(learn_words, list(self.papers.values()), encoder.encode_questions)
        self._expansion = expansion_by(encoder, words)

    async def ask_all(
        self,
        variants: Sequence[Variant],
        verdict: Verdict,
        *,
        topics: bool,
        limit_questions: int | None = None,
    ) -> dict[Variant, Evaluation]:
        """Ask by each of the variants; the verdict judges those that have the encoders of `prepare`."""
        measured: dict[Variant, Evaluation] = {}
        for variant in variants:
            judged = variant.ensemble is self._ensemble
            measured[variant] = await self.ask(
                variant,
                verdict if judged else None,
                topics=topics and judged,
                limit_questions=limit_questions,
            )
        return measured

    async def ask(
        self,
        variant: Variant,
        verdict: Verdict | None,
        *,
        topics: bool,
        limit_questions: int | None = None,
        rerank: Rerank | None = None,
    ) -> Evaluation:
        """Ask the collection's questions, the first `limit_questions` of them.

        `verdict` None: nothing is refused; `topics`: whether the verdict asks for them; `rerank` is a last stage that is
        tried out.
        """
        rows = await self._rows_of(variant.ensemble)
        indexes = Indexes(rows, self._texts, expansion=self._expansion)
        if topics:
            indexes.topics = await self._run(cover, variant.ensemble, rows, topic_vectors(variant.ensemble))
        search = Search(variant.ensemble, indexes, variant.rules)

        async def asking(ask: Ask) -> Ranking:
            return (await self._run(search.find, [ask]))[0]

        judge = verdict or _always
        finder = Finder(search, variant.ensemble, self._stored, judge, asking, self._run)
        measured: list[Scores] = []
        refused = 0
        started = process_time()
        for question, grades in islice(self._collection.relevant.items(), limit_questions):
            text = self._collection.questions[question]
            # One more than is measured: the paper that the question was made from is no answer to it.
            found = await finder.find(Ask(Query(text, text, Filters()), _DEPTH + 1, variant.mode))
            ranked = [hit.paper_id for hit in found.ranking.hits]
            if rerank:
                ranked = rerank(found.ranking.topic, ranked, [hit.score for hit in found.ranking.hits])
            measured.append(scores(self._collection.without_own_paper(question, ranked)[:_DEPTH], grades))
            refused += not found.found
        cpu_ms = 1000 * (process_time() - started) / len(measured)
        return Evaluation(len(self.papers), tuple(measured), refused, cpu_ms)

    async def _rows_of(self, ensemble: Ensemble) -> ExactIndex:
        if ensemble.key not in self._rows:
            rows = ExactIndex(ensemble.dimension)
            hashes = [paper.content_hash for paper in self.papers.values()]
            stored = self._stored.only([encoder.model.key for encoder in ensemble.encoders])
            rows.put(list(self.papers), hashes, ensemble.combine(await stored.wholes(hashes)))
            self._rows[ensemble.key] = rows
        return self._rows[ensemble.key]


def _always(_evidence: Evidence) -> bool:
    return True


def ablations(ensemble: Ensemble, rules: Rules) -> Sequence[Variant]:
    """Every stage alone, and the default without each."""
    alone = [Variant(one.model.name, Ensemble([one], [1.0]), rules, "semantic") for one in ensemble.encoders]
    first = ensemble.sentence_encoder
    return [
        Variant("BM25", ensemble, replace(rules, expands=False), "exact"),
        *(replace(one, rules=replace(rules, feedback_weight=0.0)) for one in alone),
        Variant(
            f"BM25 + {first.model.name}",
            Ensemble([first], [1.0]),
            replace(rules, feedback_weight=0.0, expands=False, lexical_weight=0.5),
        ),
        Variant("fused", ensemble, replace(rules, feedback_weight=0.0, expands=False)),
        Variant("default", ensemble, rules),
        Variant("default, request kept", ensemble, replace(rules, drops_request=False)),
        Variant("default, without expansion", ensemble, replace(rules, expands=False)),
        Variant("default, without feedback", ensemble, replace(rules, feedback_weight=0.0)),
        Variant("default, without words", ensemble, rules, "semantic"),
    ]
