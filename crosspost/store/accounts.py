"""Whom each channel speaks for, so that channels which are no longer configured still count."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from crosspost.config import Channel
from crosspost.config.account import account_key
from crosspost.store.database import Tx
from crosspost.store.tables import accounts, credentials, deliveries
from crosspost.store.upsert import upsert

_column = accounts.c
_KNOWN = sa.select(_column.channel, _column.key, _column.account)
_CONNECTED = sa.select(credentials.c.channel, credentials.c.account_id)


def of(tx: Tx, channels: Iterable[Channel]) -> Mapping[str, str]:
    """Return the account of each of these channels, by all that networks said; "" for a dry run."""
    told = {row.key: row.account for row in tx.execute(_KNOWN)}
    connected = {row.channel: row.account_id for row in tx.execute(_CONNECTED)}
    keys = {
        channel.name: account_key(channel, connected.get(channel.name, "") if channel.connected else "")
        for channel in channels
    }
    return {name: told.get(key, key) for name, key in keys.items()}


def unnoted(tx: Tx, channels: Iterable[Channel]) -> bool:
    """Tell whether `note` has something to do."""
    now = of(tx, channels)
    known = {row.channel: row.account for row in tx.execute(_KNOWN)}
    return any(account and known.get(name) != account for name, account in now.items())


def note(tx: Tx, channels: Iterable[Channel]) -> None:
    """Note whom these channels speak for: of one never noted, also for whom it has spoken up to now."""
    channels = list(channels)
    known = {row.channel for row in tx.execute(_KNOWN)}
    for name, account in of(tx, channels).items():
        if not account:
            continue
        if name not in known:
            mine = sa.and_(deliveries.c.channel == name, deliveries.c.account == "")
            tx.execute(sa.update(deliveries).where(mine).values(account=account))
        key = next(account_key(channel) for channel in channels if channel.name == name)
        upsert(tx, accounts, {"channel": name}, {"key": key, "account": account})


def sharing(channel: str) -> sa.CompoundSelect[str]:
    """Select this channel and those, configured or not, that speak for the same account."""
    mine = sa.select(_column.account).where(_column.channel == channel).scalar_subquery()
    return sa.select(sa.literal(channel)).union(sa.select(_column.channel).where(_column.account == mine))


def learn(tx: Tx, channel: Channel, account_id: str) -> None:
    """Keep what the network said of a channel's account, also for what went out before it said it."""
    before, account = account_key(channel), account_key(channel, account_id)
    if channel.connected or not account_id or before == account or not before:
        return
    upsert(tx, accounts, {"channel": channel.name}, {"key": before, "account": account})
    tx.execute(sa.update(accounts).where(_column.account == before).values(account=account))
    tx.execute(sa.update(deliveries).where(deliveries.c.account == before).values(account=account))
