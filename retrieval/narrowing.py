"""Which of a few papers pass a query's filters? By the text index's own rules, without one that has to be kept up to date."""

from collections.abc import Sequence

from corpus.paper import Paper
from retrieval.lexical import LexicalIndex
from retrieval.lexical_fields import Entry
from retrieval.query_filters import Filters


class Narrowing:
    """Some papers, as their texts are now. Blocking: the event loop makes and asks it through a worker."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self._ids = [paper.id for paper in papers]
        self._texts = LexicalIndex()
        self._texts.put(Entry(paper.id, paper) for paper in papers)

    def passing(self, filters: Filters) -> set[str]:
        """The ids of those that pass; all where nothing is filtered."""
        return self._texts.passing(filters, self._ids) if self._ids else set()
