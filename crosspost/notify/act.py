"""Tell people what is new, once; what could not be told is told by a later run.

A need is on record before people are told of it, and they are told before it is on record as told: a crash
may tell it twice, and never swallows it.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from crosspost.config import Config
from crosspost.config.limits import LONGEST_SPAN
from crosspost.errors import NotifyError
from crosspost.house import House
from crosspost.http import Client
from crosspost.notify.services import send
from crosspost.notify.words import worded
from crosspost.people.needs import read_needs
from crosspost.policy import ALL_WELL, Message, Need, Notice, has_room, is_all_well, message_of, untold
from crosspost.policy.rules import week_start
from crosspost.store import notices
from crosspost.store.database import Tx

DUTY, LEASE = "notify", timedelta(minutes=2)
AFTER_FAILURE = timedelta(minutes=5)
"""How long nobody tries again after no service took a message."""
DEADLINE = timedelta(seconds=20)
"""How long each service has for a message."""
_log = logging.getLogger(__name__)


async def notify(house: House) -> None:
    """Tell what is new, if anybody is to be told. Its failure is logged, and stops nothing."""
    if not house.config.notify.services or not await house.database.read(_has_changed, house):
        return
    now = house.now()
    if not await house.database.write(notices.take_duty, DUTY, owner=house.owner, now=now, until=now + LEASE):
        return
    pause = timedelta()
    try:
        needs, message = await house.database.write(_to_tell, house)
        if message is not None:
            pause = AFTER_FAILURE
            message = await worded(house, message)
            if any(await tell(house.config, house.client, message)):
                await house.database.write(_told, house, message, needs)
                pause = timedelta()
    finally:
        await house.database.write(notices.leave_duty, DUTY, owner=house.owner, until=house.now() + pause)


def concerns_people(tx: Tx, house: House) -> bool:
    """Tell whether something needs the people who are told, or did when they last heard of it."""
    if not house.config.notify.services:
        return False
    return bool(notices.load(tx)) or bool(read_needs(tx, house.config, house.now()))


async def tell(
    config: Config, client: Client, message: Message, *, only: Collection[str] | None = None
) -> list[bool]:
    """Send a message to the services side by side; return for each whether it took it. `only`: to these."""
    services = [(name, service) for name, service in config.notify.services if only is None or name in only]
    sending = (_sent(name, service, client, message) for name, service in services)
    return await asyncio.gather(*sending)


async def _sent(name: str, service: Any, client: Client, message: Message) -> bool:
    try:
        async with asyncio.timeout(DEADLINE.total_seconds()):
            await send(name, service, client, message)
    except TimeoutError:
        _log.warning("notify.%s: no answer within %d s", name, DEADLINE.seconds)
    except NotifyError as error:
        _log.warning("notify.%s: %s", name, error)
    except Exception:
        # A library's own fault must not cost the other services their message, nor the run its end.
        _log.exception("notify.%s failed", name)
    else:
        return True
    return False


def _has_changed(tx: Tx, house: House) -> bool:
    """Tell whether there is anything to say or to forget, without writing: mostly there is not."""
    needs, known = read_needs(tx, house.config, house.now()), notices.load(tx)
    return bool(untold(needs, known)) or bool(known.keys() - {need.topic for need in needs})


def _to_tell(tx: Tx, house: House) -> tuple[Sequence[Need], Message | None]:
    """Bring what is on record up to date; return what needs people now, and the message about what is new."""
    now, config = house.now(), house.config
    needs = read_needs(tx, config, now)
    known = notices.load(tx)
    new = untold(needs, known)
    notices.note(tx, [need for need in new if not _is_noted(need, known)], now=now)
    message = None
    if is_all_well(needs, known):
        message = ALL_WELL
    elif new:
        message = message_of(new, len(needs))
    if needs:
        # Not when all is well: that is forgotten once it was told.
        notices.forget(tx, known.keys() - {need.topic for need in needs})
    elif message is None:
        notices.forget(tx, known.keys())
    if message is not None:
        sent = notices.sent_since(tx, now - LONGEST_SPAN)
        if not has_room(config.notify.limits, sent, now, config.timezone, week_start(config)):
            return needs, None
    return needs, message


def _is_noted(need: Need, known: Mapping[str, Notice]) -> bool:
    return need.topic in known and known[need.topic].mark == need.mark


def _told(tx: Tx, house: House, message: Message, needs: Sequence[Need]) -> None:
    if not needs:
        notices.forget(tx, notices.load(tx).keys())
    notices.told(tx, message.needs, now=house.now())
