"""Whom each channel speaks for, until when, and how that is renewed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crosspost.config import Channel, Config
from crosspost.contract.registry import can_connect
from crosspost.http import utc_now
from crosspost.look.store import read
from crosspost.policy import ends_of
from crosspost.policy.renewal import ends
from crosspost.store import credentials
from crosspost.store.credentials import Credential


async def read_accounts(config: Config) -> list[dict[str, Any]]:
    """Gather what `accounts` shows; no key is needed for it."""
    known: Mapping[str, Credential] = await read(config, credentials.load_all) or {}
    now = utc_now()
    speaking = [one for one in config.channels.values() if can_connect(one.adapter_class)]
    return [_account(channel, known.get(channel.name), now) for channel in speaking]


def _account(channel: Channel, credential: Credential | None, now: datetime) -> dict[str, Any]:
    held = credential if channel.connected else None
    end = ends(held.life) if held else None
    near = [one.says(now) for one in ends_of(channel, held.life if held else None) if one.is_near(now)]
    problems = [] if channel.dry_run else near
    if held is not None and held.problem:
        problems.insert(0, held.problem)
    if channel.connected and held is None:
        problems.append(f"not connected: crosspost connect {channel.name}")
    return {
        "channel": channel.name,
        "adapter": channel.adapter,
        "account": held.account_name or held.account_id if held else "",
        "account_id": held.account_id if held else "",
        "scopes": held.scopes.split() if held else [],
        "expires": held.expires.isoformat() if held and held.expires else None,
        "ends": end.isoformat() if end else None,
        "from": "the vault" if channel.connected else "dry run" if channel.dry_run else "the configuration",
        "renewal": _renewal(channel, held),
        "problems": problems,
        "needs_person": bool(problems),
    }


def _renewal(channel: Channel, held: Credential | None) -> str:
    """Say how it goes on, and who does that."""
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
