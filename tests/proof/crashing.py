"""A crosspost that ends, or freezes, at one boundary.

A boundary lies before and after each commit, each request and each file that the signature replaces. Between
two of them nothing lasting happens, so who ends there ends as at the first of the two.
"""

import asyncio
import os
import signal
import ssl
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import httpx

from crosspost.child import picture
from crosspost.compose import pictures
from crosspost.config import account, load
from crosspost.contract import PictureRule
from crosspost.contract.registry import adapter_class, kinds
from crosspost.delivery import deliver
from crosspost.engine import once
from crosspost.feeds import Changed, Document, entry, formats
from crosspost.http import Answer, Request
from crosspost.http.wire import HttpxClient
from crosspost.intake import ingest
from crosspost.model import Media
from crosspost.policy import Pending
from crosspost.store import attempts, glance
from crosspost.store.database import Database, Tx
from tests.world import SECRETS

CRASHED = 9
UNRECORDED, BLIND = "the attempt is on record only with its outcome", "what the dead were sending is sent again"
_TLS = ssl.create_default_context()
for _kind in kinds():
    adapter_class(_kind)
for _secret in set(SECRETS.values()):
    account._slow(_secret)  # hashed slowly once, for all processes that are forked from this one


@dataclass(frozen=True, kw_only=True)
class Life:
    """What a child does. `at`: the boundary where it ends, by number, or first freezes, by name."""

    config: Path
    now: Path
    """A file that holds the time, for all replicas."""
    at: int | str = 0
    mutation: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    site: str = ""
    """A folder in which plug-ins are installed."""


def worth_ending_at(passed: Sequence[str]) -> list[int]:
    """Return the numbers of the boundaries to end at: all before which something lasting has happened.

    Whoever ends before a commit, a request or a file ends as after the last one; of these only every fourth is
    tried, since a transaction that was begun is to be undone.
    """
    begins = ("commit ", "request ", "replace ")
    return [k for k, name in enumerate(passed, 1) if k == 1 or k % 8 < 2 or not name.startswith(begins)]


def live(life: Life, said: Connection) -> None:
    """Run once. Say the names of the boundaries passed; before freezing too."""
    passed: list[str] = []

    def reach(name: str) -> None:
        passed.append(name)
        if len(passed) == life.at:
            said.send(passed)
            os._exit(CRASHED)
        if name == life.at and passed.count(name) == 1:
            said.send(passed)
            os.kill(os.getpid(), signal.SIGSTOP)

    os.environ.update(SECRETS)
    os.environ.update(life.env)
    if life.site:
        sys.path.insert(0, life.site)
        kinds.cache_clear()
    _mark_boundaries(reach)
    _mutate(life.mutation)
    asyncio.run(_run_once(life, reach))
    said.send(passed)


async def _run_once(life: Life, reach: Callable[[str], None]) -> None:
    client = _Client(reach)
    try:
        now = lambda: datetime.fromisoformat(life.now.read_text())  # noqa: E731
        await once.run_once(load(life.config), lambda _: None, now=now, client=client)
    finally:
        await client.aclose()


class _Client(HttpxClient):
    def __init__(self, reach: Callable[[str], None]) -> None:
        # As its own is, but for the certificates: to read them takes longer than the rest of a short life.
        none_kept = httpx.Limits(max_keepalive_connections=0)
        super().__init__(transport=httpx.AsyncHTTPTransport(trust_env=False, limits=none_kept, verify=_TLS))
        self.reach = reach

    async def send(self, request: Request, **more: Any) -> Answer:
        return await self.between(request.method, request.url, partial(super().send, request, **more))

    async def fetch(self, url: str, **more: Any) -> Answer:
        return await self.between("GET", url, partial(super().fetch, url, **more))

    async def between(self, method: str, url: str, request: Callable[[], Awaitable[Answer]]) -> Answer:
        name = f"{method} {urlsplit(url).path}"
        self.reach(f"request {name}")
        try:
            return await request()
        finally:
            self.reach(f"answered {name}")


def _mark_boundaries(reach: Callable[[str], None]) -> None:
    """Patch the boundaries, in this child alone: a program is not asked where it may be cut off."""
    replace, note = os.replace, glance.note_unchanged

    def marked(write: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def marked_write(database: Database, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            def acted(tx: Tx) -> Any:
                result = act(tx, *args, **kwargs)
                reach(f"commit {act.__name__}")
                return result

            result = await write(database, acted)
            reach(f"committed {act.__name__}")
            return result

        return marked_write

    def marked_replace(source: Path, target: Path) -> None:
        reach(f"replace {target.name}")
        replace(source, target)
        reach(f"replaced {target.name}")

    def marked_note(*args: Any) -> bool:
        reach("commit note_unchanged")
        noted = note(*args)
        reach("committed note_unchanged")
        return noted

    async def parse(changed: Changed, *, feed: str) -> Document:
        """Read in this process: another one costs more than all the rest, and has no boundary."""
        raw = formats.read(changed.body, content_type=changed.content_type, name="the feed", url=changed.url)
        return entry.document(raw, feed=feed, url=changed.url)

    async def fitted(data: bytes, alt: str, rule: PictureRule) -> Media:
        """Decode in this process, for the same reason."""
        fit = picture.fit(data, types=rule.types, max_side=rule.max_side, max_bytes=rule.max_bytes)
        return Media(data=fit.data, mime=fit.mime, width=fit.width, height=fit.height, alt=alt)

    async def one_by_one(*acts: Awaitable[Any], return_exceptions: bool = False) -> list[Any]:
        """Do one after the other what else goes side by side, so that the boundaries keep their order."""
        return [await act for act in acts]

    patch.object(Database, "write", marked(Database.write)).start()
    patch.object(Database, "write_long", marked(Database.write_long)).start()
    patch.object(os, "replace", marked_replace).start()
    patch.object(glance, "note_unchanged", marked_note).start()
    patch.object(ingest, "parse", parse).start()
    patch.object(pictures, "_fitted", fitted).start()
    patch.object(asyncio, "gather", one_by_one).start()


def _mutate(mutation: str) -> None:
    """Break a promise on purpose: a mistake of the program's own cannot be handed in."""
    begin, settle = attempts.begin_attempt, attempts.settle
    begun: dict[int, Callable[[Tx], int | None]] = {}

    def begin_unrecorded(tx: Tx, delivery: Any, *args: Any, **kwargs: Any) -> int:
        begun[delivery.id] = lambda tx: begin(tx, delivery, *args, **kwargs)
        return int(delivery.attempts) + 1

    def settle_at_once(tx: Tx, delivery_id: int, *args: Any, **kwargs: Any) -> bool:
        if delivery_id in begun:
            begun.pop(delivery_id)(tx)
        return settle(tx, delivery_id, *args, **kwargs)

    def send_again(now: datetime, *_: object, **__: object) -> Pending:
        return Pending(reason="its lease ran out", not_before=now)

    if mutation == UNRECORDED:
        patch.object(attempts, "begin_attempt", begin_unrecorded).start()
        patch.object(attempts, "settle", settle_at_once).start()
    elif mutation == BLIND:
        patch.object(deliver, "lease_ran_out", send_again).start()
