"""Colour profiles, as small as ICC.1:2001-04 lets them be: what cameras and prepress put into pictures."""

import struct
from collections.abc import Sequence

DISPLAY_P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
_D50 = (0.9642, 1.0, 0.8249)
# The sixteen solid inks in Lab, black over all else: white, yellow, magenta, red, cyan, green, blue, dark.
_INKS = (
    (100, 0, 0),
    (89, -5, 93),
    (48, 74, -3),
    (47, 68, 48),
    (55, -37, -50),
    (50, -65, 27),
    (24, 22, -46),
    (23, 0, 0),
)


def of_rgb(primaries: Sequence[Sequence[float]], gamma: float = 2.2) -> bytes:
    """Make the profile of a screen."""
    xyz = {name: _xyz(primary) for name, primary in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)}
    return _profile(b"mntr", b"RGB ", b"XYZ ", xyz | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _curve(gamma)))


def of_grey(gamma: float) -> bytes:
    """Make the profile of a grey picture."""
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": _curve(gamma)})


def of_inks() -> bytes:
    """Make the profile of a press, whose red is duller than a screen's."""
    solids = [_INKS[number // 2] if number % 2 == 0 else (10, 0, 0) for number in range(16)]
    table = b"".join(bytes((round(light * 2.55), a + 128, b + 128)) for light, a, b in solids)
    identity = bytes(range(256))
    matrix = struct.pack(">9i", *(65_536 if n % 4 == 0 else 0 for n in range(9)))
    lut = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + matrix + identity * 4 + table + identity * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": lut})


def _profile(kind: bytes, space: bytes, between: bytes, tags: dict[bytes, bytes]) -> bytes:
    said = b"desc\0\0\0\0" + struct.pack(">I", 2) + b"x\0" + bytes(78)
    tags = {b"desc": said, b"cprt": b"text\0\0\0\0x\0", b"wtpt": _xyz(_D50), **tags}
    at, table, body = 132 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += struct.pack(">4sII", name, at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack(">I4sI4s4s4s", at + len(body), b"\0\0\0\0", 0x02400000, kind, space, between)
    header += bytes(12) + b"acsp" + bytes(28) + _xyz(_D50)[8:] + bytes(48)
    return header + struct.pack(">I", len(tags)) + table + body


def _xyz(value: Sequence[float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(part * 65_536) for part in value))


def _curve(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
