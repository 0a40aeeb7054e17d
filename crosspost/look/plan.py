"""What goes out when, by all that is known now. Writes and sends nothing."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from crosspost.config import Config
from crosspost.config.limits import ATTENTION, show_amount
from crosspost.context import Context
from crosspost.errors import ConfigError, NoRoom
from crosspost.http import utc_now
from crosspost.look.ahead import read_ahead
from crosspost.look.limits import limits_of
from crosspost.model import Delivery, Money, State
from crosspost.policy import Line, Planned, schedule
from crosspost.store import channels, entries, listing, queue
from crosspost.store.database import Tx
from crosspost.timebox import draft_of, learn, line_of

SIGHT = timedelta(days=366)
"""How far ahead a plan looks."""


async def read_plan(config: Config, now: datetime | None = None) -> dict[str, Any]:
    """Plan what waits, and what the feeds have beyond it, from `now` on. Held deliveries have no time."""
    now = now or utc_now()
    plan, problems = await read_ahead(config, now, _plan)
    return plan | {"problems": problems}


def _plan(tx: Tx, ctx: Context, now: datetime) -> dict[str, Any]:
    config = ctx.config
    learn(tx, ctx, now)
    waiting = queue.all_pending(tx, list(config.channels))
    owners = channels.assigned(tx)
    closed = channels.load(tx, list(config.channels))
    lines = []
    for name, found in waiting.items():
        line = line_of(tx, ctx, ctx.rules(config.channels[name], owners.get(name)), found, now)
        lines.append(_after_closure(line, closed[name]))
    by_id = {one.id: one for found in waiting.values() for one in found.free}
    shown = [
        _shown(tx, ctx, by_id[one.waiting.id], one) for one in schedule(lines, ctx.ledger, now, now + SIGHT)
    ]
    held = listing.newest(tx, states={State.HELD, State.UNCERTAIN}, limit=1000)
    shown += [
        _row(tx, ctx, one.delivery, at=None, reason=one.delivery.reason)
        for one in held
        if one.delivery.channel in config.channels
    ]
    shown.sort(key=lambda one: (one["at"] == "", one["at"], one["id"]))
    return {"now": _local(config, now), "deliveries": shown, "limits": limits_of(config, ctx.ledger, now)}


def _after_closure(line: Line, state: channels.ChannelState) -> Line:
    """Let nothing go before the network wants to hear of us again."""
    until = state.closed_until
    if until is None:
        return line
    waiting = [
        replace(one, not_before=until, reason=state.closed_because) if one.not_before < until else one
        for one in line.waiting
    ]
    return replace(line, waiting=waiting)


def _shown(tx: Tx, ctx: Context, delivery: Delivery, planned: Planned) -> dict[str, Any]:
    reason = planned.reason
    if planned.at is None and not planned.skipped:
        reason = reason or "not within a year, by its limits"
    row = _row(tx, ctx, delivery, at=planned.at, reason=reason)
    return row | {"skipped": planned.skipped}


def _row(tx: Tx, ctx: Context, delivery: Delivery, *, at: datetime | None, reason: str) -> dict[str, Any]:
    channel = ctx.config.channels[delivery.channel]
    entry, _ = entries.get(tx, delivery.entry_id)
    text, price = "", Money()
    try:
        draft = draft_of(tx, ctx, channel, delivery)
        text, price = draft.text, ctx.adapter(channel).cost(draft)
    except (NoRoom, ConfigError) as error:
        reason = f"{error}; {reason}".removesuffix("; ")
    rules = channel.capabilities
    attention = 0 if channel.dry_run else int(channel.attention.total_seconds())
    return {
        "id": delivery.id,
        "state": str(delivery.state),
        "channel": channel.name,
        "feed": entry.feed,
        "title": entry.title or entry.permalink,
        "permalink": entry.permalink,
        "at": _local(ctx.config, at) if at is not None else "",
        "reason": reason,
        "skipped": False,
        "text": text,
        "length": rules.count(text),
        "limit": rules.max_length,
        "attention": show_amount(attention, ATTENTION) if attention else "",
        "money": str(price) if price.amount else "",
        "dry_run": channel.dry_run,
    }


def _local(config: Config, when: datetime) -> str:
    return when.astimezone(config.timezone).isoformat(timespec="seconds")
