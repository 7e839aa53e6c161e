"""What a message does with papers that it names by number or id: open, compare, summarise, find similar ones. Pure.

An act is what it is because every word of the message belongs to it; one other word, and it is something else.
"""

from bot.chat.comparing import comparison
from bot.chat.linking import LINKING, OPENING, only_these
from bot.chat.meanings import Compare, Like, OpenPaper, Pick, Summarise
from bot.chat.message import Message, phrases, vocabulary
from bot.chat.narrow import narrowed_by
from bot.chat.references import References, all_shown, references

Act = OpenPaper | Pick | Like | Compare | Summarise

_FIRST = phrases("one | number one | top one | the top one")
_NO_PICK = vocabulary("papers results")
_WISHES = vocabulary("i id would")  # "I like 2" and "I'd like to see 2" are not "like 2"
_LIKENESS = vocabulary("""
    akin alike closer closest comparable like nearer related resembling same similar similarly
    ahnlich ahnliche ahnliches wie comme similaire similaires como parecida parecido parecidos similares semelhante semelhantes
    simile simili 类似 相似
""")
_LIKE_LINKING = vocabulary("""
    anything are come else find finding got have kind more most other others search something stuff style them there these those
    topic topics work works
    mehr plus mas mais
""")
_ALIKE = vocabulary("more papers related similar")
_POINTING_BACK = vocabulary("anything it one ones paper papers something stuff that them these this those")
_LIMITING = vocabulary("aber after but from newer only since with without")
_SUMMARISING = vocabulary("""
    breakdown explain gist highlights nutshell overview points recap rundown sentence sentences summaries summarise summarising summarize
    summarizing summary takeaway takeaways tldr
    fasse zusammenfassen zusammenfassung resume resumer resumez resumen resumir resumo resuma riassumi riassunto
    总结 概括 要約 요약 резюме
""")
_SUMMARY_LINKING = vocabulary("""
    all brief briefly bullet bullets everything few idea into key like lines main make paragraph point points quick quickly short
    simple sum them these those up words 1 2 3 4 5 two three four five
    kurz zusammen
""")
_POINTING_AT_ID = vocabulary("""
    across anyone at came check cool did everyone face found from good got have heard here hugging interesting just know link
    look new nice opinion out page pdf reading saw see seen somebody think this thoughts today version wow worth yet
""")
_MOST_WORDS_WITH_IDS = 8  # beyond ids and words that only point at them


def act_in(message: Message, *, shown: int) -> Act | None:
    """The act that the whole message is, if it is one."""
    keys = _with_tldr(message.keys)
    found = references(keys, shown=shown)
    return (
        _pick(keys, found)
        or comparison(message, shown=shown)
        or _summarise(keys, found, shown)
        or _like(message, shown)
    )


def opened(message: Message, *, most: int = _MOST_WORDS_WITH_IDS) -> OpenPaper | None:
    """The papers whose ids or links are, but for so many words, all that the message says."""
    known = LINKING | OPENING | _POINTING_AT_ID
    others = references(message.keys, shown=0).others
    said = sum(message.keys[index] not in known for index in others)
    return OpenPaper(message.ids) if message.ids and said <= most else None


def _pick(keys: tuple[str, ...], found: References) -> Pick | None:
    if " ".join(keys) in _FIRST:
        return Pick(1)
    allowed = LINKING | OPENING if _WISHES.intersection(keys) else (LINKING | OPENING) - {"like"}
    if len(found.numbers) != 1 or found.ids or not only_these(keys, found, allowed):
        return None
    if keys[:2] == ("what", "about") or _NO_PICK.intersection(keys) or _asks_what_it_is_about(keys):
        return None
    return Pick(found.numbers[0])


def _summarise(keys: tuple[str, ...], found: References, shown: int) -> Summarise | None:
    asked = _SUMMARISING.intersection(keys) or ("sum" in keys and "up" in keys)
    if not asked and not (found.count and _asks_what_it_is_about(keys)):
        return None
    if not only_these(keys, found, LINKING | _SUMMARISING | _SUMMARY_LINKING):
        return None
    if "explain" in keys and not found.count:
        return None
    return Summarise(found.numbers or (() if found.ids else all_shown(keys, shown=shown)), found.ids)


def _like(message: Message, shown: int) -> Like | None:
    keys = message.keys
    if not _LIKENESS.intersection(keys) or _WISHES.intersection(keys):
        return None
    # "Like 2 but newer"
    end = next((index for index in range(1, len(keys)) if keys[index] in _LIMITING), len(keys))
    within = narrowed_by(message.since(end), after=True)
    keys = keys[:end] if within else keys
    found = references(keys, shown=shown)
    if not only_these(keys, found, LINKING | _LIKENESS | _LIKE_LINKING):
        return None
    points_back = keys == ("similar",) or (_ALIKE.intersection(keys) and _POINTING_BACK.intersection(keys))
    return Like(found.numbers, found.ids, within) if found.count or points_back else None


def _asks_what_it_is_about(keys: tuple[str, ...]) -> bool:
    """Whether it is as "what is 2 about" or "what's the second one about"."""
    return keys[0] in {"what", "whats"} and keys[-1] == "about" and ("is" in keys or keys[0] == "whats")


def _with_tldr(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The words, with "tl;dr" as one."""
    return tuple(" ".join(keys).replace("tl dr", "tldr").split(" "))
