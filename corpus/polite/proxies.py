"""Which proxy does the environment name for a request? Read anew for each."""

from urllib.request import getproxies, proxy_bypass

from yarl import URL

from corpus.errors import RefusedError
from corpus.polite.host_rules import is_loopback, web_address


def environment_proxy(address: URL) -> URL | None:
    """The proxy that HTTPS_PROXY, NO_PROXY and the like name for an address; none for this machine itself.

    Raises RefusedError for a proxy of a kind that cannot be used. Read here rather than by aiohttp's `trust_env`, which
    would send the passwords of ~/.netrc as well.
    """
    if is_loopback(address) or proxy_bypass(address.host or ""):
        return None
    named = getproxies().get(address.scheme)
    if not named:
        return None
    proxy = web_address(named if "://" in named else f"http://{named}")
    if proxy is None:
        raise RefusedError(
            f"{address.host} is not asked: the proxy of {address.scheme.upper()}_PROXY is not an http:// address"
        )
    return proxy
