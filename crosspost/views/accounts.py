"""Whom each channel speaks for, until when, and how that is renewed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosspost.config import Channel
from crosspost.contract.registry import can_connect
from crosspost.house import House
from crosspost.policy import ends_of
from crosspost.policy.renewal import ends
from crosspost.store import credentials
from crosspost.store.credentials import Credential


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """The account of one channel. Moments are in UTC."""

    channel: str
    adapter: str
    account: str
    """What people call it; "" if that is not known."""
    account_id: str
    scopes: tuple[str, ...]
    expires: datetime | None
    """When the access token ends."""
    ends: datetime | None
    """From when on only a person can help, if nothing is done before."""
    source: str
    """Where its credential comes from."""
    renewal: str
    """How it goes on, and who sees to that."""
    problems: tuple[str, ...]

    @property
    def needs_person(self) -> bool:
        return bool(self.problems)


async def read_accounts(house: House) -> Sequence[AccountView]:
    """Return the accounts of all channels that can have one; no key is needed for it."""
    known: Mapping[str, Credential] = await house.read(credentials.load_all) or {}
    now = house.now()
    speaking = [channel for channel in house.config.channels.values() if can_connect(channel.adapter_class)]
    return [_account(channel, known.get(channel.name), now) for channel in speaking]


def _account(channel: Channel, credential: Credential | None, now: datetime) -> AccountView:
    held = credential if channel.connected else None
    near = [end.says(now) for end in ends_of(channel, held.life if held else None) if end.is_near(now)]
    problems = [] if channel.dry_run else near
    if held is not None and held.problem:
        problems.insert(0, held.problem)
    if channel.connected and held is None:
        problems.append(f"not connected: crosspost connect {channel.name}")
    return AccountView(
        channel=channel.name,
        adapter=channel.adapter,
        account=held.account_name or held.account_id if held else "",
        account_id=held.account_id if held else "",
        scopes=tuple(held.scopes.split()) if held else (),
        expires=held.expires if held else None,
        ends=ends(held.life) if held else None,
        source="the vault" if channel.connected else "dry run" if channel.dry_run else "the configuration",
        renewal=_renewal(channel, held),
        problems=tuple(problems),
    )


def _renewal(channel: Channel, held: Credential | None) -> str:
    """Say how a credential goes on, and who sees to that."""
    if not channel.connected:
        return "dry run: none is needed" if channel.dry_run else "by hand: crosspost does not know when it ends"
    if held is None:
        return "not connected"
    if held.gone:
        return f"ended: crosspost connect {channel.name}"
    if held.renewable:
        return "by itself"
    if held.expires is None:
        return "not needed: it lasts until it is revoked"
    return f"in the browser: crosspost connect {channel.name}"
