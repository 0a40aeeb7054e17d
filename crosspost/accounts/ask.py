"""Read from a channel's network, as its account."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from crosspost.accounts.renewal import using
from crosspost.config import Channel
from crosspost.contract import AnyAdapter
from crosspost.errors import NotSent, PublishError
from crosspost.house import House
from crosspost.http.again import again

T = TypeVar("T")

DEADLINE = timedelta(seconds=45)
"""How long reading from a network may take, with its repeats."""

_log = logging.getLogger(__name__)


async def ask(
    house: House,
    channel: Channel,
    read: Callable[[AnyAdapter], Awaitable[T]],
    *,
    deadline: timedelta | None = None,
) -> T:
    """Let `read` ask the channel's network, within a deadline. Raise `PublishError`, also for odd answers.

    An answer that the adapter did not expect must not keep the other channels from their work.
    """
    try:
        async with asyncio.timeout((deadline or DEADLINE).total_seconds()):
            return await again(using, house, channel, read)
    except TimeoutError as error:
        raise NotSent(f"{channel.adapter} could not be read: no answer") from error
    except PublishError:
        raise
    except Exception as error:
        _log.exception("the adapter %s failed", channel.adapter)
        raise NotSent(f"{channel.adapter} gave an odd answer: {type(error).__name__}: {error}") from error
