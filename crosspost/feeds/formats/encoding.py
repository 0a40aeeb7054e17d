"""A document's bytes as text, whatever its header and its declaration say of them. Pure.

Both often lie: servers add a charset of their own, generators copy declarations. Bytes lie less: what is UTF-8
by chance is practically never met. Nothing here raises, and a byte that is no text costs itself only.
"""

import codecs
import re

# The longer marks first: UTF-32's begins like UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Where markup begins, its first two letters are ASCII: which of their bytes are zero (RFC 4627, 3).
_ZEROS: dict[tuple[bool, ...], str] = {
    (True, True, True, False): "utf-32-be",
    (False, True, True, True): "utf-32-le",
    (True, False, True, False): "utf-16-be",
    (False, True, False, True): "utf-16-le",
}
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_SWITCH = b"\x1b"  # ISO-2022 changes alphabets with it
# What a label means on the web (encoding.spec.whatwg.org, 4.2), where Python takes it more narrowly.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso2022_jp": "iso2022_jp_ext",
}
_LABELS = {"x-sjis": "cp932", "x-gbk": "gb18030", "ks_c_5601-1987": "cp949", "iso-8859-8-i": "iso8859-8"} | {
    "x-mac-cyrillic": "mac-cyrillic",
    "macintosh": "mac-roman",
}
_MANY_BYTES = frozenset("gb18030 cp932 cp949 big5hkscs euc_jp johab".split())
_USABLE = re.compile(r"iso8859|cp\d|koi8|mac-|gb18030|big5|euc_|johab|iso2022|kz1048|ptcp154|tis-620")
_COMMON = "cp1252"
# Well-formed UTF-8 beyond ASCII (Unicode 15, table 3-7), and a sequence that was cut.
_WHOLE = (
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_SEQUENCE = re.compile(_WHOLE)
_CUT_LETTER = re.compile(rb"(?<=[a-z])[\xc2\xc3](?![A-Za-z\x80-\xff])")
_CUT_SIGN = re.compile(rb"\xe2[\x80-\x84](?![\x80-\xbf])|\xf0[\x90-\x9f][\x80-\xbf]{0,2}")
_CUT_SURELY = re.compile(rb"[\xc2\xc3](?![A-Za-z\x80-\xff])")
_ASCII = bytes(range(0x80))
# In a text of two encodings, what is certainly meant: letters, quotation marks, dashes.
_LETTERS = re.compile(rb"[\x85\x91-\x97\xa0\xab\xb0\xbb\xc0-\xff]")
_NO_LETTER = re.compile("[\ufffd\uf8f0-\uf8f3]")  # the latter is what cp932 makes of single bytes
_A_FEW = 3


def decoded(body: bytes, content_type: str = "") -> str:
    """Return a document as text; `content_type` is its header, "" if there was none. Bad bytes fall away."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            body = body[len(mark) :]
            if encoding != "utf-8" and b"\0" in body[:8]:  # else the mark alone is wide
                return _bare(body.decode(encoding, "ignore"))
            break
    if wide := _ZEROS.get(tuple(not byte for byte in body[:4])):
        return _bare(body.decode(wide, "ignore"))
    declared = _declared(body, content_type)
    return _bare(_switched(body, declared) or _read(body, declared))


def _read(body: bytes, declared: str) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        pass
    sequences = _SEQUENCE.findall(body)
    good, bad = len(sequences), len(body.translate(None, _ASCII)) - sum(map(len, sequences))
    if good and bad <= min(good, _A_FEW):
        return body.decode("utf-8", "ignore")
    if declared in _MANY_BYTES and (text := _of_many_bytes(body, declared)):
        return text
    single = _COMMON if declared in _MANY_BYTES or not declared else declared
    if good * 10 > bad:
        return _mixed(body, single)
    body = _CUT_SIGN.sub(b"", _CUT_LETTER.sub(b"", body))
    if not declared:
        body = _CUT_SURELY.sub(b"", body)
    return body.decode(single, "ignore")


def _mixed(body: bytes, single: str) -> str:
    """Read UTF-8 with pieces of another encoding in it, as when two databases were joined."""

    def shown(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        piece = _CUT_SIGN.sub(b"", error.object[error.start : error.end])
        return b"".join(_LETTERS.findall(piece)).decode(single, "ignore"), error.end

    codecs.register_error("crosspost.mixed", shown)
    return _CUT_LETTER.sub(b"", body).decode("utf-8", "crosspost.mixed")


def _of_many_bytes(body: bytes, encoding: str) -> str:
    """Return the text if its bytes bear out what was declared, but for one in ten; "" if not."""
    text, bad = _NO_LETTER.subn("", body.decode(encoding, "replace"))
    return text if bad * 10 <= sum(not letter.isascii() for letter in text) else ""


def _switched(body: bytes, declared: str) -> str:
    """Return the text of ISO-2022, all of whose bytes are ASCII; "" for any other."""
    if _SWITCH not in body:
        return ""
    encoding = declared if declared.startswith("iso2022") else ""
    if not encoding and (b"\x1b$B" in body or b"\x1b$@" in body):
        encoding = "iso2022_jp_ext"
    return body.decode(encoding, "ignore") if encoding else ""


def _declared(body: bytes, content_type: str) -> str:
    """Return Python's name of the encoding that is not UTF-8 and most likely meant, "" if there is none.

    What the document says of itself goes before its server's default, and all before the most common.
    """
    said = _DECLARED.search(body[:2_000])
    header = _CHARSET.search(content_type)
    labels = (said[1].decode("ascii", "ignore") if said else "", header[1] if header else "")
    codecs_said = [codec for label in labels if (codec := _codec(label))]
    return next((codec for codec in codecs_said if codec != _COMMON), (codecs_said or [""])[0])


def _codec(label: str) -> str:
    label = label.lower()
    try:
        name = codecs.lookup(_LABELS.get(label, label)).name
    except (LookupError, ValueError):
        return ""
    name = _MEANT.get(name, name)
    return name if _USABLE.match(name) else ""


def _bare(text: str) -> str:
    return text.lstrip("\ufeff")
