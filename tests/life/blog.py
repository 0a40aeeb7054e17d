"""A blog that is edited, moved and tidied up, and whose feeds are asked by whatever address they had."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

HOME = "https://blog.example"
SHOWN = 15
"""How many entries a feed shows."""


@dataclass
class Entry:
    """One entry, by whatever names it went. `links`: all that it had, the newest last."""

    number: int
    published: datetime
    title: str
    guid: str
    links: list[str]
    is_there: bool = True

    @property
    def xml(self) -> str:
        return (
            f"<item><title>{escape(self.title)}</title><link>{self.links[-1]}</link>"
            f"<guid isPermaLink='false'>{self.guid}</guid>"
            f"<description>{'Ce que dit le billet. ' * 6}</description>"
            f"<pubDate>{format_datetime(self.published)}</pubDate></item>"
        )


@dataclass
class Blog:
    """Two feeds: of everything, and of every second entry. Both have moved so many times."""

    clock: Callable[[], datetime]
    entries: list[Entry] = field(default_factory=list)
    moved: dict[str, int] = field(default_factory=lambda: {"all": 0, "tag": 0})
    redirects: bool = True
    """Whether an address that was left says where to go."""

    def __post_init__(self) -> None:
        self.app = Starlette(routes=[Route("/{which}-{times:int}.xml", self._feed)])

    def write(self, count: int) -> None:
        for _ in range(count):
            number = len(self.entries)
            link = f"{HOME}/{self.clock():%Y}/billet-{number}/"
            guid = f"{HOME}/?p={number}" if number % 3 else f"b{number}"
            self.entries.append(Entry(number, self.clock(), f"Billet {number}", guid, [link]))

    def address(self, which: str) -> str:
        return f"{HOME}/{which}-{self.moved[which]}.xml"

    def shown(self, which: str) -> list[Entry]:
        """Return what a feed shows, the newest first."""
        listed = [
            entry for entry in self.entries if entry.is_there and (which == "all" or not entry.number % 2)
        ]
        return listed[: -SHOWN - 1 : -1]

    def of(self, links: Iterable[str]) -> set[int]:
        """Return the numbers of the entries that these links lead to."""
        named = set(links)
        return {entry.number for entry in self.entries if named & set(entry.links)}

    async def _feed(self, request: Request) -> Response:
        which, times = request.path_params["which"], request.path_params["times"]
        headers = {"date": format_datetime(self.clock(), usegmt=True)}
        if times < self.moved[which]:
            if self.redirects:
                return RedirectResponse(self.address(which), 301, headers)
            return Response("gone", 404, headers)
        items = "".join(entry.xml for entry in self.shown(which))
        text = f"<title>Carnet</title><link>{HOME}/</link><language>fr</language>{items}"
        body = f'<?xml version="1.0"?><rss version="2.0"><channel>{text}</channel></rss>'
        return Response(body.encode(), media_type="application/rss+xml", headers=headers)
