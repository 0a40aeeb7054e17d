"""The signature adapter, on real files."""

import asyncio
import errno
import html
import itertools
import os
import re
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from crosspost.adapters.email_signature import EmailSignature
from crosspost.contract import Edits, FindsRecent, Retracts
from crosspost.errors import NotSent, PublishError, Rejected, Unauthorized, Uncertain
from crosspost.http.wire import HttpxClient
from crosspost.model import Draft, Money
from crosspost.testing import HOSTILE, AdapterContract, a_draft

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TEXT = "-- \nMarie Tremblay\n« À bientôt\u00a0! »\n"
PAGE = "<html>\n<body>\n<p>Marie &amp; cie</p>\n</body>\n</html>\n"


def entry(number: int, **changes: Any) -> Draft:
    """Make the entry of day `number`."""
    values: dict[str, Any] = {
        "text": f"Article {number}",
        "permalink": f"https://blog.example/{number}",
        "link": f"https://blog.example/{number}?utm_source=signature",
        "published": NOON + timedelta(days=number),
    }
    return a_draft(**(values | changes))


def signature(path: Path, **changes: Any) -> EmailSignature:
    return EmailSignature(EmailSignature.Settings(path=path, **changes), HttpxClient())


def titles(path: Path) -> list[str]:
    """Return the entries that readers of the text see, in order."""
    return re.findall(r"^• (.*)$", path.with_name(path.name + ".txt").read_text(), re.MULTILINE)


def all_bytes(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """Return everything in a folder: content, inode and mode."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            there = file.stat()
            found[str(file.relative_to(folder))] = (file.read_bytes(), there.st_ino, there.st_mode)
    return found


def _run(script: str, path: Path, argument: int) -> "subprocess.Popen[bytes]":
    """Start a process that knows `publish`; -P lets it import what is installed, not what lies around."""
    given = f"""
import asyncio, itertools, os, sys
from datetime import timedelta
from crosspost.adapters.email_signature import EmailSignature
from crosspost.http.wire import HttpxClient
from crosspost.testing import a_draft
first = a_draft()
async def publish(keep, numbers):
    adapter = EmailSignature(EmailSignature.Settings(path={str(path)!r}, keep=keep), HttpxClient())
    for number in numbers:
        link = f"https://blog.example/{{number}}"
        day = first.published + timedelta(days=number)
        draft = a_draft(f"Article {{number}}", link=link, permalink=link, published=day)
        await adapter.publish(draft, key="k")
"""
    return subprocess.Popen([sys.executable, "-P", "-c", given + script, str(argument)])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "signature"


@pytest.fixture
def text(path: Path) -> Path:
    return path.with_name("signature.txt")


@pytest.fixture
def page(path: Path) -> Path:
    return path.with_name("signature.html")


class TestContract(AdapterContract):
    adapter = EmailSignature
    settings: ClassVar[dict[str, Any]] = {"path": "/nonexistent/signature"}

    def test_needs_no_network_and_costs_nothing(self, path: Path) -> None:
        assert "base_url" not in EmailSignature.Settings.model_fields
        assert signature(path).cost(entry(1)) == Money()

    def test_has_the_powers_of_a_file(self, path: Path) -> None:
        adapter = signature(path)
        assert isinstance(adapter, Edits)
        assert isinstance(adapter, Retracts)
        assert not isinstance(adapter, FindsRecent)  # a repeat is harmless: nobody has to look

    @pytest.mark.parametrize("name", ["signature", "signature.txt", "signature.html", "signature.HTML"])
    def test_the_suffix_may_be_given(self, tmp_path: Path, name: str) -> None:
        assert signature(tmp_path / name).settings.path == tmp_path / "signature"

    def test_other_dots_belong_to_the_name(self, tmp_path: Path) -> None:
        assert signature(tmp_path / "marie.work").settings.path.name == "marie.work"

    def test_the_home_folder_is_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", "/home/marie")
        assert signature(Path("~/signature")).settings.path == Path("/home/marie/signature")

    @pytest.mark.parametrize(
        "wrong",
        [{"keep": 0}, {"keep": 21}, {"heading": " "}, {"heading": "a\nb"}, {"formats": ()}, {"path": "/"}],
    )
    def test_impossible_settings_are_refused(self, path: Path, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            EmailSignature.Settings(**({"path": path} | wrong))


class TestWriting:
    async def test_new_files_hold_the_entry(self, path: Path, text: Path, page: Path) -> None:
        receipt = await signature(path).publish(entry(1), key="k")
        assert text.read_text() == (
            "~~ Latest articles ~~\n• Article 1\n  https://blog.example/1?utm_source=signature\n~~\n"
        )
        assert '<meta charset="utf-8">' in page.read_text()
        assert (
            '<li><a href="https://blog.example/1?utm_source=signature">Article 1</a></li>' in page.read_text()
        )
        assert receipt.remote_id == "blog.example/1"
        assert receipt.url == text.as_uri()

    async def test_missing_folders_are_made(self, tmp_path: Path) -> None:
        await signature(tmp_path / "a" / "b" / "signature").publish(entry(1), key="k")
        assert titles(tmp_path / "a" / "b" / "signature") == ["Article 1"]

    async def test_only_the_chosen_formats_are_written(self, path: Path, text: Path, page: Path) -> None:
        receipt = await signature(path, formats=("html", "html")).publish(entry(1), key="k")
        assert page.exists()
        assert not text.exists()
        assert receipt.url == page.as_uri()

    async def test_shows_the_newest_and_keeps_more(self, path: Path) -> None:
        for number in range(1, 6):
            await signature(path).publish(entry(number), key="k")
        assert titles(path) == ["Article 5", "Article 4", "Article 3"]
        await signature(path, keep=5).publish(entry(5), key="k")
        assert len(titles(path)) == 5

    async def test_remembers_a_bounded_number(self, path: Path) -> None:
        for number in range(30):
            await signature(path, keep=1).publish(entry(number), key="k")
        memory = path.with_name(".signature.crosspost.json").read_text()
        assert memory.count('"name"') == 21

    @pytest.mark.parametrize("order", list(itertools.permutations(range(1, 5))))
    async def test_the_order_of_arrival_does_not_matter(self, path: Path, order: tuple[int, ...]) -> None:
        """A late older entry never replaces a newer one."""
        newest = 0
        for number in order:
            await signature(path, keep=2).publish(entry(number), key="k")
            newest = max(newest, number)
            assert titles(path)[0] == f"Article {newest}"
        assert titles(path) == ["Article 4", "Article 3"]

    async def test_an_entry_without_a_date_counts_from_when_it_was_seen(self, path: Path) -> None:
        await signature(path).publish(entry(1, published=datetime.now(UTC) - timedelta(days=1)), key="k")
        await signature(path).publish(entry(2, published=None), key="k")
        await signature(path).publish(entry(3, published=datetime.now(UTC) + timedelta(days=1)), key="k")
        before = titles(path)
        await signature(path).publish(entry(2, published=None), key="k")
        assert before == titles(path) == ["Article 3", "Article 2", "Article 1"]

    async def test_publishing_again_changes_nothing(self, path: Path) -> None:
        """Also not when the link is written otherwise, or the clock has gone on."""
        path.with_name("signature.txt").write_text(TEXT)
        receipts = [await signature(path).publish(entry(1, published=None), key="k")]
        before = all_bytes(path.parent)
        receipts.append(await signature(path).publish(entry(1, published=None), key="k"))
        again = entry(1, published=None, permalink="http://www.blog.example/1/?utm_medium=feed")
        receipts.append(await signature(path).publish(again, key="k"))
        assert all_bytes(path.parent) == before
        assert len(set(receipts)) == 1

    async def test_leaves_no_litter(self, path: Path) -> None:
        await signature(path).publish(entry(1), key="k")
        names = {".signature.crosspost.json", "signature.html", "signature.txt"}
        assert {file.name for file in path.parent.iterdir()} == names

    async def test_what_a_crash_left_is_no_hindrance(self, path: Path) -> None:
        path.with_name(".signature.txt.crosspost-new").write_text("half a sig")
        await signature(path).publish(entry(1), key="k")
        await self.test_leaves_no_litter(path)

    async def test_the_heading_may_change(self, path: Path, text: Path, page: Path) -> None:
        text.write_text(TEXT)
        await signature(path).publish(entry(1), key="k")
        await signature(path, heading="Derniers articles <3").publish(entry(1), key="k")
        assert text.read_text().count("~~\n") == 2
        assert "~~ Derniers articles <3 ~~" in text.read_text()
        assert "Derniers articles &lt;3" in page.read_text()


class TestTheUsersOwn:
    """Everything outside the marks stays byte for byte."""

    @pytest.mark.parametrize("eol", ["\n", "\r\n"])
    async def test_appends_after_the_users_text(self, path: Path, text: Path, page: Path, eol: str) -> None:
        text.write_bytes(TEXT.replace("\n", eol).encode())
        page.write_bytes(PAGE.replace("\n", eol).encode())
        await signature(path).publish(entry(1), key="k")
        written = text.read_bytes().decode()
        assert written.startswith(TEXT.replace("\n", eol) + eol + "~~ Latest articles ~~" + eol)
        head, tail = PAGE.replace("\n", eol).split("</body>")
        assert page.read_bytes().decode().startswith(head + "<!-- crosspost:begin -->" + eol)
        assert page.read_bytes().decode().endswith("<!-- crosspost:end -->" + eol + "</body>" + tail)
        for file in (text, page):
            assert file.read_bytes().count(b"\n") == file.read_bytes().count(eol.encode())

    @pytest.mark.parametrize("eol", ["\n", "\r\n"])
    async def test_writes_only_between_the_marks(self, path: Path, text: Path, page: Path, eol: str) -> None:
        before, after = f"Marie{eol}\t \u202f{eol}", f"{eol}{eol}Montréal \u00a0 {eol} fin"
        text.write_bytes(f"{before}~~ Vieux ~~{eol}à nous{eol}~~{after}".encode())
        page.write_bytes(f"{before}<!--crosspost:begin-->à nous<!-- crosspost:end -->{after}".encode())
        for number in (1, 2):
            await signature(path).publish(entry(number), key="k")
        await signature(path).retract("blog.example/1")
        for file in (text, page):
            written = file.read_bytes()
            assert written.startswith(before.encode())
            assert written.endswith(after.encode())
            assert b"Article 2" in written
            assert "à nous" not in written.decode()
            assert written.count(b"\n") == written.count(eol.encode())

    async def test_a_text_without_a_last_line_end(self, path: Path, text: Path) -> None:
        text.write_text("Marie")
        await signature(path).publish(entry(1), key="k")
        assert text.read_text().startswith("Marie\n\n~~ Latest articles ~~\n")

    async def test_a_page_without_a_body(self, path: Path, page: Path) -> None:
        page.write_text("<p>Marie</p>")
        await signature(path).publish(entry(1), key="k")
        assert page.read_text().startswith("<p>Marie</p>\n<!-- crosspost:begin -->\n")

    async def test_a_byte_order_mark_stays(self, path: Path, text: Path) -> None:
        text.write_bytes(b"\xef\xbb\xbfMarie\r\n")
        await signature(path).publish(entry(1), key="k")
        assert text.read_bytes().startswith(b"\xef\xbb\xbfMarie\r\n\r\n~~ ")

    @pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
    async def test_the_mode_stays(self, path: Path, text: Path, mode: int) -> None:
        text.write_text(TEXT)
        text.chmod(mode)
        await signature(path).publish(entry(1), key="k")
        assert "Article 1" in text.read_text()
        assert stat.S_IMODE(text.stat().st_mode) == mode

    async def test_the_owner_stays(self, path: Path, text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        given: list[tuple[int, int]] = []
        monkeypatch.setattr(os, "fchown", lambda _, user, group: given.append((user, group)))
        text.write_text(TEXT)
        await signature(path, formats=("txt",)).publish(entry(1), key="k")
        assert given == [(os.getuid(), os.getgid())]

    async def test_a_link_stays_a_link(self, tmp_path: Path, path: Path, text: Path) -> None:
        real = tmp_path / "dotfiles" / "mysig"
        real.parent.mkdir()
        real.write_text(TEXT)
        text.symlink_to(real)
        await signature(path).publish(entry(1), key="k")
        assert text.is_symlink()
        assert not real.is_symlink()
        assert "Article 1" in real.read_text()

    async def test_a_link_to_nowhere_yet(self, tmp_path: Path, path: Path, text: Path) -> None:
        text.symlink_to(tmp_path / "later" / "mysig")
        await signature(path).publish(entry(1), key="k")
        assert text.is_symlink()
        assert titles(path) == ["Article 1"]


class TestWhatReadersSee:
    @pytest.mark.parametrize("hostile", HOSTILE)
    async def test_hostile_text_arrives_as_written(self, path: Path, hostile: str) -> None:
        await signature(path).publish(entry(1, text=hostile), key="k")
        lines = [line for line in hostile.splitlines() if line]
        assert "• " + "\n  ".join(lines) + "\n" in path.with_name("signature.txt").read_text()
        page = path.with_name("signature.html").read_text()
        assert f">{'<br>'.join(map(html.escape, lines))}</a>" in page

    @pytest.mark.parametrize("spaces", ["«\u00a0Été\u202f!\u00a0»", "12\u202f000\u00a0$"])
    async def test_french_spaces_stay(self, path: Path, spaces: str) -> None:
        await signature(path).publish(entry(1, text=spaces), key="k")
        for suffix in (".txt", ".html"):
            assert spaces in path.with_name("signature" + suffix).read_text()

    async def test_markup_and_quotes_are_escaped(self, path: Path, page: Path) -> None:
        link = "https://blog.example/?q=\"><script>alert('x')</script>&b=1"
        await signature(path).publish(entry(1, text='<script>alert("x")</script>', link=link), key="k")

        class Reader(HTMLParser):
            tags: ClassVar[list[str]] = []
            links: ClassVar[list[str | None]] = []

            def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
                self.tags.append(tag)
                self.links.extend(value for name, value in attrs if name == "href")

        reader = Reader()
        reader.feed(page.read_text())
        assert "script" not in reader.tags
        assert reader.links == [link]

    @pytest.mark.parametrize("mark", ["~~", "~~ x ~~", "a\n~~\n~~ b ~~", "<!-- crosspost:end -->"])
    async def test_an_entry_cannot_fake_a_mark(self, path: Path, mark: str) -> None:
        for number in (1, 2):
            await signature(path, heading="~~ & -->").publish(entry(number, text=mark), key="k")
        assert len(titles(path)) == 2

    @pytest.mark.parametrize("link", ["javascript:alert(1)", "mailto:a@b.c", "", "https://a b"])
    async def test_only_web_links_are_written(self, path: Path, link: str) -> None:
        with pytest.raises(Rejected) as caught:
            await signature(path).publish(entry(1, link=link), key="k")
        assert not isinstance(caught.value, Unauthorized)
        assert not all_bytes(path.parent)

    async def test_a_link_in_the_template_is_not_repeated(self, path: Path, text: Path) -> None:
        draft = entry(1)
        await signature(path).publish(entry(1, text=f"Article 1 {draft.link}"), key="k")
        assert text.read_text().count("https://") == 1

    @pytest.mark.parametrize(
        ("values", "shown"),
        [
            ({"text": "", "title": "Titre"}, "Titre"),
            ({"text": " \n", "title": ""}, "https://blog.example/1?utm_source=signature"),
        ],
    )
    async def test_an_empty_line_falls_back(self, path: Path, values: dict[str, str], shown: str) -> None:
        draft = entry(1)
        await signature(path).publish(replace(draft, **values), key="k")  # type: ignore[arg-type]
        assert titles(path) == [shown]


class TestChangingAndTakingBack:
    async def test_an_edit_changes_the_line_and_keeps_the_place(self, path: Path) -> None:
        for number in (1, 2, 3):
            await signature(path).publish(entry(number, published=None), key="k")
        receipt = await signature(path).edit("blog.example/2", entry(2, text="Corrigé", published=None))
        assert titles(path) == ["Article 3", "Corrigé", "Article 1"]
        assert receipt.remote_id == "blog.example/2"

    async def test_an_edit_may_move_an_entry(self, path: Path) -> None:
        for number in (1, 2):
            await signature(path).publish(entry(number), key="k")
        await signature(path).edit("blog.example/1", entry(1, published=NOON + timedelta(days=9)))
        assert titles(path) == ["Article 1", "Article 2"]

    async def test_an_edit_brings_nothing_back(self, path: Path) -> None:
        for number in (1, 2):
            await signature(path).publish(entry(number), key="k")
        await signature(path).retract("blog.example/1")
        await signature(path).edit("blog.example/1", entry(1, text="Revenant"))
        assert titles(path) == ["Article 2"]

    async def test_a_retraction_makes_room_for_the_next(self, path: Path) -> None:
        for number in range(1, 5):
            await signature(path, keep=2).publish(entry(number), key="k")
        await signature(path, keep=2).retract("blog.example/4")
        assert titles(path) == ["Article 3", "Article 2"]

    async def test_retracting_the_last_leaves_the_users_text(self, path: Path, text: Path, page: Path) -> None:
        text.write_text(TEXT)
        page.write_text(PAGE)
        receipt = await signature(path).publish(entry(1), key="k")
        await signature(path).retract(receipt.remote_id)
        assert text.read_text() == TEXT + "\n~~ Latest articles ~~\n~~\n"
        kept = "<!-- crosspost:begin -->\n<!-- crosspost:end -->\n</body>"
        assert page.read_text() == PAGE.replace("</body>", kept)
        await signature(path).publish(entry(2), key="k")
        assert titles(path) == ["Article 2"]

    async def test_retracting_what_is_gone_writes_nothing(self, path: Path, text: Path) -> None:
        text.write_text(TEXT)
        before = all_bytes(path.parent)
        await signature(path).retract("blog.example/1")
        assert all_bytes(path.parent) == before


class TestRefusals:
    """Nothing is changed, and the sentence says where and what to do."""

    async def refused(
        self, path: Path, expected: type[PublishError], says: str, *, verifies: bool = False
    ) -> None:
        before = all_bytes(path.parent) if path.parent.is_dir() else {}
        adapter = signature(path)
        with pytest.raises(expected, match=says) as caught:
            await adapter.publish(entry(7), key="k")
        assert type(caught.value) is expected
        if not verifies:
            with pytest.raises(expected, match=says):
                await adapter.verify()
        assert (all_bytes(path.parent) if path.parent.is_dir() else {}) == before

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            ("Marie\n~~ Articles ~~\n• x\n", "signature.txt, line 2: no ~~ ends what begins here; put one"),
            ("Marie\n\n~~\n", "signature.txt, line 3: nothing begins that this ~~ could end; put ~~ … ~~"),
            ("~~ A ~~\n~~ B ~~\n~~\n", "signature.txt, line 1: no ~~ ends"),
            ("~~ A ~~\r\n~~\r\n~~\r\n", "signature.txt, line 3: nothing begins"),
            ("~~ A ~~\n~~\n~~ B ~~\n~~\n", "signature.txt, line 3: a second list begins here; delete one"),
        ],
    )
    async def test_broken_marks_in_a_text(self, path: Path, text: Path, content: str, says: str) -> None:
        text.write_bytes(content.encode())
        await self.refused(path, Unauthorized, says)

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            ("<p>\n<!-- crosspost:begin --></p>", "signature.html, line 2: no <!-- crosspost:end --> ends"),
            ("<!-- crosspost:end --><p>", "signature.html, line 1: nothing begins"),
        ],
    )
    async def test_broken_marks_in_a_page(
        self, path: Path, text: Path, page: Path, content: str, says: str
    ) -> None:
        text.write_text(TEXT)  # the other file is in order, and stays untouched too
        page.write_text(content)
        await self.refused(path, Unauthorized, says)

    @pytest.mark.parametrize("content", ["", "{", "[]", '{"entries": [{"name": 1}]}'])
    async def test_a_damaged_memory(self, path: Path, content: str) -> None:
        path.with_name(".signature.crosspost.json").write_text(content)
        await self.refused(path, Unauthorized, "crosspost.json is damaged; mend it, or delete it")

    @pytest.mark.parametrize("inside", ["file/signature", "file/folder/signature"])
    async def test_a_folder_that_is_a_file(self, tmp_path: Path, inside: str) -> None:
        (tmp_path / "file").write_text("x")
        await self.refused(tmp_path / inside, Unauthorized, "file")

    async def test_a_file_that_is_a_folder(self, path: Path, text: Path) -> None:
        text.mkdir()
        await self.refused(path, Unauthorized, "signature.txt: Is a directory")

    async def test_links_in_a_circle(self, path: Path, text: Path) -> None:
        text.symlink_to(text)
        await self.refused(path, Unauthorized, "signature.txt: Too many levels")

    @pytest.mark.parametrize("unwritable", ["", "signature.txt"])
    async def test_what_may_not_be_written(
        self, path: Path, text: Path, monkeypatch: pytest.MonkeyPatch, unwritable: str
    ) -> None:
        """A stand-in for permissions, which do not bind root."""
        text.write_text(TEXT)
        place = path.parent / unwritable
        monkeypatch.setattr(os, "access", lambda asked, mode: Path(asked) != place)
        await self.refused(path, Unauthorized, f"{place}: this may not be written")

    @pytest.mark.parametrize(
        ("number", "expected"),
        [
            (errno.ENOSPC, NotSent),
            (errno.EIO, NotSent),
            (errno.EACCES, Unauthorized),
            (errno.EROFS, Unauthorized),
        ],
    )
    async def test_what_the_system_refuses(
        self,
        path: Path,
        text: Path,
        monkeypatch: pytest.MonkeyPatch,
        number: int,
        expected: type[PublishError],
    ) -> None:
        text.write_text(TEXT)
        really = os.open

        def refuse(file: Any, flags: int, *args: Any, **options: Any) -> int:
            if flags & os.O_CREAT:
                raise OSError(number, os.strerror(number), str(file))
            return really(file, flags, *args, **options)

        monkeypatch.setattr(os, "open", refuse)
        await self.refused(path, expected, os.strerror(number), verifies=True)


class TestFailingMidway:
    """Whatever breaks, each file is whole, old or new, and the next try completes the work."""

    @pytest.fixture(autouse=True)
    def before(self, path: Path, text: Path, page: Path) -> None:
        text.write_text(TEXT)
        page.write_text(PAGE)
        asyncio.run(signature(path).publish(entry(1), key="k"))

    @pytest.mark.parametrize("call", ["replace", "fsync"])
    @pytest.mark.parametrize("nth", range(8))
    async def test_each_step_may_fail(
        self, path: Path, monkeypatch: pytest.MonkeyPatch, call: str, nth: int
    ) -> None:
        calls, really = itertools.count(), getattr(os, call)
        old = all_bytes(path.parent)

        def failing(*args: Any, **options: Any) -> Any:
            if next(calls) == nth:
                raise OSError(errno.EIO, "Input/output error")
            return really(*args, **options)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, failing)
            try:
                await signature(path).publish(entry(2), key="k")
            except NotSent:
                assert all_bytes(path.parent) == old, "not sent, so nothing may have changed"
            except Uncertain:
                assert all_bytes(path.parent) != old, "uncertain, so something did"
            else:
                assert next(calls) <= nth, "the failure was swallowed"
        assert set(all_bytes(path.parent)) == set(old)
        for suffix in (".txt", ".html"):
            written = path.with_name("signature" + suffix).read_text()
            assert "Marie" in written
            assert "Article 1" in written
        await signature(path).publish(entry(2), key="k")
        assert titles(path) == ["Article 2", "Article 1"]
        assert "Article 2" in path.with_name("signature.html").read_text()

    @pytest.mark.parametrize("nth", range(12))
    def test_killed_at_any_step(self, path: Path, nth: int) -> None:
        """The process dies without a word at its nth write or replacement."""
        script = """
calls = itertools.count()
def dying(really):
    def call(*args, **options):
        if next(calls) == int(sys.argv[1]):
            os._exit(9)
        return really(*args, **options)
    return call
os.fsync, os.replace = dying(os.fsync), dying(os.replace)
asyncio.run(publish(3, [2]))
"""
        assert _run(script, path, nth).wait(60) in (0, 9)
        for suffix in (".txt", ".html"):
            written = path.with_name("signature" + suffix).read_text()
            assert "Marie" in written
            assert "Article 1" in written
            assert written.count("~~\n") in (0, 2)
        asyncio.run(signature(path).publish(entry(2), key="k"))
        assert titles(path) == ["Article 2", "Article 1"]
        assert not list(path.parent.glob("*crosspost-new"))


class TestVerifying:
    async def test_says_which_signature_it_is(self, path: Path, text: Path) -> None:
        account = await signature(path).verify()
        assert (account.id, account.name, account.url) == (str(path), "signature", text.as_uri())

    async def test_changes_nothing(self, tmp_path: Path, path: Path, text: Path) -> None:
        text.write_text(TEXT)
        before = all_bytes(tmp_path)
        await signature(path).verify()
        await signature(tmp_path / "new" / "folder" / "signature").verify()
        assert all_bytes(tmp_path) == before
        assert not (tmp_path / "new").exists()


class TestTwoAtOnce:
    def test_two_processes_lose_nothing(self, path: Path) -> None:
        """Each waits until the other is there, and writes slowly: without the lock, entries are lost."""
        script = f"""
import time
from pathlib import Path
really = os.replace
def slow(*args):
    time.sleep(0.01)
    really(*args)
os.replace = slow
Path({str(path)!r} + sys.argv[1]).touch()
while not all(Path({str(path)!r} + other).exists() for other in "01"):
    time.sleep(0.001)
asyncio.run(publish(20, range(int(sys.argv[1]), 20, 2)))
"""
        running = [_run(script, path, first) for first in (0, 1)]
        assert [process.wait(60) for process in running] == [0, 0]
        assert titles(path) == [f"Article {number}" for number in reversed(range(20))]

    async def test_two_tasks_lose_nothing(self, path: Path) -> None:
        adapters = [signature(path, keep=20), signature(path, keep=20)]
        await asyncio.gather(*(adapters[n % 2].publish(entry(n), key="k") for n in range(20)))
        assert len(titles(path)) == 20
