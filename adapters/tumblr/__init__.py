"""Tumblr blogs, by the API v2 and its Neue Post Format (NPF).

Sources: github.com/tumblr/docs, api.md and npf-spec.md (last changed 2024-10, read 2026-11). Nothing here was
observed on a live blog; what is unverified says so.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from pydantic import Field

from crosspost.contract import (
    Capabilities,
    HashtagPlace,
    HttpAdapter,
    LinkPlace,
    OAuth1Settings,
    Page,
    PictureRule,
    listed,
    named,
    whole_list,
)
from crosspost.contract.login import Login
from crosspost.errors import PublishError, Unauthorized
from crosspost.http import Answer, Part, Request, at_its_word
from crosspost.model import Account, Draft, Engagement, Media, Receipt, RemotePost
from crosspost.text import unwrap

from .refusals import is_own, meaning_of

# Limits, by npf-spec.md, Post Content Limits; those of tags are others' measures (XKit-Rewritten#2069,
# tumblr/docs#77; unverified). A card's 140 characters hold only for what Tumblr itself fetches (Link).
_LONGEST_BLOCK = 4096
_MOST_TAGS = 30
_PAGE, _MOST_PAGES = 20, 25
_LONGEST_TAG = 140

_ID = r"[0-9]+"  # 64 bits; text, or a number in older answers (api.md)


class Tumblr(HttpAdapter["Tumblr.Settings"]):
    """Publish on one blog: paragraphs, the picture with alt text, and a link card."""

    kind: ClassVar[str] = "tumblr"
    name: ClassVar[str] = "Tumblr"
    home: ClassVar[str] = "https://www.tumblr.com"
    colour: ClassVar[str] = "#001935"

    class Settings(OAuth1Settings):
        """Four strings of OAuth 1.0a, which do not end (unverified); or an OAuth 2 token of 42 minutes."""

        base_url: str = Field("https://api.tumblr.com", description="Where the API is.")
        login_url: str = Field("https://www.tumblr.com", description="Where people log in to connect.")
        blog: str = Field(
            pattern=r"^([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|t:[A-Za-z0-9_-]+)$",
            description="The blog's name (the NAME of NAME.tumblr.com), its host name, or its uuid (t:...).",
            examples=["your-blog", "marie-carnet"],
        )

    found_by_connect: ClassVar[frozenset[str]] = frozenset({"blog"})
    capabilities: ClassVar[Capabilities] = Capabilities(
        # A post may have 1,000 blocks of 4,096 each; a text that announces an entry should fit in one.
        max_length=_LONGEST_BLOCK,
        link=LinkPlace.CARD,
        hashtags=HashtagPlace.FIELD,
        picture=PictureRule(max_bytes=10_000_000, alt_length=4096),  # 10 MB: api.md, legacy photo posts
        template="{{ opening }}\n\n{{ title }}\n\n{{ excerpt }}",
        excerpt=700,
    )
    settings: Settings

    @classmethod
    def destination(cls, settings: Settings) -> tuple[str, ...]:
        return (settings.blog.lower().removesuffix(".tumblr.com"),)

    @classmethod
    def logins(cls) -> Mapping[str, type[Login]]:
        from .login import LOGINS

        return LOGINS

    async def verify(self) -> Account:
        answer = await self.call(self._request("GET", "user/info"))
        user = self._response(answer).get("user")
        blogs = user.get("blogs") if isinstance(user, dict) else None
        if not isinstance(blogs, list):
            raise self.meaning(answer)
        for blog in blogs:
            if self.settings.blog.lower() in _names(blog) or self.settings.blog == blog.get("uuid"):
                return Account(
                    id=str(blog.get("uuid") or blog.get("name", "")),
                    name=str(blog.get("name", "")),
                    url=str(blog.get("url", "")),
                )
        theirs = ", ".join(str(blog.get("name", "")) for blog in blogs) or "none"
        raise Unauthorized(f"this Tumblr account cannot post to {self.settings.blog}; its blogs are: {theirs}")

    def post(self, draft: Draft, key: str) -> Request:
        picture = _picture(draft)
        body = _body(draft, [_uploaded(picture)] if picture else [])
        return self._request("POST", f"{self._blog}/posts", **_carried(body, picture))

    def receipt(self, answer: Answer) -> Receipt:
        post_id = named(self._response(answer).get("id"), _ID)
        if not post_id:
            raise self.meaning(answer)
        return self._receipt(post_id)

    async def find_recent(self, since: datetime) -> Sequence[RemotePost]:
        """Read the blog's posts, 20 at a time, the most that Tumblr lists at once."""
        return await whole_list(self._page, since, network=self.name, most_pages=_MOST_PAGES)

    async def _page(self, cursor: str) -> Page:
        start = int(cursor or 0)
        params = {"npf": "true", "limit": str(_PAGE), "offset": str(start)}
        page = await self._read(f"{self._blog}/posts", params)
        posts = [_remote_post(post) for post in listed(page["posts"])]
        return posts, str(start + min(len(posts), _PAGE)) if _has_more(page, start) else ""

    async def edit(self, remote_id: str, draft: Draft) -> Receipt:
        """Replace the whole post, as Tumblr wants it; the picture stays unless the draft brings another."""
        picture, path = _picture(draft), f"{self._blog}/posts/{remote_id}"
        if picture:
            images = [_uploaded(picture)]
        else:
            there = await self._read(path, {"post_format": "npf"})
            blocks = there.get("content", [])
            images = [_kept(block) for block in blocks if block.get("type") == "image" and block.get("media")]
        await self.call(self._request("PUT", path, **_carried(_body(draft, images), picture)))
        return self._receipt(remote_id)

    async def retract(self, remote_id: str) -> None:
        # In JSON, as the official tumblr.js sends it: a form would have to be signed (RFC 5849, 3.4.1.3).
        request = self._request("POST", f"{self._blog}/post/delete", json={"id": remote_id})
        await self.call(request, fine=frozenset({404}))

    async def read_counts(self, remote_id: str) -> Engagement:
        """Read the notes. Replies are only known when they fit on the first page."""
        notes = await self._read(f"{self._blog}/notes", {"id": remote_id, "mode": "conversation"})
        replies = sum(note.get("type") == "reply" for note in notes.get("notes", []))
        return Engagement(
            likes=notes.get("total_likes"),
            reposts=notes.get("total_reblogs"),
            replies=None if notes.get("_links") else replies,
        )

    @property
    def _blog(self) -> str:
        return f"blog/{self.settings.blog}"

    def _receipt(self, post_id: str) -> Receipt:
        blog = self.settings.blog.removesuffix(".tumblr.com")
        where = f"https://{blog}/post/{post_id}" if "." in blog else f"https://www.tumblr.com/{blog}/{post_id}"
        # Whether a uuid may stand in an address that people open is nowhere said.
        return Receipt(remote_id=post_id, url=where if not blog.startswith("t:") else "")

    async def _read(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        return self._response(await self.call(self._request("GET", path, params=params or {})))

    def _request(self, method: str, path: str, **more: Any) -> Request:
        return Request(method=method, url=f"{self.settings.base_url}/v2/{path}", **more)

    def signed(self, request: Request) -> Request:
        return self.settings.signed(request)

    def _response(self, answer: Answer) -> dict[str, Any]:
        """Return what stands in the envelope of a success; raise what a refusal in the shape of one means."""
        envelope = answer.object()
        if not envelope or not _stands(answer).ok:
            raise self.meaning(answer)
        response = envelope.get("response")
        return response if isinstance(response, dict) else {}

    def is_own(self, answer: Answer) -> bool:
        return is_own(answer)

    def meaning(self, answer: Answer) -> PublishError:
        return meaning_of(_stands(answer))


def _stands(answer: Answer) -> Answer:
    """Return the answer by the status that its envelope names (api.md, Response Format)."""
    meta = answer.object().get("meta")
    return at_its_word(answer, meta.get("status") if isinstance(meta, dict) else None)


def _body(draft: Draft, images: Sequence[dict[str, object]]) -> dict[str, object]:
    tags = [tag.replace(",", " ") for tag in draft.hashtags if len(tag) <= _LONGEST_TAG]
    blocks, card = _paragraphs(draft.text), _card(draft)
    title: dict[str, object] = {"type": "text", "text": draft.title}
    if title in blocks:  # the card says it, in its place
        blocks[blocks.index(title)] = card
    return {
        "content": [*blocks, *images] if card in blocks else [*blocks, *images, card],
        "state": "published",
        "source_url": draft.permalink,
        "tags": ",".join(tags[:_MOST_TAGS]),
    }


def _paragraphs(text: str) -> list[dict[str, object]]:
    """Make a block of each paragraph; a line break inside one stays in its block (unverified)."""
    blocks = []
    for paragraph in re.split(r"\n{2,}", text.strip("\n")):
        rest = paragraph
        while len(rest) > _LONGEST_BLOCK and (space := rest.rfind(" ", 1, _LONGEST_BLOCK + 1)) > 0:
            blocks.append(rest[:space])
            rest = rest[space + 1 :]
        blocks.append(rest)
    return [{"type": "text", "text": block} for block in blocks if block]


def _card(draft: Draft) -> dict[str, object]:
    """Make the link block. With neither title nor description Tumblr looks at the page for them."""
    card = {"title": draft.title, "description": draft.description}
    return {"type": "link", "url": draft.link, **{name: text for name, text in card.items() if text}}


def _picture(draft: Draft) -> Media | None:
    """Return the picture whose bytes are there: what the core keeps of a draft has none."""
    return draft.picture if draft.picture and draft.picture.data else None


def _uploaded(picture: Media) -> dict[str, object]:
    """Make the block of a picture that comes in the part `img0`."""
    media = {"type": picture.mime, "identifier": "img0", "width": picture.width, "height": picture.height}
    return {"type": "image", "media": [media], "alt_text": picture.alt}


def _kept(block: dict[str, Any]) -> dict[str, object]:
    """Make the block of a picture that Tumblr has, from what it may hold at creation (npf-spec.md, Media)."""
    largest = block["media"][0]
    media = {name: largest[name] for name in ("type", "url", "width", "height") if name in largest}
    return {"type": "image", "media": [media], "alt_text": block.get("alt_text", "")}


def _carried(body: dict[str, object], picture: Media | None) -> dict[str, Any]:
    """Say how a post is carried: as JSON; with a picture as multipart, JSON first (api.md, Uploaded Media)."""
    if picture is None:
        return {"json": body}
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return {
        "parts": [
            Part(name="json", content=content, mime="application/json"),
            Part(name="img0", content=picture.data, mime=picture.mime, filename=picture.filename),
        ]
    }


def _names(blog: dict[str, Any]) -> set[str]:
    """Return by what a blog can be called: its name and its hosts."""
    name = str(blog.get("name", "")).lower()
    host = str(blog.get("url", "")).partition("://")[2].partition("/")[0].lower()
    return {name, f"{name}.tumblr.com", host} - {""}


def _has_more(page: dict[str, Any], start: int) -> bool:
    """Tell whether the list goes on. A page may hold fewer than was asked for (unverified): look at the total.

    `_links`: api.md, Links; that this list has them too is from tumblr/pytumblr#174 (2024-03).
    """
    shown = len(page["posts"])
    return shown >= _PAGE or start + shown < page.get("total_posts", 0) or "next" in (page.get("_links") or ())


def _text_of(blocks: Sequence[dict[str, Any]]) -> str:
    """Return the words of a post; those of a card only where it stands among them, as a title does."""
    last = max((place for place, block in enumerate(blocks) if block.get("type") == "text"), default=-1)
    shown = [block.get("title" if block.get("type") == "link" else "text") for block in blocks[: last + 1]]
    return "\n\n".join(str(words) for words in shown if words)


def _remote_post(post: dict[str, Any]) -> RemotePost:
    post_id = post.get("id_string") or post["id"]
    if not isinstance(post_id, str | int) or not post_id:
        raise TypeError("a post has no id")
    blocks = [block for block in post.get("content", []) if isinstance(block, dict)]
    links = [block.get("url") for block in blocks if block.get("type") == "link"]
    links += [part.get("url") for block in blocks for part in block.get("formatting", [])]
    links.append(post.get("source_url"))  # whether reading gives it back is unverified
    return RemotePost(
        remote_id=str(post_id),
        url=str(post.get("post_url") or ""),
        text=_text_of(blocks),
        links=tuple(dict.fromkeys(unwrap(link) for link in links if link)),
        created=datetime.fromtimestamp(post["timestamp"], UTC),
    )
