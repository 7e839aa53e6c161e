"""Is a paper for a feed? Every rule in turn, with words for whoever asks why. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.feeds.feed import Feed, Origin
from corpus.paper import Paper

Rule = Literal["new", "source", "words", "upvotes", "encoded", "topic"]

_ORIGINS: dict[str, Origin] = {
    "hugging-face": "hugging-face",
    "daily-papers-page": "hugging-face",
    "arxiv": "arxiv",
}
_NAMES: dict[Origin, str] = {"hugging-face": "Hugging Face", "arxiv": "arXiv", "files": "a file"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper, and what a feed's rules ask of it.

    `number` is the event by which it came, `sources` who told of it, `passes` whether it passes what narrows the feed's
    query, `score` how much it is about the topic, from 0 to 1; None where there is no topic, or it is not encoded.
    """

    paper: Paper
    number: int
    sources: frozenset[str]
    passes: bool = True
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A feed's query as it was understood: its words are the topic, `narrowed` says in words what else must hold."""

    topic: str = ""
    narrowed: str = ""
    min_upvotes: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a paper keeps to one rule, in words."""

    rule: Rule
    holds: bool
    words: str


def kept_out(feed: Feed, wish: Wish, candidate: Candidate, threshold: float) -> Rule | None:
    """The first rule that keeps a paper out of a feed; None if it fits."""
    return next((check.rule for check in checks(feed, wish, candidate, threshold) if not check.holds), None)


def checks(feed: Feed, wish: Wish, candidate: Candidate, threshold: float) -> Iterator[Check]:
    """Every rule that the feed has, in the order in which they are asked."""
    settings, paper = feed.settings, candidate.paper
    is_new = candidate.number > feed.start
    yield Check(
        "new", is_new, "it came after this was made" if is_new else "it was here before this was made"
    )
    if settings.sources:
        origins = origins_of(candidate.sources)
        wanted = " or ".join(_NAMES[origin] for origin in settings.sources)
        told = " and ".join(_NAMES[origin] for origin in origins) or "nobody"
        yield Check(
            "source", bool(set(origins) & set(settings.sources)), f"told by {wanted}: it was by {told}"
        )
    if wish.narrowed:
        yield Check("words", candidate.passes, wish.narrowed)
    least = max((least for least in (settings.min_upvotes, wish.min_upvotes) if least), default=0)
    if least:
        has = "not known" if paper.upvotes is None else f"{paper.upvotes:,}"
        yield Check("upvotes", (paper.upvotes or 0) >= least, f"at least {least:,} upvotes: they are {has}")
    if wish.topic and candidate.score is None:
        yield Check("encoded", False, "read for meaning: it is not yet")
    elif wish.topic and candidate.score is not None:
        fits = candidate.score >= threshold
        yield Check(
            "topic", fits, f"about “{wish.topic}”: {candidate.score:.2f}, and {threshold:.2f} is needed"
        )


def origins_of(sources: frozenset[str]) -> Sequence[Origin]:
    """Who told of a paper, as people choose it."""
    return sorted({_ORIGINS.get(source, "files") for source in sources})
