"""Bodies: inflated within bounds on the way in, built byte for byte on the way out."""

import hashlib
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence

from crosspost.errors import FetchRefused
from crosspost.http.message import Part


async def inflated(
    raw_chunks: AsyncIterator[bytes], headers: Mapping[str, str], max_raw: int, max_body: int
) -> bytes:
    """Read a body within its bounds, inflating it ourselves; raise `FetchRefused` past them.

    What the client library inflates for us, it inflates without a bound.
    """
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchRefused(f"the answer is packed with {encoding!r}, which was not asked for")
    inflate = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    chunks: list[bytes] = []
    raw = size = 0
    async for chunk in raw_chunks:
        raw += len(chunk)
        if raw > max_raw:
            raise FetchRefused(f"the answer is larger than {max_raw:,} bytes")
        if inflate is not None:
            try:
                chunk = inflate.decompress(chunk, max_body - size + 1)
            except zlib.error as error:
                raise FetchRefused(f"the answer's gzip is broken: {error}") from error
        size += len(chunk)
        if size > max_body:
            raise FetchRefused(f"the answer is larger than {max_body:,} bytes once unpacked")
        chunks.append(chunk)
    if inflate is not None and raw and not inflate.eof:
        raise FetchRefused("the answer's gzip ends too early")
    return b"".join(chunks)


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
