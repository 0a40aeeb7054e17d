"""Bodies: read within bounds on the way in, built byte for byte on the way out."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence

from crosspost.errors import FetchRefused, Garbled
from crosspost.http.message import Part
from crosspost.http.unpack import unpacked


async def read_within(
    raw_chunks: AsyncIterator[bytes], headers: Mapping[str, str], max_raw: int, max_body: int
) -> bytes:
    """Read a body within its bounds, unpacking it ourselves; raise `FetchRefused` past them.

    What the client library unpacks for us, it unpacks without a bound. Raise `Garbled` for what cannot be
    unpacked.
    """
    raw = bytearray()
    async for chunk in raw_chunks:
        raw += chunk
        if len(raw) > max_raw:
            raise FetchRefused(f"it is larger than {max_raw:,} bytes")
    try:
        return unpacked(bytes(raw), headers.get("content-encoding", ""), max_body)
    except Garbled as error:
        raise Garbled(f"{error}; its site, or a cache in front of it, is at fault: tell its owner") from error


def multipart(parts: Sequence[Part]) -> tuple[bytes, str]:
    """Build a multipart body whose boundary comes from the content: a repeat is the same to the byte."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.name.encode() + b"\0" + part.content)
    boundary = "crosspost-" + digest.hexdigest()[:32]
    lines: list[bytes] = []
    for part in parts:
        disposition = f'form-data; name="{part.name}"'
        if part.filename:
            disposition += f'; filename="{part.filename}"'
        lines += [f"--{boundary}".encode(), f"Content-Disposition: {disposition}".encode()]
        if part.mime:
            lines.append(f"Content-Type: {part.mime}".encode())
        lines += [b"", part.content]
    lines += [f"--{boundary}--".encode(), b""]
    return b"\r\n".join(lines), f"multipart/form-data; boundary={boundary}"
