"""All that is learned from the corpus's words (counts, acronyms, vectors), and the one file that keeps it.

Derived from the papers and never the truth: the file can be deleted at any time and is made again from them. A new paper
is added cheaply; one that is replaced or taken away stays counted until a rebuild, which shifts frequencies a little.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.acronyms import Acronyms, without_plurals
from retrieval.errors import DamagedIndexError
from retrieval.neighbours import NearTable, Neighbours
from retrieval.representation import Matrix
from retrieval.vocabulary import Stem, Vocabulary, Word

Encode = Callable[[Sequence[str]], Matrix]
"""From words to one unit vector each."""

MOST_ENCODED = 40_000  # words: 100,000 papers have more, but each costs a cpu-millisecond and 1.5 kB
_CHUNK = 256  # words encoded together
_FORM = "2"  # of the file: another one is not read


class CorpusWords:
    """The vocabulary, the acronyms and the near words of a corpus."""

    def __init__(self, stem: Stem, recipe: str) -> None:
        """Nothing is known yet. `recipe` names the encoder and the stemmer: what they made is never mixed with others'."""
        self._recipe = recipe
        self.vocabulary = Vocabulary(stem)
        self.acronyms = Acronyms()
        self.neighbours = Neighbours([], [], _no_rows())
        self._words: list[str] = []
        self._rows = _no_rows()

    def add(self, title: str, abstract: str) -> None:
        """Count the words and acronyms of one more paper; its words have no vectors yet."""
        text = f"{title} . {abstract}"
        self.acronyms.add(text)
        self.vocabulary.add(without_plurals(text))

    def without_vector(self) -> list[str]:
        """The words that are worth a vector and have none, the most frequent first."""
        have = set(self._words)
        return [word for word in self.vocabulary.commonest(MOST_ENCODED) if word not in have]

    def give(self, words: Sequence[str], rows: Matrix) -> None:
        """Vectors for words; those of words that are no longer worth one go. Copies all: give thousands at once."""
        every = np.concatenate([self._rows, rows]) if len(self._rows) else rows
        row_of = {word: row for row, word in enumerate([*self._words, *words])}
        self._words = [word for word in self.vocabulary.commonest(MOST_ENCODED) if word in row_of]
        self._rows = np.asarray(every[[row_of[word] for word in self._words]], dtype=np.float32)
        stems = [self.vocabulary.stem(word) for word in self._words]
        self.neighbours = Neighbours(self._words, stems, self._rows)

    def encode_missing(self, encode: Encode) -> None:
        """Give vectors to all words that lack one, and find their neighbours. About a millisecond a word."""
        for _ in self.encode_in_steps(encode):
            pass

    def encode_in_steps(self, encode: Encode) -> Iterator[str]:
        """The same, some tenths of a second a step, for somebody who may be stopped between two."""
        words = self.without_vector()
        rows: list[Matrix] = []
        for start in range(0, len(words), _CHUNK):
            rows.append(encode(words[start : start + _CHUNK]))
            yield "encoded"
        if rows:
            self.give(words, np.concatenate(rows))
            parts: list[NearTable] = []
            for start in NearTable.starts(self._rows):
                parts.append(NearTable.part(self._rows, start))
                yield "compared"
            self._compare(NearTable.joined(parts))

    def _compare(self, table: NearTable) -> None:
        """Take the neighbours of every word, found from `rows` beforehand: asking is then a look-up."""
        stems = [self.vocabulary.stem(word) for word in self._words]
        self.neighbours = Neighbours(self._words, stems, self._rows, table)

    def save(self, path: Path) -> None:
        """Write all to one file, the rows as float16; a reader sees the old file or the new one. Raises OSError."""
        words = list(self.vocabulary.words())
        stems = list(self.vocabulary.stems())
        acronyms = list(self.acronyms.counts())
        table = self.neighbours.table or NearTable.of(self._rows)
        beside = path.with_name(f"{path.name}.new")
        with beside.open("wb") as file:
            np.savez(
                file,
                recipe=_packed([_FORM, self._recipe]),
                papers=np.array([self.vocabulary.papers, self.acronyms.papers]),
                words=_packed(word.text for word in words),
                word_stems=_packed(word.stem for word in words),
                word_papers=_counts(word.papers for word in words),
                word_capitals=_counts(word.in_capitals for word in words),
                stems=_packed(stem for stem, _ in stems),
                stem_papers=_counts(papers for _, papers in stems),
                acronyms=_packed(short for short, _, _ in acronyms),
                long_forms=_packed(long for _, long, _ in acronyms),
                acronym_papers=_counts(papers for _, _, papers in acronyms),
                encoded=_packed(self._words),
                rows=self._rows.astype(np.float16),
                near=table.places,
                near_cosines=table.cosines.astype(np.float16),
            )
        beside.replace(path)

    @classmethod
    def load(cls, path: Path, stem: Stem, recipe: str) -> "CorpusWords":
        """What was saved; raises DamagedIndexError if the file is missing, damaged or of another recipe."""
        try:
            if not path.exists():
                raise DamagedIndexError(f"there is no {path.name} yet")  # noqa: TRY301 - one way out
            with np.load(path, allow_pickle=False) as file:
                parts: dict[str, NDArray[Any]] = {name: file[name] for name in file.files}
            if _unpacked(parts["recipe"]) != [_FORM, recipe]:
                raise DamagedIndexError(f"{path} was made with another model or stemmer")  # noqa: TRY301 - one way out
            found = cls(stem, recipe)
            found._restore(parts)
        except DamagedIndexError:
            raise
        except Exception as error:
            # A damaged zip file gives whatever it likes: BadZipFile, KeyError, ValueError, OSError, zlib's own.
            raise DamagedIndexError(f"{path} cannot be read: {error}") from error
        return found

    def _restore(self, parts: dict[str, NDArray[Any]]) -> None:
        columns = (
            _unpacked(parts["words"]),
            _unpacked(parts["word_stems"]),
            parts["word_papers"].tolist(),
            parts["word_capitals"].tolist(),
        )
        stems = zip(_unpacked(parts["stems"]), parts["stem_papers"].tolist(), strict=True)
        papers, papers_for_acronyms = parts["papers"].tolist()
        self.vocabulary.restore(papers, (Word(*row) for row in zip(*columns, strict=True)), stems)
        pairs = zip(
            _unpacked(parts["acronyms"]),
            _unpacked(parts["long_forms"]),
            parts["acronym_papers"].tolist(),
            strict=True,
        )
        self.acronyms.merge(papers_for_acronyms, pairs)
        self.give(_unpacked(parts["encoded"]), parts["rows"].astype(np.float32))
        self._compare(NearTable(parts["near"], parts["near_cosines"].astype(np.float32)))


def _no_rows() -> Matrix:
    return np.zeros((0, 0), dtype=np.float32)


def _counts(values: Iterator[int]) -> NDArray[np.int32]:
    return np.fromiter(values, dtype=np.int32)


def _packed(texts: Iterator[str] | Sequence[str]) -> NDArray[np.uint8]:
    """Texts without line breaks as the bytes of lines: a tenth of numpy's own array of strings, and no pickle."""
    return np.frombuffer("".join(f"{text}\n" for text in texts).encode(), dtype=np.uint8)


def _unpacked(lines: NDArray[np.uint8]) -> list[str]:
    return lines.tobytes().decode().split("\n")[:-1]
