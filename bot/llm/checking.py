"""Does a claim stand in the sentences that it cites? Everything but the meaning is decided by pure rules.

A claim is dropped for the first reason found. The rules are for what language models do wrong: other figures, other
names, a result that is another paper's, a denial too many, a word too strong, a link. They understand nothing; what
they cannot see is counted by `python -m benchmarks.claims`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.llm.claims import Claim, Source
from bot.llm.cleaning import cleaned
from bot.llm.comparison import turns_round
from bot.llm.denial import denies
from bot.llm.figure_check import differing_figures
from bot.llm.general import has_word_of_its_own
from bot.llm.meaning import Meaning
from bot.llm.names import missing_names, own_names
from bot.llm.strength import addresses_reader, says_more
from bot.llm.words import are_alike, roots_in, roots_of, words_of

LEAST_MEANING = 0.64
"""The least cosine (of the default encoders together) of a claim and its sentences.

Measured by benchmarks/claims.py: without the check of words it stopped three of four lies that the other rules let pass,
and more costs true claims; with it, it is a second lock on the same door, for one true claim in sixty.
"""
LEAST_SUPPORT = 0.65
"""The least share of a claim's words that stand in its sentences, in any form. Measured likewise."""
LEAST_CLAUSE_SUPPORT = 0.34
"""The same for each of its thoughts. Measured likewise."""
MOST_CITES = 4
_SHORTEST_THOUGHT = 2  # words that carry something
_THOUGHT_ENDS = re.compile(
    r"[,;:]\s+(?:and|but|while|whereas|which|so that|so|because|although)?\s*|"
    r"\s+(?:and|but|while|whereas|which|because|although|so that)\s+"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`claim` as it may be shown, or None; then `reason` says why, in words for a log, with none of the model's."""

    claim: Claim | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts as enough."""

    meaning: float = LEAST_MEANING
    support: float = LEAST_SUPPORT
    clause_support: float = LEAST_CLAUSE_SUPPORT


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What one paper's cited sentences say."""

    title: str
    own_names: str
    sentences: tuple[str, ...]

    @property
    def around(self) -> str:
        """What the paper may be called: its title, and the names that it gives itself."""
        return f"{self.title} ; {self.own_names}"

    @property
    def text(self) -> str:
        return " ; ".join(self.sentences)


class Checker:
    """Checks claims against sentences. Blocks while the encoder computes."""

    def __init__(self, meaning: Meaning, limits: Limits | None = None) -> None:
        self._meaning = meaning
        self._limits = limits or Limits()

    def check(self, claim: Claim, sources: Mapping[int, Source]) -> Verdict:
        """The claim cleaned, or why it may not be shown. `sources` are by their numbers. Raises ModelError."""
        cites = tuple(dict.fromkeys(claim.cites))
        if not cites or len(cites) > MOST_CITES or not all(number in sources for number in cites):
            return Verdict(None, "cites what is not there, nothing, or too much")
        evidence = _by_paper(sources[number] for number in cites)
        clean = cleaned(claim.text, " ".join(f"{one.text} {one.around}" for one in evidence))
        if clean.trouble:
            return Verdict(None, clean.trouble)
        if not set(clean.cited) <= set(cites):
            return Verdict(None, "cites other sentences in its text")
        reason = self._reason(clean.text, evidence)
        return Verdict(None, reason) if reason else Verdict(Claim(clean.text, cites))

    def _reason(self, text: str, evidence: Sequence[_Evidence]) -> str:
        whole = " ; ".join(one.text for one in evidence)
        if reason := addresses_reader(text, whole) or self._unsupported(text, evidence):
            return reason
        if len(evidence) == 1:
            if reason := _contradiction(text, evidence[0]):
                return reason
            close = self._meaning.similarity(text, evidence[0].sentences)
            return "" if close >= self._limits.meaning else "means something else"
        return self._mixed(text, evidence)

    def _unsupported(self, text: str, evidence: Sequence[_Evidence]) -> str:
        said = roots_of(" ; ".join(f"{one.around} ; {one.text}" for one in evidence))
        if has_word_of_its_own(text, " ; ".join(f"{one.around} ; {one.text}" for one in evidence)):
            return "has a word of its own"
        if support(text, said) < self._limits.support:
            return "says what its sentences do not speak of"
        for thought in thoughts_of(text):
            if support(thought, said) < self._limits.clause_support:
                return "adds what its sentences do not speak of"
        return ""

    def _mixed(self, text: str, evidence: Sequence[_Evidence]) -> str:
        """A claim over several papers: each thought with a figure must stand in one of them, whole."""
        for thought in thoughts_of(text):
            reasons = [_contradiction(thought, one) for one in evidence]
            if all(reasons):
                together = _Evidence(
                    " ; ".join(one.title for one in evidence),
                    " ".join(one.own_names for one in evidence),
                    tuple(sentence for one in evidence for sentence in one.sentences),
                )
                if re.search(r"\d", thought) or _contradiction(thought, together):
                    return "takes one paper's result for another's"
        close = min(self._meaning.similarity(text, one.sentences) for one in evidence)
        return "" if close >= self._limits.meaning else "means something else"


def support(text: str, said: frozenset[str]) -> float:
    """The share of a text's words that stand in what was said, in any form; 1 for a text without any."""
    words = [word for word in words_of(text) if word.carries]
    found = sum(any(are_alike(one, other) for one in roots_in(word) for other in said) for word in words)
    return found / len(words) if words else 1.0


def thoughts_of(text: str) -> list[str]:
    """The parts of a sentence that could be true or false by themselves; short ones stay with the one before."""
    thoughts: list[str] = []
    begin = 0
    for match in [*_THOUGHT_ENDS.finditer(text), None]:
        piece = text[begin : match.start() if match else len(text)]
        carrying = sum(word.carries for word in words_of(piece))
        if thoughts and carrying < _SHORTEST_THOUGHT:
            thoughts[-1] = f"{thoughts[-1]} {piece}"
        elif piece:
            thoughts.append(piece)
        begin = match.end() if match else len(text)
    if len(thoughts) > 1 and sum(word.carries for word in words_of(thoughts[0])) < _SHORTEST_THOUGHT:
        thoughts[:2] = [f"{thoughts[0]} {thoughts[1]}"]
    return thoughts


def _by_paper(sources: Iterable[Source]) -> list[_Evidence]:
    papers: dict[str, list[Source]] = {}
    for source in sources:
        papers.setdefault(source.paper_id, []).append(source)
    return [
        _Evidence(group[0].title, own_names(group[0].abstract), tuple(one.sentence for one in group))
        for group in papers.values()
    ]


def _contradiction(text: str, evidence: _Evidence) -> str:
    """Why one paper's sentences cannot be what a text says, by its figures, names and words."""
    if reason := differing_figures(text, evidence.text, evidence.title):
        return reason
    if missing_names(text, [evidence.text, evidence.around]):
        return "names what its sentences do not"
    return (
        denies(text, evidence.text)
        or turns_round(text, evidence.text, evidence.around)
        or says_more(text, evidence.text)
    )
