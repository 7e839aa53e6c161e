"""Which formats can be read, and which sources fetched from? Found by themselves in corpus/sources."""

import difflib
import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TypeVar, cast

import corpus.sources
from corpus.errors import UnknownSourceError, UnreadableSourceError
from corpus.sources.quoting import short
from corpus.sources.source import Format, Pace, Source

T = TypeVar("T", Format, Source)
_SEEN = 4000  # characters of a text, by which its format is told
_ASKED_LAST = "daily-papers-page"  # a page without its header is like any text


def formats() -> Mapping[str, Format]:
    """Every format by name, in the order in which they are asked whether a text is theirs."""
    return _scanned(tuple(corpus.sources.__path__))[0]


def sources() -> Mapping[str, Source]:
    """Every source by name."""
    return _scanned(tuple(corpus.sources.__path__))[1]


def hosts() -> dict[str, Pace]:
    """Every host that a source names, and how often it may be asked."""
    return {host: pace for source in sources().values() for host, pace in source.hosts.items()}


def format_of(text: str, named: str | None = None) -> Format:
    """The format that somebody named, else the one that the beginning of the text looks like.

    Raises UnknownSourceError for a name that is none, UnreadableSourceError for a text that looks like no format.
    """
    if named is not None:
        if named not in formats():
            raise UnknownSourceError(_unknown(named, "format", formats()))
        return formats()[named]
    beginning = text.lstrip("\ufeff \t\r\n\f\v")[:_SEEN]
    for known in formats().values():
        if known.recognises(beginning):
            return known
    readable = "; ".join(f"{known.name}: {known.description}" for known in formats().values())
    raise UnreadableSourceError(
        f"a text that begins “{short(beginning)}” is none of what can be read. {readable}"
    )


def configured(line: str) -> tuple[Source, str]:
    """The source and its argument that a line of the configuration asks for: `name`, or `name:argument`.

    Raises UnknownSourceError for a name that is none, and for an argument that the source cannot use.
    """
    name, _, argument = (part.strip() for part in line.partition(":"))
    source = sources().get(name)
    if source is None:
        raise UnknownSourceError(_unknown(name, "source", sources()))
    problem = source.check(argument)
    if problem:
        raise UnknownSourceError(f"the source {name} {problem}")
    return source, argument


def written(line: str) -> str:
    """The line as it is always written, without blanks around its parts: the name by which its state is kept.

    Raises UnknownSourceError.
    """
    source, argument = configured(line)
    return f"{source.name}:{argument}" if argument else source.name


@cache
def _scanned(path: tuple[str, ...]) -> tuple[Mapping[str, Format], Mapping[str, Source]]:
    modules = [
        importlib.import_module(f"{corpus.sources.__name__}.{module.name}")
        for module in pkgutil.iter_modules(path)
    ]
    found = [one for module in modules for one in cast("tuple[Format, ...]", getattr(module, "FORMATS", ()))]
    # Stable: by the names of their modules, but for the one that takes whatever is left.
    found.sort(key=lambda one: one.name == _ASKED_LAST)
    fetched = [
        one for module in modules for one in cast("tuple[Source, ...]", getattr(module, "SOURCES", ()))
    ]
    return _by_name(found), _by_name(fetched)


def _by_name(offered: Iterable[T]) -> Mapping[str, T]:
    named: dict[str, T] = {}
    for one in offered:
        if one.name in named:
            raise ValueError(f"two of corpus/sources are called {one.name}")
        named[one.name] = one
    return MappingProxyType(named)


def _unknown(name: str, kind: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name.lower(), known, n=1)
    meant = f": did you mean {near[0]}?" if near else "."
    return f"“{short(name)}” is no {kind}{meant} There are {', '.join(sorted(known))}"
