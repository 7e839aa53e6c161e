"""Is a claim plain prose? Marks of emphasis go; addresses, mentions, ids and odd signs are reasons to drop it. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.llm.words import TYPOGRAPHIC, plain

LONGEST_CLAIM = 400  # characters; what is longer is not one claim
_FEWEST_WORDS = 3
_CITATION = re.compile(r"\s*[\[【(]\s*(\d{1,3}(?:\s*[,;-]\s*\d{1,3})*)\s*[\]】]\)?")
_EMPHASIS = re.compile(r"\*{1,3}|`{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|~~|\|\|")
_LIST_MARK = re.compile(r"^(?:[-•>#]+|\d{1,2}[.)])\s+")
_ADDRESS = re.compile(r"://|\bwww\.|\bmailto:|\]\(|<[@#:a/]|\b(?:doi|arxiv|https?|isbn)\s?:", re.IGNORECASE)
_DOTTED = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?:/\S*)?")
_ORDINARY_SIGN = re.compile(r"[\w\s.,;:'\"!?()%&+=/~$-]|[<>](?=\s?\d)", re.ASCII)
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Mn", "Me"})


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A claim's text without marks, the citations that stood in it, and why it may not be shown ("": it may)."""

    text: str
    cited: tuple[int, ...] = ()
    trouble: str = ""


def cleaned(text: str, evidence: str) -> Cleaned:
    """A claim as it may be shown. Signs and dotted words beyond the ordinary must stand in the evidence."""
    text = plain(_as_typed(text))
    if len(text) > LONGEST_CLAIM:
        return Cleaned("", trouble="is too long")
    if any(unicodedata.category(sign) in _INVISIBLE for sign in text):
        return Cleaned("", trouble="holds invisible signs")
    cited = tuple(int(number) for found in _CITATION.findall(text) for number in re.findall(r"\d+", found))
    text = _EMPHASIS.sub("", _CITATION.sub("", _LIST_MARK.sub("", text))).strip()
    return Cleaned(_sentence(text), cited, _trouble(text, plain(evidence)))


def _as_typed(text: str) -> str:
    """The text in composed letters, with blanks for line breaks and tabs."""
    return unicodedata.normalize("NFC", re.sub(r"[\t\r\n]+", " ", text))


def _sentence(text: str) -> str:
    text = re.sub(r"\s+([.,;:!?])", r"\1", text)
    return text if text.endswith((".", "!", "?")) or not text else f"{text}."


def _trouble(text: str, evidence: str) -> str:
    if len(re.findall(r"\w+", text)) < _FEWEST_WORDS:
        return "is no sentence"
    if _ADDRESS.search(text):
        return "holds an address or a mention"
    if strange := _strange_signs(text, evidence):
        return f"holds strange signs ({len(strange)})"
    held = evidence.lower()
    if any(found.lower() not in held for found in _DOTTED.findall(_without_end(text))):
        return "holds what may be an address"
    return ""


def _strange_signs(text: str, evidence: str) -> Sequence[str]:
    """Signs that neither prose nor the evidence has; of @, #, _ and the like the whole word must stand there."""
    strange: list[str] = []
    for match in re.finditer(r"\S+", text):
        word = match.group().strip(".,;:!?()'\"")
        odd = [
            sign
            for place, sign in enumerate(match.group())
            if not _ORDINARY_SIGN.match(match.group(), place) and sign not in TYPOGRAPHIC
        ]
        if odd and word.lower() not in evidence.lower():
            strange += odd
    return strange


def _without_end(text: str) -> str:
    return re.sub(r"\b(?:e\.g|i\.e|etc|vs|cf|et al)\.", "", text).rstrip(".!?")
