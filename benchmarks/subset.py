"""A part of a BEIR collection that is encoded in minutes: some questions, their papers, and others beside them."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from retrieval.beir import Document, read_collection
from retrieval.metrics import Scores, mean_scores, scores


@dataclass(frozen=True, slots=True)
class Subset:
    """`questions` maps each question to the grades of its answers, by document id."""

    papers: list[Document]
    questions: dict[str, dict[str, int]]

    def scored(self, rankings: list[list[str]]) -> Scores:
        """The means over the questions, from a ranking of each in their order."""
        pairs = zip(rankings, self.questions.values(), strict=True)
        return mean_scores([scores(ranking, grades) for ranking, grades in pairs])


def subset(folder: Path, *, documents: int, questions: int) -> Subset:
    """The first questions and their papers, filled up with others in the file's order. Raises CollectionError."""
    collection = read_collection(folder)
    asked = dict(islice(collection.relevant.items(), questions))
    wanted = {document for grades in asked.values() for document in grades}
    papers = [paper for paper in collection.papers if paper.id in wanted]
    others = (paper for paper in collection.papers if paper.id not in wanted)
    papers += islice(others, max(0, documents - len(papers)))
    return Subset(papers, {collection.questions[question]: grades for question, grades in asked.items()})
