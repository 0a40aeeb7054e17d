"""What lies beside the configuration, at a glance: folders and files that are written, and the key.

The run that finds nothing new looks at it, so this imports nothing of the store.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from crosspost.config import Channel, Config
from crosspost.contract import TriesOut
from crosspost.errors import VaultError
from crosspost.vault import key_file
from crosspost.vault.keys import KEY


def looks_of(config: Config) -> str:
    """Return a hash of the configuration, and of how all that a run needs beside it looks.

    While that is the same, nothing here needs a person that did not before: whether the files of channels can
    be written, and which key opens what is sealed. To try either would cost more, and move files each time.
    """
    seen = [config.digest]
    for channel in config.channels.values():
        if writes_here(channel):
            paths = channel.adapter_class.owns(channel.settings)
            seen += [f"{path} {_how_written(Path(path))}" for path in paths]
    if any(channel.connected for channel in config.channels.values()):
        seen += _key(config)
    return hashlib.sha256("\0".join(seen).encode(errors="surrogateescape")).hexdigest()


def writes_here(channel: Channel) -> bool:
    """Tell whether a channel's posts are files of this machine."""
    return not channel.dry_run and channel.adapter_class.has(TriesOut, channel.settings)


def may_write(place: Path) -> bool:
    """Tell whether a file or folder may be written, or is not there."""
    return not place.exists() or os.access(place, os.W_OK | (os.X_OK if place.is_dir() else 0))


def _how_written(path: Path) -> str:
    folder = next((folder for folder in path.parents if folder.exists()), path.parent)
    return f"{path.is_dir()} {may_write(path)} {folder.is_dir()} {may_write(folder)}"


def _key(config: Config) -> Iterator[str]:
    """Yield what tells one ring of keys from another, without reading it."""
    yield hashlib.sha256(os.environ.get(KEY, "").encode(errors="surrogateescape")).hexdigest()
    with suppress(VaultError, OSError):
        file = key_file(config.database)
        yield str(file)
        status = file.stat()
        yield f"{status.st_ino} {status.st_mtime_ns} {status.st_size} {status.st_mode}"
