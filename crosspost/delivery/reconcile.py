"""Settle what is uncertain by looking: the network's recent posts know what we do not."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from crosspost.accounts.ask import ask
from crosspost.config import Channel
from crosspost.contract import AnyAdapter, FindsRecent
from crosspost.delivery.closure import close, unread
from crosspost.delivery.events import tell_move
from crosspost.errors import NotSent, PublishError
from crosspost.house import House
from crosspost.model import Delivery, Draft, RemotePost, State
from crosspost.policy import (
    EVER,
    InDoubt,
    Outcome,
    Unsettled,
    adopt_found,
    after_absence,
    distrust,
    hold_unseen,
    leave_to_person,
    no_list,
    recognise,
    repeat,
    repeatable_until,
    stay_uncertain,
    wait_anew,
)
from crosspost.store import deliveries, entries, looks
from crosspost.store.database import Tx
from crosspost.text import local_time

BEFORE = timedelta(days=1)
"""How much earlier than we, or the feed, the network may date a post: clocks and zones may be hours off."""
LOOK_BACK = timedelta(days=30)
"""How far a look goes back at most for what was posted before we remember."""
SKEW = timedelta(hours=1)
"""How much earlier than we the network may date a post: what we posted near a list's end may be beyond it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a network came to. `flaw`: why what it does not show may be there nevertheless."""

    posts: Sequence[RemotePost] = ()
    flaw: str = ""


async def reconcile_due(house: House, stop: asyncio.Event) -> None:
    """Settle each uncertain delivery whose settle time has passed, if it can be; the channels side by side."""
    due: dict[str, list[Delivery]] = {}
    for delivery in await house.database.read(looks.due_uncertain, house.now()):
        due.setdefault(delivery.channel, []).append(delivery)
    channels = {} if stop.is_set() else house.config.channels
    settling = (_settle(house, channels[name], those, stop) for name, those in due.items() if name in channels)
    for result in await asyncio.gather(*settling, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


async def _settle(house: House, channel: Channel, due: Sequence[Delivery], stop: asyncio.Event) -> None:
    """Settle one channel's deliveries. Its posts are read once for all: some networks bill each look."""
    outcomes = {
        delivery.id: wait_anew(delivery, settle=channel.settle_time, now=house.now())
        or await _without_a_look(house, channel, delivery)
        for delivery in due
    }
    to_look = [delivery for delivery in due if outcomes[delivery.id] is None]
    look: Look | PublishError = Look()
    if to_look:
        since = min([await _since(house, delivery) for delivery in to_look])
        try:
            look = await _look(house, channel, since)
        except PublishError as error:
            if stop.is_set():
                return
            look = error
    for delivery in due:
        outcome = outcomes[delivery.id] or await _after_a_look(house, channel, delivery, look)
        if isinstance(outcome, Unsettled):
            await house.database.write(looks.look_again, delivery, outcome, now=house.now())
        elif await house.database.write(deliveries.move, delivery, outcome, now=house.now()):
            await tell_move(house, delivery, outcome)


async def _without_a_look(house: House, channel: Channel, delivery: Delivery) -> Outcome | Unsettled | None:
    """Return what the channel's rule for uncertain deliveries says by itself; None if a look must tell."""
    now, tries = house.now(), channel.attempts
    if channel.leaves_to_person:
        return leave_to_person(delivery, channel.adapter, now)
    began = await house.database.read(looks.first_attempt, delivery)
    until = repeatable_until(began, channel.capabilities.repeatable_for, now=now)
    lives = (
        until is not None
        and now + house.clocks().behind < until
        and (until == EVER or delivery.counted < tries)
    )
    if lives and not delivery.duplicate:
        # The same key cannot make a second post, so trying again is how to find out.
        return repeat(delivery, attempts=tries, reason="tried again under the same key", until=until, now=now)
    if channel.when_uncertain == "resend" and not delivery.duplicate:
        says = f"sent again: {channel.adapter} refuses what it has already"
        return repeat(delivery, attempts=tries, reason=says, until=None, now=now)
    if not channel.looks or delivery.draft is None:
        return leave_to_person(delivery, channel.adapter, now)
    return None


async def _since(house: House, delivery: Delivery) -> datetime:
    """Return how far back to look: any earlier attempt may be the one that arrived."""
    since = min(await house.database.read(looks.first_attempt, delivery), house.now()) - BEFORE
    # The original of a duplicate may be older than all that we know.
    return min(since, house.now() - LOOK_BACK) if delivery.duplicate else since


async def _after_a_look(
    house: House, channel: Channel, delivery: Delivery, look: Look | PublishError
) -> Outcome | Unsettled:
    """Return the move that a look at the network justifies, if any."""
    if isinstance(look, PublishError) or delivery.draft is None:
        return stay_uncertain(str(look), house.now())
    post = await house.database.read(_ours, delivery, delivery.draft, look.posts)
    if post is not None:
        return adopt_found(post)
    if look.flaw:
        return distrust(delivery, look.flaw, house.now())
    return after_absence(delivery, attempts=channel.attempts, settle=channel.settle_time, now=house.now())


async def tell_uncertain(house: House) -> None:
    """Say what stays uncertain, why, and when it is looked up again."""
    for delivery in await house.database.read(looks.uncertain):
        channel = house.config.channels.get(delivery.channel)
        to_person = channel is None or isinstance(await _without_a_look(house, channel, delivery), Unsettled)
        when = "" if to_person else f" (next look at {local_time(delivery.not_before, house.config.timezone)})"
        reason, not_before = f"{delivery.reason}{when}", delivery.not_before
        in_doubt = InDoubt(reason=reason, not_before=not_before, needs_person=to_person)
        await tell_move(house, delivery, in_doubt)


async def look_first(house: House, channel: Channel) -> bool:
    """Adopt what the channel shows of entries that a gap made us forget; False if it could not be read."""
    waiting = await house.database.read(looks.to_look_first, channel.name)
    if not waiting:
        return True
    look = Look()
    if channel.looks and not channel.dry_run:
        published = await house.database.read(_published, waiting)
        try:
            look = await _look(house, channel, max(min(published) - BEFORE, house.now() - LOOK_BACK))
        except PublishError as error:
            await _close_unseen(house, channel, error)
            return False
    moved, settled = await house.database.write(_adopt, waiting, look, house.now())
    for delivery, outcome in moved:
        await tell_move(house, delivery, outcome)
    if not settled:
        await _close_unseen(house, channel, NotSent(look.flaw))
    return settled


async def _close_unseen(house: House, channel: Channel, error: PublishError) -> None:
    says = f"{error}; nothing goes out before crosspost has seen what is there already"
    await close(house, channel, replace(unread(house, channel, error), reason=says))


def _adopt(
    tx: Tx, waiting: Sequence[Delivery], look: Look, now: datetime
) -> tuple[Sequence[tuple[Delivery, Outcome]], bool]:
    """Adopt those of the waiting deliveries that are among the posts, and let the others go.

    By a list that proves no absence none goes: they wait for a better one, and in the end for a person's yes.
    Tell what was moved, and whether the look is done with.
    """
    moved: list[tuple[Delivery, Outcome]] = []
    rest = []
    for delivery in waiting:
        entry, _ = entries.get(tx, delivery.entry_id)
        draft = delivery.draft or Draft(
            text="", link=entry.permalink, permalink=entry.permalink, title=entry.title
        )
        post = _ours(tx, delivery, draft, look.posts)
        if post is None:
            rest.append(delivery)
        elif deliveries.move(tx, delivery, adopt_found(post), now=now):
            moved.append((delivery, adopt_found(post)))
    held = hold_unseen(rest, look.flaw, now)
    if held is not None:
        pending = [delivery for delivery in rest if delivery.state is State.PENDING]
        moved += [(delivery, held) for delivery in pending if deliveries.move(tx, delivery, held, now=now)]
    settled = not look.flaw or held is not None or not rest
    looks.looked_first(tx, [delivery.id for delivery in (waiting if settled else ())])
    return moved, settled


def _ours(tx: Tx, delivery: Delivery, draft: Draft, posts: Sequence[RemotePost]) -> RemotePost | None:
    holders = deliveries.receipts(tx, delivery.channel, [post.remote_id for post in posts])
    return recognise(draft, posts, {post for post, holder in holders.items() if holder != delivery.id})


def _published(tx: Tx, waiting: Sequence[Delivery]) -> Sequence[datetime]:
    return [entries.get(tx, delivery.entry_id)[1] for delivery in waiting]


async def _look(house: House, channel: Channel, since: datetime) -> Look:
    """Read the account's posts. Raise `PublishError` if that cannot be done, or not completely."""

    async def find(adapter: AnyAdapter) -> Sequence[RemotePost]:
        return await cast("FindsRecent", adapter).find_recent(since)

    posts = await ask(house, channel, find)
    # What is younger than the settle time may not be shown yet: nothing is concluded of such a one either.
    span = since + SKEW, house.now() - channel.settle_time
    went_out = await house.database.read(looks.went_out, channel.name, *span)
    return Look(posts, no_list(posts, went_out))
