"""Keep all credentials under a new key. Interrupted anywhere, everything can still be opened."""

import asyncio

from crosspost.errors import VaultError
from crosspost.house import House
from crosspost.store import credentials
from crosspost.vault import Vault, put_new_key_first


async def rotate(house: House) -> list[str]:
    """Seal everything of this database anew under a new key; return what a person should know.

    Raise `VaultError`, and nothing was changed, if something could not be opened.
    """
    vault = Vault(house.config.database)
    for envelope, row in await house.database.read(credentials.envelopes):
        vault.open(envelope, row)
    path = await asyncio.to_thread(put_new_key_first, house.config.database)
    if path is None and len(vault.ring()) < 2:
        raise VaultError(
            "the key comes from CROSSPOST_KEY: put a new one in front of it, as in CROSSPOST_KEY='NEW OLD' "
            "(make one with: openssl rand -base64 32), restart the daemon with both, then run this again"
        )
    count = await house.database.write(
        credentials.reseal, lambda envelope, row: vault.seal(vault.open(envelope, row), row)
    )
    said = [
        f"{count} {'secret is' if count == 1 else 'secrets are'} kept under the key {vault.ring()[0].id} now"
    ]
    if path is None:
        said.append("take the old key out of CROSSPOST_KEY once nothing runs with it alone")
    else:
        said.append(f"{path} holds it: keep a copy, apart from the database")
        said.append("older keys stay in there: other databases, and copies of this one, may need them")
    return said
