"""Which sentences of an abstract say the problem, the method and the result? Pure.

By what such sentences begin with or contain, and by where they stand: an abstract goes from what is wrong to what was
done to what came of it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.paper import Paper
from retrieval.names import folded, title_names
from retrieval.representation import split_sentences
from retrieval.statements import has_figure


@dataclass(frozen=True, slots=True)
class Summary:
    """A sentence of the abstract, word for word, for each part; None where no sentence says it."""

    problem: str | None
    method: str | None
    result: str | None


_TURN = re.compile(
    r"(?:however|nevertheless|nonetheless|unfortunately|but|yet|despite|while|still|moreover, these)\b",
    re.IGNORECASE,
)
_LACK = re.compile(
    r"\b(?:challeng\w+|lack(?:s|ing)?|remains?|limit(?:s|ed|ing|ation\w*)?|difficult\w*|hard|costly|expensive|bottleneck\w*|"
    r"suffers?|struggles?|problems?|unclear|open question|under-?utilized|inefficien\w+|fails?|hinder\w*|burden|"
    r"insufficient|not been|hampers?|vulnerab\w+|risks?|prohibitive|tend to rely|neglect\w*|"
    r"negative|less user-friendly|but few|too slow)\b",
    re.IGNORECASE,
)
_MATTERS = re.compile(
    r"\b(?:crucial|critical|vital|important|demands?|need for|requires?|necessary)\b", re.IGNORECASE
)
_HELPS = re.compile(
    r"\b(?:overcom\w+|mitigat\w+|solution to|we (?:consider|formulate|propose|show)|state-of-the-art performance)\b",
    re.IGNORECASE,
)
_DOES = (
    r"(?:propose|present|introduce|develop|design|describe|devise|build|explore|investigate|study|analy[sz]e|formulate|discover|"
    r"leverage|adopt|release|evaluate|examine|select|outline|employ|quantify|conduct|survey|show how|aim to|provide)"
)
_MAKES = re.compile(
    rf"\b(?:we|this (?:paper|work|study|report|survey|technical \w+)) (?:\w+ ){{0,2}}{_DOES}(?:s|es)?\b|\bwe (?:have )?developed\b",
    re.IGNORECASE,
)
_FIRST_MAKES = re.compile(
    r"\b(?:we|this (?:paper|work|report|study|technical \w+)) (?:\w+ ){0,1}(?:propose|present|introduce|develop|devise|formulate|"
    r"discover|explore|provide)s?\b|\bdeveloped\b",
    re.IGNORECASE,
)
_IS_MADE = re.compile(
    r"\b(?:is|are) (?:\w+ )?(?:designed|built|based|trained|developed)\b|\bthe (?:core|key) (?:idea|insight)\b"
    r"|\b(?:the proposed|our) (?:system|framework|method|approach|work|tool|pipeline) (?:aims|consists|provides|uses|integrates)\b"
    r"|\bcalled [A-Z]",
    re.IGNORECASE,
)
_SHOWS = re.compile(
    r"\b(?:results?|experiments?|evaluations?|findings|validation|analysis|observations|we) (?:[\w-]+ ){0,5}?"
    r"(?:shows?|showed|demonstrat\w+|reveal\w*|indicat\w+|suggests?|confirm\w*|find|observe[sd]?|validat\w+)\b",
    re.IGNORECASE,
)
_ACHIEVES = re.compile(
    r"\b(?:achiev\w+|outperform\w*|surpass\w*|improv(?:es?|ed|ement\w*)|reduc(?:es?|ed|tion)|state-of-the-art|deliver\w*|attain\w*|"
    r"exceed\w*|performed|match(?:es)?|parity|gain\w*|superior|speed-?up|faster)\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"https?://|\b(?:code|video|repository|demo)\b.*\b(?:available|at)\b|\bproject site\b", re.IGNORECASE
)
_FUTURE = re.compile(r"\b(?:we hope|future|will be)\b", re.IGNORECASE)

_BESIDES = re.compile(
    r"(?:besides|in addition|additionally|further(?:more)?|moreover|finally|also)\b", re.IGNORECASE
)

_LEAST = 1.0  # of a sentence that has a part to play


def sum_up(paper: Paper) -> Summary:
    """The sentences of the abstract that carry problem, method and result."""
    sentences = split_sentences(paper.abstract)
    method = _best([_as_method(one, place, sentences, paper.title) for place, one in enumerate(sentences)])
    result = _best(
        [
            0.0 if place == method else _as_result(one, place / max(1, len(sentences) - 1))
            for place, one in enumerate(sentences)
        ]
    )
    first = min((place for place in (method, result) if place is not None), default=len(sentences))
    problem = _best([_as_problem(one, place, first) for place, one in enumerate(sentences)])
    return Summary(*(None if place is None else sentences[place] for place in (problem, method, result)))


def _best(scores: Sequence[float]) -> int | None:
    """The place of the highest score, the first of equals; None where none is high enough."""
    best = max(scores, default=0.0)
    return scores.index(best) if best >= _LEAST else None


def _as_problem(sentence: str, place: int, first: int) -> float:
    """Only before what was done: later "however" belongs to the results."""
    if place >= first:
        return 0.0
    turns, lacks = bool(_TURN.match(sentence)), bool(_LACK.search(sentence))
    matters, helps = bool(_MATTERS.search(sentence)), bool(_HELPS.search(sentence))
    return 1.1 * turns + 1.0 * lacks + 0.7 * matters - 0.9 * helps + 0.4 * (place + 1) / max(1, first)


def _as_method(sentence: str, place: int, sentences: Sequence[str], title: str) -> float:
    names = [folded(name) for name in title_names(title)]
    named = any(name in folded(sentence) for name in names)
    made = 1.6 * bool(_FIRST_MAKES.search(sentence)) or 1.1 * bool(_MAKES.search(sentence))
    made = made or 0.9 * bool(_IS_MADE.search(sentence))
    earlier = 0.4 * (1 - place / max(1, len(sentences)))
    shown = 0.8 * bool(_SHOWS.search(sentence)) + 0.6 * has_figure(sentence)
    apart = 0.8 * bool(_TURN.match(sentence) or _BESIDES.match(sentence)) + 2.0 * bool(_LINK.search(sentence))
    return made + 0.4 * named + earlier - shown - apart if made else 0.0


def _as_result(sentence: str, position: float) -> float:
    if _LINK.search(sentence) or _FUTURE.search(sentence):
        return 0.0
    shows, achieves = bool(_SHOWS.search(sentence)), bool(_ACHIEVES.search(sentence))
    says = 0.9 * shows + 0.7 * achieves + 0.7 * has_figure(sentence)
    return says + 0.5 * position - 0.8 * bool(_FIRST_MAKES.search(sentence)) if says else 0.0
