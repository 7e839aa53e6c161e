"""Are a claim's figures those of its sentences, of the same things? Pure."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from bot.llm.figures import Figure, figures_of
from bot.llm.words import Word, are_alike, words_of

_PERCENT = "%"


def differing_figures(claim: str, evidence: str, title: str = "") -> str:
    """Why a claim's figures are not the evidence's, or ""."""
    ours, theirs = figures_of(claim), figures_of(evidence)
    named = {figure.quantity for figure in figures_of(title)}
    respectively = "respectively" in evidence.lower()
    for figure in ours:
        same = [one for one in theirs if one.quantity == figure.quantity]
        if not same:
            if figure.quantity in named:
                continue
            return "has a figure that its sentences have not"
        if all(_bounds_differ(figure, one) for one in same):
            return "bounds a figure otherwise than its sentences"
        if all(_shares_differ(figure, one) for one in same):
            return "takes a change for a share, or the reverse"
        if not respectively and _belongs_elsewhere(figure, same, ours, theirs):
            return "gives a figure to something else"
    return "gives figures in another order" if respectively and _out_of_order(claim, evidence) else ""


def _bounds_differ(ours: Figure, theirs: Figure) -> bool:
    mine, yours = ours.bounds, theirs.bounds
    if any(one in mine and one not in yours for one in ("at least", "below", "on average")):
        return True
    if "up to" in yours:
        return "up to" not in mine
    return "up to" in mine and bool(yours & {"at least", "on average"})


def _shares_differ(ours: Figure, theirs: Figure) -> bool:
    return ours.unit == _PERCENT and {ours.share, theirs.share} == {"of", "by"}


def _belongs_elsewhere(
    figure: Figure, same: Sequence[Figure], ours: Sequence[Figure], theirs: Sequence[Figure]
) -> bool:
    """Whether a word beside the claim's figure stands, in the evidence, only beside others of the same unit."""
    values = {one.value for one in same}
    for word in figure.near:
        owners = {one.value for one in theirs if one.unit == figure.unit and _is_near(word, one)}
        claimed = {one.value for one in ours if _is_near(word, one)} | values
        if owners and not owners & claimed:
            return True
    return False


def _is_near(word: str, figure: Figure) -> bool:
    return any(word == other or (len(word) > 4 and are_alike(word, other)) for other in figure.near)  # noqa: PLR2004 - short words are alike by chance


def _out_of_order(claim: str, evidence: str) -> bool:
    """Whether "A and B … 1 and 2, respectively" became A with 2, or B with 1."""
    values = [figure.value for figure in figures_of(evidence)]
    ours = figures_of(claim)
    said = words_of(claim)
    return any(
        _crossed(ours, said, values, one.lower, other.lower) for one, other in _pairs(words_of(evidence))
    )


def _pairs(words: Sequence[Word]) -> list[tuple[Word, Word]]:
    """The words that "and" or "or" join."""
    return [
        (words[place], words[place + 2])
        for place in range(len(words) - 2)
        if words[place + 1].lower in {"and", "or"} and words[place].carries and words[place + 2].carries
    ]


def _crossed(
    ours: Sequence[Figure], said: Sequence[Word], values: Sequence[object], one: str, other: str
) -> bool:
    first, second = _place(one, said), _place(other, said)
    pairs = [(a, b) for a, b in pairwise(values) if a != b]
    for a, b in pairs:
        mine, yours = _first(ours, a), _first(ours, b)
        if mine is not None and yours is not None and first is not None and second is not None:
            if (mine < yours) != (first < second):
                return True
        else:
            one_alone = mine is not None and yours is None and first is None and second is not None
            other_alone = yours is not None and mine is None and second is None and first is not None
            if one_alone or other_alone:
                return True
    return False


def _place(wanted: str, words: Collection[Word]) -> int | None:
    return next(
        (word.place for word in words if word.lower == wanted or wanted in word.lower.split("-")), None
    )


def _first(figures: Sequence[Figure], value: object) -> int | None:
    return next((figure.place for figure in figures if figure.value == value), None)
