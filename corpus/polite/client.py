"""One polite client for everything that leaves the machine: declared hosts only, at their pace, within bounds."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential, wait_random
from yarl import URL

from corpus.errors import RefusedError, UnreachableError
from corpus.polite.answer_text import pause_asked
from corpus.polite.exchange import Moved, ask_once, sent_once
from corpus.polite.host_rules import (
    declared_url,
    is_number,
    mirror_problem,
    mirrored,
    redirect_target,
    shown,
)
from corpus.polite.pacing import Turns
from corpus.polite.proxies import environment_proxy
from corpus.polite.public_resolver import PublicResolver
from corpus.polite.request import Request
from corpus.polite.request_failures import AgainError
from corpus.polite.turn_ledger import TurnLedger
from corpus.sources.source import Answer, Pace, Validator


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read, how long is waited (seconds), and how often a failure is tried again."""

    bytes: int = 10_000_000
    answer: float = 20.0  # from the connection to the last byte
    rest: float = 60.0  # that a host asks for; for longer ones nobody waits
    tries: int = 4
    first_pause: float = 1.0  # doubled from try to try
    redirects: int = 3


ORDINARY = Limits()


class PoliteClient:
    """Asks the hosts that sources declare, for as long as the context lasts.

    `mirrors` name addresses that are asked in place of declared hosts, at the same pace. What was asked when is kept in
    `folder`, for the next process and those beside this one; without a folder it is forgotten at the end. Raises
    RefusedError for a contact or mirror that cannot be used, and ValueError for sources that contradict each other.
    """

    def __init__(
        self,
        hosts: Mapping[str, Pace],
        *,
        version: str,
        contact: str = "",
        mirrors: Mapping[str, str] | None = None,
        folder: Path | None = None,
        limits: Limits = ORDINARY,
        resolver: AbstractResolver | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._mirrors = dict(mirrors or {})
        problems = [mirror_problem(host, address, hosts) for host, address in self._mirrors.items()]
        for problem in (contact_problem(contact), *problems):
            if problem:
                raise RefusedError(problem)
        _check_hosts(hosts)
        self._hosts = dict(hosts)
        self._user_agent = user_agent(version, contact)
        self._folder = folder
        self._limits = limits
        self._resolver = resolver
        self._clock = clock
        self._sleep = sleep
        self._open = AsyncExitStack()
        self._turns: dict[str, Turns] = {}

    async def __aenter__(self) -> Self:
        ledger = self._open.enter_context(TurnLedger(self._folder))
        self._turns = {pace.service: self._turns_of(pace, ledger) for pace in self._hosts.values()}
        mirrors = {URL(address).raw_host for address in self._mirrors.values()}
        resolver = PublicResolver(self._hosts.keys() - mirrors, self._resolver or aiohttp.ThreadedResolver())
        self._session = await self._open.enter_async_context(
            aiohttp.ClientSession(
                # A connection is one of its service's while it is open, so none is kept: another host may be next.
                connector=aiohttp.TCPConnector(resolver=resolver, force_close=True),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._user_agent},
                middlewares=(sent_once,),
            )
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    async def get(
        self, url: str, params: Mapping[str, str] | None = None, *, validator: Validator | None = None
    ) -> Answer | None:
        """The answer; None where it is still the one that `validator` was given with.

        Raises NotThereError for 404 and 410, RefusedError for what is not asked, not answered or not to be used, and
        UnreachableError where a later time may help. A validator of another address is not sent.
        """
        asked = declared_url(url, params, self._hosts)
        known = validator if validator and validator.url == str(asked) else None
        address = mirrored(asked, self._mirrors)
        for _ in range(self._limits.redirects + 1):
            outcome = await self._persistently(Request(asked, address, known, environment_proxy(address)))
            if not isinstance(outcome, Moved):
                return outcome
            address = redirect_target(address, outcome.location)
        raise RefusedError(f"{asked.host} sends us on and on from {shown(asked)}, and is no longer followed")

    async def _persistently(self, request: Request) -> Answer | Moved | None:
        """The outcome of the first try that has one; every try waits for its turn."""
        limits = self._limits
        trying = AsyncRetrying(
            retry=retry_if_exception_type(AgainError),
            stop=stop_after_attempt(limits.tries),
            wait=wait_exponential(multiplier=limits.first_pause) + wait_random(0, limits.first_pause),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return await trying(self._in_turn, request)
        except AgainError as error:
            raise UnreachableError(
                f"{error}, {limits.tries} times in a row. A later try may succeed"
            ) from error

    async def _in_turn(self, request: Request) -> Answer | Moved | None:
        turns = self._turns[self._hosts[str(request.asked.raw_host)].service]
        async with turns.turn():
            try:
                return await ask_once(
                    self._session, request, seconds=self._limits.answer, most_bytes=self._limits.bytes
                )
            except AgainError as error:
                if pause := pause_asked(error.retry_after, self._clock()):
                    turns.rest(pause)
                raise

    def _turns_of(self, pace: Pace, ledger: TurnLedger) -> Turns:
        return Turns(
            pace,
            ledger,
            longest=self._limits.answer,
            patience=self._limits.rest,
            clock=self._clock,
            sleep=self._sleep,
        )


def user_agent(version: str, contact: str) -> str:
    """What hosts see of us: `Papercord/0.1.0 (mailto:ada@example.org)`."""
    name = f"Papercord/{version}"
    if not contact:
        return name
    return f"{name} (mailto:{contact})" if "@" in contact and ":" not in contact else f"{name} ({contact})"


def contact_problem(contact: str) -> str:
    """Why hosts cannot be told this contact, in words; "" where they can, or there is none."""
    if contact.isascii() and contact.isprintable() and not set(contact) & set(" ()\\"):
        return ""
    return (
        "the contact is to be one mail address or web address, in plain letters and without blanks or brackets: "
        "it is sent to every host that is asked"
    )


def _check_hosts(hosts: Mapping[str, Pace]) -> None:
    paces: dict[str, Pace] = {}
    for host, pace in hosts.items():
        if is_number(host):
            raise ValueError(
                f"a source declares {host}: hosts are declared by name, and their addresses checked"
            )
        if paces.setdefault(pace.service, pace) != pace:
            raise ValueError(f"sources declare two paces for {pace.service}")
