"""What a message does with papers that it names by number or id: open, compare, summarise, find similar ones. Pure.

An act is what it is because every word of the message belongs to it; one other word, and it is something else.
"""

from collections.abc import Iterable

from bot.chat.meanings import Compare, Like, OpenPaper, Pick, Summarise
from bot.chat.message import Message, folded
from bot.chat.narrow import narrowed_by
from bot.chat.references import MOST_TOGETHER, References, all_shown, references

Act = OpenPaper | Pick | Like | Compare | Summarise


def _words(texts: str) -> frozenset[str]:
    return frozenset(map(folded, texts.split()))


_LINKING = _words("""
    a about again an and any article can could do et for give go i id in is it just let lets look me my no nr num
    number numero nummer now number of ok okay on one ones option or paper papers please read result results see show so
    some tell than that the then this to us want we what whats with would you your does abstract
    das dem den der die ein eine mir zeig zeige zu und von el la le les los las un une du de des y e o a os as il lo et
    arxiv papier articulo artigo hit item entry mal bitte por favor sil te vous plait s'il svp hey hi vom zum
""")
_OPENING = _words("""
    abstract card choose click description details expand first full get good info information interesting looks more open
    pdf link links url page pick play post select sounds take view whole one nice great cool thanks pull up detail
    offne zeigen nimm ouvre montre montrez muestra muestrame abre ver mostra mostre apri 打开
""")
_LIKENESS = _words("""
    alike akin close closest comparable like related resembling same similar similarly similars closer nearer
    ahnlich ahnliche ahnliches similaire similaires parecido parecidos parecida similares semelhante semelhantes simile simili
    类似 相似
""")
_LIKE_LINKING = _words("""
    anything other others else find finding more most something stuff work works search have got there are style kind
    topic topics in wie wie mehr comme como plus mas mais come are there
""")
_COMPARING = _words("""
    better compare comparing comparison compared contrast differ difference differences different differs diff versus vs
    vergleich vergleiche vergleichen unterschied comparer compare comparez comparar compara comparacion confronta difference
    difference diferencia diferenca differenza 比较 对比 сравни
""")
_COMPARE_LINKING = _words("""
    against are like between both how all them these those from entre zwischen mit con avec com is there main key every side by
    make do table each other which best faster slower smaller bigger have common in winner comparing
""")
_SUMMARISING = _words("""
    gist sentence sentences nutshell overview recap rundown summarise summarize summaries summary tldr summarising summarizing explain
    fasse zusammenfassen zusammenfassung resume resumer resumez resumen resumir resumo resuma riassumi riassunto
    总结 概括 要約 요약 резюме
""")
_SUMMARY_LINKING = _words("""
    about like short brief quick quickly briefly up main idea point points simple words key zusammen kurz all them these those
    everything make sum into few in one
""")
_OPEN_LINKING = _words("""
    check out seen read have you heard did know think thoughts opinion interesting link here look at lets see whats your
    hey this is cool nice new found just came across saw today version pdf arxiv hugging face page worth reading from
""")
_ASPECT_MARKS = (
    ("in", "terms", "of"),
    ("with", "respect", "to"),
    ("with", "regard", "to"),
    ("when", "it", "comes", "to"),
    ("based", "on"),
    ("for", "their"),
    *(
        (word,)
        for word in (
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
    ),
)
_BETWEEN_ASPECTS = {"and", "or", "the", "their", "und", "et", "y", "e"}
_MOST_ASPECT_WORDS = 12
_MOST_WORDS_WITH_IDS = 8  # beyond ids and words that only point at them
_TLDR = ("tl", "dr")


def act_in(message: Message, *, shown: int) -> Act | None:
    """The act that the whole message is, if it is one."""
    keys = _joined(message.keys)
    found = references(keys, shown=shown)
    return (
        _pick(keys, found)
        or _compare(message, shown)
        or _summarise(keys, found, shown)
        or _like(message, found, shown)
    )


def opened(message: Message) -> OpenPaper | None:
    """The papers whose ids or links are nearly all that the message says."""
    found = references(message.keys, shown=0)
    others = [message.keys[index] for index in found.others]
    own = [key for key in others if key not in _LINKING | _OPENING | _OPEN_LINKING]
    return OpenPaper(message.ids) if message.ids and len(own) <= _MOST_WORDS_WITH_IDS else None


def only_points(message: Message) -> bool:
    """Whether nothing is said of the ids in the message but that they are there."""
    others = references(message.keys, shown=0).others
    return all(message.keys[index] in _LINKING | _OPENING | _OPEN_LINKING for index in others)


def _pick(keys: tuple[str, ...], found: References) -> Pick | None:
    if keys in {("one",), ("number", "one"), ("the", "top", "one"), ("top", "one")}:
        return Pick(1)
    wishes = {"id", "would"}.intersection(keys)  # "I'd like to see 5"
    allowed = _LINKING | _OPENING | ({"like"} if wishes else set())
    if len(found.numbers) != 1 or found.ids or not _all_in(keys, found, allowed):
        return None
    if keys[:2] in {("what", "about"), ("like",)} or "papers" in keys or "results" in keys:
        return None
    if _is_about(keys):
        return None
    return Pick(found.numbers[0])


def _like(message: Message, found: References, shown: int) -> Like | None:
    keys = message.keys
    if not _LIKENESS.intersection(keys):
        return None
    end = next((index for index in range(1, len(keys)) if _limits(keys, index)), len(keys))
    within = narrowed_by(message.since(end), lax=True) if end < len(keys) else None
    if end < len(keys) and within is None:
        end = len(keys)
    found = references(keys[:end], shown=shown)
    if not _all_in(keys, found, _LINKING | _LIKENESS | _LIKE_LINKING | {"these", "those", "them"}):
        return None
    points_back = {"this", "that", "it", "these", "those", "them", "ones", "papers", "paper", "one"}
    if keys == ("similar",):
        return Like()
    if not found.count and not (
        {"more", "similar", "related"} & set(keys) and points_back.intersection(keys)
    ):
        return None
    if {"i", "id", "would"}.intersection(keys):  # "I like this", "I'd like to see 5"
        return None
    return Like(found.numbers, found.ids, within)


def _compare(message: Message, shown: int) -> Compare | None:
    keys = message.keys
    start = _aspects_at(keys, shown)
    found = references(keys[:start], shown=shown)
    if not _all_in(keys, found, _LINKING | _COMPARING | _COMPARE_LINKING):
        return None
    asked = bool((_COMPARING | {"which", "side", "common"}).intersection(keys[:start]))
    numbers = found.numbers
    if not found.count:
        if not asked or not {"compare", "comparison", "difference", "differences"}.intersection(keys[:start]):
            return None
        numbers = all_shown(keys[:start], shown=shown) or tuple(range(1, min(shown, MOST_TOGETHER) + 1))
    elif found.count == 1 and not keys[0].startswith("compar"):
        return None
    elif not asked and not _is_list(message):
        return None
    return Compare(numbers, found.ids, _aspects(message, start))


def _summarise(keys: tuple[str, ...], found: References, shown: int) -> Summarise | None:
    asked = _SUMMARISING.intersection(keys) or {"sum", "up"} <= set(keys)
    if not (asked or (_is_about(keys) and found.count)):
        return None
    if not _all_in(keys, found, _LINKING | _SUMMARISING | _SUMMARY_LINKING):
        return None
    if "explain" in keys and not found.count:
        return None
    return Summarise(found.numbers or (() if found.ids else all_shown(keys, shown=shown)), found.ids)


def _is_about(keys: tuple[str, ...]) -> bool:
    """ "What is 2 about", "what's the second one about"."""
    return keys[0] in {"what", "whats"} and keys[-1] == "about" and ("is" in keys or keys[0] == "whats")


def _is_list(message: Message) -> bool:
    """ "1 and 3", "2, 3": nothing but papers, one beside the other."""
    joints = {"and", "or", "und", "et", "y", "e", "vs", "with", "the", "papers", "paper", "one"}
    found = references(message.keys, shown=0)
    return not found.ids and all(message.keys[index] in joints for index in found.others)


def _limits(keys: tuple[str, ...], index: int) -> bool:
    return keys[index] in {"but", "only", "with", "without", "since", "from", "newer", "after", "aber"}


def _aspects_at(keys: tuple[str, ...], shown: int) -> int:
    """Where the aspects begin: behind the last paper, with one of their marks; else the end."""
    last = max((i for i in range(len(keys)) if references(keys[i : i + 1], shown=shown).count), default=0)
    last = max(
        last, max((i for i, key in enumerate(keys) if key in {"them", "both", "these", "those"}), default=0)
    )
    for index in range(last + 1, len(keys)):
        for mark in _ASPECT_MARKS:
            if (
                keys[index : index + 2] != ("by", "side")
                and keys[index : index + len(mark)] == mark
                and index + len(mark) < len(keys)
            ):
                return index
    return len(keys)


def _aspects(message: Message, start: int) -> tuple[str, ...]:
    keys = message.keys
    mark = next((mark for mark in _ASPECT_MARKS if keys[start : start + len(mark)] == mark), ())
    end = min(len(keys), start + len(mark) + _MOST_ASPECT_WORDS)
    aspects: list[list[int]] = [[]]
    for index in range(start + len(mark), end):
        if keys[index] in _BETWEEN_ASPECTS or (message.pauses_before(index) and aspects[-1]):
            aspects.append([])
        if keys[index] not in _BETWEEN_ASPECTS | {"please"}:
            aspects[-1].append(index)
    return tuple(message.between(part[0], part[-1] + 1) for part in aspects if part)


def _joined(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The words, with "tl;dr" as one."""
    places = [index for index in range(len(keys) - 1) if keys[index : index + 2] == _TLDR]
    if not places:
        return keys
    at = places[0]
    return (*keys[:at], "tldr", *keys[at + 2 :])


def _all_in(keys: tuple[str, ...], found: References, allowed: Iterable[str]) -> bool:
    return all(keys[index] in allowed for index in found.others)
