"""Which other words would the papers use for a question? Long forms of its acronyms, near words of its words.

What weighs how much was measured on five collections and the bundled papers; a word that few papers have gains most from
its neighbours, and a word that many have little.
"""

from collections.abc import Container
from dataclasses import dataclass

from retrieval.acronyms import acronym_tokens, without_plurals
from retrieval.corpus_words import CorpusWords, Encode
from retrieval.neighbours import Neighbour
from retrieval.representation import Vector
from retrieval.spelling import WellFormed, correction, did_you_mean
from retrieval.vocabulary import SMALL_CORPUS, has_capitals, words_of

_LONG_FORM = 0.5
_MEANT = 0.8
_RARE = 3  # papers, and
_RARE_SHARE = 0.0005  # of them: fewer have the word
_RARE_NEIGHBOUR, _RARE_COSINE = 0.8, 0.55
_OTHER_NEIGHBOUR, _OTHER_COSINE = 0.2, 0.6
_MOST_NEIGHBOURS = 3
_MOST_WORDS = 40  # of a question: more are no question
_MOST_ENCODED = 4  # words of a question that the corpus does not have
_MOST_REMEMBERED = 4096
_LEAST_EMPHASIS = 0.5


@dataclass(frozen=True, slots=True)
class Extra:
    """A term to search beside the question's own.

    `term` is a word or a long form of several; each of its words weighs `weight`, where the question's own weigh 1.
    A stem that comes more than once counts with its greatest weight, and one of the question not again.
    """

    term: str
    weight: float
    because: str
    """The word of the question that it stands for, as typed; an acronym may lack its plural s."""


class Expansion:
    """Widens questions with what a corpus taught; answers of one question cost no encoding when its words are known."""

    def __init__(self, words: CorpusWords, encode: Encode, *, well_formed: WellFormed) -> None:
        """`encode` is asked for words that the corpus does not have, at most four a question.

        `well_formed` knows words that are no slips, such as the whole words in the encoder's own vocabulary.
        """
        self._words = words
        self._well_formed = well_formed
        self._encode = encode
        self._vectors: dict[str, Vector] = {}
        self._corrections: dict[str, str | None] = {}
        self._corrected_by = 0  # papers

    def extras(self, question: str) -> list[Extra]:
        """The terms to add to a question without operators, long forms first; none twice."""
        typed = self._typed(question)
        meant = self._meant(typed)
        near = self._near_words(typed, but_not=meant)
        found: dict[str, Extra] = {}
        for extra in [*self._long_forms(question, typed), *meant.values(), *near]:
            if extra.term not in found or extra.weight > found[extra.term].weight:
                found[extra.term] = extra
        return list(found.values())

    def emphasis(self, question: str, wanted: Vector) -> dict[str, float]:
        """What the question's stems weigh in a small corpus, .5 to 1: more, the nearer the word is to the question.

        Among few papers the rarest word wins, be it "run" or "phone"; elsewhere rarity is trusted, and nothing is said.
        `wanted` is the question's unit vector by the encoder of the words.
        """
        if self._words.vocabulary.papers >= SMALL_CORPUS:
            return {}
        cosines = self._words.neighbours.cosines(self._typed(question), wanted)
        most = max(cosines.values(), default=0.0)
        if most <= 0:
            return {}
        return {
            stem: _LEAST_EMPHASIS + (1 - _LEAST_EMPHASIS) * max(0.0, near) / most
            for stem, near in cosines.items()
        }

    def did_you_mean(self, query: str) -> str | None:
        """The query as typed, operators and all, with misspelt words replaced; None if none is misspelt."""
        return did_you_mean(query, self._correction)

    def _typed(self, question: str) -> dict[str, str]:
        """The question's words by their stems, each stem once; stop words have none."""
        typed: dict[str, str] = {}
        for word in words_of(without_plurals(question)):
            if stem := self._words.vocabulary.stem(word):
                typed.setdefault(stem, word)
        return dict(list(typed.items())[:_MOST_WORDS])

    def _long_forms(self, question: str, typed: dict[str, str]) -> list[Extra]:
        vocabulary = self._words.vocabulary
        return [
            Extra(long, _LONG_FORM, token)
            for token in acronym_tokens(question)[:_MOST_WORDS]
            if has_capitals(token) or vocabulary.is_acronym(without_plurals(token))
            for long in self._words.acronyms.long_forms(token)
            if not all(vocabulary.stem(word) in typed for word in words_of(long))
        ]

    def _meant(self, typed: dict[str, str]) -> dict[str, Extra]:
        """For misspelt words, by their stems, what was meant: an encoder only guesses at them."""
        better = {stem: self._correction(word) for stem, word in typed.items()}
        return {stem: Extra(word.lower(), _MEANT, typed[stem]) for stem, word in better.items() if word}

    def _correction(self, typed: str) -> str | None:
        """What was meant by a word, remembered: an unknown one is compared with all that begin as it does."""
        vocabulary = self._words.vocabulary
        if self._corrected_by != vocabulary.papers or len(self._corrections) > _MOST_REMEMBERED:
            self._corrections, self._corrected_by = {}, vocabulary.papers
        known = self._corrections  # another thread may put another in its place
        if typed not in known:
            known[typed] = correction(typed, vocabulary, well_formed=self._well_formed)
        return known[typed]

    def _near_words(self, typed: dict[str, str], *, but_not: Container[str]) -> list[Extra]:
        neighbours = self._words.neighbours
        if not len(neighbours):
            return []
        stems = [stem for stem in typed if stem not in but_not]
        unknown = [stem for stem in stems if not neighbours.knows(stem)][:_MOST_ENCODED]
        vectors = self._encoded({stem: typed[stem].lower() for stem in unknown})
        found = neighbours.of(stems, vectors, least=min(_RARE_COSINE, _OTHER_COSINE))
        extras: list[Extra] = []
        for stem, near in found.items():
            share, least = self._worth(typed[stem])
            others = [one for one in near if one.cosine >= least and one.stem not in typed]
            extras += [_extra(one, share, typed[stem]) for one in others[:_MOST_NEIGHBOURS]]
        return extras

    def _worth(self, word: str) -> tuple[float, float]:
        """What a neighbour of the word weighs for each unit of cosine, and the cosine it needs."""
        vocabulary = self._words.vocabulary
        if vocabulary.papers_with(word) < max(_RARE, _RARE_SHARE * vocabulary.papers):
            return _RARE_NEIGHBOUR, _RARE_COSINE
        return _OTHER_NEIGHBOUR, _OTHER_COSINE

    def _encoded(self, words: dict[str, str]) -> dict[str, Vector]:
        """The vectors of words by their keys: remembered, or encoded together."""
        new = [word for word in words.values() if word not in self._vectors]
        if new:
            if len(self._vectors) > _MOST_REMEMBERED:
                self._vectors.clear()
                new = list(words.values())
            self._vectors.update(zip(new, self._encode(new), strict=True))
        return {key: self._vectors[word] for key, word in words.items()}


def _extra(neighbour: Neighbour, share: float, because: str) -> Extra:
    return Extra(neighbour.word, share * neighbour.cosine, because)
