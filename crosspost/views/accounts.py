"""Whom each channel speaks for, until when, and how that is renewed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from crosspost.accounts.standing import how_to_mend, names_remedy
from crosspost.accounts.wing import Accounts
from crosspost.config import Channel
from crosspost.contract.registry import can_connect
from crosspost.house import House
from crosspost.people.around import lacking_secrets
from crosspost.people.needs import account_needs
from crosspost.policy import Need
from crosspost.policy.lifetime import ends
from crosspost.store import channels, credentials
from crosspost.store.channels import ChannelState
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
    """What needs a person, as `status` says it."""
    remedies: tuple[str, ...] = ()
    """Commands to type."""

    @property
    def needs_person(self) -> bool:
        return bool(self.problems)


async def read_accounts(house: House) -> Sequence[AccountView]:
    """Return the accounts of all channels that can have one."""
    speaking = {
        name: channel for name, channel in house.config.channels.items() if can_connect(channel.adapter_class)
    }
    known: Mapping[str, Credential] = await house.read(credentials.load_all) or {}
    states = await house.read(channels.load, list(speaking)) or {}
    # In the configured zone, by which people are told of what ends.
    now, vault = house.now().astimezone(house.config.timezone), house.wing(Accounts).vault
    views = []
    for name, channel in speaking.items():
        state = states.get(name, ChannelState(name=name))
        needs = [
            *account_needs(channel, known.get(name), state, vault, now),
            *(need for need in lacking_secrets(house.config) if need.channel == name),
        ]
        views.append(_account(channel, known.get(name), state, needs, house.config.timezone))
    return views


def _account(
    channel: Channel,
    credential: Credential | None,
    state: ChannelState,
    needs: Sequence[Need],
    zone: tzinfo,
) -> AccountView:
    held = credential if channel.connected else None
    refused = state.needs_person and names_remedy(channel, state.closed_because)
    return AccountView(
        channel=channel.name,
        adapter=channel.adapter,
        account=held.account_name or held.account_id if held else "",
        account_id=held.account_id if held else "",
        scopes=tuple(held.scopes.split()) if held else (),
        expires=held.expires if held else None,
        ends=_local(ends(held.life), zone) if held else None,
        source="the vault" if channel.connected else "dry run" if channel.dry_run else "the configuration",
        renewal=_renewal(channel, held, refused=refused),
        problems=tuple(need.text for need in needs),
        remedies=tuple(dict.fromkeys(remedy for need in needs for remedy in need.remedies)),
    )


def _local(when: datetime | None, zone: tzinfo) -> datetime | None:
    return when.astimezone(zone) if when is not None else None


def _renewal(channel: Channel, held: Credential | None, *, refused: bool) -> str:
    """Say how a credential goes on, and who sees to that."""
    if channel.dry_run:
        return "dry run: none is needed"
    if refused and (held is not None or not channel.connected):
        return f"refused: {how_to_mend(channel)}"
    if channel.unfinished:
        return "not connected"
    if not channel.connected:
        return "by hand: crosspost does not know when it ends"
    if held is None:
        return "not connected"
    if held.gone:
        return f"ended: crosspost connect {channel.name}"
    if held.renewable:
        return f"by itself; the last try failed: {held.problem}" if held.problem else "by itself"
    if held.expires is None:
        return "not needed: it lasts until it is revoked"
    return f"in the browser: crosspost connect {channel.name}"
