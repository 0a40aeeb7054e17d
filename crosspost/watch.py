"""Look ahead: keep alive the credentials that die unused, and tell of what ends before it does."""

from collections.abc import Iterable
from datetime import timedelta

from crosspost.context import Context
from crosspost.errors import PublishError
from crosspost.policy import End, ends_of
from crosspost.policy.renewal import WARNINGS, next_look, wants_renewal
from crosspost.renewal import renew
from crosspost.report import Event, What
from crosspost.store import credentials
from crosspost.store.credentials import Credential
from crosspost.store.database import Tx

LAST = WARNINGS[-1].days


async def watch(ctx: Context, *, again_after: timedelta = timedelta(0)) -> None:
    """Keep alive the credentials that die unused, and tell of what ends soon.

    After the last warning each call tells again, but not sooner than `again_after`.
    """
    known = await ctx.database.read(credentials.load_all)
    ends: list[End] = []
    for channel in ctx.config.channels.values():
        credential = known.get(channel.name)
        if credential is not None and (channel.dry_run or not channel.connected):
            await _leave(ctx, credential)
            credential = None
        if channel.dry_run:
            continue
        if credential is not None:
            credential = await _kept_alive(ctx, credential)
        ends += ends_of(channel, credential.life if credential else None)
    near = [end for end in ends if end.is_near(ctx.now())]
    if near:
        for end in await ctx.database.write(_to_tell, ctx, near, again_after):
            ctx.tell(Event(what=What.ENDS, subject=end.channel, text=end.says(ctx.now()), needs_person=True))


async def _leave(ctx: Context, credential: Credential) -> None:
    """Look no more at a credential that the configuration does not use; connecting begins anew."""
    if credential.look_at is not None:
        await ctx.database.write(credentials.look_at, credential.channel, credential.revision, None)


async def _kept_alive(ctx: Context, credential: Credential) -> Credential:
    """Renew a credential whose time has come though nothing goes out; its failure is told when it is used."""
    now = ctx.now()
    if next_look(credential.life, now) is None or (credential.look_at is not None and now < credential.look_at):
        return credential
    if wants_renewal(credential.life, now):
        try:
            credential = await renew(ctx, ctx.config.channels[credential.channel], credential)
        except PublishError:
            now_there = await ctx.database.read(credentials.load, credential.channel)
            credential = now_there or credential
    moment = next_look(credential.life, now)
    if moment is not None and credential.refresh_after is not None and moment <= now:
        moment = credential.refresh_after
    if moment != credential.look_at:
        await ctx.database.write(credentials.look_at, credential.channel, credential.revision, moment)
    return credential


def _to_tell(tx: Tx, ctx: Context, near: Iterable[End], again_after: timedelta) -> list[End]:
    """Return the ends to tell now: once per warning, and always after the last one."""
    now, found = ctx.now(), []
    for end in near:
        days = end.days(now)
        assert days is not None, "it is near"
        said = ctx.warned.get(end.subject)
        if said is not None and said <= now < said + again_after:
            continue
        if days > LAST and credentials.warned(tx, end.subject) == (end.at, days):
            continue
        credentials.note_warning(tx, end.subject, end.at, days)
        ctx.warned[end.subject] = now
        found.append(end)
    return found
