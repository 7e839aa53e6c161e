"""Which words may a claim use although its sentences do not? General ones, that say nothing by themselves. Pure.

A model that puts things in its own words changes verbs and small words; one that invents brings a noun, or a word that
says how much. Words of size, number and order are not here, nor any that one of the other checks is about.
"""

from bot.llm.figures import is_figure
from bot.llm.words import Word, are_alike, root, roots_in, words_of

_GENERAL = """
    able accord account achieve act actual add address affect aim alike allow already amount analyse analyze answer appear
    apply approach argue arise ask assess attain author base become begin behave belong benefit better beat break brief bring
    broad build built call careful carry case cause certain change check choose chose clear come combine common comparable compare
    comprise concern condition confirm consider consist contain context correct cost could count course cover create current cut
    deal degree deliver demonstrate depend derive describe design despite develop differ different difficult direct discuss
    divide done due earlier easy effect effort employ enable end ensure especially etc evaluate evidence exact exceed exist
    exploit explain explore express extend face fact fast fewer find finding fit focus follow form found function general
    get give given gave go goal good got great group handle happen hard having help helps hide hold idea identify important improve
    include incorporate indicate instead interesting introduce investigate involve issue judge keep kept key kind know known
    later lead least leave less let level lie like likely limit little live longer look lower made main mainly
    manage manner match matter mean meaning means measure meet method more most mostly move name namely near need newest newer
    notable note observe obtain occur offer often old ones operate others outperform own pair paper part particular past
    people perform place point possible present preserve previous problem produce propose prove provide publish
    purpose put question quick raise range rarely rather reach read real reason receive recent record reduce refer relative rely
    rest remain remove replace report represent respect result return rise role run runs save say see seek seem serve set several shape
    share short shorter show shrink side similar simple since size slow small smaller sometimes soon sort special specific
    speed split stand start state stay study such suggest suit surpass sustain take taken task tell tend term
    thing thought time together took tool treat trouble try tried tune turn type typical unlike usable use
    useful usual utilize value vary various versus want way well went whole wide word work wrong yet yield shape
    against beforehand comparison counterpart apart almost along alongside altogether available average
    enough accordingly respectively another every all cannot avoid bit par shared depending altogether whenever rest instance case version
    nearly roughly approximately around about percent points themselves itself thereby therefore
"""
_WORDS = frozenset(_GENERAL.split())
_ROOTS = frozenset(map(root, _WORDS))
_ENDINGS = (
    ("ies", "y"),
    ("s", ""),
    ("es", ""),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("ly", ""),
)
_PREFIXES = frozenset(
    {"self", "non", "semi", "un", "multi", "single", "pre", "zero", "cross", "inter", "few"}
)
_LETTERS = 2  # shorter ones are no words


def has_word_of_its_own(claim: str, around: str) -> bool:
    """Whether a claim has a word that is neither general nor, in some form, in its sentences and what they are called.

    Names and figures are not meant: they have checks of their own.
    """
    theirs = words_of(around)
    said = frozenset(one for word in theirs for one in roots_in(word))
    prefixed = _prefixed(theirs)
    return any(
        not _is_covered(word, said) or root(word.lower) in prefixed
        for word in words_of(claim)
        if word.carries and word.text[1:].islower() and not is_figure(word.text)
    )


def _is_covered(word: Word, said: frozenset[str]) -> bool:
    parts = [part for part in word.lower.split("-") if len(part) > _LETTERS]
    whole = root(word.lower)
    if any(are_alike(whole, one) for one in said):
        return True
    return all(_is_general(part) or any(are_alike(root(part), one) for one in said) for part in parts)


def _is_general(word: str) -> bool:
    forms = (word.removesuffix(ending) + instead for ending, instead in _ENDINGS if word.endswith(ending))
    return word in _WORDS or root(word) in _ROOTS or any(form in _WORDS for form in forms)


def _prefixed(words: tuple[Word, ...]) -> frozenset[str]:
    """The roots that stand there with a prefix only: "supervised" where the text has "self-supervised"."""
    bare = {root(word.lower) for word in words}
    compounds = (word.lower.partition("-") for word in words)
    return frozenset(root(rest) for first, _, rest in compounds if first in _PREFIXES and rest) - bare
