"""A blog and the networks, served on sockets, and a crosspost that lives among them."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crosspost.adapters.facebook.stand_in import PAGE, FacebookStandIn
from crosspost.adapters.linkedin.stand_in import MEMBER, LinkedInStandIn
from crosspost.adapters.tumblr.stand_in import TumblrStandIn
from crosspost.adapters.x.stand_in import XStandIn
from crosspost.config import Config, load
from crosspost.engine import run_once
from crosspost.report import Event, What
from crosspost.sandbox.server import serve
from crosspost.testing import a_picture
from tests.postgres import set_clock, stop_clock

NOW = datetime.now(UTC)
BOTH_DATABASES = pytest.mark.parametrize("world", ["sqlite", "postgresql"], indirect=True)
SECRETS = {
    "FACEBOOK": "sandbox-token",
    "LINKEDIN": "sandbox-token",
    "X": "sandbox-token",
    "TUMBLR": "sandbox-token",
}


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of the blog, as its feed shows it."""

    slug: str
    title: str
    summary: str = "Il revient chaque automne. On ne l’attend plus."
    days_ago: int = 1
    guid: str = ""
    link: str = ""
    categories: tuple[str, ...] = ("Été indien", "Québec")
    picture: str = ""

    def xml(self) -> str:
        link = self.link or f"https://blog.example/2026/{self.slug}/"
        published = format_datetime(NOW - timedelta(days=self.days_ago))
        picture = (
            f'<enclosure url="{escape(self.picture)}" type="image/jpeg" length="1"/>' if self.picture else ""
        )
        return (
            f"<item><title>{escape(self.title)}</title><link>{escape(link)}</link>"
            f"<guid isPermaLink='false'>{escape(self.guid or self.slug)}</guid>"
            f"<description>{escape(self.summary)}</description><pubDate>{published}</pubDate>"
            + "".join(f"<category>{escape(name)}</category>" for name in self.categories)
            + f"{picture}</item>"
        )


class Blog:
    """A blog whose feed can be changed between polls. It answers conditional requests."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.written = b""
        """The document as it is served, if not made of the items."""
        self.answers: list[int] = []
        self.broken: Response | None = None
        self.picture = a_picture().data
        self.app = Starlette(routes=[Route("/feed.xml", self.feed), Route("/picture.jpg", self.image)])

    def publish(self, *items: Item) -> None:
        """Put items at the top, as blogs do."""
        self.items = [*items, *self.items]

    def body(self) -> bytes:
        if self.written:
            return self.written
        items = "".join(item.xml() for item in self.items)
        return (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>Carnet</title>'
            f"<link>https://blog.example/</link><language>fr</language>{items}</channel></rss>"
        ).encode()

    async def feed(self, request: Request) -> Response:
        if self.broken is not None:
            self.answers.append(self.broken.status_code)
            return self.broken
        tag = f'"{hashlib.sha256(self.body()).hexdigest()[:16]}"'
        same = request.headers.get("if-none-match") == tag
        self.answers.append(304 if same else 200)
        if same:
            return Response(status_code=304, headers={"etag": tag})
        return Response(self.body(), media_type="application/rss+xml", headers={"etag": tag})

    async def image(self, _request: Request) -> Response:
        return Response(self.picture, media_type="image/jpeg")


Network = Any
"""One of the stand-ins. mypy does not see `crosspost.adapters` (docs/decisions/0001)."""


@dataclass
class World:
    """Everything around one crosspost. `now` is its clock."""

    folder: Path
    blog: Blog
    blog_url: str
    facebook: FacebookStandIn
    linkedin: LinkedInStandIn
    x: XStandIn
    tumblr: TumblrStandIn
    urls: dict[str, str]
    author: str = MEMBER
    """Whom LinkedIn is spoken to for."""
    postgres: str = ""
    """The URL of its database, whose clock is simulated; "" for a SQLite file."""
    # Adapters read rate limits by the true clock, so the world begins at the true time; it moves by `later`.
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    ahead: timedelta = timedelta(0)
    wrong: timedelta = timedelta(0)
    """How far its clock is ahead of everybody else's."""
    events: list[Event] = field(default_factory=list)

    @property
    def networks(self) -> list[Network]:
        return [self.facebook, self.linkedin, self.x, self.tumblr]

    @property
    def posts(self) -> int:
        """How many posts the public sees on all networks."""
        return sum(len(network.posts) for network in self.networks)

    def toml(
        self,
        *,
        top: str = "",
        feed: str = "",
        channel: str = "",
        only: tuple[str, ...] = (),
        rests: bool = False,
        signature: str = "fill = false",
    ) -> str:
        """Write the configuration; `feed` and `channel` are lines added to those tables, `top` to the file.

        `rests`: whether what is limited rests at night; tests run at any time. `signature`: lines of its own.
        By default it is one channel more that begins empty, as the others do.
        """
        own = {
            "facebook": f'page = "{PAGE}"',
            "linkedin": f'author = "{self.author}"',
            "x": "",
            "tumblr": 'blog = "sandbox"',
        }
        if ("limits" in channel or "budget" in top) and "hours = " not in channel and not rests:
            channel = f'hours = "any"\n{channel}'
        text = f'database = "{self.postgres}"\n' if self.postgres else ""
        text += f'{top}[feeds.blog]\nurl = "{self.blog_url}/feed.xml"\nallow_private = true\n{feed}\n'
        for name, lines in own.items():
            if name in (only or own):
                text += (
                    f'[channels.{name}]\nadapter = "{name}"\nbase_url = "{self.urls[name]}"\n'
                    f'access_token = {{ env = "{name.upper()}" }}\n{lines}\n{channel}\n'
                )
        if "signature" in (only or ("signature",)):
            own_lines = f'path = "signature"\n{signature}\n{channel}'
            text += f'[channels.signature]\nadapter = "email_signature"\n{own_lines}\n'
        return text

    def config(self, **lines: Any) -> Config:
        path = self.folder / "crosspost.toml"
        path.write_text(self.toml(**lines), encoding="utf-8")
        return load(path)

    async def run(self, config: Config | None = None) -> list[Event]:
        """Run once; return what happened."""
        self.events = []
        await run_once(config or self.config(), self.events.append, now=lambda: self.now)
        return self.events

    def loaded(self) -> Config:
        """Load the configuration that is there."""
        return load(self.folder / "crosspost.toml")

    def network(self, kind: str) -> Network:
        found: Network = getattr(self, kind)
        return found

    def happened(self, what: What) -> list[Event]:
        return [event for event in self.events if event.what is what]

    def stands_still(self) -> None:
        """Let no time pass but by `later`, as it never does where the database is a file."""
        if self.postgres:
            stop_clock(self.postgres)

    def served(self) -> datetime:
        """Tell what the clocks of the servers say."""
        return self.now - self.wrong

    def later(self, **span: float) -> None:
        """Let time pass, on the database's clock too where it has one."""
        self.now += timedelta(**span)
        self.ahead += timedelta(**span)
        if self.postgres:
            set_clock(self.postgres, self.ahead)


@asynccontextmanager
async def a_world(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Serve a blog and four networks while the context lasts."""
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    blog = Blog()
    networks: dict[str, Any] = {
        "facebook": FacebookStandIn(),
        "linkedin": LinkedInStandIn(),
        "x": XStandIn(),
        "tumblr": TumblrStandIn(),
    }
    async with AsyncExitStack() as stack:
        world = World(folder=folder, blog=blog, blog_url="", urls={}, **networks)
        world.blog_url = await stack.enter_async_context(serve(blog.app, clock=world.served))
        for name, network in networks.items():
            world.urls[name] = await stack.enter_async_context(serve(network.app, clock=world.served))
        yield world


def old(count: int) -> list[Item]:
    """Make entries that were there before crosspost came."""
    return [
        Item(slug=f"old-{n}", title=f"Ancien billet {n}", summary=f"Texte {n}. " * 12, days_ago=10 + n)
        for n in range(count)
    ]


def fresh(count: int) -> list[Item]:
    """Make new entries, the newest first."""
    return [
        Item(slug=f"new-{n}", title=f"Nouveau billet {n}", summary=f"Du neuf, numéro {n}. " * 8, days_ago=n)
        for n in range(count)
    ]
