"""Whoever runs the house: connects accounts in a browser, rotates the key, decides; in this very process."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from crosspost.accounts.connect import connect
from crosspost.accounts.planned import Wanted, planned
from crosspost.accounts.rotate import rotate
from crosspost.config import load
from crosspost.house import open_house
from crosspost.http.wire import HttpxClient, InProcess
from tests.accounts import person


@dataclass
class Person(person.Person):
    """Browses the networks of this process; the answer is pasted, so that nothing listens."""

    network: Any = None

    async def browse(self, url: str) -> None:
        async with httpx.AsyncClient(transport=InProcess(self.network)) as browser:
            answer = await browser.get(url)
            self.shown = answer.text
            self.ended_on = answer.headers.get("location", "")


async def connect_again(path: Path, channel: str, network: Any, clock: Any) -> None:
    """Connect a channel by OAuth 2, as the command does."""
    wanted = Wanted(channel=channel, made_by="marie", way="oauth2", paste=True)
    plan = planned(path, wanted)
    client = HttpxClient(transport=InProcess(network), clock=clock)
    try:
        async with open_house(plan.config, clock=clock, client=client) as house:
            await house.database.migrate()
            await connect(house, plan, wanted, Person(pastes=True, network=network))
    finally:
        await client.aclose()


async def rotate_key(path: Path) -> None:
    async with open_house(load(path)) as house:
        await rotate(house)
