"""Open the house for a verb, and let it work there."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from crosspost.cli.loop import run
from crosspost.config import Config
from crosspost.house import House, open_house

T = TypeVar("T")


def in_house(config: Config, work: Callable[[House], Awaitable[T]]) -> T:
    """Return what `work` returns in an open house, which is closed then."""

    async def opened() -> T:
        async with open_house(config) as house:
            return await work(house)

    return run(opened())
