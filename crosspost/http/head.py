"""The head of an answer, without the lines that no parser takes. Pure.

Half-broken servers write `Set Cookie: …`, a line without a colon, or half of an older header; browsers and curl
pass over them, and h11 refuses the whole answer for one (seen in h11 0.16).
"""

import re

LONGEST = 100_000
"""Bytes of a head; a longer one is left to h11, which refuses it."""
END = re.compile(rb"\r?\n\r?\n")
# As h11 has it: RFC 9110's token, and anything visible, with what is not ASCII.
_VALUE = rb"(?:[^\x00\s]+(?:[ \t]+[^\x00\s]+)*)?"
_FIELD = re.compile(rb"([-!#$%&'*+.^_`|~0-9a-zA-Z]+)[ \t]*:[ \t]*(" + _VALUE + rb")[ \t]*")
_MORE = re.compile(rb"[ \t]+(" + _VALUE + rb")[ \t]*")
_LENGTH, _TRANSFER = b"content-length", b"transfer-encoding"
_STATUS = re.compile(rb"HTTP/\d\.\d (\d{3})")

_Fields = list[tuple[bytes, bytes]]


def mended(head: bytes) -> bytes:
    """Return the head of an answer, from its status line to its empty line, as h11 will take it.

    Of a length said in two ways, neither is kept: the body then ends with the connection.
    """
    status, *lines = head.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    fields: list[tuple[bytes, bytes]] = []
    continued = False
    for line in lines:
        if line[:1] in (b" ", b"\t"):  # the older way to continue a header
            if continued and (more := _MORE.fullmatch(line)):
                fields[-1] = fields[-1][0], fields[-1][1] + b" " + more[1]
            continue
        field = _FIELD.fullmatch(line)
        continued = field is not None
        if field is not None:
            fields.append((field[1], field[2]))
    fields = [*_without_framing(fields), *_framing(fields)]
    return b"\r\n".join((status, *(name + b": " + value for name, value in fields), b"", b""))


def _without_framing(fields: _Fields) -> _Fields:
    return [field for field in fields if field[0].lower() not in (_LENGTH, _TRANSFER)]


def _framing(fields: _Fields) -> _Fields:
    """Return the one header that says where the body ends; none if those there are contradict each other."""
    if any(name.lower() == _TRANSFER and b"chunked" in value.lower() for name, value in fields):
        return [(_TRANSFER, b"chunked")]
    lengths = {value for name, value in fields if name.lower() == _LENGTH}
    return [(_LENGTH, value) for value in lengths if value.isdigit()] if len(lengths) == 1 else []


def is_last(head: bytes) -> bool:
    """Tell whether the body follows this head, and not another head, as after `103 Early Hints`."""
    status = _STATUS.match(head)
    return status is None or not status[1].startswith(b"1") or status[1] == b"101"
