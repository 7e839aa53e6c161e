"""What is learned from the papers beside the indexes: their acronyms and near words, and the topics they cover."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.paper import Paper
from corpus.store import PaperStore
from retrieval.corpus_words import CorpusWords, Encode
from retrieval.encoder import Encoder
from retrieval.ensemble import Ensemble
from retrieval.errors import DamagedIndexError, ModelError
from retrieval.exact import ExactIndex
from retrieval.expansion import Expansion
from retrieval.indexes import Indexes
from retrieval.indexing import Blocking
from retrieval.lexical_fields import STEMMER, stem
from retrieval.paper_keys import key_of
from retrieval.representation import Matrix
from retrieval.topics import Topics, labels

log = logging.getLogger(__name__)
_GROWTH = 0.02  # of the corpus, after which its words are counted again
_READ = 1000  # papers
_LEARNED_IN_PASSING = 2000  # papers: more take a reading command too long
_ROWS = 4096


class LearnedWords:
    """Other words for what readers ask, kept in a file that may be deleted at any time."""

    def __init__(
        self,
        store: PaperStore,
        encoder: Encoder,
        indexes: Indexes,
        run_blocking: Blocking,
        file: Path,
        *,
        owns: bool,
    ) -> None:
        """`encoder` tells which words are near; `owns`: whether the file may be written."""
        self._store = store
        self._encoder = encoder
        self._indexes = indexes
        self._run = run_blocking
        self._file = file
        self._owns = owns
        self._recipe = f"{encoder.model.key} / {STEMMER}"
        self._papers = 0

    async def learn(self, *, rebuild: bool) -> None:
        """Read what was learned, or learn it anew where there is nothing or the corpus has changed much."""
        papers = len(self._indexes.texts)
        if self._indexes.expansion and not rebuild and self._is_like(papers):
            return
        words = None if rebuild else await self._run(self._known, papers)
        if words is None and not self._owns and papers > _LEARNED_IN_PASSING:
            return  # its owner learns them; a command that only reads does without meanwhile
        if words is None:
            words = await self._learned()
        self._papers = words.vocabulary.papers
        self._indexes.expansion = expansion_by(self._encoder, words)

    def _known(self, papers: int) -> CorpusWords | None:
        """What was learned from this corpus, unless it has changed too much since."""
        try:
            words = CorpusWords.load(self._file, stem, self._recipe)
        except DamagedIndexError as error:
            if self._file.exists():
                log.info("The words of the papers are learned anew: %s", error)
            return None
        self._papers = words.vocabulary.papers
        return words if self._is_like(papers) or not self._owns else None

    async def _learned(self) -> CorpusWords:
        words = CorpusWords(stem, self._recipe)
        ids = list(await self._store.contents())
        for start in range(0, len(ids), _READ):
            await self._run(_count, words, await self._store.get_many(ids[start : start + _READ]))
        steps = words.encode_in_steps(self._encoder.encode_questions)
        while await self._run(next, steps, None):
            pass  # a stop waits for one step, and no longer
        if self._owns:
            try:
                await self._run(words.save, self._file)
            except OSError as error:
                raise ModelError(f"what was learned cannot be written to {self._file}: {error}") from error
        return words

    def _is_like(self, papers: int) -> bool:
        return abs(papers - self._papers) <= _GROWTH * papers


def learn_words(papers: Sequence[Paper], encode: Encode) -> CorpusWords:
    """What some papers teach, kept nowhere."""
    words = CorpusWords(stem, STEMMER)
    _count(words, papers)
    words.encode_missing(encode)
    return words


def expansion_by(encoder: Encoder, words: CorpusWords) -> Expansion:
    """What was learned, for questions; the encoder reads words that the papers do not have."""
    return Expansion(words, encoder.encode_questions, well_formed=encoder.knows)


def _count(words: CorpusWords, papers: Sequence[Paper]) -> None:
    for paper in papers:
        words.add(paper.title, paper.abstract)


class LearnedTopics:
    """Which of the topics that people ask about the papers cover, for the calibrated verdict."""

    def __init__(
        self, ensemble: Ensemble, indexes: Indexes, run_blocking: Blocking, file: Path, *, owns: bool
    ) -> None:
        """`file` keeps the topics' vectors, which take a second to make; `owns`: whether it may be written."""
        self._file = file
        self._owns = owns
        self._ensemble = ensemble
        self._indexes = indexes
        self._run = run_blocking
        self._seen = -1

    async def learn(self, *, rebuild: bool) -> None:  # noqa: ARG002 - it is made anew at every start
        """Compare every paper with every topic, if any paper changed."""
        rows = self._indexes.rows
        if self._seen != rows.changes:
            seen = rows.changes
            self._indexes.topics = await self._run(self._covered)
            self._seen = seen

    def _covered(self) -> Topics:
        known = self._indexes.topics
        vectors = known.vectors if known else self._kept() or self._made()
        return cover(self._ensemble, self._indexes.rows, vectors)

    @property
    def _key(self) -> int:
        return key_of(f"{self._ensemble.key}\n{labels()}")

    def _kept(self) -> list[Matrix] | None:
        """The vectors in the file; None if it is missing, damaged, or of other models or topics."""
        try:
            with np.load(self._file, allow_pickle=False) as file:
                parts = [file[f"encoder_{place}"] for place in range(len(self._ensemble.encoders))]
                return parts if int(file["key"]) == self._key else None
        except FileNotFoundError:
            return None
        except Exception as error:  # noqa: BLE001 - a damaged zip file gives whatever it likes
            log.info("The topics are encoded anew: %s", error)
            return None

    def _made(self) -> list[Matrix]:
        vectors = topic_vectors(self._ensemble)
        if self._owns:
            beside = self._file.with_name(f"{self._file.name}.new")
            try:
                with beside.open("wb") as file:
                    parts: dict[str, NDArray[Any]] = {"key": np.array(self._key)}
                    parts |= {f"encoder_{place}": rows for place, rows in enumerate(vectors)}
                    np.savez(file, allow_pickle=False, **parts)
                beside.replace(self._file)
            except OSError as error:
                log.warning(
                    "%s cannot be written, and is made again at the next start: %s", self._file, error
                )
        return vectors


def topic_vectors(ensemble: Ensemble) -> list[Matrix]:
    """The topics as each encoder sees them; a second."""
    return [encoder.encode_questions(labels()) for encoder in ensemble.encoders]


def cover(ensemble: Ensemble, rows: ExactIndex, vectors: Sequence[Matrix]) -> Topics:
    """What the papers have on every topic, given the topics' vectors."""
    topics = Topics.uncovered(vectors)
    lengths = [weight**0.5 for weight in ensemble.weights]
    for chunk in rows.chunks(_ROWS):
        topics = topics.covered_by(ensemble.parts(chunk), lengths)
    return topics
