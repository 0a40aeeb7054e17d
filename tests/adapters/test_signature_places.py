"""Signatures in odd places: mounted by themselves, in folders that may not be written, on shares."""

import errno
import fcntl
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from crosspost import files
from crosspost.adapters.email_signature.places import alone_in, try_out
from tests.cli.program import Program, Said

TEXT = "-- \nMarie\n"
SIGNATURE = (
    '[feeds.blog]\nurl = "feed.xml"\nbackfill = 2\n[channels.s]\nadapter = "email_signature"\npath = "sig/me"\n'
)


@cache
def no_mounts() -> str:
    """Say why nothing can be mounted here; "" if it can."""
    done = subprocess.run(["unshare", "-rm", "true"], capture_output=True, text=True, check=False)
    return done.stderr


@pytest.fixture
def place(crosspost: Program) -> Path:
    crosspost.write("crosspost.toml", SIGNATURE)
    folder = crosspost.folder / "sig"
    folder.mkdir()
    (folder / "me.txt").write_text(TEXT)
    (folder / "me.html").write_text("<p>Marie</p>\n")
    return folder


@pytest.fixture
def crosspost(tmp_path: Path) -> Program:
    return Program(tmp_path)


def run(crosspost: Program, *verbs: str, before: str = "", **environment: str) -> list[Said]:
    """Run verbs where `before`, a shell's line, has mounted something."""
    said = []
    for verb in verbs:
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-ec", f'{before}\nexec "$0" -m crosspost {verb}', sys.executable],
            cwd=crosspost.folder,
            env=crosspost.environment(environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        said.append(Said(done.returncode, done.stdout, done.stderr))
    return said


def in_mounts(crosspost: Program, *verbs: str, before: str, **environment: str) -> list[Said]:
    try:
        reason = no_mounts()
    except FileNotFoundError:
        reason = "there is no unshare"
    if reason:
        pytest.skip(f"nothing can be mounted here: {reason}")
    return run(crosspost, *verbs, before=before, **environment)


MOUNTED = "for f in txt html; do mount --bind outside.$f sig/me.$f; done"


def outside(crosspost: Program) -> tuple[Path, Path]:
    text, page = crosspost.write("outside.txt", TEXT), crosspost.write("outside.html", "<p>Marie</p>\n")
    text.chmod(0o640)
    return text, page


def test_files_that_are_mounted_by_themselves_are_written_in_place(crosspost: Program, place: Path) -> None:
    """As containers do it; nothing can take their place (EBUSY)."""
    text, page = outside(crosspost)
    check, once = in_mounts(crosspost, "check", "run-once", before=MOUNTED)
    assert (check.code, once.code) == (0, 0), (check, once)
    assert f"{place}/me.txt is written in place: it is mounted by itself" in check.out
    assert text.read_text().startswith(TEXT + "\n~~ Latest articles ~~\n• ")
    assert "https://blog.example/ete" in page.read_text()
    assert stat.S_IMODE(text.stat().st_mode) == 0o640
    assert {file.name for file in place.iterdir()} == {"me.txt", "me.html", ".me.crosspost.json"}


@pytest.mark.parametrize("kept", [0, 5, 30])
def test_what_broke_off_in_the_middle_is_ended(crosspost: Program, place: Path, kept: int) -> None:
    """The process died when this much was written in place: both versions lie whole beside it."""
    text, _ = outside(crosspost)
    new = "-- \nMarie\n\n~~ Latest articles ~~\n• An article\n  https://blog.example/x\n~~\n"
    (place / ".me.txt.crosspost-new").write_text(new)
    (place / ".me.txt.crosspost-new.old").write_text(TEXT)
    text.write_text(new[:kept] + TEXT[kept:])
    (said,) = in_mounts(crosspost, "run-once", before=MOUNTED)
    assert said.code == 0, said
    assert text.read_text().startswith(TEXT + "\n~~ Latest articles ~~\n• ")
    assert not list(place.glob("*crosspost-new*"))


def test_a_file_that_somebody_else_changed_meanwhile_is_left_to_a_person(
    crosspost: Program, place: Path
) -> None:
    (place / ".me.txt.crosspost-new").write_text("new")
    (place / ".me.txt.crosspost-new.old").write_text("old")
    said = crosspost("run-once")
    assert said.code == 1
    assert "me.txt was changed by somebody else while crosspost wrote it" in said.out
    assert (place / "me.txt").read_text() == TEXT
    assert (place / ".me.txt.crosspost-new").read_text() == "new"


def test_in_a_folder_that_is_mounted_read_only_files_that_may_be_written_are(
    crosspost: Program, place: Path
) -> None:
    """What lies beside them elsewhere is then in the user's state folder."""
    outside(crosspost)
    before = f"mount --bind sig sig; {MOUNTED}; mount -o remount,ro,bind sig"
    check, first = in_mounts(crosspost, "check", "run-once", before=before)
    assert (check.code, first.code) == (0, 0), (check, first)
    assert "me.txt is written in place: no other file may be made in its folder" in check.out
    feed = (crosspost.folder / "feed.xml").read_text()
    item = "<item><title>Third</title><link>https://blog.example/3</link></item></channel>"
    crosspost.write("feed.xml", feed.replace("</channel>", item))
    (second,) = in_mounts(crosspost, "run-once", before=before)
    assert second.code == 0, second
    shown = (crosspost.folder / "outside.txt").read_text()
    assert shown.count("• ") == 3, "it remembers those before"
    assert {file.name for file in place.iterdir()} == {"me.txt", "me.html"}


def test_access_lists_stay(place: Path) -> None:
    """Extended attributes, among which they are."""
    path = place / "me.txt"
    try:
        os.setxattr(path, "user.kept", b"yes")
    except OSError as error:
        pytest.skip(f"this file system knows none: {error}")
    files.replace(path, b"new")
    assert os.getxattr(path, "user.kept") == b"yes"


def refusing(number: int) -> Callable[..., None]:
    def refuse(*_args: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.ENOLCK, errno.ENOSYS])
def test_where_the_folder_knows_no_locks_programs_of_this_machine_keep_apart(
    place: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """As on NFS and SMB, which cannot be mounted here: the system's own call answers as they do."""
    monkeypatch.setenv("XDG_STATE_HOME", str(place / "state"))
    really = fcntl.flock

    def flock(descriptor: int, operation: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        really(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", flock)
    assert "knows no locks" in " ".join(try_out(place, []))
    with alone_in(place), pytest.raises(files.Busy), alone_in(place, timedelta(0)):
        pass


@pytest.mark.parametrize("call", ["fchmod", "fchown", "setxattr"])
@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS])
def test_a_share_that_knows_no_owners_nor_modes_is_written(
    place: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    monkeypatch.setattr(os, call, refusing(number))
    files.replace(place / "me.txt", b"new")
    assert (place / "me.txt").read_bytes() == b"new"


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EACCES, errno.EXDEV, errno.ETXTBSY])
def test_a_share_on_which_an_open_file_cannot_be_replaced_is_written_in_place(
    place: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(os, "replace", refusing(number))
    inode = (place / "me.txt").stat().st_ino
    files.replace(place / "me.txt", b"new")
    assert (place / "me.txt").read_bytes() == b"new"
    assert (place / "me.txt").stat().st_ino == inode
    assert {file.name for file in place.iterdir()} == {"me.txt", "me.html"}


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP])
def test_a_share_without_hard_links_takes_a_first_file(
    place: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(os, "link", refusing(number))
    with files.beside(place / "key", b"first") as draft:
        files.put_new(draft, place / "key")
    with files.beside(place / "key", b"second") as draft, pytest.raises(FileExistsError):
        files.put_new(draft, place / "key")
    assert (place / "key").read_bytes() == b"first"


def test_a_full_disk_in_the_middle_leaves_what_was_there(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "replace", refusing(errno.EBUSY))
    really, calls = os.fsync, []

    def full(descriptor: int) -> None:
        calls.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        if calls.count(str(place / "me.txt")) == 1 and calls[-1] == str(place / "me.txt"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        really(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.replace(place / "me.txt", b"new and longer than before")
    assert (place / "me.txt").read_text() == TEXT
    assert {file.name for file in place.iterdir()} == {"me.txt", "me.html"}


def test_check_tries_it_and_leaves_nothing(crosspost: Program, place: Path) -> None:
    before = crosspost.files()
    said = crosspost("check")
    assert (said.code, said.err) == (0, "")
    assert "ready\n" in said.out
    assert crosspost.files() == before
    with (place / "me.html").open("w") as page:
        page.write("<!-- crosspost:end -->")
    said = crosspost("check")
    assert said.code == 1
    assert "me.html, line 1: nothing begins" in said.out
