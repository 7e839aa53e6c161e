"""Does a claim turn round what its sentence compares? More for less, the loser for the winner, one's place for another's. Pure.

It understands no language: it looks at words that compare, and at what stands to either side of them.
"""

import re
from collections.abc import Sequence

from bot.llm.figures import figures_of
from bot.llm.strength import has_word
from bot.llm.words import Word, root, roots_in, roots_of, words_of

_OPPOSITES = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        (
            r"increas\w*|rais(?:e|es|ed|ing)|grow\w*|grew|enlarg\w*|more|higher|larger|bigger",
            r"reduc\w*|decreas\w*|lower\w*|less|fewer|smaller|shr[aiu]nk\w*|cuts?|cutting|drops?|dropped|minimi\w*|sav(?:e|es|ed|ing)",
        ),
        (
            r"improv\w*|better|enhanc\w*|boost\w*|outperform\w*|surpass\w*|superior\w*|gains?",
            r"degrad\w*|worse\w*|hurts?|harm\w*|underperform\w*|inferior|deteriorat\w*|lags?|suffers?|lost|los(?:e|es|ing)",
        ),
        (r"faster|accelerat\w*|quick\w*|speedups?|speeds?", r"slow(?:er|s|ed|ing)?|slowdowns?"),
        (r"before|prior", r"after|afterwards"),
        (r"before|until|waits?|stops?", r"during|simultaneously|concurrently|continuous\w*"),
        (r"gains?|benefits?|profits?", r"loss|losses|overheads?|drops?|penalt\w+"),
        (r"ahead|leads?", r"behind|lags?"),
        (r"cheap\w*|inexpensive|saves?", r"costs?|costly|expensive|incurs?"),
        (
            r"negligible|slight\w*|minor|little|minimal",
            r"considerabl\w*|huge|substantial\w*|heav\w+|major|large",
        ),
        (
            r"solv\w+|succeed\w*|master\w*|excel\w*|handles?",
            r"struggl\w*|fails?|suffers?|difficult\w*|unable",
        ),
        (r"alone|solely|single", r"together|combin\w*|several|multiple|both|multi"),
        (r"training|trained|train", r"training-free|untrained|inference-time"),
        (r"always|often|frequent\w*|common\w*", r"rare\w*|infrequent\w*|seldom|occasional\w*"),
        (r"independen\w*|separat\w*|decoupl\w*", r"dependen\w*|coupl\w*|integrat\w*"),
        (r"static\w*|fixed", r"dynamic\w*|adaptiv\w*|adapts?|flexibl\w*|adjust\w*"),
        (r"local\w*|on-device", r"cloud\w*|remote\w*|server\w*"),
        (r"public\w*|open", r"private\w*|proprietary|closed"),
        (r"low|lower|lowest|weak\w*|poor\w*", r"high|higher|highest|strong\w*|rich"),
        (r"easy|trivial|simple|straightforward", r"hard|difficult|challeng\w*"),
        (r"open-?source\w*|open", r"closed-?source\w*|proprietary"),
    )
)
_COMPARISONS = (  # the surest first; each with the word that follows
    re.compile(r"(?:outperform\w*|surpass\w*|exceed\w*|beats?|beating) .*"),
    re.compile(r"than .*|superior to|inferior to"),
    re.compile(r"(?:compared|relative) (?:to|with)|over [^\d]*|(?:versus|vs|against) .*"),
)
_CIRCUMSTANCES = re.compile(
    r"^(?:\w+,\s|(?:even |still |but )?(?:on|at|in|with|for|under|given|across|although|while|unlike|compared|relative|through|"
    r"by|which|where)\b[^,]{1,120},\s+(?!and\b|but\b|while\b|whereas\b))",
    re.IGNORECASE,
)
_THOUGHT_ENDS = re.compile(r";\s|,\s(?:and|but|while|whereas)\s|\s(?:while|whereas)\s", re.IGNORECASE)
_PAIR = 2
_OURSELVES = frozenset({"we", "our"})
_FRONTED = re.compile(
    r"^(?:\w+,\s)?(?:even |still )?(?:compared (?:to|with)|relative to|unlike|in contrast to)\s([^,]{1,120}),\s",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"outperformed by|surpassed by|exceeded by|beaten by")
_FROM_TO = re.compile(r"\bfrom ([\w-]+) (?:\w+ )?to (?:the |an? )?([\w-]+)")


def turns_round(claim: str, evidence: str, title: str) -> str:
    """Whether a claim says the opposite by its words: more for less, before for after, the loser for the winner."""
    theirs = [word.lower for word in words_of(evidence)]
    for thought in _THOUGHT_ENDS.split(claim):
        if _opposite([word.lower for word in words_of(thought)], theirs):
            return "says the opposite"
    if _swapped(claim, evidence, title) or _goes_back(claim, evidence):
        return "swaps who is compared with whom"
    if _rivals(claim, evidence):
        return "says the rival of a word of its sentence"
    return "gives to one what is said of another" if _interleaved(claim, evidence, title) else ""


def _opposite(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    return any(
        has_word(here, ours)
        and not has_word(here, theirs)
        and has_word(there, theirs)
        and not has_word(there, ours)
        for one, other in _OPPOSITES
        for here, there in ((one, other), (other, one))
    )


def _swapped(claim: str, evidence: str, title: str) -> bool:
    mine, theirs = _sides(claim), _sides(evidence)
    if mine is None or theirs is None:
        return False
    left, right = theirs
    if _OURSELVES & {word.lower for word in words_of(evidence)}:
        left |= roots_of(title)  # "we" are the paper
    if bool(_PASSIVE.search(claim.lower())) != bool(_PASSIVE.search(evidence.lower())):
        left, right = right, left
    only_left, only_right = left - right, right - left
    turned = mine[0] & only_right - mine[1]
    return bool(turned) and (bool(mine[1] & only_left - mine[0]) or not mine[0] & only_left)


def _rivals(claim: str, evidence: str) -> bool:
    """Whether a claim has "context-independent" where its sentence has "context-dependent" and nothing else."""
    theirs = [word.lower.split("-") for word in words_of(evidence) if "-" in word.lower]
    held = roots_of(evidence)
    for word in words_of(claim):
        parts = word.lower.split("-")
        if len(parts) != _PAIR or parts in theirs or not all(map(str.isalpha, parts)):
            continue
        for other in theirs:
            if len(other) == _PAIR and other[0] == parts[0] and root(parts[1]) not in held:
                return True
    return False


def _goes_back(claim: str, evidence: str) -> bool:
    """Whether a claim goes from B to A where its sentence goes from A to B."""
    theirs = {(root(one), root(other)) for one, other in _FROM_TO.findall(evidence.lower())}
    if any((root(other), root(one)) in theirs for one, other in _FROM_TO.findall(claim.lower())):
        return True
    mine, yours = _ends(claim), _ends(evidence)
    if mine is None or yours is None:
        return False
    whence, whither = yours[0] - yours[1], yours[1] - yours[0]
    return bool((mine[0] - mine[1]) & whither) and bool((mine[1] - mine[0]) & whence)


def _ends(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The roots of the words just before and just after the first "into"."""
    words = words_of(text)
    for number, word in enumerate(words):
        if word.lower == "into":
            return _roots(words[max(0, number - 4) : number]), _roots(words[number + 1 : number + 6])
    return None


def _without_circumstances(text: str) -> str:
    while (shorter := _CIRCUMSTANCES.sub("", text)) != text:
        text = shorter
    return text


def _sides(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The roots before and after the word that compares; without the circumstances that a sentence begins with."""
    if fronted := _FRONTED.match(text):
        rest = text[fronted.end() :]
        left, right = _sides(rest) or (_roots(words_of(rest)), frozenset[str]())
        return left, right | _roots(words_of(fronted.group(1)))
    words = words_of(_without_circumstances(text))
    for kind in _COMPARISONS:
        for number, word in enumerate(words):
            following = words[number + 1].lower if number + 1 < len(words) else ""
            if number and kind.fullmatch(f"{word.lower} {following}"):
                return _roots(words[:number]), _roots(words[number + 1 :])
    return None


def _interleaved(claim: str, evidence: str, title: str) -> bool:
    """Whether a claim gives to one what its sentence says of another: "A is in x, B in y" became "A in y, B in x".

    The words of each thought must lie together in the sentence, as they would after a change of order.
    """
    whole: dict[str, list[int]] = {}
    parts: dict[str, list[int]] = {}
    for word in words_of(evidence):
        if word.carries:
            whole.setdefault(root(word.lower), []).append(word.place)
            for one in roots_in(word):
                parts.setdefault(one, []).append(word.place)
    places = parts | whole
    thoughts = [
        _said(one) for one in _THOUGHT_ENDS.split(_without_circumstances(claim)) if not figures_of(one)
    ]
    spans: list[tuple[int, int]] = []
    for number, thought in enumerate(thoughts):
        others = roots_of(title).union(*thoughts[:number], *thoughts[number + 1 :])
        own = [places[word][0] for word in thought - others if len(places.get(word, ())) == 1]
        if len(own) > 1:
            spans.append((min(own), max(own)))
    return any(one[0] < other[0] and other[1] < one[1] for one in spans for other in spans)


def _said(text: str) -> frozenset[str]:
    return frozenset(root(word.lower) for word in words_of(text) if word.carries)


def _roots(words: Sequence[Word]) -> frozenset[str]:
    return frozenset[str]().union(*(roots_in(word) for word in words if word.carries))
