"""Check a configuration: by itself, or with its feeds and accounts."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from crosspost.compose import a_sample, compile_template, compose
from crosspost.config import Channel, Config, Feed
from crosspost.config.limits import ATTENTION, POSTS, millionths
from crosspost.errors import ConfigError, FeedError, PublishError
from crosspost.http import Client, utc_now
from crosspost.http.wire import HttpxClient
from crosspost.model import Money
from crosspost.policy import opens, rules_for
from crosspost.poll import read_now
from crosspost.show import Offline


@dataclass(frozen=True)
class Finding:
    """One thing that was checked, and what came of it."""

    subject: str
    good: bool
    text: str


def check_offline(config: Config) -> list[Finding]:
    """Check what loading left out: templates, prices against limits in money, and whether a channel ever opens.

    Raise `ConfigError` with the line of what is wrong.
    """
    found = []
    currencies = {price.currency for price in (_price(one) for one in config.channels.values()) if price.amount}
    for channel in config.channels.values():
        compile_template(channel)
        _check_money(config, channel, currencies)
        if opens(utc_now(), channel.timezone or config.timezone, channel.hours, channel.quiet) is None:
            raise ConfigError(
                f"channels.{channel.name}: its hours and quiet days leave no moment for three years"
            )
        text = "dry run: shows what it would send" if channel.dry_run else "ready"
        found.append(Finding(f"channels.{channel.name}", True, f"{channel.adapter}, {text}"))
    return found


def _price(channel: Channel) -> Money:
    """Return what the network bills for a post as this channel makes them, with its link."""
    draft = compose(a_sample(channel))
    return channel.adapter_class.open(channel.settings, Offline()).cost(draft)


def _check_money(config: Config, channel: Channel, currencies: Collection[str]) -> None:
    """Refuse limits in money that could never be met, or would never count."""
    price = _price(channel)
    for cover in rules_for(config, channel.model_copy(update={"dry_run": False})).covers:
        unit, own = cover.limit.unit, cover.scope.kind == "channel"
        if unit in (POSTS, ATTENTION) or not currencies:
            continue
        if unit not in ({price.currency} if own and price.amount else currencies):
            raise ConfigError(f"{cover} would never count: what is billed is billed in {', '.join(currencies)}")
        if price.currency == unit and millionths(price) > cover.limit.amount:
            raise ConfigError(f"{cover} can never be met: one post of channels.{channel.name} costs {price}")


async def check_online(config: Config) -> list[Finding]:
    """Read each feed too, and ask each network whom the credential speaks for."""
    found = check_offline(config)
    client = HttpxClient()
    try:
        feeds = [_check_feed(client, name, feed) for name, feed in config.feeds.items()]
        accounts = [_check_account(client, one) for one in config.channels.values() if not one.dry_run]
        return [*found, *await asyncio.gather(*feeds, *accounts)]
    finally:
        await client.aclose()


async def _check_feed(client: Client, name: str, feed: Feed) -> Finding:
    try:
        document = await read_now(client, name, feed)
    except FeedError as error:
        return Finding(f"feeds.{name}", False, str(error))
    return Finding(f"feeds.{name}", True, f"{document.title or feed.host}: {len(document.items)} entries")


async def _check_account(client: Client, channel: Channel) -> Finding:
    subject = f"channels.{channel.name}"
    try:
        account = await channel.adapter_class.open(channel.settings, client).verify()
    except PublishError as error:
        return Finding(subject, False, str(error))
    return Finding(subject, True, f"speaks for {account.name or account.id}")
