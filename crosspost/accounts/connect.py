"""The steps of connecting, in order.

Until the last step nothing that is in use changes: whatever fails before, the old credential stays.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from crosspost.accounts.planned import Plan, Wanted
from crosspost.accounts.sealing import given_at, sealed
from crosspost.accounts.ways import Dialogue, hear_out
from crosspost.accounts.wing import Accounts
from crosspost.config import Channel
from crosspost.config.edit import missing
from crosspost.config.secrets import is_secret
from crosspost.contract import ODD, AdapterSettings, LogsIn
from crosspost.contract.login import Choice, Login
from crosspost.errors import CrosspostError, LoginError
from crosspost.house import House
from crosspost.http import Client
from crosspost.model import Account, Learnt
from crosspost.policy import lifetime
from crosspost.store import accounts, channels, credentials, decisions, learnt
from crosspost.store.credentials import Credential
from crosspost.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """What came of connecting. `lacks`: the keys that the channel's table in the configuration still needs."""

    choice: Choice
    ends: datetime | None
    renewable: bool
    lacks: Mapping[str, str]
    spoiled: frozenset[str]
    """The keys that hold an example's value and are to be taken out: what is theirs is kept in the vault."""
    is_new: bool
    also: Sequence[str]
    """The other channels that speak for the account already: of them all, one announces an entry."""
    shadowed: Sequence[str]
    """Keys of the table that win over what was stored now."""
    key_file: Path | None


async def connect(house: House, plan: Plan, wanted: Wanted, dialogue: Dialogue) -> Connected:
    """Connect the channel. Raise `LoginError`, `VaultError` or `StoreError`, and nothing was changed."""
    ways = plan.kind.logins()
    way = await _way(ways, wanted.way, dialogue)
    made = await _key(house)
    asked_at, login, choices = await hear_out(house, ways[way], plan, wanted, dialogue)
    choice = await _chosen(choices, plan, dialogue)
    account = await _verify(house.client, plan, choice)
    if not choice.account.id:
        choice = replace(choice, account=account)
    credential = given_at(
        asked_at,
        choice.grant,
        known=Credential(
            channel=plan.channel,
            envelope="",
            revision=0,
            way=way,
            account_id=choice.account.id,
            account_name=choice.account.name,
            scopes="",
            renewable=login.renews and bool(choice.grant.refresh_token),
            connected=asked_at,
            obtained=asked_at,
            expires=None,
            renewable_until=None,
        ),
    )
    await _to_the_end(
        house.database.write(
            _keep,
            credential,
            lambda: sealed(house, plan.channel, login.app, choice.grant),
            account.learnt,
            wanted.made_by,
        )
    )
    fields = plan.kind.Settings.model_fields
    keys = {"adapter": plan.adapter, **choice.settings}
    return Connected(
        choice=choice,
        also=await house.database.read(_speaking_for, house, plan, choice),
        ends=lifetime.ends(credential.life),
        renewable=credential.renewable,
        lacks=missing(plan.table, keys),
        spoiled=plan.examples - keys.keys(),
        is_new=plan.table is None,
        shadowed=[key for key in plan.table or () if key in fields and is_secret(fields[key])],
        key_file=made,
    )


async def _to_the_end(keeping: Coroutine[Any, Any, None]) -> None:
    """Await what keeps the credential, also when ^C comes too late to say that nothing was changed."""
    task = asyncio.ensure_future(keeping)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task


def _speaking_for(tx: Tx, house: House, plan: Plan, choice: Choice) -> Sequence[str]:
    """Return the other configured channels of the account that was connected now."""
    this = Channel(adapter=plan.adapter, name=plan.channel, settings=_settings(plan, choice), connected=True)
    others = [channel for name, channel in house.config.channels.items() if name != plan.channel]
    keys = accounts.of(tx, [this, *others])
    return [other.name for other in others if keys[other.name] == keys[this.name]]


def _keep(tx: Tx, credential: Credential, seal: Callable[[], str], said: Learnt, made_by: str) -> None:
    """Keep the credential, and what its server says of itself; let the channel go on where it stopped."""
    credentials.keep(tx, credential, seal)
    if said != Learnt():
        learnt.keep(tx, credential.channel, said, now=credential.connected)
    channels.reopen(tx, credential.channel)
    detail = f"{credential.account_name or credential.account_id} by {credential.way}"
    decisions.record(
        tx, "connect", made_by=made_by, channel=credential.channel, detail=detail, now=credential.connected
    )


async def _way(ways: Mapping[str, type[Login]], wanted: str | None, dialogue: Dialogue) -> str:
    explained = [_explained(name, login) for name, login in ways.items()]
    if wanted is not None and wanted not in ways:
        dialogue.say("\n".join(explained))
        raise LoginError(f"there is no way {wanted!r} to connect it; there are: {', '.join(ways)}")
    if wanted is not None or len(ways) == 1:
        return wanted or next(iter(ways))
    return list(ways)[await dialogue.choose("Connect how? The best way is the first.", explained)]


def _explained(name: str, login: type[Login]) -> str:
    """Say what a way is, and what it needs."""
    return f"{name}: {login.title}" + (f"; needs {login.needs}" if login.needs else "")


async def _key(house: House) -> Path | None:
    """Make the first key, if nothing was ever sealed."""
    return house.wing(Accounts).vault.make_key() if await house.database.read(credentials.is_empty) else None


async def _chosen(choices: Sequence[Choice], plan: Plan, dialogue: Dialogue) -> Choice:
    """Return the choice that the configuration names, or let the person choose."""
    for key in choices[0].settings:
        if plan.table is not None and key in plan.table:
            named = str(getattr(plan.settings, key))
            matching = [choice for choice in choices if choice.settings[key] == named]
            if not matching:
                theirs = ", ".join(f"{choice.settings[key]} ({choice.account.name})" for choice in choices)
                raise LoginError(
                    f"this is the wrong account: channels.{plan.channel}.{key} is {named}, and it may act for "
                    f"{theirs}; nothing was changed; log in there as somebody else, or change {key}"
                )
            return matching[0]
    if len(choices) == 1:
        return choices[0]
    options = [f"{choice.account.name} ({choice.account.id})" for choice in choices]
    return choices[await dialogue.choose("Which one?", options)]


async def _verify(client: Client, plan: Plan, choice: Choice) -> Account:
    """Let the adapter itself say whose credential this is, with the settings it will have."""
    adapter = plan.kind.open(_settings(plan, choice), client)
    try:
        if isinstance(adapter, LogsIn):
            await adapter.log_in()
        return await adapter.verify()
    except (CrosspostError, *ODD) as error:
        raise LoginError(f"the new credential does not work: {error}; nothing was changed") from error


def _settings(plan: Plan, choice: Choice) -> AdapterSettings:
    """Return the settings that the channel will have once this choice is kept."""
    secrets = {name: SecretStr(value) for name, value in choice.grant.secrets.items()}
    return plan.kind.Settings.model_validate(
        {**plan.given, **choice.settings, **secrets}, context={"folder": plan.config.path.parent}
    )
