"""Time zones as people type them, and their names for a list that is being typed into. Pure: from the packaged tz database."""

import re
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from bot.errors import BotError
from corpus.sources.quoting import short

_LONGEST = 64  # characters that are looked at; the longest name of a zone has 32
_OFFSET = re.compile(r"(?:utc|gmt)?_?[+\N{MINUS SIGN}-]_?\d{1,2}(?::?\d\d)?", re.ASCII)
_EVERYWHERE = 1000  # more countries than there are
_NOT_FOR_PEOPLE = frozenset({"Factory"})

# Abbreviations that mean several places, or half the year of one. Some are names of zones as well, for an offset that is
# kept all year or for another country: whoever types EST means New York, summers included.
_MEANT: dict[str, tuple[str, ...]] = {
    "acst": ("Australia/Adelaide", "Australia/Darwin"),
    "aedt": ("Australia/Sydney", "Australia/Melbourne"),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "akst": ("America/Anchorage",),
    "ast": ("America/Halifax", "Asia/Riyadh"),
    "awst": ("Australia/Perth",),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "cdt": ("America/Chicago",),
    "cest": ("Europe/Berlin", "Europe/Paris"),
    "cet": ("Europe/Berlin", "Europe/Paris"),
    "cst": ("America/Chicago", "Asia/Shanghai"),
    "edt": ("America/New_York",),
    "eest": ("Europe/Athens", "Europe/Helsinki"),
    "eet": ("Europe/Athens", "Africa/Cairo"),
    "est": ("America/New_York", "America/Panama"),
    "gst": ("Asia/Dubai",),
    "hkt": ("Asia/Hong_Kong",),
    "hst": ("Pacific/Honolulu",),
    "ist": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "mdt": ("America/Denver",),
    "met": ("Europe/Berlin", "Europe/Paris"),
    "msk": ("Europe/Moscow",),
    "mst": ("America/Denver", "America/Phoenix"),
    "nzdt": ("Pacific/Auckland",),
    "nzst": ("Pacific/Auckland",),
    "pdt": ("America/Los_Angeles",),
    "pkt": ("Asia/Karachi",),
    "pst": ("America/Los_Angeles", "Asia/Manila"),
    "sgt": ("Asia/Singapore",),
    "west": ("Europe/Lisbon",),
    "wet": ("Europe/Lisbon",),
}
_UTC = frozenset({"utc", "z", "zulu", "uct", "universal", "etc/utc", "etc/zulu", "etc/uct", "etc/universal"})


class ScheduleError(BotError):
    """A time, a time zone or a rhythm that cannot be; the text says what to write instead."""


def read_zone(typed: str) -> str:
    """The IANA name of the zone that was typed: its name or its city, in any case, with spaces or underscores.

    Raises ScheduleError for what is none, for an abbreviation that could be several and for an offset; it names zones that
    may be meant.
    """
    key, quoted = _key(typed), f"“{short(typed.strip())}”"
    if key in _UTC:
        return "UTC"
    if key in _MEANT:
        raise ScheduleError(f"{quoted} is not one place’s time all year round: write {_either(_MEANT[key])}")
    if _OFFSET.fullmatch(key):
        raise ScheduleError(
            f"{quoted} is an offset, which knows no summer time: write a city, such as Europe/Berlin, or UTC"
        )
    if name := _names().get(key):
        return name
    if len(named := [zone for zone in _places() if _city(zone) == key]) == 1:
        return named[0]
    near = _near(key)
    hint = f"did you mean {_either(near)}?" if near else "write its city, such as Europe/Berlin, or UTC"
    raise ScheduleError(f"there is no time zone {quoted}: {hint}")


def suggest_zones(typed: str, limit: int) -> tuple[str, ...]:
    """At most so many zones that what was typed may become, the likeliest first.

    Zones of places come before other names for them, such as US/Pacific; then those whose city begins so, those whose name
    or a word of whose city does, and those that contain it; of these, those that most countries keep. Nothing typed suggests
    UTC, then all.
    """
    key = _key(typed)
    if len(key) > _LONGEST:
        return ()
    places = _places()
    ranked = sorted(
        (zone not in places, how_well, -places.get(zone, 0), zone)
        for name, zone in _names().items()
        if (how_well := _fit(key, name)) is not None
    )
    return tuple(dict.fromkeys((*_MEANT.get(key, ()), *(zone for *_, zone in ranked))))[:limit]


def _near(key: str) -> tuple[str, ...]:
    """Zones that may be meant by what is none: it is the beginning of them, or mistyped."""
    if not key or len(key) > _LONGEST:
        return ()
    return suggest_zones(key, 3) or tuple(
        _names()[name] for name in get_close_matches(key, _names(), n=3, cutoff=0.7)
    )


def _fit(key: str, name: str) -> int | None:
    """How well a zone's name fits what was typed, 0 best; None: not at all. Both are keys."""
    city = name.rpartition("/")[2]
    if city.startswith(key):
        return 0
    if name.startswith(key) or any(word.startswith(key) for word in re.split("[_-]", city)):
        return 1
    return 2 if key in name else None


def _key(typed: str) -> str:
    """What two ways to write a zone have in common."""
    words = typed.casefold().replace("_", " ").split()
    return re.sub(r"_?/_?", "/", "_".join(words))


def _city(zone: str) -> str:
    return _key(zone.rpartition("/")[2])


def _either(zones: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(zones[:-1]), zones[-1])))


@cache
def _names() -> dict[str, str]:
    """The names that `read_zone` gives, by their keys.

    From the package and not from the machine's files, so that all machines know the same.
    """
    cities = {_city(place) for place in _places() if "/" in place}
    names = (files("tzdata") / "zones").read_text(encoding="utf-8").split()
    keys = {_key(name): name for name in names if name not in _NOT_FOR_PEOPLE}
    # Singapore is another name of Asia/Singapore, and its city.
    hidden = {key for key in keys if key in cities or key in _MEANT or key in _UTC or _OFFSET.fullmatch(key)}
    return {key: name for key, name in keys.items() if key not in hidden or name == "UTC"}


@cache
def _places() -> dict[str, int]:
    """UTC, and the zones that the database lists for countries, each with how many keep it.

    Whatever else has a name is another name for one of them.
    """
    places = {zone: 0 for _, zone in _rows("zone.tab")}
    return (
        places
        | {zone: len(countries.split(",")) for countries, zone in _rows("zone1970.tab")}
        | {"UTC": _EVERYWHERE}
    )


def _rows(table: str) -> list[tuple[str, str]]:
    """The countries and the zone in each row of one of the database's tables."""
    lines = (files("tzdata") / "zoneinfo" / table).read_text(encoding="utf-8").splitlines()
    return [(row[0], row[2]) for row in (line.split("\t") for line in lines if not line.startswith("#"))]
