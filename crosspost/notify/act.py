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
from crosspost.notify.duty import AFTER_FAILURE, on_duty
from crosspost.notify.on_record import note_needs
from crosspost.notify.services import send
from crosspost.notify.words import worded
from crosspost.people.around import Around
from crosspost.people.needs import read_needs
from crosspost.people.troubles import note_trouble
from crosspost.policy import ALL_WELL, Message, Need, has_room, is_all_well, message_of, topic_of, untold
from crosspost.policy.rules import week_start
from crosspost.report import Event, What
from crosspost.store import notices
from crosspost.store.database import Tx

DEADLINE = timedelta(seconds=20)
"""How long each service has for a message."""
_log = logging.getLogger(__name__)


async def notify(house: House) -> None:
    """Tell what is new, if anybody is to be told. Its failure is on record, and stops nothing."""
    if not house.config.notify.services:
        return
    here = await house.wing(Around).needs()
    if not await house.database.read(_has_changed, house, here):
        return
    async with on_duty(house) as duty:
        if duty is None:
            return
        needs, message = await house.database.write(_to_tell, house, here)
        if message is None:
            return
        duty.pause = AFTER_FAILURE
        message = await worded(house, message)
        problems = await send_to_all(house.config, house.client, message)
        took = not all(problems.values())
        if took:
            await house.database.write(_told, house, message, needs)
            duty.pause = timedelta()
        for name, problem in problems.items():
            if problem:
                house.tell(Event(what=What.UNHEARD, subject=f"notify.{name}", text=problem))
            # What one service took is sent to none again: the other has lost it.
            await note_trouble(house, f"notify.{name}", problem, at_once=took)


async def tell(
    config: Config, client: Client, message: Message, *, only: Collection[str] | None = None
) -> list[bool]:
    """Send a message to the services side by side; log why one did not take it, and return whether each did.

    `only`: to these.
    """
    problems = await send_to_all(config, client, message, only=only)
    for name, problem in problems.items():
        if problem:
            _log.warning("notify.%s: %s", name, problem)
    return [not problem for problem in problems.values()]


async def send_to_all(
    config: Config, client: Client, message: Message, *, only: Collection[str] | None = None
) -> Mapping[str, str]:
    """Send a message to the services side by side; return why each did not take it, "" if it did."""
    services = [(name, service) for name, service in config.notify.services if only is None or name in only]
    sending = (_sent(name, service, client, message) for name, service in services)
    return dict(zip((name for name, _ in services), await asyncio.gather(*sending), strict=True))


async def _sent(name: str, service: Any, client: Client, message: Message) -> str:
    try:
        async with asyncio.timeout(DEADLINE.total_seconds()):
            await send(name, service, client, message)
    except TimeoutError:
        return f"no answer within {DEADLINE.seconds} s"
    except NotifyError as error:
        return str(error)
    except Exception as error:
        # A library's own fault must not cost the other services their message, nor the run its end.
        _log.exception("notify.%s failed", name)
        return f"it failed: {type(error).__name__}"
    return ""


def _needs(tx: Tx, house: House, here: Sequence[Need]) -> tuple[Sequence[Need], Sequence[Need]]:
    """Return all needs, and those that services tell of: not that the only one of them fails."""
    needs = read_needs(tx, house.config, house.now(), here)
    names = [name for name, _ in house.config.notify.services]
    own = topic_of("trouble", f"notify.{names[0]}") if len(names) == 1 else None
    return needs, [need for need in needs if need.topic != own]


def _has_changed(tx: Tx, house: House, here: Sequence[Need]) -> bool:
    """Tell whether there is anything to say or to forget, without writing: mostly there is not."""
    needs, theirs = _needs(tx, house, here)
    known, open_topics = notices.load(tx, "told_at"), {need.topic for need in needs}
    ended = any(notice.mark and topic not in open_topics for topic, notice in known.items())
    return ended or bool(untold(theirs, known)) or is_all_well(theirs, known)


def _to_tell(tx: Tx, house: House, here: Sequence[Need]) -> tuple[Sequence[Need], Message | None]:
    """Bring what is on record up to date; return what needs people now, and the message about what is new."""
    now, config = house.now(), house.config
    needs, theirs = _needs(tx, house, here)
    note_needs(tx, needs, now=now, told=True)
    known = notices.load(tx, "told_at")
    new = untold(theirs, known)
    message = None
    if is_all_well(theirs, known):
        message = ALL_WELL
    elif new:
        message = message_of(new, len(theirs))
    if message is not None:
        sent = notices.sent_since(tx, now - LONGEST_SPAN)
        if not has_room(config.notify.limits, sent, now, config.timezone, week_start(config)):
            return theirs, None
    return theirs, message


def _told(tx: Tx, house: House, message: Message, needs: Sequence[Need]) -> None:
    notices.heard(tx, "told_at", message.needs, now=house.now())
    if not needs:
        notices.heard_ends(tx, "told_at")
        notices.clean(tx)
    notices.sent(tx, len(message.needs), now=house.now())
