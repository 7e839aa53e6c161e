"""Is a message only a condition on the last results, or an order of them? Pure.

Every word must belong to a condition or lead to one: "only with code", "the ones by song han since 2024", "newest first".
"""

from bot.chat.conditions import condition_at, stands_alone
from bot.chat.meanings import Narrow
from bot.chat.message import Message, phrases, vocabulary
from bot.chat.names import Operator, another, name_at
from bot.chat.periods import period_at
from bot.results import Sort

_MOST_FREE_WORDS = 4
_LEADING = vocabulary("""
    a also am an and any anything are available be but can could did do does down filter for from get give got had has have
    having i id if in is it just keep leave let like limit list me narrow need now of ok okay once one ones only or paper papers
    must please published restrict restricted result results same show so some something that the them then there these those to
    want we were which who whose will with work works would you see
    aber auch bitte das den der die mir mit nur sind und von welche zeig zeige
    avec de des et la le les moi montre que
    apenas as com con e las los mostre muestra os que solamente solo y
""")
_LIMITING = vocabulary("only just nur solo seulement uniquement apenas soltanto")
_THE_ONES = vocabulary("ones those these them")
_ASKING = vocabulary("any are can could did do does has have how is was were what which who why")
_AND = vocabulary("and or nor und oder et y e")
_NO_CONDITIONS = phrases("""
    just kidding | just curious | just looking | just asking | just testing | just a test |
    is it code | is code available | is the code available | is there code | is there any code | any code | does it have code
""")


def narrowed_by(message: Message, *, after: bool, strict: bool = False) -> Narrow | None:
    """The condition or order that a message is as a whole, if it is one.

    `after`: something was found before, so that "no surveys" and "only vision" are conditions too. Where it is `strict`,
    neither they nor names without "by" or "from" are.
    """
    keys = message.keys
    if not keys or message.line in _NO_CONDITIONS:
        return None
    if len(keys) == 1 and not stands_alone(keys[0]) and not (after and period_at(keys[0], 0)):
        return None
    return _Reader(message, after=after and not strict).read()


def limits(message: Message) -> bool:
    """Whether it says that what was found is too much: "only", "just"."""
    return bool(_LIMITING.intersection(message.keys))


class _Reader:
    """Goes through the words once, from left to right."""

    def __init__(self, message: Message, *, after: bool) -> None:
        self._message = message
        self._after = after
        self._filters: list[str] = []
        self._sort: Sort | None = None
        self._limits = False
        self._last: Operator | None = None  # of the last name, which "and" may go on with

    def read(self) -> Narrow | None:
        index = 0
        while index < len(self._message.keys):
            end = (
                self._condition(index)
                or self._another_name(index)
                or self._leading(index)
                or self._free(index)
            )
            if end is None:
                return None
            index = end
        said = self._filters or self._sort
        return Narrow(" ".join(dict.fromkeys(self._filters)), self._sort) if said else None

    def _condition(self, index: int) -> int | None:
        """Where the condition that begins at a word ends, taken in."""
        message = self._message
        if found := condition_at(message.line, message.offsets[index]):
            if found.filter:
                self._filters.append(found.filter)
            self._sort = found.sort or self._sort
            return message.index_at(found.end)
        name = name_at(message, index)
        if not name or not self._may(name.operator):
            return None
        self._last = name.operator
        self._filters.append(name.filter)
        return name.end

    def _may(self, operator: Operator) -> bool:
        if operator in {"author", "org"}:
            return True
        return self._after and (operator == "-" or self._limits)

    def _another_name(self, index: int) -> int | None:
        """Where "and benchmarks" ends, behind "no surveys"."""
        message, behind = self._message, index + 1
        if self._last is None or message.keys[index] not in _AND or behind >= len(message.keys):
            return None
        if message.keys[behind] in _LEADING or condition_at(message.line, message.offsets[behind]):
            return None
        name = None if name_at(message, behind) else another(message, behind, self._last)
        if name:
            self._filters.append(name.filter)
        return name.end if name else None

    def _leading(self, index: int) -> int | None:
        key = self._message.keys[index]
        if key not in _LEADING | _LIMITING:
            return None
        self._limits |= key in _LIMITING | _THE_ONES
        return index + 1

    def _free(self, index: int) -> int | None:
        """The words that "only" and "just the ones" limit to, and that are searched."""
        keys = self._message.keys
        few = len(keys) - index <= _MOST_FREE_WORDS
        if not (self._after and self._limits and few) or self._filters or keys[0] in _ASKING:
            return None
        self._filters.append(self._message.between(index, len(keys)))
        return len(keys)
