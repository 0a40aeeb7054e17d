"""A body is unpacked by what it is, within one bound; words that name no packing mean nothing."""

import gzip
import zlib
from functools import partial

import pytest

from crosspost.errors import FetchRefused
from crosspost.http.unpack import unpacked

gzipped = partial(gzip.compress, mtime=0)
TEXT = b"<?xml version='1.0'?><rss/>"
PICTURE = b"\xff\xd8\xff\xe0 a picture"
MOST = 1_000


def bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def layers(body: bytes, many: int) -> bytes:
    for _ in range(many):
        body = gzipped(body)
    return body


FORM = b"oauth_token=one&oauth_token_secret=two"
WITHOUT_MEANING = (
    "",
    ",",
    "identity",
    "identity, utf-8",
    *"utf-8 UTF-8 none binary aws-chunked 8bit text/xml".split(),
)


@pytest.mark.parametrize("word", WITHOUT_MEANING)
@pytest.mark.parametrize("body", [TEXT, PICTURE, b""])
def test_words_without_meaning_mean_nothing(word: str, body: bytes) -> None:
    assert unpacked(body, word, MOST) == body
    assert unpacked(gzipped(body), word, MOST) == body


@pytest.mark.parametrize(
    ("word", "body", "whole"),
    [
        pytest.param("gzip", gzipped(TEXT), TEXT, id="gzip"),
        pytest.param("X-GZIP", gzipped(TEXT), TEXT, id="its older name"),
        pytest.param("gzip, utf-8", gzipped(TEXT), TEXT, id="gzip and a word without meaning"),
        pytest.param("gzip", gzipped(TEXT[:5]) + gzipped(TEXT[5:]), TEXT, id="two parts"),
        pytest.param("gzip", gzipped(TEXT) + b"\0\0\0", TEXT, id="zeros behind it"),
        pytest.param("gzip", TEXT, TEXT, id="said to be gzip, and is not"),
        pytest.param("gzip", PICTURE, PICTURE, id="a picture said to be gzip"),
        pytest.param("br", TEXT, TEXT, id="said to be brotli, and is not"),
        pytest.param("gzip, gzip", TEXT, TEXT, id="said to be packed twice, and is not at all"),
        pytest.param("deflate", gzipped(TEXT), TEXT, id="gzip said to be deflate"),
        pytest.param("deflate", zlib.compress(TEXT), TEXT, id="deflate"),
        pytest.param("deflate", bare(TEXT), TEXT, id="deflate without zlib around it"),
        pytest.param("deflate", TEXT, TEXT, id="said to be deflate, and is not"),
        pytest.param("deflate", PICTURE, PICTURE, id="a picture said to be deflate"),
        pytest.param("br", PICTURE, PICTURE, id="a picture said to be brotli"),
        pytest.param("gzip", FORM, FORM, id="a form said to be gzip"),
        pytest.param("deflate", FORM, FORM, id="a form said to be deflate"),
        pytest.param("gzip, gzip", gzipped(gzipped(TEXT)), TEXT, id="packed twice"),
        pytest.param("gzip", gzipped(gzipped(TEXT)), TEXT, id="packed twice under one name"),
        pytest.param("", gzipped(gzipped(TEXT)), TEXT, id="packed twice without a name"),
        pytest.param("gzip", layers(TEXT, 3), TEXT, id="packed three times"),
        pytest.param(" , identity,\tGZip ;q=1", gzipped(TEXT), TEXT, id="written oddly"),
        pytest.param("deflate, gzip", gzipped(zlib.compress(TEXT)), TEXT, id="deflate, then gzip"),
        pytest.param("gzip, deflate", bare(gzipped(TEXT)), TEXT, id="gzip, then deflate"),
        pytest.param("br, gzip", gzipped(TEXT), TEXT, id="gzip, and not brotli before"),
        pytest.param("gzip", zlib.compress(TEXT), TEXT, id="deflate said to be gzip"),
        pytest.param("", zlib.compress(TEXT), TEXT, id="deflate without a name"),
        pytest.param("br", zlib.compress(TEXT), TEXT, id="deflate said to be brotli"),
        pytest.param("br", TEXT.decode().encode("utf-16"), TEXT.decode().encode("utf-16"), id="UTF-16"),
        pytest.param("deflate", b"\xef\xbb\xbf \n{}", b"\xef\xbb\xbf \n{}", id="JSON said to be deflate"),
    ],
)
def test_what_it_is_decides(word: str, body: bytes, whole: bytes) -> None:
    assert unpacked(body, word, MOST) == whole


@pytest.mark.parametrize("word", ["gzip", "deflate", "br", "zstd", "gzip, br"])
def test_nothing_is_nothing_whatever_it_is_said_to_be_packed_with(word: str) -> None:
    assert unpacked(b"", word, MOST) == b""


BOMB = b"\0" * 100_000_000


@pytest.mark.parametrize("word", ["gzip", "deflate", ""])
@pytest.mark.parametrize("pack", [gzipped, zlib.compress, bare])
def test_a_bomb_is_refused_at_the_bound(word: str, pack: object) -> None:
    if word == "" and pack is not gzipped:
        return  # nothing tells that it is packed
    with pytest.raises(FetchRefused, match="larger than 1,000 bytes"):
        unpacked(pack(BOMB), word, MOST)  # type: ignore[operator]


def test_a_bomb_within_a_packing_is_refused_at_the_bound() -> None:
    with pytest.raises(FetchRefused, match="larger than 1,000 bytes"):
        unpacked(gzipped(gzipped(gzipped(b"\0" * 100_000))), "gzip", MOST)


def test_many_parts_have_the_same_bound_together() -> None:
    with pytest.raises(FetchRefused, match="larger than 1,000 bytes"):
        unpacked(gzipped(b" " * 600) * 2, "gzip", MOST)
    unpacked(gzipped(b"") * 50_000, "gzip", MOST)


@pytest.mark.parametrize(
    ("word", "body", "says"),
    [
        ("gzip", gzipped(TEXT)[:-4], "gzip ends too early"),
        ("", gzipped(TEXT)[:-4], "gzip ends too early"),
        ("gzip", gzipped(TEXT)[:-8] + b"\0" * 8, "gzip is broken"),
        ("deflate", zlib.compress(TEXT)[:-6], "deflate ends too early"),
        ("deflate", b"\xff\xff\xff", "deflate is broken"),
        (" BR ;q=1", b"\x8b\x02\x80", "' BR ;q=1', which was not asked for"),
        ("br", b"\x8b\x02\x80", "'br', which was not asked for"),
        ("zstd", b"\x28\xb5\x2f\xfd\0", "'zstd', which was not asked for"),
        ("", b"\x28\xb5\x2f\xfd\0", "'zstd', which was not asked for"),
        ("compress", b"\x1f\x9d\x90", "'compress', which was not asked for"),
        ("gzip, br", b"\x8b\x02\x80", "'gzip, br', which was not asked for"),
        ("gzip", b"\x8b\x02\x80", "'gzip', but it is not packed so"),
        ("gzip, gzip", b"\x8b\x02\x80", "'gzip, gzip', but it is not packed so"),
        ("", b"\x1f\x9d\x90", "packed with 'compress', which was not asked for"),
        ("gzip", b"\x28\xb5\x2f\xfd\0", "'zstd', which was not asked for .its Content-Encoding says 'gzip'"),
        ("br, gzip", gzipped(b"\x8b\x02\x80"), "'br, gzip', which was not asked for"),
        ("gzip", layers(TEXT, 4), "packed more than 3 times over"),
    ],
)
def test_what_cannot_be_unpacked_says_so(word: str, body: bytes, says: str) -> None:
    with pytest.raises(FetchRefused, match=says):
        unpacked(body, word, MOST)
