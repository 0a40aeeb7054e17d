"""Call an address at each good run, so that another notices when there is none. Its failure stops nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from crosspost.errors import PublishError
from crosspost.http import Client, Request

DEADLINE = timedelta(seconds=10)
_log = logging.getLogger(__name__)


class Beat(StrEnum):
    """What the heartbeat says, by what is put behind its address: as healthchecks.io and others read it."""

    START = "/start"
    SUCCESS = ""
    FAIL = "/fail"


@asynccontextmanager
async def beating(client: Client, address: str | None, last: Callable[[], float | None]) -> AsyncIterator[None]:
    """Let the heartbeat's address know that a run begins, while it runs, and how it ended.

    `last`: says at the end by when that has to be over (the loop's time), if at all.
    """
    start = asyncio.create_task(beat(client, address, Beat.START))

    async def end(how: Beat) -> None:
        try:
            async with asyncio.timeout_at(last()):
                await start
                await beat(client, address, how)
        except TimeoutError:
            _log.warning("the heartbeat did not get through before the run had to end")

    try:
        yield
    except Exception:
        await end(Beat.FAIL)
        raise
    await end(Beat.SUCCESS)


async def beat(client: Client, address: str | None, how: Beat) -> None:
    """Call the heartbeat's address, if one is configured."""
    if address is None:
        return
    parts = urlsplit(address)
    url = parts._replace(path=parts.path.rstrip("/") + how).geturl()
    try:
        async with asyncio.timeout(DEADLINE.total_seconds()):
            answer = await client.send(Request(method="GET", url=url), deadline=DEADLINE)
        if not answer.ok:
            _log.warning("the heartbeat's address answered %s", answer.status)
    except (PublishError, TimeoutError) as error:
        _log.warning("the heartbeat did not get through: %s", error)
