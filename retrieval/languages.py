"""Is a question in another language than English? The only file that knows py3langid.

Rather silent than wrong: of 2,112 English questions none is taken for another language (tests/retrieval). The detector's
tables are read, in half a second, when first a question comes that looks foreign to the encoder: 8 in 100 English ones do.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol, cast

_NAMES = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
_ENGLISH = "en"
_SURE = 0.9  # from .7 on, no English question was mistaken; from .95 on, the first foreign ones are missed
_FEWEST_WORDS = 4  # fewer are names and terms as often as a language
_FEWEST_SIGNS = 4  # of a script that writes no blanks between words, or that English is not written in
_FAMILIAR = (
    0.7  # the share of a question's words that an English encoder knows; of the foreign ones at most .67
)
_MOST_READ = 300  # characters
_WORD = re.compile(r"[^\W\d_]+")

Knows = Callable[[str], bool]
"""Whether a lower-case word is one to the encoder, not a string of pieces."""


class _Detector(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


def other_language(question: str, knows: Knows) -> str | None:
    """The English name of the language that a question is in; None if it is English, or nobody can be sure.

    Blocking, when the detector is first needed.
    """
    text = question[:_MOST_READ]
    words = [word.lower() for word in _WORD.findall(text)]
    if not _says_enough(words) or sum(map(knows, words)) > _FAMILIAR * len(words):
        return None
    code, certainty = _detector().classify(text)
    return _NAMES.get(code) if certainty >= _SURE else None


def _says_enough(words: list[str]) -> bool:
    foreign = sum(not _is_latin(sign) for word in words for sign in word)
    latin = sum(_is_latin(sign) for word in words for sign in word)
    # A formula's α among English words is no language.
    return len(words) >= _FEWEST_WORDS if foreign < latin else foreign >= _FEWEST_SIGNS


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")


@lru_cache(maxsize=1)
def _detector() -> _Detector:
    # Half a second and 60 MB, which most questions do without.
    from py3langid import langid  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

    kind = cast("Any", langid.LanguageIdentifier)
    every = kind.from_model_file(langid.MODEL_FILE)
    every.set_languages([_ENGLISH, *_NAMES])
    # One that was made for these languages only lets go of the table of all that there are.
    tables = (every.nb_ptc, every.nb_pc, every.nb_classes, every.tk_nextmove, every.tk_output)
    return kind(*tables, norm_probs=True, tk_row=every.tk_row)
