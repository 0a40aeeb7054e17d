"""Give the right to act for an account back to the network, and forget it."""

from pathlib import Path

from crosspost.accounts.planned import Wanted, planned
from crosspost.accounts.sealing import open_sealed
from crosspost.errors import CrosspostError, LoginError
from crosspost.house import House
from crosspost.store import credentials, decisions
from crosspost.store.database import Tx


async def disconnect(house: House, path: Path, channel: str, *, made_by: str, forget: bool) -> str:
    """Revoke where the network has a call for it, then forget; return what a person should know.

    Raise `LoginError`, and nothing is forgotten, if the network could not be told, unless `forget`.
    """
    credential = await house.database.read(credentials.load, channel)
    if credential is None:
        raise LoginError(f"{channel} is not connected; crosspost accounts shows what is")
    said = "forgotten here; the network was not asked"
    try:
        plan = planned(path, Wanted(channel=channel, made_by=made_by))
        kind = plan.kind.logins()[credential.way]
        app, grant = open_sealed(house, credential)
        revoked = await kind(app, house.client, plan.settings).revoke(grant)
        said = "revoked, and forgotten here"
        if not revoked:
            there = f"{kind.network} has no call for it, so remove crosspost there too: {kind.revoked_at}"
            said = f"forgotten here; {there}"
    except (CrosspostError, KeyError) as error:
        if not forget:
            says = f"{error}" if isinstance(error, CrosspostError) else "its way of connecting is unknown"
            raise LoginError(
                f"{says}; nothing was forgotten; run it again, or forget it here alone: --forget"
            ) from error
    await house.database.write(_remove, house, channel, made_by, said)
    return f"{channel}: {said}; its deliveries wait until it is connected again"


def _remove(tx: Tx, house: House, channel: str, made_by: str, said: str) -> None:
    credentials.remove(tx, channel)
    decisions.record(tx, "disconnect", made_by=made_by, channel=channel, detail=said, now=house.now())
