"""Envelopes: secrets encrypted with AES-GCM, bound to the row they lie in.

`v1:KEY-ID:BASE64(nonce + ciphertext)`. The key's id says which key opens it.
"""

import base64
import binascii
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from crosspost.config import DatabaseAddress
from crosspost.errors import VaultError
from crosspost.vault.keys import HOW, Key, find, key_file, new_key, write_new

_VERSION, _NONCE_BYTES = "v1", 12


class Vault:
    """Seal and open envelopes with the keys of this installation. Keys are looked up when first needed."""

    def __init__(self, database: DatabaseAddress) -> None:
        self._database = database
        self._keys: Sequence[Key] = ()

    def seal(self, secrets: Mapping[str, object], row: str) -> str:
        """Encrypt for this row only, named as people should read it."""
        return _seal(self.ring()[0], secrets, row)

    def open(self, envelope: str, row: str) -> dict[str, str | dict[str, str]]:
        """Decrypt what was sealed for this row. Raise `VaultError` with what to do."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key, sealed = self._key_of(envelope, row)
        nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            found: dict[str, str | dict[str, str]] = json.loads(
                AESGCM(key.secret).decrypt(nonce, text, _bound(key, row))
            )
        except (InvalidTag, ValueError) as error:
            raise VaultError(
                f"the {row} was changed, or moved here from elsewhere, and is not used; "
                "connect the channel again, or put a backup in place"
            ) from error
        return found

    def ring(self) -> Sequence[Key]:
        """Return the ring as it is now, the newest key first: somebody may have put one there meanwhile.

        Raise `VaultError` if there is none.
        """
        try:
            found = find(self._database)
        except VaultError:
            if not self._keys:
                raise
            found = ()  # what we know goes on: a token just renewed must be kept under something
        self._keys = found or self._keys
        if not self._keys:
            raise VaultError(f"there is no key to keep credentials with; {HOW}")
        return self._keys

    def make_key(self) -> Path | None:
        """Make the key file if there is no key at all: for callers who know that nothing is sealed yet.

        Return where it is, if it was made.
        """
        if self._keys or find(self._database):
            return None
        path = key_file(self._database)
        write_new(path, new_key())
        return path

    def _key_of(self, envelope: str, row: str) -> tuple[Key, bytes]:
        version, _, rest = envelope.partition(":")
        key_id, _, sealed = rest.partition(":")
        if version != _VERSION:
            raise VaultError(f"the {row} was kept by a newer crosspost; update this one")
        for attempt in range(2):
            if attempt or not self._keys:
                self._keys = find(self._database)  # again, too: somebody may have changed the keys meanwhile
            for key in self._keys:
                if key.id == key_id:
                    try:
                        return key, base64.b64decode(sealed, validate=True)
                    except binascii.Error as error:
                        raise VaultError(f"the {row} is damaged; put a backup in place") from error
        known = ", ".join(key.id for key in self._keys)
        what = f"the key it knows is another one ({known})" if known else "no key is there"
        raise VaultError(
            f"the {row} needs the key {key_id}, and {what}; {HOW}; nothing was changed; if that "
            "key is lost, crosspost disconnect CHANNEL --forget, and connect again"
        )


def _seal(key: Key, secrets: Mapping[str, object], row: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # late: most runs seal nothing

    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(key.secret).encrypt(nonce, json.dumps(secrets).encode(), _bound(key, row))
    return f"{_VERSION}:{key.id}:{base64.b64encode(nonce + sealed).decode()}"


def _bound(key: Key, row: str) -> bytes:
    return f"crosspost\0{_VERSION}\0{key.id}\0{row}".encode()
