"""The vault: what is sealed opens only where it belongs, and no mishap with a key destroys anything."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crosspost import redact
from crosspost.config import DatabaseAddress
from crosspost.errors import VaultError
from crosspost.vault import Vault, put_new_key_first
from crosspost.vault.keys import key_file, new_key

SECRETS = {"secrets": {"access_token": "é-token"}, "refresh_token": "r"}
ROW = "credential of x"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DatabaseAddress:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    for name in ("CROSSPOST_KEY", "CROSSPOST_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    return DatabaseAddress(path=tmp_path / "data" / "crosspost.db")


def made(database: DatabaseAddress) -> Vault:
    vault = Vault(database)
    vault.make_key()
    return vault


def test_what_is_sealed_opens_again_and_shows_nothing(database: DatabaseAddress) -> None:
    envelope = made(database).seal(SECRETS, ROW)
    assert Vault(database).open(envelope, ROW) == SECRETS
    assert "token" not in base64.b64decode(envelope.split(":")[2]).decode("latin-1")
    assert made(database).seal(SECRETS, ROW) != envelope


def test_the_first_key_is_the_user_s_alone_and_outside_of_the_database_s_folder(
    database: DatabaseAddress,
) -> None:
    path = Vault(database).make_key()
    assert path is not None
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert database.path is not None
    assert not path.is_relative_to(database.path.parent)
    assert Vault(database).make_key() is None


def test_a_key_would_not_be_made_beside_the_database(
    database: DatabaseAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with pytest.raises(VaultError, match="own folder"):
        Vault(DatabaseAddress(path=tmp_path / "crosspost" / "crosspost.db")).make_key()


def test_an_envelope_opens_in_its_own_row_only(database: DatabaseAddress) -> None:
    vault = made(database)
    envelope = vault.seal(SECRETS, ROW)
    with pytest.raises(VaultError, match="moved here from elsewhere"):
        vault.open(envelope, "credential of linkedin")


@pytest.mark.parametrize("place", [0, 3, 12, 20, 40, -1])
def test_an_envelope_that_was_changed_is_refused(database: DatabaseAddress, place: int) -> None:
    vault = made(database)
    envelope = vault.seal(SECRETS, ROW)
    letter = "A" if envelope[place] != "A" else "B"
    changed = envelope[:place] + letter + (envelope[place + 1 :] if place != -1 else "")
    with pytest.raises(VaultError):
        vault.open(changed, ROW)


def test_without_its_key_nothing_opens_and_nothing_is_made(database: DatabaseAddress) -> None:
    envelope = made(database).seal(SECRETS, ROW)
    path = key_file(database)
    kept = path.rename(path.with_name("kept"))
    with pytest.raises(VaultError, match=r"no key is there.*nothing was changed"):
        Vault(database).open(envelope, ROW)
    assert not path.exists()
    path.write_text(f"{new_key()}\n")
    path.chmod(0o600)
    with pytest.raises(VaultError, match="the key it knows is another one"):
        Vault(database).open(envelope, ROW)
    kept.replace(path)
    assert Vault(database).open(envelope, ROW) == SECRETS


@pytest.mark.parametrize("text", ["", "too-short", base64.b64encode(b"x" * 31).decode(), "§" * 43])
def test_a_key_that_is_none_is_named(
    database: DatabaseAddress, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    path = key_file(database)
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(VaultError, match=str(path)):
        Vault(database).seal(SECRETS, ROW)
    path.unlink()
    if text:
        monkeypatch.setenv("CROSSPOST_KEY", text)
        with pytest.raises(VaultError, match="variable CROSSPOST_KEY holds no key"):
            Vault(database).seal(SECRETS, ROW)


def test_a_key_file_from_a_program_that_marks_its_texts_is_read(database: DatabaseAddress) -> None:
    vault = made(database)
    path = key_file(database)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert Vault(database).open(vault.seal(SECRETS, ROW), ROW) == SECRETS


def test_a_key_file_that_others_can_read_is_refused_unless_it_was_named(
    database: DatabaseAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = made(database)
    path = key_file(database)
    path.chmod(0o644)
    anew = Vault(database)
    with pytest.raises(VaultError, match="chmod 600"):
        anew.seal(SECRETS, ROW)
    monkeypatch.setenv("CROSSPOST_KEY_FILE", str(path))  # as a mounted secret
    assert Vault(database).open(vault.seal(SECRETS, ROW), ROW) == SECRETS


def test_the_environment_s_key_comes_first(database: DatabaseAddress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSPOST_KEY", base64.b64encode(os.urandom(32)).decode())
    vault = Vault(database)
    assert vault.make_key() is None
    assert Vault(database).open(vault.seal(SECRETS, ROW), ROW) == SECRETS
    assert not key_file(database).exists()


def test_keys_are_masked(database: DatabaseAddress, monkeypatch: pytest.MonkeyPatch) -> None:
    key = base64.b64encode(os.urandom(32)).decode()
    monkeypatch.setenv("CROSSPOST_KEY", key)
    Vault(database).seal(SECRETS, ROW)
    assert key not in redact.hide(f"the key is {key}")


def test_a_key_that_came_first_seals_and_every_other_still_opens(database: DatabaseAddress) -> None:
    running, before = made(database), made(database).seal(SECRETS, ROW)
    running.open(before, ROW)  # a daemon that knows the old key
    assert put_new_key_first(database) == key_file(database)
    after = Vault(database).seal(SECRETS, ROW)
    newest = Vault(database).ring()[0].id
    assert after.split(":")[1] == newest != before.split(":")[1]
    assert running.seal(SECRETS, ROW).split(":")[1] == newest
    for vault in (Vault(database), running):
        assert vault.open(before, ROW) == vault.open(after, ROW) == SECRETS
    assert key_file(database).stat().st_mode & 0o777 == 0o600


def test_a_running_program_keeps_what_it_renews_though_the_key_file_is_gone(database: DatabaseAddress) -> None:
    running = made(database)
    running.seal(SECRETS, ROW)
    kept = key_file(database).rename(database.path.parent.parent / "kept")  # type: ignore[union-attr]
    renewed = running.seal(SECRETS, ROW)
    kept.rename(key_file(database))
    assert Vault(database).open(renewed, ROW) == SECRETS


def test_of_many_programs_that_change_the_key_at_once_none_loses_another_s(database: DatabaseAddress) -> None:
    made(database)
    code = (
        "from pathlib import Path; from crosspost.config import DatabaseAddress\n"
        "from crosspost.vault import Vault, put_new_key_first\n"
        f"database = DatabaseAddress(path=Path({str(database.path)!r}))\n"
        "for _ in range(10): put_new_key_first(database)\n"
    )
    children = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(4)]
    assert not any(child.wait() for child in children)
    assert len({key.id for key in Vault(database).ring()}) == 41


def test_many_processes_that_make_the_first_key_make_one(database: DatabaseAddress) -> None:
    code = (
        "import sys; from pathlib import Path; from crosspost.config import DatabaseAddress\n"
        "from crosspost.vault import Vault\n"
        f"vault = Vault(DatabaseAddress(path=Path({str(database.path)!r})))\n"
        "vault.make_key(); print(vault.seal({}, 'row').split(':')[1])"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    assert len({child.communicate()[0] for child in children}) == 1
