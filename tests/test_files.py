"""Files survive a power cut: written beside, onto the disk, put in place, and the folder onto the disk too."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from crosspost import files
from crosspost.config import DatabaseAddress
from crosspost.config.edit import add
from crosspost.vault import Vault, put_new_key_first

Log = list[str]


@pytest.fixture
def on_disk(monkeypatch: pytest.MonkeyPatch) -> Log:
    """Note what is written onto the disk, and what takes its place, in order."""
    log: Log = []
    fsync, replace, link = os.fsync, os.replace, os.link

    def synced(descriptor: int) -> None:
        name = Path(os.readlink(f"/proc/self/fd/{descriptor}")).name
        log.append(f"sync {'folder ' if stat.S_ISDIR(os.fstat(descriptor).st_mode) else ''}{name}")
        fsync(descriptor)

    def noted(act: Callable[[Path, Path], None], word: str) -> Callable[[Path, Path], None]:
        def call(source: Path, target: Path) -> None:
            act(source, target)
            log.append(f"{word} {Path(target).name}")

        return call

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", noted(replace, "put"))
    monkeypatch.setattr(os, "link", noted(link, "put"))
    return log


def test_a_replacement_is_on_the_disk_before_it_is_in_place_and_its_folder_after(
    tmp_path: Path, on_disk: Log
) -> None:
    files.replace(tmp_path / "a", b"new")
    assert on_disk == [f"sync .a.{os.getpid()}", "put a", f"sync folder {tmp_path.name}"]
    assert (tmp_path / "a").read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_a_file_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o640)
    files.replace(path, b"new", mode=0o600)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    files.replace(tmp_path / "b", b"new", mode=0o600)
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600


def test_what_fails_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    with pytest.raises(ValueError, match="no"), files.beside(path, b"new"):
        raise ValueError("no")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_another_program_was_faster_with_stays(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with files.beside(path, b"ours") as draft:
        path.write_text("theirs")
        with pytest.raises(FileExistsError):
            files.put_new(draft, path)
    assert path.read_text() == "theirs"


def test_folders_that_are_made_are_on_the_disk_too(tmp_path: Path, on_disk: Log) -> None:
    files.make_folder(tmp_path / "one" / "two")
    assert on_disk == ["sync folder one", f"sync folder {tmp_path.name}"]


def test_the_first_key_is_on_the_disk_with_its_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_disk: Log
) -> None:
    """Its credential is committed next: a power cut may not leave one without the other."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    database = DatabaseAddress(path=tmp_path / "data" / "crosspost.db")
    Vault(database).make_key()
    assert on_disk[-2:] == ["put key", "sync folder crosspost"]
    assert {"sync folder home", f"sync folder {tmp_path.name}"} <= set(on_disk)
    put_new_key_first(database)
    assert on_disk[-2:] == ["put key", "sync folder crosspost"]


def test_the_configuration_that_is_written_is_on_the_disk(tmp_path: Path, on_disk: Log) -> None:
    path = tmp_path / "crosspost.toml"
    path.write_text('[feeds.blog]\nurl = "feed.xml"\n[channels.s]\nadapter = "email_signature"\npath = "s"\n')
    add(path, "s", {"heading": "News"})
    assert on_disk[-2:] == ["put crosspost.toml", f"sync folder {tmp_path.name}"]
