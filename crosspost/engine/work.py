"""What needs the store: open it, take feeds in, deliver."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from crosspost.closure import is_open
from crosspost.config import Channel, Config
from crosspost.context import Context
from crosspost.deliver import due_channels, serve
from crosspost.engine.quiet import poll_all
from crosspost.gap import notice_gap
from crosspost.http import Client
from crosspost.ingest import take_in as take_in_one
from crosspost.notify.act import concerns_people, notify
from crosspost.poll import Polled
from crosspost.reconcile import look_first, reconcile_due
from crosspost.renewal import all_renewed
from crosspost.report import Tell
from crosspost.store import channels, deliveries, feeds, idle
from crosspost.store.database import Database, Tx
from crosspost.watch import watch

LONGEST_SLEEP = 60
"""Seconds after which the daemon looks anyway: another process may have approved something."""


@asynccontextmanager
async def working(
    config: Config, tell: Tell, *, now: Callable[[], datetime], client: Client
) -> AsyncIterator[Context]:
    """Open the store for a program that acts. Templates are compiled first: a bad one changes nothing."""
    database = Database(config.database, clock=now)
    ctx = Context(config=config, database=database, client=client, owner=_owner(), tell=tell)
    for channel in config.channels.values():
        ctx.template(channel)
    try:
        await database.migrate()
        await notice_gap(ctx)
        yield ctx
    finally:
        await all_renewed(ctx)
        await database.close()


async def take_in(ctx: Context, polled: Mapping[str, Polled] | None, stop: asyncio.Event) -> None:
    """Take in what was polled, or poll every feed first. One feed's failure never stops another.

    What a poll came to after we were told to stop is not recorded: its failure would be ours, not the feed's.
    """
    if polled is None:
        states = await ctx.database.read(feeds.load, ctx.config.feeds)
        polled = await poll_all(ctx.client, ctx.config, states, ctx.now())
    for name, one in polled.items():
        if not stop.is_set():
            await take_in_one(ctx, name, one)


async def deliver(ctx: Context, stop: asyncio.Event) -> None:
    """Settle what is uncertain, then send what is due: the channels side by side, each one's in order."""
    await reconcile_due(ctx, stop)
    serving = (send(ctx, channel, stop) for channel in await due_channels(ctx))
    # Not a task group: one channel's failure must not cut off another's request.
    for result in await asyncio.gather(*serving, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


async def look_ahead(ctx: Context) -> None:
    """After the deliveries: keep idle credentials alive, say what ends, and tell people what needs them."""
    await watch(ctx)
    await notify(ctx)


async def note_idle(ctx: Context) -> None:
    """After all else, put on record until when nothing is due: for the quiet run, which only SQLite has."""
    if ctx.config.database.path is not None:
        await ctx.database.write(_note_idle, ctx)


def _note_idle(tx: Tx, ctx: Context) -> None:
    if concerns_people(tx, ctx):
        idle.forget(tx)  # they hear of it when that changes, as it may by time alone
    else:
        idle.keep(tx, ctx.config.channels, digest=ctx.config.digest, now=ctx.now())


async def send(ctx: Context, channel: Channel, stop: asyncio.Event) -> None:
    """Send what is due on one channel, if it takes anything."""
    if not stop.is_set() and await is_open(ctx, channel) and await look_first(ctx, channel):
        await serve(ctx, channel, stop)


async def seconds_to_next(ctx: Context) -> float:
    """Return how long there is nothing to do; at most `LONGEST_SLEEP`. Beats the heart."""
    now = ctx.now()
    await ctx.database.write(channels.beat, host=host(), now=now, every=LONGEST_SLEEP)
    moment = await ctx.database.read(deliveries.next_moment, now)
    wait = (moment - now).total_seconds() if moment is not None else LONGEST_SLEEP
    return min(max(wait, 1.0), LONGEST_SLEEP)


def host() -> str:
    """Name this machine, or this container, in the heartbeat and in leases."""
    return socket.gethostname()[:40]


def _owner() -> str:
    """Name this process in leases and attempts."""
    return f"{host()}/{os.getpid()}/{os.urandom(4).hex()}"
