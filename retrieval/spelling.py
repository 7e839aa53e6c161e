"""Did they mean another word? A word that no paper has, one slip away from one that papers have. Pure.

Rather silent than wrong: quoted words, operators, ids, numbers and words in capitals stay as they are, and so does a word
with no clear neighbour, for names and words of other languages are no slips.
"""

import re
from collections.abc import Callable, Sequence
from typing import cast

from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.vocabulary import Vocabulary, has_capitals, least_papers

WellFormed = Callable[[str], bool]
"""Whether a lower-case word is one though no paper has it: small corpora lack many."""
Correct = Callable[[str], str | None]
"""`correction` by some vocabulary, from a word as typed."""

_LEFT_ALONE = re.compile(
    r"""
      "[^"]*(?:"|$) | “[^”]*(?:”|$)      # quoted
    | [A-Za-z][A-Za-z_-]*:\ ?\S*         # an operator and its value, an address
    | (?<!\S)-\S+                        # an exclusion
    | [^\s\d_@/\\.:\#]*[\d_@/\\.:\#]\S+  # an id, a number, an address
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"(?<![\w'’])[^\W\d_]{4,40}(?![\w'’])")  # in three letters a slip is another word
_SUBSTITUTED = 6  # letters: below, another letter in the same place is mostly another word
_LONG = 8  # letters: two slips
_CLEARLY = 2  # times as many papers as the next word that is as close
_MOST_WORDS = 40  # of a query, and
_MOST_REPLACED = 4  # of them: with more, it is another language


def did_you_mean(query: str, correct: Correct) -> str | None:
    """The query with every misspelt word replaced, and its case kept; None if there is none, or too many."""
    alone = [match.span() for match in _LEFT_ALONE.finditer(query)]
    parts: list[str] = []
    end = 0
    for match in list(_WORD.finditer(query))[:_MOST_WORDS]:
        if any(first <= match.start() < last for first, last in alone):
            continue
        if better := correct(match[0]):
            parts += [query[end : match.start()], better]
            end = match.end()
    if not parts or len(parts) > 2 * _MOST_REPLACED:
        return None
    return "".join([*parts, query[end:]])


def correction(typed: str, vocabulary: Vocabulary, *, well_formed: WellFormed) -> str | None:
    """The word that was meant by a misspelt one, its first letter in the same case; None if it is none, or unclear."""
    word = typed.lower()
    if not _WORD.fullmatch(word) or has_capitals(typed):
        return None
    if vocabulary.papers_with(word) or well_formed(word):
        return None
    close = _closest(word, vocabulary)
    if not close:
        return None
    best = max(close, key=lambda one: (vocabulary.papers_writing(one), one))
    stem = vocabulary.stem(best)
    rivals = [vocabulary.papers_writing(one) for one in close if one != best and vocabulary.stem(one) != stem]
    if rivals and vocabulary.papers_writing(best) < _CLEARLY * max(rivals):
        return None
    return best[0].upper() + best[1:] if typed[0].isupper() else best


def _closest(word: str, vocabulary: Vocabulary) -> list[str]:
    """The words the fewest slips away, with the same first letter: few people miss that, and many words differ in it."""
    slips = 2 if len(word) >= _LONG else 1
    # Optimal string alignment: Damerau-Levenshtein where no letter is edited twice.
    found = process.extract(
        word, vocabulary.starting_with(word[0]), scorer=OSA.distance, score_cutoff=slips, limit=None
    )
    close = [
        (distance, text)
        for text, distance, _ in cast("Sequence[tuple[str, int, int]]", found)
        if _is_meant(text, vocabulary) and _is_slip(word, text)
    ]
    nearest = min((distance for distance, _ in close), default=0)
    return [text for distance, text in close if distance == nearest]


def _is_meant(text: str, vocabulary: Vocabulary) -> bool:
    """Not a slip of a paper's own, and no acronym: nobody slips into one."""
    if not _WORD.fullmatch(text) or vocabulary.is_acronym(text):
        return False
    return vocabulary.papers_writing(text) >= least_papers(vocabulary.papers)


def _is_slip(typed: str, meant: str) -> bool:
    """Could fingers have done it? In a short word letters are missed, doubled or swapped, seldom replaced."""
    return len(typed) >= _SUBSTITUTED or len(typed) != len(meant) or sorted(typed) == sorted(meant)
