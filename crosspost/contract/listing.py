"""Read back an account's posts, page by page: the list is whole, or it is an error."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from crosspost.errors import NotSent
from crosspost.model import RemotePost

Page = tuple[Sequence[RemotePost], str]
"""The posts of one page, newest first, and the next page's cursor: "" where the list ends."""
ODD = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What reading an answer stumbles over that is not as its network documents it."""


async def whole_list(
    read: Callable[[str], Awaitable[Page]], since: datetime, *, network: str, most_pages: int = 5
) -> Sequence[RemotePost]:
    """Follow a network's pages back to `since`: return all the posts since then, or raise `NotSent`.

    `read` reads the page of a cursor, "" for the first. Whatever it stumbles over because a page is not as
    the network documents it makes the list unreadable. No page is read that is not needed.
    """
    since = since.replace(microsecond=0)  # many networks' moments are whole seconds
    known: dict[str, RemotePost] = {}  # a new post would push the last one onto the next page as well
    cursor = ""
    for _ in range(most_pages):
        try:
            posts, cursor = await read(cursor)
            if not all(isinstance(post.remote_id, str) and post.remote_id for post in posts):
                raise TypeError("a post has no id")
            if any(post.created and post.created.tzinfo is None for post in posts):
                raise TypeError("a post's moment has no zone")
        except ODD as error:
            raise NotSent(f"{network} answered with a list that cannot be read") from error
        known |= {post.remote_id: post for post in posts}
        # The last one: what is pinned may stand first, whatever its age.
        if not cursor or any(post.created and post.created < since for post in posts[-1:]):
            return [post for post in known.values() if post.created is None or post.created >= since]
    raise NotSent(f"{network} has more than {most_pages} pages of posts since {since:%Y-%m-%d %H:%M} UTC")


def listed(part: object) -> list[Any]:
    """Return what stands where a page's list belongs. Raise `TypeError` if it is none."""
    if not isinstance(part, list):
        raise TypeError("no list of posts")
    return part
