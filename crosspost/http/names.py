"""The addresses of a host, asked for so that a slow name server holds up nobody else."""

import socket
from collections.abc import Awaitable, Callable, Sequence

from crosspost.apart import apart

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, in the order of preference. Raise OSError or UnicodeError."""

    def ask() -> Sequence[str]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    return await apart(ask, f"address of {host}")
