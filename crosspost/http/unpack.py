"""Bodies unpacked within a bound: by what they are, where that and what their header says differ. Pure."""

import re
import zlib

from crosspost.errors import FetchRefused, Garbled

# IANA's content codings (read 2026-11) that we do not undo. What we ask for is gzip; brotli and zstandard would
# need libraries that unpack without a bound, or are not there.
_UNKNOWN = frozenset("aes128gcm br bzip2 compress dcb dcz exi pack200-gzip x-bzip2 x-compress xz zstd".split())
_KNOWN = frozenset(("gzip", "x-gzip", "deflate"))
_GZIP = b"\x1f\x8b\x08"
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_NOT_UNDONE = {b"\x28\xb5\x2f\xfd": "zstd", b"\x1f\x9d": "compress", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"}
"""What says by its first bytes that it is packed with this, whatever its header says."""
# A document or a picture: nothing packed begins so, whatever the header says.
_PLAIN = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*[<{\[]|\xff\xfe[<\s]\0|\xfe\xff\0[<\s]|<\0|\0<"
    rb"|\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP|....ftyp|II\*\0|MM\0\*|BM|\0\0\x01\0",
    re.DOTALL,
)
_LETTERS = re.compile(rb"[\t\n\r -~]{16}")
"""A form, say: no gzip or deflate begins so, brotli might."""
_AROUND_GZIP, _AROUND_ZLIB, _BARE = 31, 15, -15  # zlib's numbers for what stands around the packed bytes
_MOST_PARTS = 100  # of gzip; each is copied with all that stands behind it
_MOST_LAYERS = 3  # what was packed twice is; what holds itself without end is a trap


def unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """Return a body as it was before it was packed, also if twice.

    `encoding`: its `Content-Encoding`. Words that name no packing, such as `utf-8` or `none`, mean nothing.
    Raise `Garbled` for what cannot be unpacked, and `FetchRefused` past `most` bytes.
    """
    words = [word.partition(";")[0].strip().lower() for word in encoding.split(",")]
    packings = [word for word in words if word in _KNOWN | _UNKNOWN]
    for _ in range(_MOST_LAYERS):
        inner = _layer(body, packings, most)
        if inner is None:
            break
        body = inner
    else:
        if body.startswith(_GZIP):
            raise Garbled(f"it is packed more than {_MOST_LAYERS} times over")
    if len(body) > most:
        raise FetchRefused(f"it is larger than {most:,} bytes")
    # Of a 304 or a 201 nothing comes, whatever its header says.
    if body and not _PLAIN.match(body):
        _refuse(body, encoding, packings)
    return body


def _layer(body: bytes, packings: list[str], most: int) -> bytes | None:
    """Take off one packing; None if there is none that is known."""
    if body.startswith(_GZIP):
        return _gunzipped(body, most)
    if not body or _PLAIN.match(body) or _LETTERS.match(body):
        return None
    if _ZLIB.match(body) or "deflate" in packings:
        return _inflated(body, most)
    return None


def _refuse(body: bytes, encoding: str, packings: list[str]) -> None:
    """Raise `Garbled` for what is packed in a way that is not undone, or is not what its header says."""
    says = f"its Content-Encoding says {encoding!r}"
    for mark, name in _NOT_UNDONE.items():
        if body.startswith(mark):
            named = f" ({says})" if encoding else ""
            raise Garbled(f"it is packed with {name!r}, which was not asked for{named}")
    if _UNKNOWN.intersection(packings):
        raise Garbled(f"{says}, which was not asked for")
    if packings and "deflate" not in packings and not _LETTERS.match(body):
        raise Garbled(f"{says}, but it is not packed so, and cannot be read as it is")


def _gunzipped(body: bytes, most: int) -> bytes:
    """Unpack gzip, also several after one another; what else stands behind its end is nothing."""
    parts: list[bytes] = []
    try:
        while body.startswith(_GZIP) and len(parts) < _MOST_PARTS:
            part, body = _bounded(body, _AROUND_GZIP, most, "gzip")
            parts.append(part)
            if sum(map(len, parts)) > most:
                raise _too_large(most)
    except zlib.error as error:
        raise Garbled(f"its gzip is broken: {error}") from error
    return b"".join(parts)


def _inflated(body: bytes, most: int) -> bytes:
    """Unpack deflate, which half of all servers send without the zlib around it that the word means."""
    try:
        return _bounded(body, _AROUND_ZLIB, most, "deflate")[0]
    except zlib.error:
        pass
    try:
        return _bounded(body, _BARE, most, "deflate")[0]
    except zlib.error as error:
        raise Garbled(f"its deflate is broken: {error}") from error


def _bounded(body: bytes, around: int, most: int, name: str) -> tuple[bytes, bytes]:
    """Unpack to the end of one stream; return what was in it, and what stands behind it. Raise `zlib.error`."""
    inflate = zlib.decompressobj(wbits=around)
    part = inflate.decompress(body, most + 1)
    if len(part) > most:
        raise _too_large(most)
    if not inflate.eof:
        raise Garbled(f"its {name} ends too early")
    return part, inflate.unused_data


def _too_large(most: int) -> FetchRefused:
    return FetchRefused(f"it is larger than {most:,} bytes once unpacked")
