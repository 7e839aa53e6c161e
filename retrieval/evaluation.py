"""How well does the search find? A BEIR collection asked through the same code as /find."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from corpus.paper import Paper
from retrieval.beir import Collection
from retrieval.exact import ExactIndex
from retrieval.indexing import Blocking, PassageEncoder, encode_and_keep
from retrieval.lexical import LexicalIndex, Text
from retrieval.metrics import Scores, mean_scores, scores
from retrieval.search import QuestionEncoder, Rules, Search
from retrieval.stored_vectors import StoredVectors

_DEPTH = 100


class BothEncoder(PassageEncoder, QuestionEncoder, Protocol):
    """Encodes papers and questions."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The means over the questions; `refused` counts those to which the answer was "not in this corpus"."""

    questions: int
    documents: int
    scores: Scores
    refused: int


async def evaluate(
    collection: Collection,
    stored: StoredVectors,
    encoder: BothEncoder,
    rules: Rules,
    run_blocking: Blocking,
    progress: Callable[[int, int], None],
    *,
    limit_questions: int | None = None,
) -> Evaluation:
    """Ask the collection's questions, the first `limit_questions` of them; vectors that are stored are not made again."""
    papers = {
        document.id: Paper(document.title, document.text, document.title, document.text)
        for document in collection.papers
    }
    rows = await _vectors(papers, stored, encoder, run_blocking, progress)
    texts = LexicalIndex()
    await run_blocking(
        texts.put,
        {key: Text(paper.content_hash, paper.title, paper.abstract) for key, paper in papers.items()},
    )
    search = Search(encoder, rows, texts, rules)
    asked = list(islice(collection.relevant.items(), limit_questions))
    measured: list[Scores] = []
    refused = 0
    for question, grades in asked:
        # One more than is measured: the paper that the question was made from is no answer to it.
        ranking = await run_blocking(search.find, collection.questions[question], _DEPTH + 1)
        found = [hit.paper_id for hit in ranking.hits]
        measured.append(scores(collection.without_own_paper(question, found)[:_DEPTH], grades))
        refused += not ranking.found
    return Evaluation(len(asked), len(papers), mean_scores(measured), refused)


async def _vectors(
    papers: dict[str, Paper],
    stored: StoredVectors,
    encoder: PassageEncoder,
    run_blocking: Blocking,
    progress: Callable[[int, int], None],
) -> ExactIndex:
    held = await stored.hashes()
    missing = {paper.content_hash: paper for paper in papers.values() if paper.content_hash not in held}
    await encode_and_keep(list(missing.values()), stored, encoder, run_blocking, progress)
    hashes = [paper.content_hash for paper in papers.values()]
    return ExactIndex(list(papers), await stored.of_contents(hashes))
