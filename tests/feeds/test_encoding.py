"""A feed's bytes are read as what they are, whatever its header and its declaration say of them."""

import json

import pytest

from crosspost.feeds.formats.encoding import decoded
from crosspost.feeds.formats.mojibake import repaired
from tests.feeds.reading import read, rss, titles

WINTER = "Fête “d’hiver”"
HEADERS = ["", "text/xml", "text/xml; charset=iso-8859-1", "text/xml; charset=UTF-8", 'x; charset="nonsense"']
LABELS = ["", "utf-8", "iso-8859-1", "us-ascii", "windows-1252", "nonsense"]


def declared(label: str, text: str) -> str:
    encoding = f' encoding="{label}"' if label else ""
    return f'<?xml version="1.0"{encoding}?><rss version="2.0"><channel>{text}</channel></rss>'


def item(title: str) -> str:
    return f"<item><title>{title}</title></item>"


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("label", LABELS)
def test_one_bad_byte_costs_only_itself_whatever_is_declared(label: str, header: str) -> None:
    body = declared(label, item("caf\0") + item(WINTER)).encode().replace(b"\0", b"\xc3")
    assert titles(body, content_type=header) == ["caf", WINTER]


@pytest.mark.parametrize("header", [*HEADERS, "text/xml; charset=windows-1251"])
@pytest.mark.parametrize("label", [*LABELS, "utf-16", "koi8-r"])
def test_what_is_utf_8_is_read_as_such(label: str, header: str) -> None:
    assert titles(declared(label, item(WINTER)).encode(), content_type=header) == [WINTER]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32-le", "utf-32-be", "utf-32"])
@pytest.mark.parametrize("label", ["", "utf-8", "utf-16", "iso-8859-1"])
def test_wide_letters_need_neither_mark_nor_declaration(encoding: str, label: str) -> None:
    assert titles(declared(label, item(WINTER)).encode(encoding)) == [WINTER]
    assert titles(("\n" + declared(label, item(WINTER))).encode(encoding)) == [WINTER]
    assert titles(declared(label, item(WINTER)).encode(encoding) + b"\n") == [WINTER]


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("iso-8859-1", "cp1252", "L’été “chaud” – 5 €"),
        ("windows-1252", "cp1252", "L’été “chaud” – 5 €"),
        ("ISO-8859-15", "iso8859-15", "Œuvre à 5 €"),
        ("iso-8859-2", "iso8859-2", "Zażółć gęślą jaźń"),
        ("iso-8859-9", "cp1254", "Işık “ağacı”"),
        ("windows-1251", "cp1251", "Привет, мир"),
        ("koi8-r", "koi8-r", "Привет, мир"),
        ("windows-1256", "cp1256", "مرحبا"),
        ("gb2312", "gb18030", "你好,世界。镕"),
        ("gbk", "gbk", "你好,世界。"),
        ("big5", "big5", "你好,世界。"),
        ("Shift_JIS", "cp932", "日本語のテスト①"),
        ("x-sjis", "cp932", "日本語のテスト"),
        ("euc-jp", "euc_jp", "日本語のテスト"),
        ("iso-2022-jp", "iso2022_jp", "日本語のテスト"),
        ("euc-kr", "cp949", "안녕하세요 똠방각하"),
        ("ks_c_5601-1987", "cp949", "안녕하세요"),
    ],
)
def test_labels_mean_what_they_mean_on_the_web(label: str, encoding: str, text: str) -> None:
    assert titles(declared(label, item(text)).encode(encoding)) == [text]
    assert titles(declared("", item(text)).encode(encoding), content_type=f"text/xml; charset={label}") == [
        text
    ]
    # A server's default goes behind what the document says of itself.
    for default in ("utf-8", "iso-8859-1"):
        header = f"text/xml; charset={default}"
        assert titles(declared(label, item(text)).encode(encoding), content_type=header) == [text]
        assert titles(declared(default, item(text)).encode(encoding), content_type=f"x; charset={label}") == [
            text
        ]


@pytest.mark.parametrize("label", ["gb2312", "Shift_JIS", "euc-kr", "euc-jp", "big5"])
def test_a_bad_byte_among_two_byte_letters_costs_only_itself(label: str) -> None:
    text = {"euc-kr": "안녕하세요 여러분 반갑습니다"}.get(label, "日本文字日本文字日本文字")
    body = declared(label, item("a\0") + item(text)).encode(label).replace(b"\0", b"\xff")
    assert titles(body) == ["a", text]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"caf\xc3", "caf"),
        (b"caf\xe9", "café"),
        (b"d\xe2\x80", "d"),
        (b"l\x92\xe9t\xe9", "l’été"),
        (b"a\xff\xfe", "aÿþ"),
        (b"G\xc2teau \xe0 l'\xe9cole", "GÂteau à l'école"),
    ],
)
def test_in_a_document_otherwise_ascii(written: bytes, shown: str) -> None:
    assert titles(declared("", item("\0")).encode().replace(b"\0", written)) == [shown]


def test_a_capital_of_a_declared_alphabet_is_one() -> None:
    assert titles(declared("iso-8859-1", item("IRMÃ")).encode("iso-8859-1")) == ["IRMÃ"]


def test_a_document_of_two_encodings_shows_both() -> None:
    old, new = "L’été déjà à la forêt", "“Été” – déjà vu à l’orée"
    body = (
        rss(*[f"<title>{new}</title>", "<title>\0</title>"] * 5).encode().replace(b"\0", old.encode("cp1252"))
    )
    assert titles(body) == [new, old] * 5


@pytest.mark.parametrize("header", HEADERS)
def test_json_is_decoded_alike(header: str) -> None:
    feed = {"items": [{"id": "1", "title": "caf\0"}, {"id": "2", "title": WINTER}]}
    body = json.dumps(feed, ensure_ascii=False).encode().replace(b"\\u0000", b"\xc3")
    assert titles(body, content_type=header) == ["caf", WINTER]
    wide = json.dumps(feed, ensure_ascii=False).encode("utf-16-le")
    assert titles(wide, content_type=header)[1] == WINTER


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\0\0\0", b"\x1b$B\xff", bytes(range(256))]
)
def test_nothing_makes_it_raise(body: bytes) -> None:
    for header in ("", "charset=iso-2022-jp", "charset=utf-7", "charset=rot13", "charset=idna", "charset=\0"):
        assert isinstance(decoded(body, header), str)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Ã©tÃ©", "été"),
        ("Itâ€™s “here”", "It’s “here”"),
        ("â€œHiâ€\x9d â€” â€¦", "“Hi” — …"),
        ("â\x80\x99", "’"),
        ("cÅ“ur", "cœur"),
        ("LÃ©o, SÃ»re, NÂ°5", "Léo, Sûre, N°5"),
        ("Iâ€™m", "I’m"),
        ("voilÃ\xa0 Ã  la Ã‰cole Ã\xa0 midi", "voilà à la École à midi"),
        ("motÂ\xa0: Â«Â\xa0ohÂ\xa0Â»", "mot\xa0: «\xa0oh\xa0»"),
        ("ÃƒÂ©tÃƒÂ©", "été"),
        ("20 Â°C", "20 °C"),
        ("ðŸ˜€", "😀"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
        ("Ð\x9eÑ\x81ÐµÐ½Ñ\x8c Ð² Ð¿Ð¾Ñ€Ñ‚Ñƒ", "Осень в порту"),
        ("Ð¯ Ð¸ Ñ‚Ñ‹", "Я и ты"),
        ("Å\x81Ã³dÅº", "Łódź"),
        ("æ—¥æœ¬", "日本"),
        ("d\x92or", "d’or"),
    ],
)
def test_what_was_encoded_twice_is_repaired(written: str, meant: str) -> None:
    assert repaired(written) == meant
    assert repaired(meant) == meant


@pytest.mark.parametrize(
    "sound",
    [
        "Â",
        "La lettre Â\xa0: un accent",
        "Âge tendre",
        "AMANHÃ…",
        "GRÂCE Ã",
        "„Spaß“ macht’s",
        "PÅ”",
        "« Ã© » au lieu de « é »",
        "“café”…",
        "naïve",
        "à, â, ê",
        "Œuvre — Ÿ",
    ],
)
def test_what_may_be_meant_stays(sound: str) -> None:
    assert repaired(sound) == sound


async def test_what_was_encoded_twice_is_repaired_in_every_field_alike() -> None:
    body = rss(
        "<title>LÃ©o</title><description>Itâ€™s</description><category>MÃ©tÃ©o</category>"
        "<content:encoded>&lt;p&gt;Ã‰tÃ©&lt;/p&gt;</content:encoded><dc:creator>ZoÃ©</dc:creator>"
        '<media:content url="/a.jpg" medium="image"><media:title>Forêt</media:title></media:content>'
        '<media:content url="/b.jpg" medium="image"><media:title>ForÃªt</media:title></media:content>'
    )
    ((item_),) = (await read(body)).items
    entry = item_.entry
    assert (entry.title, entry.summary, entry.content) == ("Léo", "It’s", "<p>Été</p>")
    assert (entry.categories, entry.authors) == (("Météo",), ("Zoé",))
    assert entry.picture
    assert entry.picture.alt == "Forêt"
