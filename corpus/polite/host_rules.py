"""Which addresses may be asked, and where may a redirect lead? Pure."""

from collections.abc import Collection, Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from yarl import URL

from corpus.errors import RefusedError

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address stands in the last 32 bits
_IPV4_BITS = 0xFFFF_FFFF


def in_full(url: str, params: Mapping[str, str] | None) -> URL:
    """The whole address, by which an answer is known again. Raises RefusedError for what is none."""
    try:
        return URL(url).extend_query(params or {}).with_fragment(None)
    except ValueError as error:
        raise RefusedError("what was to be asked is not a web address") from error


def declared_url(url: str, params: Mapping[str, str] | None, declared: Collection[str]) -> URL:
    """What is to be asked, in full. Raises RefusedError where no source declares its host, or it is not plain https."""
    asked = in_full(url, params)
    if _has_password(asked) or asked.scheme != "https" or asked.port != 443:  # noqa: PLR2004 - the port of https
        raise RefusedError(
            f"{shown(asked)} is not asked: only plain https addresses are, without name and password"
        )
    if asked.raw_host not in declared:
        raise RefusedError(
            f"{asked.host} is not asked: the hosts that sources name are {', '.join(sorted(declared))}"
        )
    return asked


def mirrored(asked: URL, mirrors: Mapping[str, str]) -> URL:
    """The same path and query, at the mirror of its host if there is one."""
    address = mirrors.get(asked.raw_host or "")
    if address is None:
        return asked
    mirror = URL(address)
    return URL.build(
        scheme=mirror.scheme,
        host=mirror.raw_host or "",
        port=mirror.explicit_port,
        path=asked.raw_path,
        query_string=asked.raw_query_string,
        encoded=True,
    )


def mirror_problem(host: str, address: str, declared: Collection[str]) -> str:
    """Why `address` cannot be asked in place of `host`, in words; "" where it can."""
    if host not in declared:
        return f"{host} is no host that is asked; those are {', '.join(sorted(declared))}"
    mirror = web_address(address)
    if mirror is None:
        return f"the mirror of {host} is not a web address; one looks like https://mirror.example"
    if _has_password(mirror):
        return f"the mirror of {host} has a name or password in its address, which is not sent"
    if mirror.raw_path not in {"", "/"} or mirror.raw_query_string or mirror.raw_fragment:
        return (
            f"the mirror of {host} is to be a host alone, without a path behind it, as in {mirror.origin()}"
        )
    if mirror.scheme == "http" and not is_loopback(mirror):
        return f"the mirror of {host} is asked over http, which anybody on the way can change: make it https"
    return ""


def redirect_target(asked: URL, location: str) -> URL:
    """Where an answer's Location leads. Raises RefusedError unless that is scheme, host and port of `asked` again."""
    if not location:
        raise RefusedError(f"{asked.host} sent us on without saying where to")
    try:
        target = asked.join(URL(location)).with_fragment(None)
    except ValueError as error:
        raise RefusedError(f"{asked.host} sent us on to something that is not a web address") from error
    if _has_password(target) or _origin(target) != _origin(asked):
        raise RefusedError(
            f"{asked.host} sent us on to {shown(target)}, which is not followed: only {asked.origin()} is. "
            "If the service has moved, Papercord needs an update"
        )
    return target


def web_address(text: str) -> URL | None:
    """The http or https address that a text is, or None."""
    try:
        url = URL(text)
        is_web = url.scheme in {"http", "https"} and bool(url.raw_host) and bool(url.port)
    except ValueError:
        return None
    return url if is_web else None


def is_loopback(url: URL) -> bool:
    """Whether this machine itself is meant."""
    host = (url.host or "").rstrip(".")
    return host == "localhost" or (is_number(host) and ip_address(host).is_loopback)


def is_number(host: str) -> bool:
    """Whether the host is an IP address rather than a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether an IP address is one of the whole internet's: not this machine's, a private network's or a cloud's own.

    An IPv4 address inside an IPv6 address counts as itself.
    """
    ip = _innermost(ip_address(address))
    is_site_local = isinstance(ip, IPv6Address) and ip.is_site_local
    return ip.is_global and not ip.is_multicast and not is_site_local


def shown(url: URL) -> str:
    """The address as messages show it: without its query, which can be long or not for everybody."""
    try:
        return str(url.with_user(None).with_query(None).with_fragment(None))
    except ValueError:
        return str(url.with_query(None).with_fragment(None))  # an address without a host, as `mailto:`


def _innermost(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & _IPV4_BITS)
    return ip.ipv4_mapped or ip.sixtofour or ip


def _has_password(url: URL) -> bool:
    return url.raw_user is not None or url.raw_password is not None


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, url.raw_host, url.port
