"""Reading a changed feed, from its bytes to the document as the child answers it, beside feedparser alone.

Both in this process, with their libraries imported, on the same bytes in turn; the best of some rounds. What
ours remembers of one round it forgets before the next, since each child starts with nothing.
"""

import io
import sys
import time
from collections.abc import Callable
from typing import Any

import feedparser

from crosspost.feeds import entry, formats
from crosspost.feeds.packing import pack

URL = "https://blog.example/feed.xml"
ROUNDS = 5
_WORDS = "Un conseil a un prix : encore faut-il le dire, puis l’écrire, et le tenir. "
_PARAGRAPH = f'<p>{_WORDS * 3}<a href="/notes/{{n}}"><em>à lire</em></a></p>\n'
_PICTURE = '<figure><img src="/i/{n}.jpg" alt="Une tour" width="1200" height="630"></figure>\n'


def post(number: int, paragraphs: int) -> str:
    """Write a post's HTML."""
    return (_PICTURE + _PARAGRAPH * paragraphs).replace("{n}", str(number))


def rss(count: int, paragraphs: int) -> bytes:
    """Write RSS whose posts are in full, as WordPress does."""
    items = "".join(
        f"<item><title>Billet {n} &amp; suite</title><link>https://blog.example/{n}</link><dc:creator>Zoé</dc:creator>"
        f"<pubDate>Tue, 24 Nov 2026 09:30:00 +0100</pubDate><category>Métier</category><guid>{n}</guid>"
        f"<description><![CDATA[{_WORDS * 4}]]></description>"
        f"<content:encoded><![CDATA[{post(n, paragraphs)}]]></content:encoded></item>"
        for n in range(count)
    )
    spaces = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel><title>Blog</title>{items}</channel></rss>'
    ).encode()


def atom(count: int, paragraphs: int) -> bytes:
    """Write Atom whose posts are escaped, as Blogger does."""
    entries = "".join(
        f'<entry><title>Billet {n}</title><link href="https://blog.example/{n}"/><id>tag:{n}</id>'
        f"<updated>2026-11-24T08:30:00Z</updated><author><name>Zoé</name></author>"
        f'<content type="html">{post(n, paragraphs).replace("<", "&lt;")}</content></entry>'
        for n in range(count)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title>{entries}</feed>'.encode()


def ours(body: bytes) -> None:
    """Read as the child does."""
    raw = formats.read(body, content_type="", name="the feed", url=URL)
    pack(entry.document(raw, feed="blog", url=URL))


def raw(body: bytes) -> None:
    """Read as the child does, but for the entries' words."""
    formats.read(body, content_type="", name="the feed", url=URL)


def theirs(body: bytes) -> None:
    feedparser.parse(io.BytesIO(body))


def forget() -> None:
    """Clear what functions remember."""
    for name, module in list(sys.modules.items()):
        if name.startswith("crosspost."):
            for function in vars(module).values():
                if hasattr(function, "cache_clear"):
                    function.cache_clear()


def best(read: Callable[[bytes], Any], body: bytes) -> float:
    forget()
    began = time.process_time()
    read(body)
    return time.process_time() - began


async def main() -> None:
    feeds = {
        "RSS, 30 long posts": rss(30, 25),
        "Atom, 300 posts": atom(300, 3),
        "RSS, 2.5 MB": rss(100, 85),
        "RSS, 30 long posts, one broken": rss(30, 25).replace(b"Billet 7 &amp;", b"Billet 7 <b>&", 1),
    }
    print(f"{'':34} {'size':>9} {'feedparser':>11} {'formats':>9} {'ratio':>7} {'whole':>9} {'ratio':>7}")
    for label, body in feeds.items():
        times = [(best(theirs, body), best(raw, body), best(ours, body)) for _ in range(ROUNDS)]
        alone, fields, whole = (min(column) for column in zip(*times, strict=True))
        print(
            f"{label:34} {len(body) / 1000:6,.0f} kB {alone * 1000:9.0f}ms {fields * 1000:7.1f}ms"
            f" {fields / alone:6.2f}× {whole * 1000:7.0f}ms {whole / alone:6.2f}×",
            flush=True,
        )
