"""Which papers does a question name by their number? Pure."""

from bot.chat.message import Message, in_threes, vocabulary
from bot.chat.questions import AUXILIARIES
from bot.chat.references import is_ordinal, number_of

_SHORT = 10  # words
_MARKS = vocabulary("paper number no nr result")
_BEFORE_NUMBER = AUXILIARIES | {""} | vocabulary("about and by for from in of on or than wrote to with vs")
_BEHIND_NUMBER = (
    AUXILIARIES
    | {""}
    | vocabulary("""
    find found achieve propose do show and or need needs use uses work works run runs have has require requires support supports mention mentions say says better
    faster slower open on also really about actually compare worth good publicly available any free
""")
)


def numbers_in(message: Message, *, shown: int) -> tuple[int, ...]:
    """The papers that a question names so that a number can be nothing else: "the second one", "#2", "who wrote 2"."""
    keys = message.keys
    found: dict[int, None] = {}
    for word, (before, key, behind) in zip(message.words, in_threes(keys), strict=True):
        number = number_of(key)
        if number is None:
            continue
        if is_ordinal(key):
            named = behind in {"one", "paper", "result"} or (before == "the" and behind in _BEHIND_NUMBER)
        elif before in _MARKS or message.text[: word.start].endswith("#"):
            named = True
        else:
            listed = key.isdecimal() and 0 < number <= shown and len(keys) <= _SHORT
            named = listed and before in _BEFORE_NUMBER and behind in _BEHIND_NUMBER
        if named:
            found[number] = None
    return tuple(found)
