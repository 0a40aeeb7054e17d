"""How secrets are kept: whether what is sealed opens, where its key lies, and who else can read what is not."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from crosspost.accounts.standing import trouble_of
from crosspost.accounts.wing import Accounts
from crosspost.config import Config, DatabaseAddress
from crosspost.errors import StoreError, VaultError
from crosspost.house import House
from crosspost.store import credentials
from crosspost.store.mounts import MOUNTS, volume_of
from crosspost.vault import key_file
from crosspost.vault.keys import KEY, KEY_FILE


async def troubles(house: House) -> list[tuple[str, str]]:
    """Return what is wrong with credentials that were connected, each with the channel's name."""
    try:
        known = await house.read(credentials.load_all) or {}
    except StoreError:
        return []  # whoever uses the database says what is wrong with it
    vault = house.wing(Accounts).vault
    found = ((name, house.config.channels.get(name), credential) for name, credential in known.items())
    return [
        (name, trouble)
        for name, channel, credential in found
        if channel is not None and (trouble := trouble_of(channel, credential, vault))
    ]


async def unconnected(house: House) -> list[str]:
    """Return the channels that wait for `crosspost connect`."""
    try:
        known = await house.read(credentials.load_all) or {}
    except StoreError:
        return []  # as above
    return [name for name, channel in house.config.channels.items() if channel.connected and name not in known]


def readable_by_others(config: Config) -> Iterator[str]:
    """Yield a sentence on each file of ours that holds secrets, or the database, and that others can read."""
    suspects = [*config.secret_files]
    if _SECRET_IN_ADDRESS.search(config.path.read_text(encoding="utf-8", errors="replace")):
        suspects.append(config.path)
    suspects += [folder / ".env" for folder in (config.path.parent, Path.cwd())]
    with suppress(VaultError):  # without a home folder there is no key file either
        suspects.append(key_file(config.database))
    if (database := config.database.path) is not None:
        suspects += [database, database.with_name(f"{database.name}-wal")]
    for file in dict.fromkeys(suspects):
        with suppress(OSError):
            status = file.stat()
            # What is mounted is often root's, and readable by all: nothing that we could change.
            if status.st_mode & 0o077 and status.st_uid == os.geteuid():
                yield f"{file} can be read by others on this machine; make it yours alone: chmod 600 {file}"


def key_beside(config: Config) -> Iterator[str]:
    """Yield a sentence if the key in use lies with the database."""
    if not os.environ.get(KEY):
        with suppress(VaultError):
            if says := key_with_database(config.database, key_file(config.database)):
                yield says


def key_with_database(database: DatabaseAddress, key: Path, mounts: Path = MOUNTS) -> str:
    """Say that a copy of the database's folder has the key, too; "" if that lies apart, or nowhere."""
    if database.path is None or not key.is_file():
        return ""
    folder, place = database.path.parent.resolve(), key.parent.resolve()
    if not place.is_relative_to(folder) or volume_of(place, mounts) != volume_of(folder, mounts):
        return ""
    return (
        f"the key {key} lies in the folder of the database: a copy of {folder} holds the credentials and what "
        f"opens them; give {place} a volume of its own, or name another place with {KEY_FILE}"
    )


_SECRET_IN_ADDRESS = re.compile(r"[?&](?:\w*(?:key|token|secret|auth|pass)\w*)=", re.IGNORECASE)
"""In a configuration, a feed's address that opens a door; passwords are refused there."""
