"""Where the keys are: in the environment, or in a file of the user's own, outside the database's folder.

They are a ring, the newest first: that one seals, and every other still opens what it sealed. Several
databases, and copies of them, may need one ring, so crosspost never takes a key out. See docs/decisions/0023.
"""

import base64
import errno
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from crosspost import files
from crosspost.config import DatabaseAddress
from crosspost.config.secrets import tidied
from crosspost.errors import VaultError
from crosspost.redact import CONFIGURATION, remember

KEY, KEY_FILE = "CROSSPOST_KEY", "CROSSPOST_KEY_FILE"
_KEY_BYTES = 32
_OURS_ALONE = 0o600
_PATIENCE = timedelta(seconds=15)
"""How long we wait for another program that changes the key file; it needs milliseconds."""
HOW = f"set {KEY}, or {KEY_FILE} to a file that holds the key"


@dataclass(frozen=True, slots=True)
class Key:
    """One key, and the id by which envelopes name it."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        return hashlib.sha256(b"crosspost key id\0" + self.secret).hexdigest()[:8]

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(self.secret).decode()


def new_key() -> Key:
    """Make a key from the system's randomness."""
    return Key(os.urandom(_KEY_BYTES))


def put_new_key_first(database: DatabaseAddress) -> Path | None:
    """Put a new key in front of those in the key file; return the file.

    With keys from the environment, which we cannot write, return None and change nothing. Raise `VaultError` if
    there is none yet.
    """
    if not find(database):
        raise VaultError("there is no key to change yet; one is made when the first account is connected")
    if os.environ.get(KEY):
        return None
    path = key_file(database)
    try:
        with _alone(path):
            content = _content([new_key(), *find(database)])
            with files.beside(path, content, mode=_OURS_ALONE, ending="new") as draft:
                files.put(draft, path)
    except OSError as error:
        raise VaultError(f"the key file {path} cannot be written: {error.strerror}; {HOW}") from error
    return path


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep every other program from changing the key file: what two read at once, the second would write over.

    The lock is on a file beside it, since the key file itself is replaced. Raise `OSError`, also where the file
    system knows no locks.
    """
    with open(path.with_name(f".{path.name}.lock"), "ab") as file:
        try:
            locked = files.lock(file.fileno(), _PATIENCE)
        except files.Busy as error:
            raise BlockingIOError(errno.EAGAIN, f"{error}; run again when it is done") from error
        if not locked:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
        yield


def key_file(database: DatabaseAddress) -> Path:
    """Return where the key file is, or would be made. Raise `VaultError` if there is no good place."""
    if named := os.environ.get(KEY_FILE):
        return Path(named).absolute()
    named = os.environ.get("XDG_CONFIG_HOME", "")
    try:
        home = Path(named) if os.path.isabs(named) else Path.home() / ".config"
    except RuntimeError as error:
        raise VaultError(f"there is no home folder to keep a key in; {HOW}") from error
    path = home / "crosspost" / "key"
    if database.path is not None and database.path.absolute().parent == path.parent:
        raise VaultError(f"the key would lie in the database's own folder, {path.parent}; {HOW}")
    return path


def find(database: DatabaseAddress) -> Sequence[Key]:
    """Return the keys, the newest first; none if there is none yet."""
    if given := os.environ.get(KEY):
        return _read_keys(given, f"the environment variable {KEY}")
    path = key_file(database)
    try:
        text = path.read_text(encoding="utf-8-sig")
        mode = path.stat().st_mode
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else "it is not text"
        raise VaultError(
            f"the key file {path} cannot be read: {cause}; mend it, or put a copy in place"
        ) from error
    if mode & 0o077 and not os.environ.get(KEY_FILE):  # secrets that are mounted are often readable by all
        raise VaultError(f"the key file {path} can be read by others; make it yours alone: chmod 600 {path}")
    return _read_keys(text, f"the key file {path}")


def _read_keys(text: str, place: str) -> Sequence[Key]:
    keys = []
    for word in tidied(text).split():
        remember(word, of=CONFIGURATION)
        try:
            secret = base64.b64decode(word.replace("-", "+").replace("_", "/"), validate=True)
        except ValueError:  # which binascii's is, and what base64 says of letters beyond ASCII
            secret = b""
        if len(secret) != _KEY_BYTES:
            raise VaultError(
                f"{place} holds no key: one is {_KEY_BYTES} random bytes in base64; put the right one there, "
                "or make one with: openssl rand -base64 32"
            )
        keys.append(Key(secret))
    if not keys:
        raise VaultError(f"{place} is empty; put the key there")
    return keys


def write_new(path: Path, key: Key) -> None:
    """Write the first key, unless another process was faster: then that one's key counts.

    It is on the disk when this returns: a credential sealed with it may be committed next.
    """
    try:
        files.make_folder(path.parent, mode=0o700)
        with files.beside(path, _content([key]), mode=_OURS_ALONE) as draft, suppress(FileExistsError):
            files.put_new(draft, path)
    except OSError as error:
        raise VaultError(f"the key file {path} cannot be made: {error.strerror}; {HOW}") from error


def _content(keys: Sequence[Key]) -> bytes:
    return "".join(f"{key}\n" for key in keys).encode("ascii")
