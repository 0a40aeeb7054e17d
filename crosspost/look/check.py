"""Check a configuration: by itself, or with its feeds and accounts."""

import asyncio
from dataclasses import dataclass

from crosspost.compose import compile_template
from crosspost.config import Channel, Config, Feed
from crosspost.errors import FeedError, PublishError
from crosspost.http import Client
from crosspost.http.wire import HttpxClient
from crosspost.poll import read_now


@dataclass(frozen=True)
class Finding:
    """One thing that was checked, and what came of it."""

    subject: str
    good: bool
    text: str


def check_offline(config: Config) -> list[Finding]:
    """Check the templates, which loading left out. Raise `ConfigError` with the line of what is wrong."""
    found = []
    for channel in config.channels.values():
        compile_template(channel)
        text = "dry run: shows what it would send" if channel.dry_run else "ready"
        found.append(Finding(f"channels.{channel.name}", True, f"{channel.adapter}, {text}"))
    return found


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
