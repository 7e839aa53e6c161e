"""The full-text index: papers by the words they share with a question, and by what narrows a search.

Derived from SQL and never the truth: it can be deleted at any time, and comes back without encoding anything.
"""

import math
import re
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import tantivy

from retrieval.acronyms import without_plurals
from retrieval.errors import LexicalIndexError
from retrieval.expansion import Extra
from retrieval.lexical_fields import EVERY, Entry, schema, stems, words
from retrieval.lexical_filters import FilterCompiler
from retrieval.paper_keys import key_of
from retrieval.query_filters import Filters, both
from retrieval.seal import seal, unseal

# Beside the body, which holds the title too. The title's was chosen on autoscholar.
_WEIGHTS = {"body": 1.0, "title": 0.3, "keywords": 0.3}
_NAME_WEIGHT = 0.5
_WRITER_BYTES = 50_000_000
_REVISION = "revision.txt"
_SEGMENT_NAME = 32  # hexadecimal digits
_MAX_WORDS = 200  # of a question: more are no question
_WORD = re.compile(r"\w+")
_NOTHING = Filters()


@dataclass(frozen=True, slots=True)
class Matches:
    """BM25 scores by paper id, best first.

    `best` is the highest by the question's own terms, without extras; `worth` the sum of their idf, which is about what
    a paper that has them all scores; `terms` counts the distinct ones. `is_said`: there are two or more, and some
    paper has the whole question as it stands.
    """

    scores: Mapping[str, float] = field(default_factory=dict[str, float])
    best: float = 0.0
    worth: float = 0.0
    terms: int = 0
    is_said: bool = False

    @property
    def share(self) -> float:
        """What the best paper has of the question's worth."""
        return self.best / self.worth if self.worth else 0.0


class LexicalIndex:
    """BM25 (k1 1.2, b .75; Robertson & Zaragoza 2009) over title, abstract, keywords and authors."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open or begin the index in a folder; None keeps it in memory. Raises LexicalIndexError."""
        self.folder = folder
        self._stems, self._words = stems(), words()
        with _in_words(folder):
            self._index = tantivy.Index(schema(), path=str(folder) if folder else None)
        self._index.register_tokenizer("stems", self._stems)
        self._index.register_tokenizer("words", self._words)
        self._schema = self._index.schema
        self._filters = FilterCompiler(self._schema, words=self._words, stems=self._stems)
        self.revision = _read_revision(folder)
        self._ids: dict[
            int, str
        ] = {}  # of the papers that were ever found; reading one from the index is slow

    def __len__(self) -> int:
        return self._index.searcher().num_docs

    def seal(self, revision: str) -> None:
        """It is whole now, and holds this revision of the papers: damage is noticed before it is opened again.

        Raises LexicalIndexError.
        """
        if self.folder:
            with _in_words(self.folder):
                (self.folder / _REVISION).write_text(revision, "utf-8")
                seal(self.folder, index_files(self.folder))
        self.revision = revision

    def contents(self) -> dict[int, int]:
        """The fingerprint of every paper in the index, by key."""
        searcher = self._index.searcher()
        addresses = self._addresses(tantivy.Query.all_query(), searcher)
        keys, prints = (_numbers(name, addresses, searcher) for name in ("key", "fingerprint"))
        return dict(zip(keys, prints, strict=True))

    def put(self, entries: Iterable[Entry]) -> None:
        """Add papers, or replace them. Until it is sealed, the index counts as damaged."""
        with self._writing() as writer:
            for entry in entries:
                writer.delete_documents_by_term("key", entry.key)
                writer.add_document(entry.document(self._words))

    def remove(self, keys: Sequence[int]) -> None:
        """Take papers out. Until it is sealed, the index counts as damaged."""
        with self._writing() as writer:
            for key in keys:
                writer.delete_documents_by_term("key", key)

    def matching(
        self,
        question: str,
        limit: int,
        *,
        extras: Sequence[Extra] = (),
        emphasis: Mapping[str, float] = MappingProxyType({}),
        filters: Filters = _NOTHING,
    ) -> Matches:
        """The papers that share words with the question, best first.

        The extras count by their weights; `emphasis` says of stems of the question what they, and the extras that stand
        for them, count beside the others (1 if nothing is said).
        """
        terms = self._terms(question)
        searcher = self._index.searcher()
        if not terms or not searcher.num_docs:
            return Matches(terms=len(terms))
        passes = self._filters.compile(filters)
        widened = list(self._clauses(question, self._weights(terms, extras, emphasis), searcher))
        scores = self._scores(_ranked(widened, passes, searcher, limit), searcher)
        plain = list(self._clauses(question, terms, searcher))
        best = next((score for score, _ in _ranked(plain, passes, searcher, 1)), 0.0)
        said = both(filters, Filters(phrases=(" ".join(question.split()[:_MAX_WORDS]),)))
        is_said = len(terms) > 1 and self.count(said) > 0
        return Matches(scores, best, self._worth(terms, searcher), len(terms), is_said)

    def selected(self, filters: Filters) -> list[str]:
        """Every paper that passes the filters, in no order."""
        searcher = self._index.searcher()
        query = self._filters.compile(filters) or tantivy.Query.all_query()
        return self._names(self._addresses(query, searcher), searcher)

    def count(self, filters: Filters) -> int:
        """How many papers pass the filters; to name them all takes thirty times as long."""
        searcher = self._index.searcher()
        query = self._filters.compile(filters) or tantivy.Query.all_query()
        found = cast("Any", searcher.search(query, 1, count=True))  # its types do not know `count`
        return found.count

    def passing(self, filters: Filters, ids: Sequence[str]) -> set[str]:
        """Those of some papers that pass the filters."""
        searcher = self._index.searcher()
        among = tantivy.Query.term_set_query(self._schema, "key", list(map(key_of, ids)))
        clauses = [(tantivy.Occur.Must, among)]
        if (passes := self._filters.compile(filters)) is not None:
            clauses.append((tantivy.Occur.Must, passes))
        found = searcher.search(tantivy.Query.boolean_query(clauses), max(1, len(ids)), count=False)
        return set(self._names([address for _, address in found.hits], searcher))

    def listed(self, filters: Filters, order_by: str, limit: int) -> list[str]:
        """The papers that pass the filters, highest number (one of `lexical_fields.NUMBERS`) first."""
        searcher = self._index.searcher()
        query = self._filters.compile(filters) or tantivy.Query.all_query()
        found = searcher.search(query, limit, count=False, order_by_field=order_by)
        return self._names([address for _, address in found.hits], searcher)

    def marks(self, question: str, text: str, extras: Sequence[Extra] = ()) -> list[tuple[int, int]]:
        """Where in the text the question's words stand, in any of their forms: starts and ends."""
        wanted = set(self._terms(" ".join([question, *(extra.term for extra in extras)])))
        return [
            match.span()
            for match in _WORD.finditer(text)
            if wanted.intersection(self._stems.analyze(without_plurals(match[0])))
        ]

    def _terms(self, text: str) -> Counter[str]:
        return Counter(self._stems.analyze(without_plurals(" ".join(text.split()[:_MAX_WORDS]))))

    def _weights(
        self, terms: Counter[str], extras: Sequence[Extra], emphasis: Mapping[str, float]
    ) -> dict[str, float]:
        """What each term weighs: the question's own as often as they come, others by the greatest extra."""
        weights: dict[str, float] = {}
        for extra in extras:
            share = min((emphasis.get(term, 1.0) for term in self._terms(extra.because)), default=1.0)
            for term in self._terms(extra.term):
                weights[term] = max(weights.get(term, 0.0), share * extra.weight)
        return weights | {term: times * emphasis.get(term, 1.0) for term, times in terms.items()}

    def _clauses(
        self, question: str, weights: Mapping[str, float], searcher: tantivy.Searcher
    ) -> Iterator[tuple[tantivy.Occur, tantivy.Query]]:
        for term, weight in weights.items():
            for name, importance in _WEIGHTS.items():
                yield self._should(name, term, weight * importance)
        for word in dict.fromkeys(self._words.analyze(" ".join(question.split()[:_MAX_WORDS]))):
            if self._is_name(word, searcher):
                yield self._should("authors", word, _NAME_WEIGHT)

    def _is_name(self, word: str, searcher: tantivy.Searcher) -> bool:
        """Whether the corpus knows the word as a name more than as a word."""
        named = searcher.doc_freq("authors", word)
        return bool(named) and named > searcher.doc_freq("whole_body", word)

    def _should(self, name: str, term: str, weight: float) -> tuple[tantivy.Occur, tantivy.Query]:
        query = tantivy.Query.term_query(self._schema, name, term)
        return tantivy.Occur.Should, tantivy.Query.boost_query(query, weight)

    def _worth(self, terms: Counter[str], searcher: tantivy.Searcher) -> float:
        """The sum of the terms' idf; a word that no paper has is worth the most."""
        return sum(times * self._idf(term, searcher) for term, times in terms.items())

    def _idf(self, term: str, searcher: tantivy.Searcher) -> float:
        held = searcher.doc_freq("body", term)
        # Until a merge replaced papers are counted, too: in both numbers, as in the scores that this is compared with.
        # They don't make a word rarer that none of them has.
        papers = searcher.doc_freq("every", EVERY) if held else searcher.num_docs
        return math.log(1 + (papers - held + 0.5) / (held + 0.5))

    def _addresses(self, query: tantivy.Query, searcher: tantivy.Searcher) -> list[tantivy.DocAddress]:
        if not searcher.num_docs:
            return []
        return [address for _, address in searcher.search(query, searcher.num_docs, count=False).hits]

    def _scores(
        self, hits: Sequence[tuple[float, tantivy.DocAddress]], searcher: tantivy.Searcher
    ) -> dict[str, float]:
        names = self._names([address for _, address in hits], searcher)
        return dict(zip(names, (float(score) for score, _ in hits), strict=True))

    def _names(self, addresses: list[tantivy.DocAddress], searcher: tantivy.Searcher) -> list[str]:
        keys = _numbers("key", addresses, searcher)
        for key, address in zip(keys, addresses, strict=True):
            if key not in self._ids:
                self._ids[key] = searcher.doc(address)["id"][0]
        return [self._ids[key] for key in keys]

    @contextmanager
    def _writing(self) -> Generator[tantivy.IndexWriter]:
        with _in_words(self.folder):
            if self.folder:
                unseal(self.folder)
            writer = self._index.writer(_WRITER_BYTES, 1)
            yield writer
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()


def _ranked(
    clauses: list[tuple[tantivy.Occur, tantivy.Query]],
    passes: tantivy.Query | None,
    searcher: tantivy.Searcher,
    limit: int,
) -> list[tuple[float, tantivy.DocAddress]]:
    query = tantivy.Query.boolean_query(clauses)
    if passes is not None:
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, passes)])
    return searcher.search(query, limit, count=False).hits


def _numbers(name: str, addresses: list[tantivy.DocAddress], searcher: tantivy.Searcher) -> list[int]:
    """The values of a field that every paper has."""
    return cast("list[int]", searcher.fast_field_values(name, addresses)) if addresses else []


def index_files(folder: Path) -> list[Path]:
    """What tantivy wrote for good: not its locks, and not the list of what it will delete some day."""
    return [
        path
        for path in folder.glob("*")
        if path.name in {"meta.json", _REVISION} or len(path.stem) == _SEGMENT_NAME
    ]


def _read_revision(folder: Path | None) -> str:
    """What was sealed last; empty before the first time."""
    file = folder / _REVISION if folder else None
    return file.read_text("utf-8") if file and file.exists() else ""


@contextmanager
def _in_words(folder: Path | None) -> Generator[None]:
    try:
        yield
    except (LexicalIndexError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        # What tantivy raises for what it finds on the disk; a panic of Rust's is no Exception.
        raise LexicalIndexError(
            f"the text index in {folder or 'memory'} cannot be used: {error}. Check the folder's permissions and the "
            "free space."
        ) from error
