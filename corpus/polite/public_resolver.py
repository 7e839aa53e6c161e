"""Names are resolved to addresses of the whole internet only, where a source asks them."""

import socket
from collections.abc import Collection

from aiohttp.abc import AbstractResolver, ResolveResult

from corpus.errors import RefusedError
from corpus.polite.host_rules import is_public


class PublicResolver(AbstractResolver):
    """Checks what the names of `guarded` resolve to.

    Other names pass: those of a mirror and of a proxy, which the operator chose, and which may well be private.
    """

    def __init__(self, guarded: Collection[str], resolver: AbstractResolver) -> None:
        self._guarded = guarded
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name. Raises RefusedError where one of a guarded name's is not public.

        The connection is made to what is returned here, so a name cannot change its mind after the check.
        """
        found = await self._resolver.resolve(host, port, family)
        private = [one["host"] for one in found if not is_public(one["host"])]
        if host in self._guarded and private:
            raise RefusedError(
                f"{host} resolves to {private[0]}, an address inside a private network, and is not asked there. "
                "Where a proxy resolves names, name it in HTTPS_PROXY; where a mirror is meant, name it in the "
                "configuration"
            )
        return found

    async def close(self) -> None:
        """Let go of the resolver inside."""
        await self._resolver.close()
