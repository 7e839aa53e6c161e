"""The words that only lead to the papers a message names, or follow them. Pure."""

from collections.abc import Set as AbstractSet

from bot.chat.message import vocabulary
from bot.chat.references import References

LINKING = vocabulary("""
    a about abstract again an and any article arxiv can could do does entry for get gimme give go hey hi hit i id ill in is it item
    just lemme let lets look me my no now nr num number of ok okay on one ones option or paper papers please read result
    results see show so some tell than that the then this to us want we what whats with would you your
    bitte das dem den der die und ein eine mal mir nummer von vom zeig zeige zu zum
    articulo artigo as de des du e el et favor il la le les lo los las numero o os papier plait por s'il sil svp te un una vous y
""")
OPENING = vocabulary("""
    abstract bibtex card choose citation cite click cool description detail details display expand first full get good great
    info information interesting like link links looks meant more nice open page pdf pick play post pull save select sounds take
    thanks up url view whole
    nimm offne zeigen montre montrez ouvre abre muestra muestrame ver mostra mostre apri 打开
""")


def only_these(keys: tuple[str, ...], found: References, allowed: AbstractSet[str]) -> bool:
    """Whether all words that name no paper are of a kind."""
    return all(keys[index] in allowed for index in found.others)
