"""What an answer is made of: claims, each with the sentences that it rests on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence that an answer may rest on, under the number by which it is cited."""

    number: int
    paper_id: str
    title: str
    sentence: str
    abstract: str = ""
    """Where it is known, the names that the paper gives to what is its own may be used in claims: "we call it CMRF"."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement and the numbers of the sentences that it cites, each once."""

    text: str
    cites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """An answer whose every claim was checked."""

    claims: tuple[Claim, ...]
    dropped: int
    """How many claims the model made that did not hold."""
    model: str
