"""Does a claim deny what its sentence says, or leave out a denial? Pure.

What is refused wrongly is dropped from an answer, what passes wrongly is said to a reader; so this rather refuses.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.llm.words import Word, are_alike, root, roots_in, words_of

NEGATION = re.compile(
    r"not|no|never|none|nor|neither|without|cannot|\w+n't|nothing|nobody|hardly|barely|scarcely|unable|lacks?|lacking|"
    r"fails?|failed|failing|refuses?|stops?|unless|instead|rather"
)
# What a sentence may say in place of a negation; the first kind denies what follows, the other its own inside.
_DENYING = re.compile(r"avoid\w*|eliminat\w*|prevent\w*|free|zero|alleviat\w*|remov\w*|obviat\w*|different")
_DOES_AWAY = re.compile(r"avoid\w*|eliminat\w*|prevent\w*|obviat\w*")
_DENIED_INSIDE = re.compile(r"(?:non-?|un|irr)[a-z]{4,}|in[a-z]{3,}able|[a-z]{3,}less(?:ly)?")
_CONTRAST = frozenset({"instead", "rather"})
_SCOPE = 4  # words that carry something, after a negation
_SHARE_OF_SCOPE = 0.6


def denies(claim: str, evidence: str) -> str:
    """Why one of the two denies what the other says, or ""."""
    ours, theirs = words_of(claim), words_of(evidence)
    denied = [*_denied(theirs, frozenset(word.lower for word in ours))]
    if len(_negations(ours)) > len(denied):
        return "denies what its sentence does not"
    for place in _negations(ours):
        if ours[place].lower in _CONTRAST or _follows_contrast(ours, place):
            continue
        scope = _scope(ours, place)
        if not any(_scopes_meet(scope, one) for one in denied):
            return "denies what its sentence does not"
        if any(_DENYING.fullmatch(word.lower) for word in ours[place + 1 : place + 3]):
            return "denies a denial"
    if any(_denies_newly(word, theirs) for word in ours) and not denied:
        return "denies what its sentence does not"
    return _drops_negation(ours, theirs)


def _denied(theirs: tuple[Word, ...], said: frozenset[str]) -> Iterator[frozenset[str]]:
    """What a sentence denies, a set of roots for each denial; of hidden ones only those that the claim has not as well."""
    for place in _negations(theirs):
        yield _scope(theirs, place)
    for word in theirs:
        if word.lower in said:
            continue
        if _DENYING.fullmatch(word.lower):
            yield _scope(theirs, word.place) | {root(word.lower)}
        elif _DENIED_INSIDE.fullmatch(word.lower):
            following = theirs[word.place + 1 : word.place + 3] if "less" in word.lower else ()
            inside = re.sub(r"^(?:non-?|un|irr|in)|less(?:ly)?$", "", word.lower)
            yield frozenset({root(inside)}).union(*(roots_in(one) for one in following if one.carries))


def _denies_newly(word: Word, theirs: Sequence[Word]) -> bool:
    """Whether a word denies by its prefix what the sentence says without it: unnecessary, inefficient."""
    if not re.fullmatch(r"(?:non-?|un|in|im|ir)[a-z]{5,}", word.lower):
        return False
    if any(are_alike(root(word.lower), one) for other in theirs for one in roots_in(other)):
        return False
    return word.lower.startswith(("un", "non"))


@lru_cache(maxsize=512)
def _negations(words: tuple[Word, ...]) -> tuple[int, ...]:
    return tuple(number for number, word in enumerate(words) if NEGATION.fullmatch(word.lower))


def _follows_contrast(words: Sequence[Word], number: int) -> bool:
    return number > 0 and words[number - 1].lower in {"whether", "or"}


def _scope(words: Sequence[Word], number: int) -> frozenset[str]:
    """The roots of what a negation speaks of: the next words that carry something, up to the end of the thought."""
    found: list[frozenset[str]] = []
    for word in words[number + 1 :]:
        ends = word.is_boundary and word.lower != "with"
        if found and (ends or NEGATION.fullmatch(word.lower) or len(found) == _SCOPE):
            break
        if word.carries and not NEGATION.fullmatch(word.lower):
            found.append(roots_in(word))
    return frozenset[str]().union(*found)


def _scopes_meet(one: frozenset[str], other: frozenset[str]) -> bool:
    return any(are_alike(mine, yours) for mine in one for yours in other)


def _drops_negation(ours: tuple[Word, ...], theirs: tuple[Word, ...]) -> str:
    """Whether a claim says plainly what its sentence denies."""
    if any(_turns(word.lower) for word in ours):
        return ""
    said = frozenset[str]().union(*(roots_in(word) for word in ours if word.carries))
    denying = (word.place for word in theirs if _DOES_AWAY.fullmatch(word.lower))
    for place in (*_negations(theirs), *denying):
        scope = _scope(theirs, place)
        met = [one for one in scope if any(are_alike(one, other) for other in said)]
        if scope and len(met) >= _SHARE_OF_SCOPE * len(scope):
            return "leaves out a denial"
    return ""


def _turns(word: str) -> bool:
    return any(kind.fullmatch(word) for kind in (NEGATION, _DENYING, _DENIED_INSIDE))
