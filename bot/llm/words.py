"""The words of a claim and of a sentence, made comparable. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

_TYPOGRAPHY = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "×": "x",
        "≈": "~",
        "∼": "~",
        "≥": ">",
        "≤": "<",
        "…": ".",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
    }
)
TYPOGRAPHIC = frozenset(map(chr, _TYPOGRAPHY))
"""Signs that a claim may use although its sentence does not."""
_TOKEN = re.compile(r"[^\s,;()\[\]\"]+|[,;()]")
_EDGES = ".:!?'\"*`"
_BOUNDARIES = frozenset(
    {",", ";", "(", ")", "and", "but", "while", "whereas", "or", "with", "which", "where"}
)
_SUFFIXES = (
    *(
        "izations",
        "isations",
        "ization",
        "isation",
        "izing",
        "ising",
        "ized",
        "ised",
        "izes",
        "ises",
        "ations",
    ),
    *(
        "ation",
        "ements",
        "ement",
        "ments",
        "ness",
        "ings",
        "ing",
        "ions",
        "ion",
        "ally",
        "ives",
        "ive",
        "ers",
    ),
    *("ies", "ied", "ity", "ely", "ly", "ed", "es", "er", "al", "ize", "ise", "or", "e", "s", "y"),
)
_SHORTEST_ROOT = 4
_SAY_NOTHING = """a about above after again also although among an and any are as at be became because become becomes been
    before being below between both but by can could did do does doing down during each either even for from further
    had has have having he her here his how however i if in into is it its itself just like made make makes making may
    me might more most much must my no nor not now of off on once one only or other our out over own per rather same
    she should so some still such than that the their them then there thereby these they this those through thus to
    together too toward towards under until up upon us use used uses using very via was we were what when where whether
    which while who whom whose why will with within without would yet you your"""
STOPWORDS = frozenset(_SAY_NOTHING.split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text as it stands there, without the punctuation around it."""

    text: str
    lower: str
    place: int
    """Its number among the words and boundaries of the text."""

    @property
    def is_boundary(self) -> bool:
        """Whether one thought ends here and another begins."""
        return self.lower in _BOUNDARIES

    @property
    def carries(self) -> bool:
        """Whether it says something by itself."""
        return self.lower not in STOPWORDS and not self.is_boundary and any(map(str.isalnum, self.text))


def plain(text: str) -> str:
    """The text with one sign for each kind of dash, quote, space and times sign, and single blanks."""
    return " ".join(text.translate(_TYPOGRAPHY).split())


@lru_cache(maxsize=512)
def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text in order; commas, semicolons and brackets stand as words of their own."""
    found: list[Word] = []
    for match in _TOKEN.finditer(plain(text)):
        token = match.group()
        bare = token.strip(_EDGES) if token not in _BOUNDARIES else token
        bare = bare.removesuffix("'s")
        if bare:
            found.append(Word(bare, bare.lower(), len(found)))
    return tuple(found)


@lru_cache(maxsize=8192)
def root(word: str) -> str:
    """What a lower-case word shares with its other forms, roughly: "reduc" for reduce, reduces, reduced."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_ROOT:
            return word[: -len(suffix)]
    return word


def roots_of(text: str) -> frozenset[str]:
    """The roots of all words that carry something; of compounds, those of the parts as well."""
    return frozenset(one for word in words_of(text) if word.carries for one in roots_in(word))


def roots_in(word: Word) -> frozenset[str]:
    """The root of a word and, where it is a compound, those of its parts."""
    parts = [part for part in re.split(r"[-/]", word.lower) if part and part not in STOPWORDS]
    return frozenset({root(word.lower), *map(root, parts)})


def are_alike(one: str, other: str) -> bool:
    """Whether two roots are forms of one word, or very probably so."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < _SHORTEST_ROOT:
        return one == other
    return longer.startswith(shorter[: max(_SHORTEST_ROOT, len(shorter) - 2)])
