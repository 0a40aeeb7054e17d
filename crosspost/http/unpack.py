"""Bodies unpacked within a bound: by what they are, where that and what their header says differ. Pure."""

import re
import zlib

from crosspost.errors import FetchRefused

# IANA's content codings (read 2026-11) that we do not undo. What we ask for is gzip; brotli and zstandard would
# need libraries that unpack without a bound, or are not there.
_UNKNOWN = frozenset("aes128gcm br compress dcb dcz exi pack200-gzip x-compress zstd".split())
_KNOWN = frozenset(("gzip", "x-gzip", "deflate"))
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_TEXT = re.compile(rb"(?:\xef\xbb\xbf)?\s*[<{\[]")
_GZIPPED, _ZLIB, _BARE = 31, 15, -15  # zlib's numbers for what stands around the packed bytes
_MOST_PARTS = 100  # of gzip; each is copied with all that stands behind it


def unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """Return a body as it was before it was packed; raise `FetchRefused` past `most` bytes.

    `encoding`: its `Content-Encoding`. Words that name no packing, such as `utf-8` or `none`, mean nothing.
    """
    if not body:
        return body  # of a 304 or a 201, whatever its header says
    words = [word.strip().lower() for word in encoding.split(",")]
    packings = [word for word in words if word in _KNOWN | _UNKNOWN]
    if body.startswith(_GZIP) and len(packings) < 2:
        body = _gunzipped(body, most)
    elif body.startswith(_ZSTD):
        raise FetchRefused(f"the answer is packed with {encoding or 'zstd'!r}, which was not asked for")
    elif packings and not _TEXT.match(body):
        if len(packings) > 1 or packings[0] in _UNKNOWN:
            raise FetchRefused(f"the answer is packed with {encoding!r}, which was not asked for")
        if packings[0] == "deflate":
            body = _inflated(body, most)
    if len(body) > most:
        raise FetchRefused(f"the answer is larger than {most:,} bytes")
    return body


def _gunzipped(body: bytes, most: int) -> bytes:
    """Unpack gzip, also several after one another; what else stands behind its end is nothing."""
    parts: list[bytes] = []
    try:
        while body.startswith(_GZIP) and len(parts) < _MOST_PARTS:
            part, body = _bounded(body, _GZIPPED, most, "gzip")
            parts.append(part)
            if sum(map(len, parts)) > most:
                raise _too_large(most)
    except zlib.error as error:
        raise FetchRefused(f"the answer's gzip is broken: {error}") from error
    return b"".join(parts)


def _inflated(body: bytes, most: int) -> bytes:
    """Unpack deflate, which half of all servers send without the zlib around it that the word means."""
    try:
        return _bounded(body, _ZLIB, most, "deflate")[0]
    except zlib.error:
        pass
    try:
        return _bounded(body, _BARE, most, "deflate")[0]
    except zlib.error as error:
        raise FetchRefused(f"the answer's deflate is broken: {error}") from error


def _bounded(body: bytes, around: int, most: int, name: str) -> tuple[bytes, bytes]:
    """Unpack to the end of one stream; return what was in it, and what stands behind it. Raise `zlib.error`."""
    inflate = zlib.decompressobj(wbits=around)
    part = inflate.decompress(body, most + 1)
    if len(part) > most:
        raise _too_large(most)
    if not inflate.eof:
        raise FetchRefused(f"the answer's {name} ends too early")
    return part, inflate.unused_data


def _too_large(most: int) -> FetchRefused:
    return FetchRefused(f"the answer is larger than {most:,} bytes once unpacked")
