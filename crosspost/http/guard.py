"""Which addresses a feed may send us to. Pure.

A feed can name any address, also ones that only we can reach: a router, a metadata service. What the
*user* configured may be private; what a *feed* names may not.
"""

import ipaddress
from collections.abc import Iterable

_NAT64 = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48"))
_6TO4 = ipaddress.ip_network("2002::/16")
_TEREDO = ipaddress.ip_network("2001::/32")
# Not global, though `is_global` says so on some Python versions (measured November 2026).
_ALSO_NOT_PUBLIC = tuple(
    ipaddress.ip_network(net) for net in ("fec0::/10", "192.0.0.0/24", "192.88.99.0/24", "::/96", "100::/64")
)


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet, also inside its IPv6 wrappings."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip in _6TO4 or ip in _TEREDO or any(ip in net for net in _NAT64):
            # Tunnels and translators end at an IPv4 address of the sender's choice.
            return False
    if ip.is_multicast or ip.is_unspecified or ip.is_loopback or ip.is_link_local or ip.is_reserved:
        return False
    return ip.is_global and not any(ip in net for net in _ALSO_NOT_PUBLIC if net.version == ip.version)


def first_private(addresses: Iterable[str]) -> str | None:
    """Return the first address that is not public; every answer of a name has to be."""
    return next((address for address in addresses if not is_public(address)), None)
