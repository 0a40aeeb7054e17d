"""Through which proxy an address is reached, as the environment says it to every program. Pure.

`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in capitals or not, as curl and Python read them
(curl.se/docs/manpage.html, docs.python.org/3/library/urllib.request.html, read 2026-11).
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

SCHEMES = ("http", "https", "socks5", "socks5h")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LOCAL = (".localhost", ".local", ".internal", ".home.arpa", ".lan", ".intranet", ".corp", ".home")


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies for http and https addresses, "" for none, and the hosts that are reached without."""

    http: str = ""
    https: str = ""
    without: tuple[str, ...] = ()

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Proxies":
        """Read an environment. The lower case wins; `HTTP_PROXY` counts for nothing in a CGI program."""
        named = {name.lower(): value.strip() for name, value in sorted(environment.items()) if value.strip()}
        if "REQUEST_METHOD" in environment and "http_proxy" not in environment:
            named.pop("http_proxy", None)  # there it is the client's header `Proxy`
        every = named.get("all_proxy", "")
        return cls(
            http=_with_scheme(named.get("http_proxy", every)),
            https=_with_scheme(named.get("https_proxy", every)),
            without=tuple(
                part.rstrip(".") for part in named.get("no_proxy", "").lower().replace(",", " ").split()
            ),
        )

    def way_to(self, url: str) -> str:
        """Return the proxy for an address; "" if it is reached without."""
        parts = urlsplit(url)
        proxy = self.https if parts.scheme == "https" else self.http
        host, port = (parts.hostname or "").rstrip("."), parts.port or _DEFAULT_PORTS.get(parts.scheme)
        return "" if not proxy or any(_matches(host, port, rule) for rule in self.without) else proxy


def is_local_name(host: str) -> bool:
    """Tell whether a name can only mean something in a private network, whatever a proxy makes of it."""
    host = host.lower().rstrip(".")
    return ("." not in host and ":" not in host) or host.endswith(_LOCAL)


def _with_scheme(proxy: str) -> str:
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def _matches(host: str, port: int | None, rule: str) -> bool:
    """Tell whether a rule of `NO_PROXY` covers a host: `*`, a name and those below, an address or network."""
    if rule == "*":
        return True
    try:
        network = ipaddress.ip_network(rule.strip("[]"), strict=False)
        return ipaddress.ip_address(host) in network
    except ValueError:
        pass  # one of the two is a name
    name, _, only = rule.rpartition(":")
    if name and only.isdigit():
        if port != int(only):
            return False
        rule = name
    domain = rule.removeprefix("*").lstrip(".").strip("[]")
    return host == domain or host.endswith(f".{domain}")
