"""Does a message ask to compare the papers it names, and on which aspects? Pure."""

from bot.chat.linking import LINKING, OPENING, only_these
from bot.chat.meanings import Compare
from bot.chat.message import Message, vocabulary
from bot.chat.references import MOST_TOGETHER, all_shown, references

_COMPARE = vocabulary("cmp compare comparing comparison difference differences")
_COMPARING = _COMPARE | vocabulary("""
    better common compared contrast diff differ different differs side versus vs which
    unterschied vergleich vergleiche vergleichen compara comparacion comparar comparer comparez confronta diferencia diferenca
    differenza 比较 对比 сравни
""")
_COMPARE_LINKING = vocabulary("""
    against all are best between bigger both by each every faster from have how in key like main make other put slower smaller table
    them there these those winner
    avec com con entre mit zwischen
""")
_JOINING = vocabulary("and e et me number one or paper papers the und vs with y")
_ONE_WORD_MARKS = (
    "on",
    "by",
    "regarding",
    "concerning",
    "wrt",
    "for",
    "considering",
    "bezuglich",
    "sur",
    "en",
)
_MARKS = (
    ("in", "terms", "of"),
    ("with", "respect", "to"),
    ("with", "regard", "to"),
    ("when", "it", "comes", "to"),
    ("based", "on"),
    ("for", "their"),
    *((word,) for word in _ONE_WORD_MARKS),
)
_BETWEEN_ASPECTS = vocabulary("and or the their und et y e please")
_MOST_ASPECT_WORDS = 12


def comparison(message: Message, *, shown: int) -> Compare | None:
    """The comparison that the whole message asks for, if it does."""
    start, mark = _aspects_at(message.keys, shown)
    keys = message.keys[:start]
    found = references(keys, shown=shown)
    aspects = _aspects(message, start + mark)
    if _is_list(message, shown):
        return Compare(found.numbers, found.ids, aspects)
    if not _COMPARING.intersection(keys) or not only_these(
        keys, found, LINKING | _COMPARING | _COMPARE_LINKING
    ):
        return None
    if found.count > 1 or (found.count == 1 and keys[0] in _COMPARE):
        return Compare(found.numbers, found.ids, aspects)
    if found.count or not _COMPARE.intersection(keys):
        return None
    return Compare(
        all_shown(keys, shown=shown) or tuple(range(1, min(shown, MOST_TOGETHER) + 1)), (), aspects
    )


def _is_list(message: Message, shown: int) -> bool:
    """Whether it is nothing but numbers, one beside the other: "1 and 3", "open 2, 3"."""
    found = references(message.keys, shown=shown)
    listed = len(found.numbers) > 1 and not found.ids and message.keys[0] != "top"
    return listed and only_these(message.keys, found, (_JOINING | OPENING) - {"like"})


def _aspects_at(keys: tuple[str, ...], shown: int) -> tuple[int, int]:
    """Where the mark of the aspects begins, behind the last paper, and how many words it has; else the end."""
    named = [
        i for i, key in enumerate(keys) if references((key,), shown=shown).count or all_shown((key,), shown=1)
    ]
    for index in range(max(named, default=0) + 1, len(keys)):
        for mark in _MARKS:
            end = index + len(mark)
            if keys[index:end] == mark and keys[index : index + 2] != ("by", "side") and end < len(keys):
                return index, len(mark)
    return len(keys), 0


def _aspects(message: Message, start: int) -> tuple[str, ...]:
    """The aspects from a word on, one beside the other."""
    aspects: list[list[int]] = [[]]
    for index in range(start, min(len(message.keys), start + _MOST_ASPECT_WORDS)):
        joins = message.keys[index] in _BETWEEN_ASPECTS
        if joins or message.pauses_before(index):
            aspects.append([])
        if not joins:
            aspects[-1].append(index)
    return tuple(message.between(part[0], part[-1] + 1) for part in aspects if part)
