"""What the text index keeps of a paper, and in which form: its fields and its rules for words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import tantivy

from corpus.paper import Paper
from retrieval.acronyms import without_plurals
from retrieval.paper_keys import key_of

_LONGEST_WORD = 60
_NAME_LENGTH, _NAME_ROOM = 10, 20  # words of a name, and positions from one name's begin to the next's
STEMMER = "tantivy english stems, stop words out, accents folded"
"""Names the rules of `stems`, for what is kept of them elsewhere."""
EVERY = "every"
"""The one word of the field `every`: how many papers have it is how many there are, as BM25 counts them."""
NUMBERS = ("published", "upvotes", "comments", "has_code")
"""Whole numbers that are filtered and sorted by; `published` is a day's ordinal. Missing where unknown."""


def schema() -> tantivy.Schema:
    """`title`, `body`, `keywords` are stemmed, `whole_title` and `whole_body` are not; names are neither."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("key", indexed=True, fast=True)
    builder.add_integer_field("fingerprint", fast=True)
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("title", "body", "keywords"):
        builder.add_text_field(name, tokenizer_name="stems")
    for name in ("whole_title", "whole_body", "authors", "organisation"):
        builder.add_text_field(name, tokenizer_name="words")
    builder.add_text_field("category", tokenizer_name="raw")
    builder.add_text_field("every", tokenizer_name="raw", index_option="basic")
    for name in NUMBERS:
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def stems() -> tantivy.TextAnalyzer:
    """English stems of words, without stop words, accents and case."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def words() -> tantivy.TextAnalyzer:
    """Words as they are written, without accents and case."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.lowercase())
        .build()
    )


_STEMS = stems()


def stem(word: str) -> str:
    """The stem of a word; empty for a stop word."""
    return next(iter(_STEMS.analyze(word)), "")


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper under the id that the index is asked for."""

    paper_id: str
    paper: Paper

    @property
    def key(self) -> int:
        """The id as a number."""
        return key_of(self.paper_id)

    @property
    def fingerprint(self) -> int:
        """Changes when anything that is indexed does."""
        return key_of(repr(self._indexed()))

    def document(self, names: tantivy.TextAnalyzer) -> tantivy.Document:
        """What is written."""
        title, abstract, keywords, authors, organisation, categories, numbers = self._indexed()
        document = tantivy.Document(
            key=self.key,
            fingerprint=self.fingerprint,
            id=self.paper_id,
            every=EVERY,
            title=without_plurals(title),
            body=without_plurals(f"{title}\n{abstract}"),
            keywords=without_plurals("\n".join(keywords)),
            whole_title=title,
            whole_body=[title, abstract],  # apart: no phrase begins in one and ends in the other
            organisation=organisation or "",
            **{name: value for name, value in zip(NUMBERS, numbers, strict=True) if value is not None},
        )
        if authors:
            document.add_pre_tokenized_text("authors", _apart(authors, names))
        for category in {part for given in categories for part in _with_archive(given)}:
            document.add_text("category", category)
        return document

    def _indexed(self) -> tuple[Any, ...]:
        paper = self.paper
        numbers = (
            paper.published.toordinal() if paper.published else None,
            paper.upvotes,
            paper.comments,
            int(paper.code_url is not None),
        )
        return (
            paper.title,
            paper.abstract,
            paper.keywords,
            paper.authors,
            paper.organisation,
            paper.categories,
            numbers,
        )


def _with_archive(category: str) -> Iterator[str]:
    """`cs.CL` is in `cs` too."""
    yield category.lower()
    yield category.lower().partition(".")[0]


def _apart(names: Sequence[str], analyzer: tantivy.TextAnalyzer) -> tantivy.PreTokenizedString:
    """The words of several names, so far apart that no phrase reaches from one name into the next."""
    tokens = [
        tantivy.Token(word, number * _NAME_ROOM + place, 0)
        for number, name in enumerate(names)
        for place, word in enumerate(analyzer.analyze(name)[:_NAME_LENGTH])
    ]
    return tantivy.PreTokenizedString("", tokens)
