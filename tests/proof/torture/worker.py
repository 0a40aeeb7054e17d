"""One crosspost as the torture runs it: the real program in shorter times, until it is killed."""

import asyncio
import logging
import multiprocessing
import os
import sys
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crosspost.accounts import ask
from crosspost.adapters import linkedin, tumblr
from crosspost.config import Config, load
from crosspost.contract import registry
from crosspost.delivery import deliver
from crosspost.engine import daemon, run_once, work
from crosspost.errors import StoreError
from crosspost.model import Delivery, Draft
from crosspost.policy import Delivered, Outcome, absence, outcome
from crosspost.report import Event
from crosspost.store import attempts
from crosspost.store.database import Tx
from tests.contract.pond import Pond

DEADLINE = timedelta(seconds=0.75)
LEASE = timedelta(seconds=1.5)
LATEST = timedelta(seconds=1.25)
"""After this long a network accepts nothing more of what reached it."""
SETTLE = timedelta(seconds=2.5)
assert LEASE > DEADLINE
KEYS_LIVE = timedelta(seconds=9)
"""How long the pond refuses a second post under a key."""

_log = logging.getLogger(__name__)


def crosspost(configuration: Path, log: Path, *, as_daemon: bool, mutation: str) -> None:
    """Run crosspost again and again, as cron would, or its daemon. What goes wrong is in the log.

    `mutation`: one of `MUTATIONS`, with which the torture has to find something; or "".
    """
    threading.Thread(target=_end_with_the_torture, daemon=True).start()
    logging.basicConfig(filename=log, level=logging.ERROR, format="%(process)d %(name)s %(message)s")
    install_the_pond(configuration.parent)
    shorten()
    if mutation:
        MUTATIONS[mutation]()
    try:
        asyncio.run(_until_killed(_settling(load(configuration)), as_daemon))
    except BaseException:
        _log.exception("crosspost ended by itself")


def _end_with_the_torture() -> None:
    """Leave nobody behind who would run for ever, whatever ended the torture."""
    torture = multiprocessing.parent_process()
    assert torture is not None
    torture.join()
    os._exit(1)


async def _until_killed(config: Config, as_daemon: bool) -> None:
    while True:
        try:
            await (daemon.run if as_daemon else run_once)(config, _ignore)
        except StoreError as error:
            _log.error("%s", error)
        await asyncio.sleep(0.05)


def _ignore(_event: Event) -> None:
    pass


def install_the_pond(folder: Path) -> None:
    """Lay down in this folder, and use, what installing the pond's package would leave in site-packages."""
    info = folder / "crosspost_pond-1.0.dist-info"
    if not info.exists():
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: crosspost-pond\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[crosspost.adapters]\npond = tests.contract.pond:Pond\n")
    if str(folder) not in sys.path:  # a child is given its parent's
        sys.path.insert(0, str(folder))
    registry.kinds.cache_clear()


def uninstall_the_pond(folder: Path) -> None:
    """Take it out of this process again."""
    sys.path.remove(str(folder))
    registry.kinds.cache_clear()
    registry.adapter_class.cache_clear()


def shorten() -> None:
    """Let everything happen some fifty times sooner, in the proportions that keep the promise."""
    deliver.DEADLINE = DEADLINE
    deliver.LEASE = LEASE
    deliver.PREPARATION = timedelta(seconds=2)
    ask.DEADLINE = timedelta(seconds=5)
    outcome.FIRST_WAIT = timedelta(seconds=0.2)
    outcome.LONGEST_WAIT = timedelta(seconds=2)
    absence.NEXT_LOOK = timedelta(seconds=1)
    absence.A_REQUEST = LATEST + LEASE
    Pond.capabilities = replace(Pond.capabilities, repeatable_for=KEYS_LIVE)
    work.LONGEST_SLEEP = daemon.LONGEST_SLEEP = 1  # type: ignore[attr-defined]  # it keeps its own
    linkedin._SHORT_PAUSE = timedelta(seconds=1)
    tumblr._PAGE = 100  # a look in pages of 20 would outlast most lives


def _settling(config: Config) -> Config:
    """Let channels settle sooner than a configuration may ask for."""
    channels = {
        name: channel.model_copy(update={"settle": SETTLE}) for name, channel in config.channels.items()
    }
    return config.model_copy(update={"channels": channels})


def send_then_mark() -> None:
    """Put an attempt on record only with its outcome: whoever dies in between sends again."""
    begin, settle = attempts.begin_attempt, attempts.settle
    begun: dict[int, tuple[Delivery, Draft, dict[str, Any]]] = {}

    def begin_nothing(_tx: Tx, delivery: Delivery, draft: Draft, **how: Any) -> int:
        begun[delivery.id] = (delivery, draft, how)
        return delivery.attempts + 1

    def settle_all(tx: Tx, delivery_id: int, number: int, came_to: Outcome, *, now: datetime) -> bool:
        delivery, draft, how = begun[delivery_id]
        begin(tx, delivery, draft, **how)
        return settle(tx, delivery_id, number, came_to, now=now)

    vars(attempts).update(begin_attempt=begin_nothing, settle=settle_all)


def mark_then_send() -> None:
    """Take an attempt for a success when it begins: whoever dies then, or is refused, never sends."""
    begin, settle = attempts.begin_attempt, attempts.settle

    def begin_and_settle(tx: Tx, delivery: Delivery, draft: Draft, *, now: datetime, **how: Any) -> int | None:
        number = begin(tx, delivery, draft, now=now, **how)
        if number is not None:
            settle(tx, delivery.id, number, Delivered(), now=now)
        return number

    vars(attempts).update(begin_attempt=begin_and_settle)


MUTATIONS = {"send, then mark": send_then_mark, "mark, then send": mark_then_send}
