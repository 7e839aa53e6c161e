"""What a claim may not do to its sentence: deny it, turn it round, say more than it. Pure.

Each function gives a reason, or "" where there is none. None understands language: they look for words that turn a
meaning, and ask for the same in the sentence. What they refuse wrongly is dropped from an answer, what they let pass
is said to a reader; so they rather refuse.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.llm.figures import figures_of
from bot.llm.words import Word, are_alike, root, roots_in, roots_of, words_of

_NEGATION = re.compile(
    r"not|no|never|none|nor|neither|without|cannot|\w+n't|nothing|nobody|hardly|barely|scarcely|unable|lacks?|lacking|"
    r"fails?|failed|failing|refuses?|stops?|unless|instead|rather"
)
_MILD_NEGATION = re.compile(  # what a sentence may say in place of a negation
    r"avoid\w*|eliminat\w*|prevent\w*|lossless\w*|free|zero|non-?\w+|un[a-z]{4,}|in[a-z]{3,}able|irrevers\w*|"
    r"alleviat\w*|remov\w*|obviat\w*|different"
)
_CONTRAST = frozenset({"instead", "rather"})
_SCOPE = 4  # words that carry something, after a negation
_SHARE_OF_SCOPE = 0.6
_STRONG = tuple(
    re.compile(pattern)
    for pattern in (
        r"all|every|everything|everyone|each|any|anything|entire|entirely|whole|complete|completely|totally|total|fully|"
        r"always|universal\w*|world|ever|everywhere",
        r"never|impossible|absolutely",
        r"perfect|perfectly|flawless\w*|exact|exactly|lossless\w*|error-free",
        r"guarantee\w*|prov(?:e|es|en|ed|ing)|proofs?|formal\w*|certain\w*|definit\w*|theorem\w*",
        r"best|fastest|largest|smallest|highest|lowest|cheapest|leading|greatest|strongest|"
        r"state-of-the-art|sota|top|unrivall?ed|unmatched|unprecedented|optimal",
        r"first|novel|only|sole|solely|unique\w*|merely|just",
        r"solv(?:e|es|ed|ing)|cur(?:e|es|ed|ing)|resolv\w+|resolutions?|fix(?:es|ed)?",
        r"eliminat\w*|remov\w*|entirely|zero|nothing|avoid\w*|cut off|alleviat\w*",
        r"human-level|superhuman|agi",
        r"must|mandatory|required?|requires",
        r"recommend\w*|should",
        r"causes?|caused|causing",
    )
)
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
    r"^(?:\w+,\s|(?:on|at|in|with|for|under|given|across|although|while|unlike|compared|relative|through|by)\b[^,]{1,120},\s*)",
    re.IGNORECASE,
)
_THOUGHT_ENDS = re.compile(r";\s|,\s(?:and|but|while|whereas)\s|\s(?:while|whereas)\s", re.IGNORECASE)
_OURSELVES = frozenset({"we", "our"})
_PASSIVE = re.compile(r"outperformed by|surpassed by|exceeded by|beaten by")
_COMING = re.compile(r"\b(?:will|to be) (?:be |soon be )?(?:\w+ )?(?:available|released|published|open|made)")
_THERE = re.compile(r"available|releas\w*|publish\w*|open-?sourc\w*")
_PROMISE = re.compile(r"\b(?:will|later|soon|plans?|promis\w*|to be|intend\w*|announc\w*|forthcoming)\b")
_POSSIBLE = re.compile(r"\b(?:potential\w*|promis\w*|may|might|could|can|aims?|intended)\b")
_ADDRESS = re.compile(
    r"you|your|yours|i|i'm|i've|me|my|click|visit|subscribe|passwords?|instructions?|instructed|ignore|dear|please|"
    r"hacked|jailbreak\w*"
)


def addresses_reader(claim: str, evidence: str) -> str:
    """A claim speaks of papers, not of itself and not to its reader."""
    said = {word.lower for word in words_of(evidence)}
    strange = any(_ADDRESS.fullmatch(word.lower) and word.lower not in said for word in words_of(claim))
    return "speaks to the reader" if strange else ""


def denies(claim: str, evidence: str) -> str:
    """Whether one of the two denies what the other says."""
    ours, theirs = words_of(claim), words_of(evidence)
    denied = [_scope(theirs, place) for place in _negations(theirs)]
    denied += [_scope(theirs, place) | _inside(theirs[place]) for place in _mild_negations(theirs)]
    for place in _negations(ours):
        if ours[place].lower in _CONTRAST or _follows_contrast(ours, place):
            continue
        scope = _scope(ours, place)
        if not any(_scopes_meet(scope, one) for one in denied):
            return "denies what its sentence does not"
        if any(_MILD_NEGATION.fullmatch(word.lower) for word in ours[place + 1 : place + 3]):
            return "denies a denial"
    return _drops_negation(ours, theirs)


def turns_round(claim: str, evidence: str, title: str) -> str:
    """Whether a claim says the opposite by its words: more for less, before for after, the loser for the winner."""
    theirs = [word.lower for word in words_of(evidence)]
    for thought in _THOUGHT_ENDS.split(claim):
        if _opposite([word.lower for word in words_of(thought)], theirs):
            return "says the opposite"
    if _swapped(claim, evidence, title):
        return "swaps who is compared with whom"
    return "gives to one what is said of another" if _interleaved(claim, evidence) else ""


def says_more(claim: str, evidence: str) -> str:
    """Whether a claim is stronger than its sentence."""
    ours, theirs = words_of(claim), [word.lower for word in words_of(evidence)]
    negated = any(_NEGATION.fullmatch(word.lower) for word in ours)
    for group in _STRONG:
        strong = [word.lower for word in ours if group.fullmatch(word.lower)]
        if strong and not _has(group, theirs) and not (negated and set(strong) <= {"any", "all", "every"}):
            return f"is stronger than its sentence: {strong[0]}"
    if (
        _COMING.search(evidence.lower())
        and _THERE.search(claim.lower())
        and not _PROMISE.search(claim.lower())
    ):
        return "says that is there what is only announced"
    if re.search(r"\bpotential to\b", evidence.lower()) and not _POSSIBLE.search(claim.lower()):
        return "says that is so what only may be"
    return ""


def _opposite(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    return any(
        _has(here, ours) and not _has(here, theirs) and _has(there, theirs) and not _has(there, ours)
        for one, other in _OPPOSITES
        for here, there in ((one, other), (other, one))
    )


def _has(pattern: re.Pattern[str], words: Sequence[str]) -> bool:
    return any(pattern.fullmatch(part) for word in words for part in (word, *word.split("-")))


@lru_cache(maxsize=512)
def _negations(words: tuple[Word, ...]) -> tuple[int, ...]:
    return tuple(number for number, word in enumerate(words) if _NEGATION.fullmatch(word.lower))


@lru_cache(maxsize=512)
def _mild_negations(words: tuple[Word, ...]) -> tuple[int, ...]:
    return tuple(number for number, word in enumerate(words) if _MILD_NEGATION.fullmatch(word.lower))


def _inside(word: Word) -> frozenset[str]:
    """What a word denies by itself: "lossless" loss, "irreversible" what can be reversed."""
    return frozenset({root(re.sub(r"^(?:non-?|un|irr|in)|less$", "", word.lower)), root(word.lower)})


def _follows_contrast(words: Sequence[Word], number: int) -> bool:
    return number > 0 and words[number - 1].lower in {"whether", "or"}


def _scope(words: Sequence[Word], number: int) -> frozenset[str]:
    """The roots of the words that a negation speaks of: the next that carry something, up to the end of the thought."""
    found: list[frozenset[str]] = []
    for word in words[number + 1 :]:
        if (word.is_boundary and found and word.lower != "with") or len(found) == _SCOPE:
            break
        if word.carries and not _NEGATION.fullmatch(word.lower):
            found.append(roots_in(word))
    return frozenset[str]().union(*found)


def _scopes_meet(one: frozenset[str], other: frozenset[str]) -> bool:
    return any(are_alike(mine, yours) for mine in one for yours in other)


def _drops_negation(ours: tuple[Word, ...], theirs: tuple[Word, ...]) -> str:
    """Whether a claim says plainly what its sentence denies."""
    if any(_NEGATION.fullmatch(word.lower) or _MILD_NEGATION.fullmatch(word.lower) for word in ours):
        return ""
    said = frozenset[str]().union(*(roots_in(word) for word in ours if word.carries))
    for place in _negations(theirs):
        scope = _scope(theirs, place)
        met = [one for one in scope if any(are_alike(one, other) for other in said)]
        if scope and len(met) >= _SHARE_OF_SCOPE * len(scope):
            return "leaves out a denial"
    return ""


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


def _without_circumstances(text: str) -> str:
    while (shorter := _CIRCUMSTANCES.sub("", text)) != text:
        text = shorter
    return text


def _sides(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The roots before and after the word that compares; without the circumstances that a sentence begins with."""
    words = words_of(_without_circumstances(text))
    for kind in _COMPARISONS:
        for number, word in enumerate(words):
            following = words[number + 1].lower if number + 1 < len(words) else ""
            if number and kind.fullmatch(f"{word.lower} {following}"):
                return _roots(words[:number]), _roots(words[number + 1 :])
    return None


def _interleaved(claim: str, evidence: str) -> bool:
    """Whether a claim gives to one what its sentence says of another: "A is in x, B in y" became "A in y, B in x".

    The words of each thought must lie together in the sentence, as they would after a change of order.
    """
    places = {
        word: [one.place for one in words_of(evidence) if one.lower == word] for word in _said(evidence)
    }
    thoughts = [_said(one) for one in _THOUGHT_ENDS.split(_without_circumstances(claim)) if not figures_of(one)]
    spans: list[tuple[int, int]] = []
    for number, thought in enumerate(thoughts):
        others = frozenset[str]().union(*thoughts[:number], *thoughts[number + 1 :])
        own = [places[word][0] for word in thought - others if len(places.get(word, ())) == 1]
        if len(own) > 1:
            spans.append((min(own), max(own)))
    return any(one[0] < other[0] and other[1] < one[1] for one in spans for other in spans)


def _said(text: str) -> frozenset[str]:
    return frozenset(word.lower for word in words_of(text) if word.carries)


def _roots(words: Sequence[Word]) -> frozenset[str]:
    return frozenset[str]().union(*(roots_in(word) for word in words if word.carries))
