"""Somebody at a terminal with a browser beside it, and the program between them and a network."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from crosspost.accounts.connect import Connected, connect
from crosspost.accounts.planned import Wanted, planned
from crosspost.house import open_house
from crosspost.sandbox.authority import CLIENT_ID, CLIENT_SECRET
from tests.world import World

KINDS = ("facebook", "linkedin", "x", "tumblr")


@dataclass
class Person:
    """Answers what is asked, and follows the browser's redirects, also back to the program."""

    choice: int = 0
    app: tuple[str, str] = (CLIENT_ID, CLIENT_SECRET)
    pastes: bool = False
    types: Callable[[str], str] = lambda answer: answer
    """How the network's answer is typed, where it is."""
    token: str = ""
    """What a network's own tool showed."""
    meddle: Callable[[str], str] = lambda url: url
    """What becomes of the address that the browser ends on before it is opened."""
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    shown: str = ""
    """What the browser showed last."""
    ended_on: str = ""
    browsing: asyncio.Task[None] | None = None
    comes_back: bool = True

    def say(self, text: str) -> None:
        self.said.append(text)

    async def ask(self, question: str, *, default: str = "", hidden: bool = False) -> str:
        self.asked.append(question)
        if "PIN" in question or "address" in question:
            assert self.browsing is not None
            await self.browsing
            pin = re.search(r"<code>(\d+)</code>", self.shown)
            return self.types(pin[1] if pin and "PIN" in question else self.ended_on)
        if question == "Token":
            return self.token
        return self.app["secret" in question.lower()] or default

    async def choose(self, question: str, options: Sequence[str]) -> int:
        self.asked.append(f"{question} {options}")
        return self.choice

    def open(self, url: str, *, comes_back: bool) -> None:
        self.comes_back = comes_back
        self.browsing = asyncio.create_task(self.browse(url))

    async def browse(self, url: str) -> None:
        """Follow redirects; the last one, to the loopback address, only if nobody pastes it."""
        async with httpx.AsyncClient(trust_env=False) as browser:
            while True:
                answer = await browser.get(url)
                if not answer.is_redirect:
                    self.shown = answer.text
                    return
                url = self.meddle(answer.headers["location"])
                self.ended_on = url
                if self.pastes and "/i/" not in urlsplit(url).path:
                    return


def lines(world: World, kind: str, more: str = "") -> str:
    """Write a channel's table without what connecting brings."""
    url = world.urls[kind]
    return f'[channels.{kind}]\nadapter = "{kind}"\nbase_url = "{url}"\nlogin_url = "{url}"\n{more}\n'


def configured(world: World, *channels: str) -> None:
    text = f'database = "{world.postgres}"\n' if world.postgres else ""
    text += f'[feeds.blog]\nurl = "{world.blog_url}/feed.xml"\nallow_private = true\nhorizon = "900d"\n'
    (world.folder / "crosspost.toml").write_text(text + "".join(channels), encoding="utf-8")


async def connected(world: World, person: Person, channel: str, **wanted: Any) -> Connected:
    """Run the flow as the command does."""
    asked = Wanted(channel=channel, made_by="marie", **wanted)
    if asked.way == "oauth1" and person.app == (CLIENT_ID, CLIENT_SECRET):
        known = (world.x if channel == "x" else world.tumblr).authority1
        person.app = known.consumer_key, known.consumer_secret
    plan = planned(world.folder / "crosspost.toml", asked)
    try:
        async with open_house(plan.config, clock=lambda: world.now) as house:
            await house.database.migrate()
            return await connect(house, plan, asked, person)
    finally:
        if person.browsing is not None:
            await asyncio.wait([person.browsing], timeout=60)


SETTINGS: Mapping[str, str] = {
    "facebook": 'page = "102030405060708"',
    "linkedin": 'author = "urn:li:person:aBc-123_Xyz"',
    "x": "",
    "tumblr": 'blog = "sandbox"',
}
"""What stands in the table once the channel is connected."""


async def all_connected(world: World, ways: Mapping[str, str] | None = None, top: str = "") -> None:
    """Connect all four networks, each by its OAuth 2, or as `ways` says."""
    ways = {"facebook": "page", "linkedin": "member", "x": "oauth2", "tumblr": "oauth2"} | dict(ways or {})
    configured(world, *(lines(world, kind, f"{SETTINGS[kind]}\n{top}") for kind in KINDS))
    for kind in KINDS:
        await connected(world, Person(), kind, way=ways[kind])
