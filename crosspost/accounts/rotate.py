"""Keep all credentials under a new key. Interrupted anywhere, everything can still be opened."""

from crosspost.errors import VaultError
from crosspost.house import House
from crosspost.store import credentials
from crosspost.vault import Vault, forget_old, put_new_key_first


async def rotate(house: House) -> list[str]:
    """Seal everything anew under the newest key; return what a person should know."""
    path, keys = put_new_key_first(house.config.database)
    if path is None and len(keys) < 2:
        raise VaultError(
            "the key comes from CROSSPOST_KEY: put a new one in front of it, as in CROSSPOST_KEY='NEW OLD' "
            "(make one with: openssl rand -base64 32), restart the daemon with both, then run this again"
        )
    vault = Vault(house.config.database)
    count = await house.database.write(
        credentials.reseal, lambda envelope, row: vault.seal(vault.open(envelope, row), row)
    )
    said = [f"{count} {'secret is' if count == 1 else 'secrets are'} kept under the key {keys[0].id} now"]
    if path is None:
        said.append("take the old key out of CROSSPOST_KEY once nothing runs with it alone")
    else:
        forget_old(path, keys)
        said.append(f"{path} holds it: keep a copy, apart from the database")
    return said
