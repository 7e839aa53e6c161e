r"""Make what LaTeX leaves behind readable: `na\"{\i}vely`, `50\%`, `8times`, `approx60%`. Pure."""

import re
from functools import cache, lru_cache
from typing import Any, cast

from pylatexenc.latex2text import (  # pyright: ignore[reportMissingTypeStubs]
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)

# Hugging Face drops the dollar and the backslash of a formula: `$8\times$` arrives as `8times`.
_LOST_BACKSLASHES = (
    (re.compile(r"(?<=\d)times\b"), "×"),
    (re.compile(r"\bapprox(?=\d)"), "≈"),
    (re.compile(r"\bsim(?=\d+(?:\.\d+)?(?:\b|%))"), "~"),
    (re.compile(r"(?<=\d)pm(?=\d)"), "±"),
    (re.compile(r"\bgeq(?=\d)"), "≥"),
    (re.compile(r"\bleq(?=\d)"), "≤"),
)
# As in pandoc: no space inside the dollars, no digit behind them, so that two prices are not a formula.
_FORMULA = re.compile(r"\$(?=\S)(?:[^$]*[\\^_{][^$]*|[A-Za-z])(?<=\S)\$(?![0-9])")
_COMMENT_SIGN = re.compile(r"(?<!\\)%")
# Characters that LaTeX gives a meaning and running text does not: `20% of`, `~9 million`, `Q4_0`, `R&D`.
_BARE_SPECIAL = re.compile(r"(?<!\\)([%&#~$])")
_PROTECTED = {character: chr(0xE000 + position) for position, character in enumerate("%&#~$")}
_REMEMBERED = 4096  # texts: while papers are taken in, each is asked for as a name and as a text
_UNPROTECTED = {ord(stand_in): character for character, stand_in in _PROTECTED.items()}


@lru_cache(_REMEMBERED)
def readable(text: str) -> str:
    """The text as a person reads it, in one line; text without LaTeX remains comes back unchanged."""
    text = " ".join(text.split())
    if "\\" in text or _FORMULA.search(text):
        text = _without_markup(text)
    for pattern, sign in _LOST_BACKSLASHES:
        text = pattern.sub(sign, text)
    return text


def _without_markup(text: str) -> str:
    pieces: list[str] = []
    position = 0
    for formula in _FORMULA.finditer(text):
        pieces += [_protect(text[position : formula.start()]), _COMMENT_SIGN.sub(r"\%", formula[0])]
        position = formula.end()
    pieces.append(_protect(text[position:]))
    try:
        plain = cast("str", _to_text().latex_to_text("".join(pieces)))  # pyright: ignore[reportUnknownMemberType]
    except Exception:  # noqa: BLE001 - pylatexenc raises IndexError, KeyError, RecursionError … on what is no LaTeX
        return text
    if "%s" in plain and "%s" not in text:  # a macro that lost its argument
        return text
    return " ".join(plain.translate(_UNPROTECTED).split())


@cache
def _to_text() -> Any:
    """The converter; a macro it does not know leaves its name behind rather than nothing."""
    known: Any = get_default_latex_context_db()
    known.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=_name_of))
    return LatexNodes2Text(latex_context=known)


def _name_of(macro: Any) -> str:
    return str(macro.macroname)


def _protect(text: str) -> str:
    return _BARE_SPECIAL.sub(lambda match: _PROTECTED[match[1]], text)
