"""Give the right to act for an account back to the network, and forget it."""

from pathlib import Path

from crosspost.connect.flow import Wanted, planned
from crosspost.context import Context
from crosspost.errors import CrosspostError, LoginError
from crosspost.sealing import open_sealed
from crosspost.store import credentials, decisions
from crosspost.store.database import Tx


async def disconnect(ctx: Context, path: Path, channel: str, *, made_by: str, forget: bool) -> str:
    """Revoke where the network has a call for it, then forget; return what a person should know.

    Raise `LoginError`, and nothing is forgotten, if the network could not be told, unless `forget`.
    """
    credential = await ctx.database.read(credentials.load, channel)
    if credential is None:
        raise LoginError(f"{channel} is not connected; crosspost accounts shows what is")
    said = "forgotten here; the network was not asked"
    try:
        plan = planned(path, Wanted(channel=channel, made_by=made_by))
        kind = plan.kind.logins()[credential.way]
        app, grant = open_sealed(ctx, credential)
        revoked = await kind(app, ctx.client, plan.settings).revoke(grant)
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
    await ctx.database.write(_remove, ctx, channel, made_by, said)
    return f"{channel}: {said}; its deliveries wait until it is connected again"


def _remove(tx: Tx, ctx: Context, channel: str, made_by: str, said: str) -> None:
    credentials.remove(tx, channel)
    decisions.record(tx, "disconnect", made_by=made_by, channel=channel, detail=said, now=ctx.now())
