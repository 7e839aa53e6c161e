"""What one source says of one paper, in the source's own characters. Pure."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

_DAYS = ("published", "listed")
_LISTS = ("authors", "categories", "keywords", "links", "media")


@dataclass(frozen=True, slots=True)
class Account:
    """One source's word on one paper. `None`, `()` and `""` mean that it does not say, which is not the same as zero.

    `version` is arXiv's, from 1; `key` the source's own name for a paper that has no arXiv id (`acl:2024.argmining-1.1`).
    `published` is the day of the first version, `listed` the day on which the source announced it. `links` lead to code,
    `note` is the authors' comment, `summary` was written by a model. `is_news` False: it is said of papers that are known
    and brings in none that is not, such as the announcement of a new version.
    """

    title: str
    abstract: str = ""
    arxiv_id: str | None = None
    version: int | None = None
    key: str | None = None
    authors: tuple[str, ...] = ()
    authors_count: int | None = None
    organisation: str | None = None
    published: date | None = None
    listed: date | None = None
    upvotes: int | None = None
    comments: int | None = None
    stars: int | None = None
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    project: str | None = None
    thumbnail: str | None = None
    media: tuple[str, ...] = ()
    summary: str | None = None
    note: str | None = None
    journal: str | None = None
    doi: str | None = None
    withdrawn: bool | None = None
    is_news: bool = True

    def as_json(self) -> dict[str, Any]:
        """Only what was said, to be stored."""
        values: dict[str, Any] = {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if field.name != "is_news"
        }
        values |= {name: values[name] and values[name].isoformat() for name in _DAYS}
        values |= {name: [_storable(item) for item in values[name]] for name in _LISTS}
        said = {name: value for name, value in values.items() if value not in (None, [], "")}
        return {name: _storable(value) if isinstance(value, str) else value for name, value in said.items()}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """The account that was stored; what another version of Papercord added to it is left out."""
        names = {field.name for field in dataclasses.fields(cls)}
        values: dict[str, Any] = {"title": "", **{name: told[name] for name in names if name in told}}
        values |= {name: date.fromisoformat(values[name]) for name in _DAYS if name in values}
        values |= {name: tuple(values[name]) for name in _LISTS if name in values}
        return cls(**values)


def _storable(text: str) -> str:
    """Without what no database takes: half a surrogate pair, and the character zero."""
    return (
        text
        if text.isascii() and "\0" not in text
        else text.encode("utf-8", "replace").decode().replace("\0", "")
    )


def digest(told: Mapping[str, Any]) -> str:
    """Changes when, and only when, what is said changes: 32 hex digits over the account as JSON."""
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
