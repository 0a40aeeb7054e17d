"""Somebody new, with the README and nothing else: from an empty folder to a post, and past a token that dies.

What stands on the screen meanwhile is written down, with what differs from one time to the next taken out.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from crosspost.sandbox.authority import CLIENT_ID, CLIENT_SECRET
from tests.life.terminal import Running, Terminal
from tests.world import Item

_HOME = """<!doctype html><html lang="fr"><head><title>Carnet de Marie</title>
<link rel="alternate" type="application/rss+xml" title="Carnet de Marie" href="/feed.xml">
</head><body><h1>Carnet de Marie</h1></body></html>"""


class Blog:
    """Marie's blog: a page that names its feeds, and the feed."""

    def __init__(self) -> None:
        self.items = [
            Item(
                slug="une-heure-par-semaine",
                title="Une heure par semaine pour les réseaux",
                summary="« Vous devriez publier plus souvent », me dit-on. Non : je devrais répondre mieux.",
                days_ago=9,
                categories=("Gestion du temps",),
            ),
            Item(
                slug="ete-indien",
                title="L’été indien, ou pourquoi je relis mes vieux billets",
                summary="Chaque novembre, deux jours de chaleur reviennent sans prévenir. Mes billets aussi.",
                days_ago=16,
                categories=("Écriture",),
            ),
        ]
        self.app = Starlette(routes=[Route("/", self._home), Route("/feed.xml", self._feed)])

    async def _home(self, _request: Request) -> Response:
        return HTMLResponse(_HOME)

    async def _feed(self, _request: Request) -> Response:
        items = "".join(item.xml() for item in self.items)
        document = (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>Carnet de Marie</title>'
            f"<link>https://marie.example/</link><language>fr</language>{items}</channel></rss>"
        )
        return Response(document, media_type="application/rss+xml")


@dataclass
class Newcomer:
    """Marie, at a terminal, with a browser that agrees to everything."""

    terminal: Terminal
    blog: Blog
    blog_url: str
    network: Any
    network_url: str
    pages: list[str] = field(default_factory=list)
    """What was on the screen, verb by verb."""

    async def begins(self) -> None:
        """Tell it the blog, and look at what it would say."""
        zone = at_noon()
        running = await self.types("init", self.blog_url)
        await running.answer("Language of the blog", "")
        await running.answer("Your time zone", zone)
        await running.answer("Channels, with commas between", "signature, linkedin")
        await running.answer("The signature's files", "")
        await self.sees(running)
        self.notes("LinkedIn is a stand-in here: crosspost.toml says where, by base_url and login_url.")
        there = f'adapter = "linkedin"\nbase_url = "{self.network_url}"\nlogin_url = "{self.network_url}"'
        self.edits('adapter = "linkedin"', there)
        self.notes("She has much to say today: in crosspost.toml she makes 1/day to 5/day.")
        self.edits('"1/day"', '"5/day"')
        await self.sees(await self.types("preview"))

    def edits(self, was: str, becomes: str) -> None:
        """Change something in crosspost.toml."""
        file = self.terminal.folder / "crosspost.toml"
        text = file.read_text(encoding="utf-8")
        assert was in text
        file.write_text(text.replace(was, becomes), encoding="utf-8")

    async def connects(self) -> None:
        """Connect LinkedIn: a way, the application's two strings, and a yes in the browser."""
        running = await self.types("connect", "linkedin", "--no-browser")
        await running.answer("Number", "1")
        await running.answer("Client ID", CLIENT_ID)
        await running.answer("Client Secret", CLIENT_SECRET)
        await self.agrees(running)
        await running.answer("Write it there?", "y")
        await self.sees(running)

    async def connects_again(self) -> None:
        """Connect once more: nothing is typed anew, and the redirect address is the one from before."""
        running = await self.types("connect", "linkedin", "--no-browser")
        await running.answer("Number", "1")
        await running.answer("Client ID", "")
        await running.answer("Client Secret", "")
        await self.agrees(running)
        await self.sees(running)

    async def publishes(self, slug: str, title: str, summary: str) -> None:
        """Write an entry on the blog."""
        self.notes(f"Marie publishes « {title} » on her blog.")
        self.blog.items.insert(
            0, Item(slug=slug, title=title, summary=summary, days_ago=0, categories=("Clients",))
        )

    async def agrees(self, running: Running) -> None:
        """Open the printed address, and agree there; the browser comes back to the program."""
        await running.until("Open this address in a browser")
        address = await running.found(r"http://127\.0\.0\.1:\d+/oauth/v2/authorization\S*")
        async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
            await browser.get(address)

    async def types(self, *arguments: str) -> Running:
        """Begin a verb."""
        shown = " ".join(f"'{word}'" if " " in word else word for word in arguments)
        self.pages.append(f"$ crosspost {shown}")
        return await self.terminal.run(*arguments)

    async def sees(self, running: Running) -> int:
        """Wait for a verb's end, and write its screen down; return its exit code."""
        await running.end()
        screen = by_channel(running.joined.rstrip())
        code = self.terminal.code
        assert code is not None
        ends = f"\n[exit code {code}]" if code else ""
        self.pages[-1] += f"\n{screen}{ends}"
        print(self.pages[-1])  # for whoever has to find out why this test fails
        return code

    def notes(self, sentence: str) -> None:
        """Write down what happens away from the terminal."""
        self.pages.append(f"# {sentence}")

    @property
    def written(self) -> str:
        """Return the whole journey, as it is kept in docs/: folded as this terminal folds it."""
        home = str(self.terminal.folder.parent)
        return "\n".join(folded(masked(line, home), self.terminal.columns) for line in self._lines()) + "\n"

    def _lines(self) -> list[str]:
        return "\n\n".join(self.pages).split("\n")


def at_noon() -> str:
    """Name a zone in which it is day now, whatever the time: nobody is new at night only."""
    hour = datetime.now(UTC).hour
    ahead = max(-9, min(9, 13 - hour))
    return f"Etc/GMT{'-' if ahead >= 0 else '+'}{abs(ahead)}"


def a_home() -> Path:
    """Make a home for Marie whose path is as long as /home/marie, so that lines are wrapped alike."""
    home = Path(f"/tmp/{secrets.token_hex(3)}")
    home.mkdir()
    return home


def by_channel(screen: str) -> str:
    """Put what channels did side by side in one order."""
    blocks: list[str] = []
    for line in screen.split("\n"):
        if line.startswith("  ") and blocks and blocks[-1].startswith("✓ "):
            blocks[-1] += f"\n{line}"
        else:
            blocks.append(line)
    for at in range(1, len(blocks)):
        if blocks[at].startswith("✓ linkedin: ") and blocks[at - 1].startswith("✓ signature: "):
            blocks[at - 1], blocks[at] = blocks[at], blocks[at - 1]
    return "\n".join(blocks)


def masked(text: str, home: str) -> str:
    """Put something else of one length in the place of what is not the same each time."""
    text = text.replace(home, HOME)
    for pattern, same in _DIFFERS:
        text = re.sub(pattern, same, text)
    return text


def folded(line: str, columns: int) -> str:
    """Fold a line as a terminal does."""
    return "\n".join(line[at : at + columns] for at in range(0, len(line), columns)) or line


HOME = "/home/marie"
_DIFFERS = (
    (r"(?<=state=)[\w-]{43}", "".join(chr(97 + n % 26) for n in range(43))),
    (r"(?<=\d{5}/)[\w-]{16}(?!\S)", "aPathNobodyCanGu"),
    (r"(?<=%3A\d{5}%2F)[\w-]{16}(?=&)", "aPathNobodyCanGu"),
    (r"127%2E0%2E0%2E1|127\.0\.0\.1%3A\d{5}", "127.0.0.1%3A48485"),
    (r"127\.0\.0\.1:\d{5}", "127.0.0.1:48484"),
    (r"\d{4}-\d\d-\d\d", "2026-12-01"),
    (r"\b[0-2]\d:[0-5]\d(:[0-5]\d)?\b", "09:30"),
    (r"Etc/GMT[+-]\d", "Etc/GMT-5"),
    (r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b", "Tue"),
)
