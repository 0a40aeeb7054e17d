"""Read back an account's posts, page by page: the list is whole, or it is an error."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from itertools import pairwise
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
    the network documents it makes the list unreadable. It is read one page beyond `since`, which confirms its
    order: the newest first. A list in another order, or with undated posts, is read to its end.
    """
    since = since.replace(microsecond=0)  # many networks' moments are whole seconds
    known: dict[str, RemotePost] = {}  # a new post would push the last one onto the next page as well
    cursor, past = "", False
    for _ in range(most_pages):
        try:
            posts, cursor = await read(cursor)
            if not all(isinstance(post.remote_id, str) and post.remote_id for post in posts):
                raise TypeError("a post has no id")
            if any(post.created and post.created.tzinfo is None for post in posts):
                raise TypeError("a post's moment has no zone")
        except ODD as error:
            raise NotSent(f"{network} answered with a list that cannot be read") from error
        known |= {post.remote_id: post for post in posts if post.remote_id not in known}
        was_past, past = past, _is_past(list(known.values()), since)
        if not cursor or (past and was_past):
            break
    if not cursor or past:
        return [post for post in known.values() if post.created is None or post.created >= since]
    raise NotSent(f"{network} has more than {most_pages} pages of posts since then")


def is_descending(posts: Iterable[RemotePost]) -> bool:
    """Tell whether posts stand in order of time, the newest first; one that is pinned may stand before them."""
    return _descends(_unpinned([post.created for post in posts if post.created is not None]))


def _is_past(posts: Sequence[RemotePost], since: datetime) -> bool:
    """Tell whether all that follows these posts is older than `since`."""
    moments = [post.created for post in posts if post.created is not None]
    # Two tell the order: one alone may be pinned, or be the first of a list that begins with the oldest.
    ordered = _unpinned(moments)
    return len(moments) == len(posts) and len(ordered) > 1 and ordered[-1] < since and _descends(ordered)


def _unpinned(moments: Sequence[datetime]) -> Sequence[datetime]:
    """Return the moments without the first, if it is out of order: what is pinned stands first."""
    return moments[1:] if len(moments) > 1 and moments[0] < moments[1] else moments


def _descends(moments: Sequence[datetime]) -> bool:
    return all(newer >= older for newer, older in pairwise(moments))


def listed(part: object) -> list[Any]:
    """Return what stands where a page's list belongs. Raise `TypeError` if it is none."""
    if not isinstance(part, list):
        raise TypeError("no list of posts")
    return part
