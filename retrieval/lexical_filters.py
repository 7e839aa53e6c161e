"""What narrows a search, as the text index understands it."""

from collections.abc import Iterator

import tantivy

from retrieval.acronyms import without_plurals
from retrieval.query_filters import Filters

_MIDDLE_NAMES = 1  # "song han" is Song M. Han, too
_LAST_DAY = 9_999_999  # ordinal
_MANY = 2**62


class FilterCompiler:
    """Turns filters into queries of one index."""

    def __init__(
        self, schema: tantivy.Schema, *, words: tantivy.TextAnalyzer, stems: tantivy.TextAnalyzer
    ) -> None:
        self._schema = schema
        self._words = words
        self._stems = stems

    def compile(self, filters: Filters) -> tantivy.Query | None:
        """A query for exactly the papers that pass; None if every paper does. It gives every paper a score of 0."""
        if not filters:
            return None
        must, never = list(self._must(filters)), [self._anywhere(value) for value in filters.without]
        clauses = [(tantivy.Occur.Must, query) for query in must or [tantivy.Query.all_query()]]
        clauses += [(tantivy.Occur.MustNot, query) for query in never]
        return tantivy.Query.const_score_query(tantivy.Query.boolean_query(clauses), 0.0)

    def _must(self, filters: Filters) -> Iterator[tantivy.Query]:
        for title in filters.titles:
            yield self._said("title", "whole_title", title)
        for author in filters.authors:
            yield self._named("authors", author)
        for phrase in filters.phrases:
            yield self._phrase("whole_body", self._words.analyze(phrase))
        if filters.organisations:
            yield _any_of([self._named("organisation", value) for value in filters.organisations])
        if filters.categories:
            yield self._one_of("category", [value.lower() for value in filters.categories])
        if filters.ids:
            yield self._one_of("id", list(filters.ids))
        if filters.after or filters.before:
            first = filters.after.toordinal() if filters.after else 0
            yield self._between(
                "published", first, filters.before.toordinal() if filters.before else _LAST_DAY
            )
        if filters.has_code:
            yield self._between("has_code", 1, 1)
        if filters.min_upvotes is not None:
            yield self._between("upvotes", filters.min_upvotes, _MANY)

    def _anywhere(self, value: str) -> tantivy.Query:
        return self._said("body", "whole_body", value)

    def _said(self, stemmed: str, whole: str, value: str) -> tantivy.Query:
        """One word in any of its forms; several as they stand there."""
        words = self._words.analyze(value)
        stems = self._stems.analyze(without_plurals(value))
        if len(words) == 1 and stems:
            return tantivy.Query.term_query(self._schema, stemmed, stems[0])
        return self._phrase(whole, words)

    def _named(self, field: str, name: str) -> tantivy.Query:
        """A name or a part of one, given name first or last."""
        words = self._words.analyze(name)
        orders = [words, [*words[1:], words[0]], [words[-1], *words[:-1]]] if len(words) > 1 else [words]
        return _any_of(
            [self._phrase(field, order, gap=gap) for order in orders for gap in range(max(1, len(order)))]
        )

    def _phrase(self, field: str, words: list[str], *, gap: int = 0) -> tantivy.Query:
        """The words one after another; with a `gap`, one other word stands before the word of that place.

        Slop would do the same, but takes one word of the text for two of the phrase (`Ada` for `Ada Ada`).
        """
        if not words:
            return tantivy.Query.empty_query()
        if len(words) == 1:
            return tantivy.Query.term_query(self._schema, field, words[0])
        places: list[str | tuple[int, str]] = [
            (place + (_MIDDLE_NAMES if 0 < gap <= place else 0), word) for place, word in enumerate(words)
        ]
        return tantivy.Query.phrase_query(self._schema, field, places)

    def _one_of(self, field: str, values: list[str]) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._schema, field, values)

    def _between(self, field: str, lowest: int, highest: int) -> tantivy.Query:
        return tantivy.Query.range_query(self._schema, field, tantivy.FieldType.Integer, lowest, highest)


def _any_of(queries: list[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])
