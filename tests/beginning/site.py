"""A web server with whatever pages a test wants, on a socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

HTML, RSS = "text/html; charset=utf-8", "application/rss+xml"


@dataclass
class Site:
    """Pages by their paths. `asked`: the paths that were asked for, in their order."""

    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def page(self, path: str, head: str, *, lang: str = "fr", title: str = "Carnet de Marie") -> None:
        """Serve a web page with this in its head."""
        text = (
            f'<!doctype html><html lang="{lang}"><head><title>{title}</title>{head}</head><body>…</body></html>'
        )
        self.give(path, text.encode(), HTML)

    def give(self, path: str, body: bytes, kind: str = RSS, status: int = 200, **headers: str) -> None:
        self.pages[path] = (status, {"content-type": kind, **headers}, body)

    def sends(self, path: str, to: str, status: int = 301) -> None:
        self.pages[path] = (status, {"location": to}, b"")


def rss(title: str = "Carnet de Marie", *items: str, language: str = "fr-CA") -> bytes:
    """Write a feed with some entries of these titles, a day apart, the newest first."""
    written = "".join(
        f"<item><title>{item}</title><link>https://blog.example/{number}</link>"
        "<description>Il revient chaque automne dans la ville, et les gens sont contents.</description>"
        f"<pubDate>{20 - number:02} Aug 2026 10:00:00 -0400</pubDate></item>"
        for number, item in enumerate(items or ("L’été indien", "Bœuf à l’ancienne", "Où va l’œuvre ?"))
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://blog.example/</link><language>{language}</language>{written}</channel></rss>"
    ).encode()


def link(href: str, title: str = "", kind: str = RSS) -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


@contextmanager
def served() -> Iterator[Site]:
    """Serve a site while the context lasts."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            status, headers, body = site.pages.get(self.path, (404, {"content-type": "text/html"}, b"gone"))
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
