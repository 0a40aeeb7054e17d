"""What holds for every adapter that can read back what it posted: the list is whole, or it is no list."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crosspost.contract import FindsRecent
from crosspost.errors import NotSent, PublishError
from crosspost.model import RemotePost
from crosspost.sandbox.lists import ascending, shuffled
from crosspost.sandbox.standin import Post, StandIn
from crosspost.testing.bench import KEY, OnStandIn, needs_power
from crosspost.text import canonical_link

A_MINUTE = timedelta(minutes=1)
Path = tuple[str | int, ...]

NO_LISTS: tuple[object, ...] = (
    b"<html>fine</html>",
    b"",
    b'{"data": [',
    None,
    3,
    "posts",
    [],
    {},
    {"data": 3},
    {"data": [None]},
    {"data": {}, "elements": {}, "response": {"posts": {}}},
)
"""Bodies of a success that no network lists its posts in."""
NO_POSTS: tuple[object, ...] = (None, 3, "posts", {}, {"0": {}}, [None], [3], ["post"], [[]], [{}])
"""What stands where the list should."""
ODD: tuple[object, ...] = (None, "2026-11-20", 10**30, [], [None], {}, {"a": None})
"""What stands where anything else should."""


def parts(body: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Walk a JSON body: each part, with the way to it."""
    yield path, body
    members = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, member in members:
        yield from parts(member, (*path, name))


def replaced(body: Any, path: Path, part: object) -> Any:
    """Return the body with another part there; as it is, where the way does not lead."""
    if not path:
        return part
    body = deepcopy(body)
    try:
        place = body
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = part
    except (LookupError, TypeError):
        return body
    return body


class ListingContract(OnStandIn):
    """A part of `NetworkContract`: what holds for `find_recent`."""

    async def with_posts(self, network: StandIn, count: int) -> list[str]:
        """Publish so many posts, a minute apart; return their ids, newest first."""
        adapter = await self.ready(network)
        for number in range(count):
            await adapter.publish(self.draft(f"Post {number}"), key=f"{KEY}{number}")
        for age, post in enumerate(reversed(network.posts)):
            post.created -= age * A_MINUTE
        return [post.id for post in reversed(network.posts)]

    async def body_of_a_list(self, network: StandIn) -> Any:
        """Publish one post, and return what the network lists."""
        await self.with_posts(network, 1)
        seen: list[Any] = []

        def look(body: Any) -> Any:
            seen.append(body)
            return body

        network.distort = look
        adapter = await self.ready(network)
        await adapter.find_recent(datetime.now(UTC) - A_MINUTE)
        return seen[0]

    async def test_finds_what_it_posted(self, network: StandIn) -> None:
        adapter = await self.ready(network)
        needs_power(adapter, FindsRecent)
        draft = self.draft()
        receipt = await adapter.publish(draft, key=KEY)
        (found,) = await adapter.find_recent(datetime.now(UTC) - A_MINUTE)
        assert found.remote_id == receipt.remote_id
        assert canonical_link(draft.permalink) in map(canonical_link, found.links)
        assert found.created
        assert found.created.tzinfo
        assert not await adapter.find_recent(datetime.now(UTC) + A_MINUTE)

    async def test_finds_a_post_of_this_very_second(self, network: StandIn) -> None:
        """Where moments are whole seconds, a post must not seem older than the attempt that made it."""
        adapter = await self.ready(network)
        needs_power(adapter, FindsRecent)
        network.clock = lambda: datetime(2026, 11, 20, 12, 0, 5, 800_000, tzinfo=UTC)
        await adapter.publish(self.draft(), key=KEY)
        assert await adapter.find_recent(datetime(2026, 11, 20, 12, 0, 5, 500_000, tzinfo=UTC))

    async def test_an_account_without_posts_has_none(self, network: StandIn) -> None:
        adapter = await self.ready(network)
        needs_power(adapter, FindsRecent)
        assert list(await adapter.find_recent(datetime.now(UTC) - A_MINUTE)) == []

    @pytest.mark.parametrize(
        ("posts", "since", "expected"),
        [(5, 60, 5), (4, 60, 4), (6, 3.5, 4), (6, 1.5, 2), (6, 0.5, 1), (6, -1, 0)],
        ids=["three pages", "full pages", "a page's end", "a page", "half a page", "nothing new"],
    )
    async def test_follows_the_pages_back_to_since(
        self, network: StandIn, posts: int, since: float, expected: int
    ) -> None:
        """Pages of two; `since` is so many minutes ago."""
        adapter = await self.ready(network)
        needs_power(adapter, FindsRecent)
        ids = await self.with_posts(network, posts)
        network.page_size = 2
        found = await adapter.find_recent(datetime.now(UTC) - since * A_MINUTE)
        assert [post.remote_id for post in found] == ids[:expected]

    @pytest.mark.parametrize(("posts", "since"), [(3, 60), (6, 1.5)], ids=["all fit", "since is reached"])
    async def test_what_one_page_shows_needs_one_more_at_most(
        self, network: StandIn, posts: int, since: float
    ) -> None:
        """The next one confirms that the list begins with the newest."""
        adapter = await self.ready(network)
        needs_power(adapter, FindsRecent)
        await self.with_posts(network, posts)
        network.page_size = 4
        network.requests.clear()
        await adapter.find_recent(datetime.now(UTC) - since * A_MINUTE)
        assert max(Counter(seen.path for seen in network.requests).values()) <= 2

    @pytest.mark.parametrize("order", [ascending, shuffled])
    async def test_a_list_in_another_order_is_read_to_its_end(
        self, network: StandIn, order: Callable[[list[Post]], list[Post]]
    ) -> None:
        adapter = await self.ready(network)
        needs_power(adapter, FindsRecent)
        ids = await self.with_posts(network, 8)
        network.page_size, network.arrange = 4, order
        found = await adapter.find_recent(datetime.now(UTC) - 1.5 * A_MINUTE)
        assert {post.remote_id for post in found} == set(ids[:2])

    async def test_a_list_that_is_too_long_proves_nothing(self, network: StandIn) -> None:
        adapter = await self.ready(network)
        needs_power(adapter, FindsRecent)
        await self.with_posts(network, 26)
        network.page_size = 1
        with pytest.raises(NotSent, match="more than"):
            await adapter.find_recent(datetime.now(UTC) - 60 * A_MINUTE)
        assert await adapter.find_recent(datetime.now(UTC) - A_MINUTE / 2)

    async def test_what_is_no_list_proves_nothing(self, network: StandIn) -> None:
        adapter = await self.ready(network)
        needs_power(adapter, FindsRecent)
        usual = await self.body_of_a_list(network)
        listed = next(path for path, part in parts(usual) if isinstance(part, list) and part)
        bodies = (*NO_LISTS, *(replaced(usual, listed, odd) for odd in NO_POSTS))
        taken = []
        for odd in bodies:
            network.distort = lambda _, odd=odd: odd
            with suppress(NotSent):
                taken.append((odd, await adapter.find_recent(datetime.now(UTC) - A_MINUTE)))
        assert not taken

    async def test_whatever_a_post_holds_it_is_read_or_refused(self, network: StandIn) -> None:
        adapter = await self.ready(network)
        needs_power(adapter, FindsRecent)
        usual = await self.body_of_a_list(network)
        for path, _ in parts(usual):
            for odd in ODD:
                network.distort = lambda body, path=path, odd=odd: replaced(body, path, odd)
                try:
                    found = await adapter.find_recent(datetime.now(UTC) - A_MINUTE)
                except PublishError:
                    continue
                for post in found:
                    assert isinstance(post, RemotePost), f"{odd!r} at {path}"
                    assert post.remote_id not in ("", *map(str, (None, [], [None], {}, {"a": None}))), path
                    assert all(isinstance(text, str) for text in (post.url, post.text, *post.links)), path
