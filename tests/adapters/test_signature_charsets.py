"""A signature stays in the charset that it has: every byte of the user's, and nothing unreadable of ours."""

import re
from pathlib import Path

import pytest

from crosspost.adapters.email_signature import EmailSignature
from crosspost.errors import Unauthorized
from crosspost.http.wire import HttpxClient
from crosspost.testing import a_draft

TITLE = "L’été « à Œuvrer » … 5 € — 😀"
TEXT = "Marie\r\nà bientôt, façade"
PAGE = "<html><head>{}</head><body>\n<p>à bientôt</p>\n</body></html>"


async def published(
    file: Path, content: bytes, title: str = TITLE, link: str = "https://blog.example/été"
) -> bytes:
    file.write_bytes(content)
    settings = EmailSignature.Settings(path=file, formats=(file.suffix[1:],))
    draft = a_draft(title, title=title, link=link, permalink=link)
    await EmailSignature(settings, HttpxClient()).publish(draft, key="k")
    return file.read_bytes()


@pytest.mark.parametrize(
    ("codec", "shown"),
    [
        ("utf-8", TITLE),
        ("utf-8-sig", TITLE),
        ("utf-16", TITLE),
        ("utf-16-le", TITLE),
        ("utf-16-be", TITLE),
        ("utf-32", TITLE),
        ("cp1252", "L’été « à Œuvrer » … 5 € —"),
        ("latin-1", "L’été « à Œuvrer » … 5 € —"),  # which bytes alone do not tell from Windows-1252
    ],
)
async def test_a_text_keeps_its_charset(tmp_path: Path, codec: str, shown: str) -> None:
    before = TEXT.encode(codec)
    written = await published(tmp_path / "me.txt", before)
    assert written.startswith(before)
    text = written.decode("cp1252" if codec == "latin-1" else codec)
    assert f"• {shown}\r\n" in text
    assert text.count("\n") == text.count("\r\n")


async def test_a_text_in_no_known_charset_gets_only_what_is_the_same_in_all(tmp_path: Path) -> None:
    before = b"Marie \x81\x8d\n"
    written = await published(tmp_path / "me.txt", before)
    assert written.startswith(before)
    assert b'* L\'ete " a OEuvrer " ... 5 EUR -\n  https://blog.example/%C3%A9t%C3%A9\n' in written


async def test_what_the_charset_has_nothing_near_to_is_refused_with_a_sentence(tmp_path: Path) -> None:
    before = "Marie, à bientôt".encode("cp1252")
    with pytest.raises(
        Unauthorized, match=r"me\.txt is encoded in cp1252, which has no 記; save the file in UTF-8"
    ):
        await published(tmp_path / "me.txt", before, title="記事")
    assert (tmp_path / "me.txt").read_bytes() == before


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ("<meta charset=iso-8859-1>", "latin-1"),
        ('<meta charset="windows-1252">', "cp1252"),
        ('<META http-equiv="Content-Type" content="text/html; charset=ISO-8859-15">', "iso-8859-15"),
        ("<meta charset='utf-8'>", "utf-8"),
        ("", "utf-8"),
        ("", "latin-1"),
        ("<meta charset='utf-8'>", "latin-1"),  # which is a lie
        ("<meta charset=nonsense>", "cp1252"),
        ("<meta charset='utf-16'>", "utf-8"),  # no file that says so in these bytes is
        ("<?xml version='1.0' encoding='iso-8859-1'?>", "latin-1"),
        ("", "utf-16"),
        ("<meta charset='utf-7'>", "cp1252"),
    ],
)
async def test_a_page_keeps_its_charset_and_has_references_for_the_rest(
    tmp_path: Path, head: str, codec: str
) -> None:
    before = PAGE.format(head).encode(codec)
    written = await published(tmp_path / "me.html", before)
    text = written.decode(codec)
    begin, end = text.index("<!-- crosspost:begin"), text.index("</body>")
    assert (text[:begin] + text[end:]).encode(codec) == before
    said = re.sub("&#([0-9]+);", lambda code: chr(int(code[1])), text)
    assert f">{TITLE}</a>" in said
    assert 'href="https://blog.example/été"' in said


async def test_a_page_in_ascii_that_does_not_say_which_charset_stays_in_ascii(tmp_path: Path) -> None:
    assert (await published(tmp_path / "me.html", b"<p>Marie</p>")).isascii()


async def test_publishing_again_changes_nothing(tmp_path: Path) -> None:
    first = await published(tmp_path / "me.txt", TEXT.encode("cp1252"))
    assert await published(tmp_path / "me.txt", first) == first


async def test_a_link_that_the_file_cannot_hold_leads_to_the_same_host(tmp_path: Path) -> None:
    """By the rules of 2008: those of 2003 took a final sigma for another one, which is another's host."""
    written = await published(tmp_path / "s.txt", TEXT.encode("cp1252"), "Titre", "https://βόλος.example/été")
    assert b"https://xn--nxasmm1c.example/%C3%A9t%C3%A9" in written
