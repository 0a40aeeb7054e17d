"""Call an address at each good run, so that another notices when there is none. Its failure stops nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from crosspost.errors import PublishError
from crosspost.http import Client, Request

DEADLINE = timedelta(seconds=10)


class Beat(StrEnum):
    """What the heartbeat says, by what is put behind its address: as healthchecks.io and others read it."""

    START = "/start"
    SUCCESS = ""
    FAIL = "/fail"


class Heart:
    """One run's calls of the heartbeat's address: that it begins, at once, and how it ended."""

    def __init__(self, client: Client, address: str | None) -> None:
        self._client = client
        self._address = address
        self._start = asyncio.create_task(beat(client, address, Beat.START))
        self._well: asyncio.Task[str] | None = None

    async def went_well(self, stop: asyncio.Event) -> str | None:
        """Say once that the run went well; return why nobody heard that, "" if somebody did or nobody listens.

        None if `stop` came before the answer.
        """
        said, stopped = self._saying(), asyncio.create_task(stop.wait())
        await asyncio.wait((said, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        return said.result() if said.done() else None

    async def end(self, how: Beat) -> None:
        """Say how the run ended, unless that it went well was said."""
        await (self._saying() if how is Beat.SUCCESS else self._say(how))

    def _saying(self) -> asyncio.Task[str]:
        self._well = self._well or asyncio.create_task(self._say(Beat.SUCCESS))
        return self._well

    async def _say(self, how: Beat) -> str:
        await self._start
        return await beat(self._client, self._address, how)


@asynccontextmanager
async def beating(
    client: Client, address: str | None, last: Callable[[], float | None]
) -> AsyncIterator[Heart]:
    """Let the heartbeat's address know that a run begins, while it runs, and how it ended.

    `last`: says at the end by when that has to be over (the loop's time), if at all.
    """
    heart = Heart(client, address)

    async def end(how: Beat) -> None:
        with suppress(TimeoutError):  # whoever listens misses the call
            async with asyncio.timeout_at(last()):
                await heart.end(how)

    try:
        yield heart
    except Exception:
        await end(Beat.FAIL)
        raise
    await end(Beat.SUCCESS)


async def beat(client: Client, address: str | None, how: Beat) -> str:
    """Call the heartbeat's address, if one is configured; return why nobody heard it, "" if somebody did."""
    if address is None:
        return ""
    parts = urlsplit(address)
    url = parts._replace(path=parts.path.rstrip("/") + how).geturl()
    try:
        async with asyncio.timeout(DEADLINE.total_seconds()):
            answer = await client.send(Request(method="GET", url=url), deadline=DEADLINE)
        return "" if answer.ok else f"its address answered {answer.status}"
    except TimeoutError:
        return f"it did not get through: no answer within {DEADLINE.seconds} s"
    except PublishError as error:
        return f"it did not get through: {error}"
