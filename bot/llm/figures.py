"""The figures of a text: value, unit, what bounds them and which words they belong to. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from bot.llm.words import Word, roots_in, words_of

_FIGURE = re.compile(
    r"""[+~<>$]*
    (?P<value>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)
    (?:-(?P<end>\d+(?:\.\d+)?))?
    (?P<unit>x|%|[kmbt]|[kmgt]i?b|[mun]?s|[mg]?hz|w)?
    (?:-(?P<noun>[a-z]+(?:-[a-z]+)*))?
    (?:/[a-z]+)?""",
    re.VERBOSE | re.IGNORECASE,
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MULTIPLES = {
    "hundred": Decimal(100),
    "thousand": Decimal(1000),
    "million": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
    "dozen": Decimal(12),
}
_LETTERS = {"k": Decimal(1000), "m": Decimal(10) ** 6, "b": Decimal(10) ** 9, "t": Decimal(10) ** 12}
_SMALL = """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty"""
_TENS = "thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: Decimal(value) for value, word in enumerate(_SMALL.split(), start=2)} | {
    word: Decimal(10 * tens) for tens, word in enumerate(_TENS.split(), start=3)
}
_TIMES = {
    "twice": 2,
    "double": 2,
    "doubles": 2,
    "doubled": 2,
    "doubling": 2,
    "thrice": 3,
    "triple": 3,
    "triples": 3,
    "tripled": 3,
    "tripling": 3,
    "quadruple": 4,
    "quadruples": 4,
    "quadrupled": 4,
}
_FOLD = re.compile(r"(?P<word>[a-z]+)-?fold")
_UNITS_AFTER = {
    "times": "x",
    "fold": "x",
    "percent": "%",
    "per cent": "%",
    "percentage points": "points",
    "percentage point": "points",
    "bit": "bit",
    "bits": "bit",
    "gb": "gb",
    "gigabytes": "gb",
    "mb": "mb",
    "megabytes": "mb",
    "tb": "tb",
    "kb": "kb",
    "ms": "ms",
    "milliseconds": "ms",
    "s": "s",
    "second": "s",
    "seconds": "s",
    "minutes": "min",
    "hours": "h",
    "days": "d",
    "months": "mon",
    "years": "y",
    "dollars": "$",
}
_NOUN_UNITS = {"fold": "x", "bit": "bit", "gb": "gb", "mb": "mb", "percent": "%"}
_REACH = 5  # words to each side that may belong to a figure
_BOUND_REACH = 3  # words before a figure that may bound it
_BOUNDS = (
    (
        "up to",
        re.compile(
            r"\bup to(?: \w+){1,2} of$|\b(?:up to|as much as|as many as|as high as|at most|at best|maximum|max|peaks?|reaching)(?: of)?( an?)?$"
        ),
    ),
    (
        "at least",
        re.compile(
            r"\b(?:at least|more than|over|above|beyond|exceed\w*|surpass\w*|larger than|greater than|no less than|no fewer than|from)( an?)?$"
        ),
    ),
    ("below", re.compile(r"\b(?:less than|fewer than|under|below|within)( an?)?$")),
    (
        "about",
        re.compile(r"\b(?:about|around|approximately|roughly|nearly|almost|close to|some|approx)( an?)?$"),
    ),
    ("on average", re.compile(r"\b(?:average|averages|averaging|mean)(?: \w+){0,2}$")),
)
_SIGNS = {">": "at least", "<": "below", "~": "about"}
_AVERAGE_AFTER = re.compile(r"^(?:\w+ ){0,2}on average\b")
_PEAK_AFTER = re.compile(r"^(?:\w+ ){0,2}(?:at (?:its|the|their) peak|at most|at best)\b")
_CHANGES = re.compile(r"reduc|less|low|fast|slow|increas|improv|drop|decreas|few|gain|sav|short|small|cut")
_LEAD_IN = frozenset({"(", "with"})
_SKIPPED = frozenset(
    {"about", "around", "approximately", "roughly", "nearly", "almost", "up", "to", "over", "an", "a"}
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a text as it is meant: 128K is 128,000, "4×" and "fourfold" are 4 of the unit "x"."""

    value: Decimal
    unit: str
    bounds: frozenset[str]
    """"up to", "at least", "below", "about", "on average": what the text says of it."""
    share: str
    """"of" where it is a share that is left or reached ("68 % of"), "by" where it is a change, else ""."""
    near: frozenset[str]
    """The roots of the words around it, up to the end of the thought or the next figure."""
    place: int

    @property
    def quantity(self) -> tuple[Decimal, str]:
        """What must be the same in claim and sentence."""
        return self.value, self.unit


@dataclass(frozen=True, slots=True)
class _Raw:
    """A number where it stands; `first` and `last` are the places of its words."""

    value: Decimal
    unit: str
    sign: str
    first: int
    last: int


@lru_cache(maxsize=512)
def figures_of(text: str) -> tuple[Figure, ...]:
    """Every figure of a text, in order; numbers inside names (GPT-4, FP16, v1.0) are none."""
    words = words_of(_THOUSANDS.sub("", text))
    raws = _ranges_share_units(list(_raws(words)), words)
    figures: list[Figure] = []
    for number, raw in enumerate(raws):
        before = raws[number - 1] if number else None
        after = raws[number + 1] if number + 1 < len(raws) else None
        bounds = _bounds(raw, words)
        if before and not bounds and _joined(before, raw, words):
            bounds = figures[-1].bounds
        figures.append(
            Figure(
                raw.value, raw.unit, bounds, _share(raw, words), _near(raw, words, before, after), raw.first
            )
        )
    for number, (one, other) in enumerate(pairwise(raws)):
        if _joined(one, other, words):
            near = figures[number].near | figures[number + 1].near
            figures[number : number + 2] = [
                replace(figure, near=near) for figure in figures[number : number + 2]
            ]
    return tuple(figures)


@lru_cache(maxsize=8192)
def is_figure(word: str) -> bool:
    """Whether a word with digits is a figure, with or without its unit, rather than a part of a name."""
    return _FIGURE.fullmatch(word) is not None


def _raws(words: Sequence[Word]) -> Iterator[_Raw]:
    skip_to = 0
    for word in words:
        if word.place < skip_to:
            continue
        for raw in _read(word, words):
            skip_to = raw.last + 1
            yield raw


def _read(word: Word, words: Sequence[Word]) -> Iterator[_Raw]:
    """The figure or the two (a range) that begin with a word."""
    place = word.place
    if word.lower in _TIMES:
        yield _Raw(Decimal(_TIMES[word.lower]), "x", "", place, place)
    elif fold := _FOLD.fullmatch(word.lower):
        value = _WORDS.get(fold["word"]) or _MULTIPLES.get(fold["word"])
        if value:
            yield _Raw(value, "x", "", place, place)
    elif number := _FIGURE.fullmatch(word.lower):
        yield from _numeral(number, word, words)
    else:
        yield from _in_letters(word, words)


def _numeral(number: re.Match[str], word: Word, words: Sequence[Word]) -> Iterator[_Raw]:
    unit = (number["unit"] or "").lower()
    value, last = _multiplied(Decimal(number["value"]), word.place, words)
    end = Decimal(number["end"]) if number["end"] else None
    if unit in _LETTERS:
        value, end, unit = value * _LETTERS[unit], end and end * _LETTERS[unit], ""
    if number["noun"]:
        unit = unit or _NOUN_UNITS.get(number["noun"].split("-")[0], "")
    elif not unit:
        unit, last = _unit_after(last, words)
    elif unit == "x" and _names_a_thing(last, words):
        unit = ""
    sign = next((_SIGNS[one] for one in word.text if one in _SIGNS), "")
    yield _Raw(value, unit, sign, word.place, last)
    if end is not None:
        yield _Raw(end, unit, sign, word.place, last)


def _in_letters(word: Word, words: Sequence[Word]) -> Iterator[_Raw]:
    first, _, rest = word.lower.partition("-")
    value = _WORDS.get(first)
    if value is not None and rest in _WORDS:  # twenty-five
        value, rest = value + _WORDS[rest], ""
    if value is None:
        value = _MULTIPLES.get(word.lower.removesuffix("s"))
        first = ""
    if value is None:
        return
    unit = _NOUN_UNITS.get(rest.split("-")[0], "") if first else ""
    value, last = _multiplied(value, word.place, words)
    if not rest and not unit:
        unit, last = _unit_after(last, words)
    yield _Raw(value, unit, "", word.place, last)


def _multiplied(value: Decimal, place: int, words: Sequence[Word]) -> tuple[Decimal, int]:
    """A number times the multiples that follow it: nine million, hundreds of trillions."""
    following = _text_at(place + 1, words)
    beyond = _text_at(place + 2, words)
    if following == "of" and beyond.removesuffix("s") in _MULTIPLES:
        return value * _MULTIPLES[beyond.removesuffix("s")], place + 2
    if following.removesuffix("s") in _MULTIPLES:
        return value * _MULTIPLES[following.removesuffix("s")], place + 1
    return value, place


def _unit_after(place: int, words: Sequence[Word]) -> tuple[str, int]:
    """The unit in the words after a number, and the place of its last word."""
    one, two = _text_at(place + 1, words), _text_at(place + 2, words)
    if f"{one} {two}" in _UNITS_AFTER:
        return _UNITS_AFTER[f"{one} {two}"], place + 2
    if one in {"x", "%"}:
        return one, place + 1
    if one in _UNITS_AFTER:
        return _UNITS_AFTER[one], place + 1
    return "", place


def _names_a_thing(place: int, words: Sequence[Word]) -> bool:
    """Whether a name with a digit follows: "8× H800" are eight of them."""
    return place + 1 < len(words) and re.match(r"[A-Z]+\d", words[place + 1].text) is not None


def _text_at(place: int, words: Sequence[Word]) -> str:
    return words[place].lower if place < len(words) else ""


def _ranges_share_units(raws: list[_Raw], words: Sequence[Word]) -> list[_Raw]:
    """From 1.9 to 4.0 times: the first is of that unit too."""
    for number, (one, other) in enumerate(pairwise(raws)):
        if not one.unit and other.unit and other.first == one.last + 2:
            between = words[one.last + 1].lower
            if between in {"to", "and", "or"}:
                raws[number] = _Raw(one.value, other.unit, one.sign, one.first, one.last)
    return raws


def _joined(one: _Raw, other: _Raw, words: Sequence[Word]) -> bool:
    """Whether nothing but a joining word stands between two figures."""
    between = {word.lower for word in words[one.last + 1 : other.first]}
    return between <= {"and", "or", "to", ","}


def _bounds(raw: _Raw, words: Sequence[Word]) -> frozenset[str]:
    near = [
        word.lower for word in words[max(0, raw.first - _BOUND_REACH - 1) : raw.first] if word.lower != "("
    ]
    before = " ".join(near[-_BOUND_REACH - 2 :])
    after = " ".join(word.lower for word in words[raw.last + 1 : raw.last + 1 + 6])
    found = {name for name, pattern in _BOUNDS if pattern.search(before)}
    if "up to" in found:
        before = re.sub(r"\bup to$", "", before).strip()
    if raw.sign:
        found.add(raw.sign)
    if _AVERAGE_AFTER.match(after):
        found.add("on average")
    if _PEAK_AFTER.match(after):
        found.add("up to")
    return frozenset(found)


def _share(raw: _Raw, words: Sequence[Word]) -> str:
    after = _text_at(raw.last + 1, words)
    verbs = words[max(0, raw.first - _BOUND_REACH) : raw.first]
    if any(_CHANGES.match(word.lower) for word in verbs) and "to" not in {word.lower for word in verbs}:
        return "by"
    if after == "of":
        return "of"
    place = raw.first - 1
    while place >= 0 and words[place].lower in _SKIPPED:
        place -= 1
    if (place >= 0 and words[place].lower == "by") or _CHANGES.match(after):
        return "by"
    if after in {"that", "its", "their"}:
        return ""
    return "by" if _CHANGES.match(_text_at(raw.last + 2, words)) else ""


def _near(raw: _Raw, words: Sequence[Word], before: _Raw | None, after: _Raw | None) -> frozenset[str]:
    left = words[max(0, raw.first - _REACH, before.last + 1 if before else 0) : raw.first]
    right = words[raw.last + 1 : min(raw.last + 1 + _REACH, after.first if after else len(words))]
    if left and left[-1].lower in _LEAD_IN:  # "models with 100B parameters", "speed (4x)"
        left = left[:-1]
    elif len(left) > 1 and left[-2].lower == "with":
        left = [*left[:-2], left[-1]]
    if right and right[0].text == ")":
        right = right[1:]
    found: set[str] = set()
    for side in ([*reversed(left)], right):
        for word in side:
            if word.is_boundary:
                break
            if word.carries:
                found |= roots_in(word)
    return frozenset(found)
