"""The full-text index: papers by the words they share with a question. The only file that knows tantivy.

Derived from SQL and never the truth: it can be deleted at any time, and comes back without encoding anything.
"""

import logging
import math
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from retrieval.errors import LexicalIndexError
from retrieval.seal import refuse_damage, seal, unseal

log = logging.getLogger(__name__)
_TITLE_BOOST = 0.3  # beside the body, which holds the title too
_WRITER_BYTES = 50_000_000
_LONGEST_WORD = 60
_SEGMENT_NAME = 32  # hexadecimal digits
_MAX_WORDS = 200  # of a question: more are no question


@dataclass(frozen=True, slots=True)
class Text:
    """What is indexed of a paper; `fingerprint` changes when any of it does."""

    fingerprint: str
    title: str
    abstract: str


@dataclass(frozen=True, slots=True)
class Matches:
    """BM25 scores by paper id, best first; `possible` is the sum of the question's idf, what its words are worth."""

    scores: Mapping[str, float]
    possible: float


class LexicalIndex:
    """BM25 over title and abstract (k1 1.2, b .75), English stems, no stop words."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open the index in a folder, or start an empty one where it is missing or damaged; None keeps it in memory.

        Raises LexicalIndexError if the folder cannot be used at all.
        """
        self._folder = folder
        self._analyzer = _analyzer()
        self._index = self._open()
        self._index.register_tokenizer("english", self._analyzer)
        self._schema = self._index.schema

    def seal(self) -> None:
        """It is whole now: damage is noticed when it is opened again."""
        if self._folder:
            seal(self._folder, _files(self._folder))

    def contents(self) -> dict[str, str]:
        """The fingerprint of every paper in the index, by id."""
        searcher = self._index.searcher()
        if not searcher.num_docs:
            return {}
        found = searcher.search(tantivy.Query.all_query(), searcher.num_docs, count=False)
        documents = (searcher.doc(address) for _, address in found.hits)
        return {document["id"][0]: document["fingerprint"][0] for document in documents}

    def put(self, papers: Mapping[str, Text]) -> None:
        """Add papers by id, or replace them. Until it is sealed, the index counts as damaged."""
        writer = self._writer()
        for paper_id, text in papers.items():
            writer.delete_documents_by_term("id", paper_id)
            writer.add_document(
                tantivy.Document(
                    id=paper_id,
                    fingerprint=text.fingerprint,
                    title=text.title,
                    body=f"{text.title}\n{text.abstract}",
                )
            )
        self._commit(writer)

    def remove(self, ids: Sequence[str]) -> None:
        """Take papers out. Until it is sealed, the index counts as damaged."""
        writer = self._writer()
        for paper_id in ids:
            writer.delete_documents_by_term("id", paper_id)
        self._commit(writer)

    def clear(self) -> None:
        """Take every paper out. Until it is sealed, the index counts as damaged."""
        writer = self._writer()
        writer.delete_all_documents()
        self._commit(writer)

    def matching(self, question: str, limit: int, *, among: Sequence[str] | None = None) -> Matches:
        """The papers that share words with the question, best first; `among` names the only ones to score."""
        terms = self._terms(question)
        searcher = self._index.searcher()
        if not terms or not searcher.num_docs:
            return Matches({}, 0.0)
        query = self._any_of(terms)
        if among is not None:
            only = tantivy.Query.const_score_query(
                tantivy.Query.term_set_query(self._schema, "id", list(among)), 0.0
            )
            must = tantivy.Occur.Must
            query = tantivy.Query.boolean_query([(must, query), (must, only)])
        found = searcher.search(query, limit, count=False)
        scores = {searcher.doc(address)["id"][0]: float(score) for score, address in found.hits}
        return Matches(scores, self._worth(terms, searcher))

    def _terms(self, question: str) -> Counter[str]:
        words = " ".join(question.split()[:_MAX_WORDS])
        return Counter(self._analyzer.analyze(words))

    def _any_of(self, terms: Counter[str]) -> tantivy.Query:
        clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for term, times in terms.items():
            for field, weight in (("body", 1.0), ("title", _TITLE_BOOST)):
                query = tantivy.Query.term_query(self._schema, field, term)
                clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(query, weight * times)))
        return tantivy.Query.boolean_query(clauses)

    def _worth(self, terms: Counter[str], searcher: tantivy.Searcher) -> float:
        """The sum of the terms' idf (Robertson & Zaragoza 2009); a word that no paper has is worth the most."""
        papers = searcher.num_docs
        return sum(
            times * math.log(1 + (papers - held + 0.5) / (held + 0.5))
            for term, times in terms.items()
            for held in (searcher.doc_freq("body", term),)
        )

    def _writer(self) -> tantivy.IndexWriter:
        if self._folder:
            unseal(self._folder)
        return self._index.writer(_WRITER_BYTES, 1)

    def _commit(self, writer: tantivy.IndexWriter) -> None:
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def _open(self) -> tantivy.Index:
        folder = self._folder
        if folder is None:
            return tantivy.Index(_schema())
        try:
            refuse_damage(folder, _files(folder))
            return _open_folder(folder)
        except Exception as damage:  # noqa: BLE001 - tantivy raises ValueError, OSError and its own for damage
            log.warning(
                "The text index in %s cannot be read (%s); it is rebuilt from the database.", folder, damage
            )
        try:
            shutil.rmtree(folder)
            return _open_folder(folder)
        except Exception as error:
            raise LexicalIndexError(
                f"the text index folder {folder} cannot be used: {error}. Check its permissions and the free space."
            ) from error


def _open_folder(folder: Path) -> tantivy.Index:
    folder.mkdir(parents=True, exist_ok=True)
    return tantivy.Index(_schema(), path=str(folder))  # refuses another schema


def _files(folder: Path) -> list[Path]:
    """What tantivy wrote for good: not its locks, and not the list of what it will delete some day."""
    return [path for path in folder.glob("*") if path.name == "meta.json" or len(path.stem) == _SEGMENT_NAME]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("fingerprint", stored=True, tokenizer_name="raw")
    builder.add_text_field("title", tokenizer_name="english")
    builder.add_text_field("body", tokenizer_name="english")
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )
