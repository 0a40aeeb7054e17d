"""How the lists of a stand-in can be told to misbehave: `network.arrange = ascending`."""

from collections.abc import Callable
from datetime import datetime

from crosspost.sandbox.standin import Post


def empty(_posts: list[Post]) -> list[Post]:
    """Show nothing, as if the account had never posted."""
    return []


def ascending(posts: list[Post]) -> list[Post]:
    """Show the oldest first."""
    return posts[::-1]


def shuffled(posts: list[Post]) -> list[Post]:
    """Show every other post first, then those between: ranked by something else than time."""
    return posts[1::2] + posts[::2]


def lagging(behind: datetime) -> Callable[[list[Post]], list[Post]]:
    """Show what was there at that moment, and nothing newer."""
    return lambda posts: [post for post in posts if post.created <= behind]
