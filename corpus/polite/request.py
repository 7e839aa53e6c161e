"""One request: what is asked, at which address, and through which proxy."""

from dataclasses import dataclass

from yarl import URL

from corpus.sources.source import Validator


@dataclass(frozen=True, slots=True)
class Request:
    """`asked` is the address as a source knows it; `address` is a mirror's in its place, or where a redirect led."""

    asked: URL
    address: URL
    known: Validator | None = None
    proxy: URL | None = None

    @property
    def host(self) -> str:
        """The host as people know it."""
        if self.address.raw_host == self.asked.raw_host:
            return str(self.asked.host)
        return f"{self.asked.host} (asked at {self.address.origin()})"
