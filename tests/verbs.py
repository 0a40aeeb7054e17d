"""What the verbs of the command line do and show, without a process for each."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from crosspost.cli import as_json
from crosspost.config import Config
from crosspost.house import House, open_house
from crosspost.http import utc_now
from crosspost.people import decisions, share
from crosspost.store.database import Tx
from crosspost.views import deliveries, plan, status

P = ParamSpec("P")
T = TypeVar("T")
Clock = Callable[[], datetime]


async def read(
    config: Config, act: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
) -> T | None:
    """Read the store; None if nothing was ever stored."""
    async with open_house(config) as house:
        return await house.read(act, *args, **kwargs)


async def read_status(config: Config) -> dict[str, Any]:
    async with open_house(config) as house:
        return as_json.status(await status.read_status(house))


async def list_deliveries(
    config: Config,
    *,
    states: Collection[str],
    channel: str | None,
    feed: str | None,
    limit: int,
) -> list[dict[str, Any]]:
    async with open_house(config) as house:
        views = await deliveries.list_deliveries(house, states=states, channel=channel, feed=feed, limit=limit)
    return [as_json.delivery(view) for view in views]


async def read_plan(config: Config, now: datetime | None = None) -> dict[str, Any]:
    async with open_house(config, clock=(lambda: now) if now else utc_now) as house:
        return as_json.plan(await plan.read_plan(house))


async def decide(config: Config, chosen: decisions.Chosen, decision: decisions.Decision) -> int:
    async with open_house(config) as house:
        return await decisions.decide(house, chosen, decision)


async def spend(config: Config, spent: share.Spent, *, clock: Clock = utc_now) -> None:
    async with open_house(config, clock=clock) as house:
        await share.spend(house, spent)


async def assign(
    config: Config, channel: str, person: str | None, *, made_by: str, clock: Clock = utc_now
) -> str:
    async with open_house(config, clock=clock) as house:
        return await share.assign(house, channel, person, made_by=made_by)


def closed_house(config: Config, database: Any = None) -> House:
    """Make a house for functions of a transaction; nothing of it is opened."""
    from crosspost.house import nobody
    from crosspost.http import Offline
    from crosspost.store.database import Database

    return House(config, database or Database(config.database), Offline(), nobody)
