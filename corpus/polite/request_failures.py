"""What a request that failed is called, for people, and whether it may be sent again."""

from http import HTTPStatus

import aiohttp

from corpus.errors import FetchError, RefusedError, UnreachableError
from corpus.polite.host_rules import shown
from corpus.polite.request import Request


class AgainError(UnreachableError):
    """A failure that may be over in a moment. `retry_after` is the host's own word on when to come back."""

    def __init__(self, message: str, retry_after: str | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


# The first that fits is said: some of aiohttp's errors are special cases of others.
_PASSING: tuple[tuple[type[Exception], str], ...] = (
    (
        aiohttp.ClientProxyConnectionError,
        "the proxy {proxy}, through which {host} is asked, cannot be reached",
    ),
    (aiohttp.ClientConnectorDNSError, "the name of {host} cannot be resolved"),
    (aiohttp.ClientConnectorError, "{host} cannot be connected to"),
    (aiohttp.ClientPayloadError, "{host} broke off in the middle of its answer"),
    (Exception, "{host} closed the connection without an answer"),
)


def failure(error: Exception, request: Request, seconds: float) -> FetchError:
    """The library's error in words; `seconds` is how long was waited for an answer."""
    host, proxy = request.host, shown(request.proxy) if request.proxy else ""
    if isinstance(error, TimeoutError):
        return UnreachableError(
            f"{host} did not answer in full within {seconds:g} seconds. A later try may succeed"
        )
    if isinstance(error, aiohttp.ClientHttpProxyError):
        said = f"the proxy {proxy} answered {error.status} when {host} was to be asked"
        passes = error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return AgainError(said) if passes else RefusedError(f"{said}. Check HTTPS_PROXY")
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return RefusedError(
            f"the certificate of {host} is not one that this machine trusts. Where a company's proxy looks into "
            "connections, name its certificate in SSL_CERT_FILE"
        )
    if isinstance(error, aiohttp.ClientResponseError):
        return RefusedError(f"{host} answered with something that is not HTTP")
    words = next(words for kind, words in _PASSING if isinstance(error, kind))
    return AgainError(words.format(host=host, proxy=proxy))
