"""Which papers are meant by "2", "the first two", "#3 and 2506.01986" or "all of them"? Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.chat.message import folded, id_in

MOST_TOGETHER = 5  # papers that are compared at once
_MOST_DIGITS = 3  # 2024 is a year
_ORDINALS = """
    1 first 1st erste ersten erster erstes premier premiere primero primera primer primeiro primeira primo prima первый
    1 第一 第一个 第一篇 第1 第1个 第1篇 一番 1番
    2 second 2nd zweite zweiten zweiter zweites deuxieme segundo segunda secondo seconda второй
    2 第二 第二个 第二篇 第2 第2个 第2篇 二番 2番
    3 third 3rd dritte dritten dritter drittes troisieme tercero tercera tercer terceiro terceira terzo terza третий
    3 第三 第三个 第三篇 第3 第3个 第3篇 三番 3番
    4 fourth 4th vierte vierten viertes quatrieme cuarto cuarta quarto quarta четвертый 第四 第四个 第四篇 第4 第4个 第4篇
    5 fifth 5th funfte funften funftes cinquieme quinto quinta пятый 第五 第五个 第五篇 第5 第5个 第5篇
    6 sixth 6th
    7 seventh 7th
    8 eighth 8th
    9 ninth 9th
    10 tenth 10th
"""
_NUMBERS = """
    2 two zwei deux dos dois due
    3 three drei trois tres tre
    4 four vier quatre cuatro quattro
    5 five funf cinq cinco cinque
    6 six
    7 seven
    8 eight
    9 nine
    10 ten
"""


def _table(lines: str) -> dict[str, int]:
    rows = [line.split() for line in lines.splitlines() if line.strip()]
    return {folded(word): int(number) for number, *words in rows for word in words}


_ORDINAL = _table(_ORDINALS)
_COUNT = _table(_NUMBERS)
_SPAN = re.compile(r"([1-9])-([1-9])")
_COUNTED = frozenset(
    ("sentence", "sentences", "words", "lines", "bullets", "bullet", "paragraphs")
)  # not papers
_LAST = frozenset(("last", "letzte", "letzten", "letztes", "dernier", "derniere", "ultimo", "ultima"))
_ALL = frozenset(
    ("all", "them", "these", "those", "both", "everything", "alle", "beide", "tous", "todos", "tutti")
)


@dataclass(frozen=True, slots=True)
class References:
    """The papers that some words name, the places of those words, and of all others."""

    numbers: tuple[int, ...]
    ids: tuple[str, ...]
    others: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many papers are named."""
        return len(self.numbers) + len(self.ids)


def references(keys: Collection[str], *, shown: int) -> References:
    """The papers that the words name; `shown` were listed, so that the last one has a number."""
    words = tuple(keys)
    numbers: list[int] = []
    ids: list[str] = []
    others: list[int] = []
    index = 0
    while index < len(words):
        if words[index + 1 : index + 2] and words[index + 1] in _COUNTED:
            others.append(index)
            index += 1
            continue
        named, used = _named(words, index, shown)
        if named or used > 1:
            numbers += named
        elif found := id_in(words[index]):
            ids.append(found)
        else:
            others.append(index)
        index += used
    return References(tuple(dict.fromkeys(numbers)), tuple(dict.fromkeys(ids)), tuple(others))


def all_shown(keys: Collection[str], *, shown: int) -> tuple[int, ...]:
    """The numbers of the whole list where the words mean all of it, as far as they can be put side by side."""
    return tuple(range(1, min(shown, MOST_TOGETHER) + 1)) if _ALL.intersection(keys) else ()


def number_of(key: str) -> int | None:
    """The number of a paper that one word is: "2", "two", "second"."""
    if key.isdecimal() and len(key) <= _MOST_DIGITS:
        return int(key)
    return _ORDINAL.get(key) or _COUNT.get(key)


def is_ordinal(key: str) -> bool:
    """Whether a word counts places: "second", "3rd"."""
    return key in _ORDINAL


def _named(words: tuple[str, ...], index: int, shown: int) -> tuple[tuple[int, ...], int]:
    """The numbers that a word begins to name, and how many words do."""
    key = words[index]
    if span := _SPAN.fullmatch(key):
        return tuple(range(int(span[1]), int(span[2]) + 1)), 1
    behind = words[index + 1] if index + 1 < len(words) else ""
    several = _COUNT.get(behind) or (int(behind) if behind in {"2", "3", "4", "5"} else 0)
    if key in {"first", "top", "ersten"} and several:
        return tuple(range(1, several + 1)), 2
    if key in _LAST:
        if several:
            return tuple(range(max(shown - several, 0) + 1, shown + 1)), 2
        return (max(shown, 1),), 1
    number = number_of(key)
    return ((number,), 1) if number is not None else ((), 1)
