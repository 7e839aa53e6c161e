"""What do a corpus's acronyms stand for? Pairs such as "large language models (LLMs)", found and counted. Pure."""

import re
from collections import Counter
from collections.abc import Iterator

from retrieval.vocabulary import has_capitals, least_papers

_PLURAL = re.compile(
    r"""\b(
        [A-Za-z0-9]*[A-Z][A-Za-z0-9]*[A-Z]              # LLMs, t5XLs
      | [b-df-hj-np-tv-z][b-df-hj-np-tv-z0-9]*[b-df-hj-np-rtv-z0-9]  # llms, gnns: without a vowel
      | [cgtnx]pu                                        # gpus
    )s\b""",
    re.VERBOSE,
)
_IN_BRACKETS = re.compile(r"\(([A-Za-z][A-Za-z0-9-]{0,9})(?:[,;:][^()]*)?\)")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_WINDOW = 100  # characters before the bracket: ten words are about 70
_COMPOUND = re.compile(r"[^\W_][\w-]*-\Z")
_CLAUSE_END = re.compile(r"[.;()]")
_SHORTEST_PLURAL = 3  # letters: "LLs", but not "AS"
_LEAST_SHARE = 0.3  # of all that the acronym stands for
_MOST_FORMS = 2
_ALIKE = 6  # letters: "optimisation" and "optimization", "networks" and "network" begin alike


def without_plurals(text: str) -> str:
    """The text with acronyms in the singular, LLM for LLMs: stemmers only know the plurals of ordinary words."""
    return _PLURAL.sub(r"\1", text)


def acronym_tokens(text: str) -> list[str]:
    """What in a text could be an acronym: runs of letters and digits, hyphens inside."""
    return _TOKEN.findall(text)


def pairs_in(text: str) -> set[tuple[str, str]]:
    """Acronyms and their long forms where a text introduces them, both in lower case and singular, blanks for hyphens."""
    found: set[tuple[str, str]] = set()
    for match in _IN_BRACKETS.finditer(text):
        short = match[1]
        if has_capitals(short) and (long := _long_form(text[: match.start()], short)):
            plain = without_plurals(long).replace("-", " ").lower()
            found.add((_key(short), " ".join(plain.split())))
    return found


class Acronyms:
    """In how many papers each acronym is introduced with each long form; tables of parts of a corpus can be merged."""

    def __init__(self) -> None:
        self.papers = 0
        self._forms: dict[str, Counter[str]] = {}

    def __len__(self) -> int:
        return len(self._forms)

    def add(self, text: str) -> None:
        """Count the pairs of one more paper."""
        self.papers += 1
        for short, long in pairs_in(text):
            self._forms.setdefault(short, Counter())[long] += 1

    def merge(self, papers: int, counts: Iterator[tuple[str, str, int]]) -> None:
        """Add what another table's `papers` and `counts()` gave."""
        self.papers += papers
        for short, long, times in counts:
            self._forms.setdefault(short, Counter())[long] += times

    def counts(self) -> Iterator[tuple[str, str, int]]:
        """Every acronym and long form, and the number of papers that introduce it so."""
        for short, forms in list(self._forms.items()):
            for long, times in list(forms.items()):
                yield short, long, times

    def long_forms(self, token: str) -> list[str]:
        """What the acronym stands for in this corpus, the most frequent first; empty if nothing is sure enough."""
        forms = self._forms.get(token.lower()) or self._forms.get(_key(token))
        if not forms:
            return []
        alike: dict[tuple[str, ...], Counter[str]] = {}
        for long, times in forms.items():
            alike.setdefault(tuple(word[:_ALIKE] for word in long.split()), Counter())[long] = times
        groups = sorted(alike.values(), key=lambda group: (-group.total(), min(group)))
        least = max(least_papers(self.papers), _LEAST_SHARE * forms.total())
        return [_most_frequent(group) for group in groups[:_MOST_FORMS] if group.total() >= least]


def _long_form(before: str, short: str) -> str | None:
    """The shortest end of a text that spells an acronym.

    Schwartz & Hearst 2003, "A simple algorithm for identifying abbreviation definitions in biomedical text": from the
    right, each letter of the acronym takes the next equal letter; the first has to begin a word.
    """
    text = before[-_WINDOW:].rstrip()
    letters = [character for character in _key(short) if character.isalnum()]
    position = len(text)
    for index in reversed(range(len(letters))):
        position -= 1
        while position >= 0 and not _spells(text, position, letters[index], begins=index == 0):
            position -= 1
        if position < 0:
            return None
    compound = _COMPOUND.search(text, 0, position)
    if (
        compound and compound[0][0].lower() == letters[0]
    ):  # self-supervised learning (SSL), not supervised learning
        position = compound.start()
    long = text[position:].strip(" -,")
    words = long.split()
    most = min(len(letters) + 5, 2 * len(letters))  # words, as in the paper
    several = len(words) > 1 or "-" in long
    return long if several and len(words) <= most and not _CLAUSE_END.search(long) else None


def _spells(text: str, position: int, letter: str, *, begins: bool) -> bool:
    inside = position > 0 and text[position - 1].isalnum()
    return text[position].lower() == letter and not (begins and inside)


def _key(token: str) -> str:
    lower = token.lower()
    return lower[:-1] if token.endswith("s") and len(lower) >= _SHORTEST_PLURAL else lower


def _most_frequent(group: Counter[str]) -> str:
    return min(group, key=lambda long: (-group[long], len(long), long))
