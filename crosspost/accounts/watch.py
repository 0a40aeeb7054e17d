"""Look ahead: keep alive the credentials that die unused, and tell of what ends before it does."""

from collections.abc import Iterable

from crosspost.accounts.renewal import renew
from crosspost.errors import PublishError
from crosspost.house import House
from crosspost.policy import End, ends_of
from crosspost.policy.lifetime import next_look, wants_renewal
from crosspost.report import Event, What
from crosspost.store import credentials
from crosspost.store.credentials import Credential
from crosspost.store.database import Tx


async def watch(house: House) -> None:
    """Keep alive the credentials that die unused, and tell of what ends soon: once per warning."""
    known = await house.database.read(credentials.load_all)
    ends: list[End] = []
    for channel in house.config.channels.values():
        credential = known.get(channel.name)
        if credential is not None and (channel.dry_run or not channel.connected):
            await _leave(house, credential)
            credential = None
        if channel.dry_run:
            continue
        if credential is not None:
            credential = await _kept_alive(house, credential)
        ends += ends_of(channel, credential.life if credential else None, house.config.timezone)
    near = [end for end in ends if end.is_near(house.now())]
    if near:
        for end in await house.database.write(_to_tell, house, near):
            house.tell(
                Event(what=What.ENDS, subject=end.channel, text=end.says(house.now()), needs_person=True)
            )


async def _leave(house: House, credential: Credential) -> None:
    """Look no more at a credential that the configuration does not use; connecting begins anew."""
    if credential.look_at is not None:
        await house.database.write(credentials.look_at, credential.channel, credential.revision, None)


async def _kept_alive(house: House, credential: Credential) -> Credential:
    """Renew a credential whose time has come though nothing goes out; its failure is told when it is used."""
    now = house.now()
    if next_look(credential.life, now) is None or (credential.look_at is not None and now < credential.look_at):
        return credential
    if wants_renewal(credential.life, now):
        try:
            credential = await renew(house, house.config.channels[credential.channel], credential)
        except PublishError:
            now_there = await house.database.read(credentials.load, credential.channel)
            credential = now_there or credential
    moment = next_look(credential.life, now)
    if moment is not None and credential.refresh_after is not None and moment <= now:
        moment = credential.refresh_after
    if moment != credential.look_at:
        await house.database.write(credentials.look_at, credential.channel, credential.revision, moment)
    return credential


def _to_tell(tx: Tx, house: House, near: Iterable[End]) -> list[End]:
    """Return the ends to tell now, and put on record that they were told."""
    now, to_tell = house.now(), []
    for end in near:
        days = end.days(now)
        assert days is not None, "it is near"
        if credentials.warned(tx, end.subject) != (end.at, days):
            credentials.note_warning(tx, end.subject, end.at, days)
            to_tell.append(end)
    return to_tell
