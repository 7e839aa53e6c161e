"""Which paper is an account about? The papers that a batch may meet, and what the batch makes of them. Pure.

An arXiv id decides. Without one, a paper is known by its source's own name for it, by a title it ever had (whatever the
case, the punctuation and the accents), or by its abstract. Two papers with two arXiv ids stay two, whatever their titles,
and so do two that one source keeps apart by names of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Literal

from corpus.account import Account, digest
from corpus.best import Told, paper_of
from corpus.latex import readable
from corpus.paper import Paper, abstract_id, key_id, title_id

Outcome = Literal["new", "updated", "unchanged", "skipped"]
_TELLING = 200  # characters of an abstract by which a paper can be known; a notice is shorter
_NO_VERSION = 0


Place = tuple[str, int]
"""Whose account it is, and of which version (0: none is named)."""


@dataclass(slots=True, eq=False)
class Known:
    """A paper of the shelf. `stored_as` is the id of its row, None before it has one."""

    paper: Paper
    stored_as: str | None
    told: dict[Place, Told]
    names: set[str]
    first_seen: datetime
    stored: Paper | None = None
    stored_names: frozenset[str] = frozenset()
    told_now: set[Place] = field(default_factory=set["Place"])
    words: dict[Place, set[str]] = field(default_factory=dict["Place", "set[str]"])
    """The digests of what is said now."""
    said_anew: set[Place] = field(default_factory=set["Place"])
    """Where that is something else than before; `told_now` are more: what a twin was told is moved."""
    absorbed: list[str] = field(default_factory=list[str])
    """The ids of rows that turned out to be this paper."""

    @property
    def is_changed(self) -> bool:
        """Whether readers see another paper than the one that is stored."""
        return self.paper != self.stored or bool(self.absorbed)


def names_of(account: Account) -> list[str]:
    """Every alias that an account gives its paper."""
    names = [title_id(readable(account.title))]
    if len(account.abstract) >= _TELLING:
        names.append(abstract_id(readable(account.abstract)))
    if account.key:
        names.append(key_id(account.key))
    return names


class Shelf:
    """The papers that a batch of accounts may be about."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.papers: list[Known] = []
        self._by_arxiv_id: dict[str, Known] = {}
        self._by_name: dict[str, list[Known]] = {}
        for one in known:
            self._put(one)

    def take(self, account: Account, *, source: str, now: datetime) -> Outcome:
        """Let one account be known of its paper."""
        mark = digest(account.as_json())
        names = names_of(account)
        meant = self._meant(account, names)
        if not meant:
            if not account.is_news:
                return "skipped"
            known = self._new(account, source, now, names)
            known.words[source, account.version or _NO_VERSION] = {mark}
            self._put(known)
            return "new"
        known, *twins = meant
        for twin in twins:
            self._absorb(twin, into=known)
        before = known.paper
        self._name(known, names)
        place = (source, account.version or _NO_VERSION)
        earlier = known.told.get(place)
        account = _with_what_it_said_before(account, earlier)
        if earlier is None or earlier.account != account:
            known.told[place] = Told(account, source, now)
            known.told_now.add(place)
            known.said_anew.add(place)
        known.words.setdefault(place, set()).add(mark)
        known.paper = paper_of(list(known.told.values()), paper_id=before.id)
        if known.paper.arxiv_id:
            self._by_arxiv_id[known.paper.arxiv_id] = known
        return "updated" if known.paper != before or twins else "unchanged"

    def _meant(self, account: Account, names: Sequence[str]) -> list[Known]:
        """The paper that the account is about, and behind it others that turn out to be the same one."""
        namesakes = [one for name in names for one in self._by_name.get(name, ())]
        namesakes = list({id(one): one for one in namesakes}.values())
        if account.arxiv_id:
            known = self._by_arxiv_id.get(account.arxiv_id)
            nameless = [one for one in namesakes if one.paper.arxiv_id is None]
            return _that_may_be_one(known, nameless, account)
        if account.key:
            own = self._by_name.get(key_id(account.key), [])
            if own:
                return own[:1]
            namesakes = [one for one in namesakes if not _is_kept_apart(one, account.key)]
        by_title = [one for one in namesakes if names[0] in one.names]
        if not by_title:  # a new title, but the same abstract
            return namesakes if len(namesakes) == 1 else []
        return sorted(_of_same_abstract(by_title, account) or by_title, key=lambda one: one.paper.id)[:1]

    def _new(self, account: Account, source: str, now: datetime, names: Sequence[str]) -> Known:
        told = Told(account, source, now)
        paper = paper_of([told])
        # Beside a namesake that is another paper; it may have been known by the id of the title before it got another.
        if account.key and self._by_name.get(names[0]):
            paper = paper_of([told], paper_id=key_id(account.key))
        place = (source, account.version or _NO_VERSION)
        return Known(paper, None, {place: told}, set(names), now, told_now={place})

    def _absorb(self, twin: Known, *, into: Known) -> None:
        """Give all that hangs on `twin` to `into`."""
        for place, told in twin.told.items():
            own = into.told.get(place)
            into.told[place] = told if own is None else _both(own, told)
            into.told_now.add(place)
        for place, words in twin.words.items():
            into.words.setdefault(place, set()).update(words)
        into.said_anew |= twin.said_anew
        into.absorbed += twin.absorbed
        if into.stored_as is None:  # it was made by this very batch: it goes on as the row that there is
            into.stored_as, into.stored, into.stored_names = twin.stored_as, twin.stored, twin.stored_names
        elif twin.stored_as is not None:
            into.absorbed.append(twin.stored_as)
        into.first_seen = min(into.first_seen, twin.first_seen)
        self.papers.remove(twin)
        for name in twin.names:
            self._by_name[name].remove(twin)
        self._name(into, twin.names)

    def _put(self, known: Known) -> None:
        self.papers.append(known)
        if known.paper.arxiv_id:
            self._by_arxiv_id[known.paper.arxiv_id] = known
        for name in known.names:
            self._by_name.setdefault(name, []).append(known)

    def _name(self, known: Known, names: Iterable[str]) -> None:
        for name in set(names) - known.names:
            known.names.add(name)
            self._by_name.setdefault(name, []).append(known)


def _that_may_be_one(known: Known | None, nameless: Iterable[Known], account: Account) -> list[Known]:
    """`known`, and behind it those of its names that may be the same paper.

    All of them, unless a source keeps some of these apart; then those of this abstract, and never two that are kept apart.
    """
    one_paper = [known] if known else []
    others = sorted(nameless, key=lambda one: one.paper.id)
    if any(_are_kept_apart(one, other) for one, other in combinations(others, 2)):
        others = _of_same_abstract(others, account)
    for other in others:
        if not any(_are_kept_apart(one, other) for one in one_paper):
            one_paper.append(other)
    return one_paper


def _of_same_abstract(papers: Iterable[Known], account: Account) -> list[Known]:
    abstract = readable(account.abstract)
    return [one for one in papers if abstract and one.paper.abstract == abstract]


def _keys(one: Known) -> set[str]:
    return {told.account.key for told in one.told.values() if told.account.key}


def _is_kept_apart(one: Known, key: str) -> bool:
    """Whether the same naming scheme (`acl:…`) has another name for this paper."""
    scheme = key.split(":", 1)[0]
    return any(other != key and other.split(":", 1)[0] == scheme for other in _keys(one))


def _are_kept_apart(one: Known, other: Known) -> bool:
    return any(_is_kept_apart(one, key) for key in _keys(other))


def _both(one: Told, other: Told) -> Told:
    """What a source said of two that turn out to be one paper: the later, and what only the earlier says."""
    earlier, later = sorted((other, one), key=lambda told: told.at)
    return Told(_with_what_it_said_before(later.account, earlier), later.source, later.at)


def _with_what_it_said_before(account: Account, before: Told | None) -> Account:
    """A source that leaves something out this time does not take it back."""
    said = account.as_json()
    if before is None:
        return Account.from_json(said)
    earlier = before.account.as_json()
    listed = [one["listed"] for one in (earlier, said) if "listed" in one]
    return Account.from_json(earlier | said | ({"listed": min(listed)} if listed else {}))
