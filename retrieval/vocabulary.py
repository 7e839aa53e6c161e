"""The corpus's words as they are written: how many papers have each, and how many write it in capitals. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Stem = Callable[[str], str]
"""From a lower-case word to its stem; empty for what is never searched, such as stop words."""

_WORD = re.compile(r"(?<![^\W_])[^\W\d_][^\W_]{1,39}(?![^\W_])")  # no numbers, no single letters, no noise
_CAPITALS = 2  # letters: "LLM" and "BERT", but not the first word of a sentence
_MOSTLY = 0.5  # of a word's papers
SMALL_CORPUS = 500
"""Papers. In fewer, that a word is rare says little about it."""
_SHORTEST_ENCODED = 3  # letters


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the corpus; `papers` and `in_capitals` count papers that write it so, once each."""

    text: str
    stem: str
    papers: int
    in_capitals: int


def words_of(text: str) -> list[str]:
    """The words of a text as written, from two letters on; the parts of a hyphenated one are words of their own."""
    return _WORD.findall(text)


def has_capitals(word: str) -> bool:
    """Whether it is written as acronyms are, with two capitals or more."""
    return sum(letter.isupper() for letter in word) >= _CAPITALS


def least_papers(papers: int) -> int:
    """In how many papers something must stand to be more than a slip, in a corpus of so many papers."""
    return 1 if papers < SMALL_CORPUS else 2


class Vocabulary:
    """Counts of words, and of their stems, over papers; a paper that is taken away stays counted until a rebuild."""

    def __init__(self, stem: Stem) -> None:
        self._stem = stem
        self.papers = 0
        self._papers: Counter[str] = Counter()
        self._in_capitals: Counter[str] = Counter()
        self._stem_of: dict[str, str] = {}
        self._stems: Counter[str] = Counter()
        self._by_letter: dict[str, list[str]] = {}

    def add(self, text: str) -> None:
        """Count the words of one more paper."""
        capitals: dict[str, bool] = {}
        for word in words_of(text):
            capitals[word.lower()] = capitals.get(word.lower(), False) or has_capitals(word)
        self.papers += 1
        self._papers.update(list(capitals))  # a mapping would add its values
        self._in_capitals.update(word for word, written_so in capitals.items() if written_so)
        for word in capitals:
            if word not in self._stem_of:
                self._enter(word, self._stem(word))
        self._stems.update({self._stem_of[word] for word in capitals} - {""})

    def restore(self, papers: int, words: Iterator[Word], stems: Iterator[tuple[str, int]]) -> None:
        """Begin from counts that were saved: what `papers`, `words()` and `stems()` gave."""
        self.papers = papers
        for word in words:
            self._papers[word.text] = word.papers
            self._in_capitals[word.text] = word.in_capitals
            self._enter(word.text, word.stem)
        self._stems.update(dict(stems))

    def words(self) -> Iterator[Word]:
        """Every word, in lower case."""
        for text, papers in list(self._papers.items()):
            yield Word(text, self._stem_of[text], papers, self._in_capitals.get(text, 0))

    def starting_with(self, letter: str) -> list[str]:
        """Every word that begins with a letter, in lower case."""
        return list(self._by_letter.get(letter, ()))

    def stems(self) -> Iterator[tuple[str, int]]:
        """Every stem, with the number of papers that have it in any form."""
        yield from list(self._stems.items())

    def stem(self, word: str) -> str:
        """The stem of any word, in the corpus or not; empty if it is never searched."""
        lower = word.lower()
        return self._stem_of[lower] if lower in self._stem_of else self._stem(lower)

    def papers_writing(self, word: str) -> int:
        """How many papers have the word in this very form, in capitals or not."""
        return self._papers.get(word.lower(), 0)

    def papers_with(self, word: str) -> int:
        """How many papers have the word in any of its forms: its document frequency."""
        stem = self.stem(word)
        return self._stems.get(stem, 0) if stem else self._papers.get(word.lower(), 0)

    def is_acronym(self, word: str) -> bool:
        """Does the corpus mostly write it in capitals? So does it "R-CNN" if one of its parts is written so."""
        return any(self._capital_share(part.lower()) >= _MOSTLY for part in words_of(word))

    def commonest(self, limit: int) -> list[str]:
        """One word for each stem, in the form that most papers use; stems that most papers have come first."""
        least = least_papers(self.papers)
        forms: dict[str, tuple[int, str]] = {}
        for word in self.words():
            if word.stem and len(word.text) >= _SHORTEST_ENCODED:
                forms[word.stem] = max(forms.get(word.stem, (0, "")), (word.papers, word.text))
        enough = [stem for stem in forms if self._stems[stem] >= least]
        enough.sort(key=lambda stem: (-self._stems[stem], stem))
        return [forms[stem][1] for stem in enough[:limit]]

    def _capital_share(self, word: str) -> float:
        papers = self._papers.get(word, 0)
        return self._in_capitals.get(word, 0) / papers if papers else 0.0

    def _enter(self, word: str, stem: str) -> None:
        self._stem_of[word] = stem
        self._by_letter.setdefault(word[0], []).append(word)
