"""A feed that moved for good is read where it is now: as a stranger's word, and only while that answers."""

import base64

import pytest
from sqlalchemy import text

from crosspost.house import open_house
from crosspost.report import What
from crosspost.store import feeds
from tests.http.raw import RawSite, header, ok, raw_site
from tests.verbs import list_deliveries, read_status
from tests.world import World, fresh, old

SIGNATURE = ("signature",)
MOVED = b"HTTP/1.1 301 Moved Permanently\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n"


class Mover:
    """A blog whose `/feed.xml` moved to `/new.xml`. `lost`: paths that answer 404 now."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.moves = True
        self.lost: set[str] = set()

    def __call__(self, head: str) -> bytes:
        path = head.split(" ")[1]
        if path in self.lost:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        if path == "/feed.xml" and self.moves:
            return MOVED % b"/new.xml"
        return ok(self.world.blog.body(), 'ETag: "1"')


def paths(site: RawSite) -> list[str]:
    asked = [head.split(" ")[1] for head in site.asked]
    site.asked.clear()
    return asked


async def adopt(world: World, address: str) -> None:
    """Put on record that the feed moved there for good, as an earlier life would have."""
    async with open_house(world.loaded()) as house:
        await house.database.write(feeds.save, "blog", moved_to=address, moved_times=3)


async def announced(world: World) -> list[str]:
    shown = await list_deliveries(world.loaded(), states=(), channel=None, feed=None, limit=100)
    return sorted(delivery["title"] for delivery in shown)


async def test_what_was_adopted_is_asked_shown_and_given_up_when_it_fails(world: World) -> None:
    world.blog.publish(*old(4))
    mover = Mover(world)
    async with raw_site(mover) as site:
        world.blog_url = site.url
        config = world.config(only=SIGNATURE)
        for number in range(3):
            world.blog.publish(fresh(3)[number])
            await world.run(config)
        paths(site)
        world.blog.publish(old(5)[4])
        await world.run(config)
        assert paths(site) == ["/new.xml"]
        assert (await read_status(config))["feeds"][0]["moved_to"] == f"{site.url}/new.xml"
        mover.lost, mover.moves = {"/new.xml"}, False
        world.blog.publish(fresh(4)[3])
        await world.run(config)
        assert paths(site) == ["/new.xml", "/feed.xml"], "the configured address answers in the same poll"
        assert "Nouveau billet 3" in await announced(world)
        await world.run(config)
        assert paths(site) == ["/feed.xml"]
        assert (await read_status(config))["feeds"][0]["moved_to"] == ""


async def test_a_quiet_run_that_had_to_go_back_goes_the_whole_way(world: World) -> None:
    world.blog.publish(*old(4))
    mover = Mover(world)
    mover.moves, mover.lost = False, {"/new.xml"}
    async with raw_site(mover) as site:
        world.blog_url = site.url
        config = world.config(only=SIGNATURE)
        await world.run(config)
        await adopt(world, f"{site.url}/new.xml")
        for _ in range(3):
            await world.run(config)
        assert paths(site) == ["/feed.xml", "/new.xml", "/feed.xml", "/feed.xml", "/feed.xml"]


async def test_an_adopted_address_in_a_private_network_is_never_asked(world: World) -> None:
    """Its name led to the public internet when it was adopted; now it leads to our own router."""
    secret = world.blog.body().replace(b"</channel>", fresh(1)[0].xml().encode() + b"</channel>")
    world.blog.publish(*old(4))
    async with raw_site(lambda _: ok(secret)) as router, raw_site(lambda _: ok(world.blog.body())) as site:
        world.blog_url = site.url
        config = world.config(only=SIGNATURE)
        await world.run(config)
        for address in (f"{router.url}/status.xml", f"http://localhost:{router.port}/status.xml"):
            await adopt(world, address)
            await world.run(config)
            assert world.happened(What.FEED_FAILED) == []
            assert (await read_status(config))["feeds"][0]["moved_to"] == ""
        assert router.asked == []
        assert await announced(world) == []


async def test_user_and_password_stay_with_their_server(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """They go along to another path of it, named in full too; what is put on record holds neither."""
    world.blog.publish(*old(4))

    def answer(head: str) -> bytes:
        pair = base64.b64encode(b"marie:pw1").decode()
        if header(head, "authorization") != f"Basic {pair}":
            return b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
        if head.startswith("GET /feed.xml"):
            return MOVED % f"{site.url}/new.xml".encode()
        return ok(world.blog.body())

    async with raw_site(answer) as site:
        world.blog_url = site.url
        monkeypatch.setenv("FEED", f"{site.url}/feed.xml".replace("//", "//marie:pw1@"))
        toml = world.toml(only=SIGNATURE).replace(f'"{site.url}/feed.xml"', '{ env = "FEED" }')
        (world.folder / "crosspost.toml").write_text(toml, encoding="utf-8")
        config = world.loaded()
        for number in range(4):
            world.blog.publish(fresh(4)[number])
            await world.run(config)
            assert world.happened(What.FEED_FAILED) == []
        assert paths(site)[-1] == "/new.xml"
        async with open_house(config) as house:
            stored = await house.database.read(
                lambda tx: tx.execute(text("SELECT moved_to FROM feeds")).scalar()
            )
        assert stored == f"{site.url}/new.xml"


async def test_what_was_adopted_ends_with_the_address_it_was_adopted_for(world: World) -> None:
    """Also when the new address fails at first."""
    world.blog.publish(*old(4))
    mover = Mover(world)
    mover.moves = False
    async with raw_site(mover) as site:
        world.blog_url = site.url
        await world.run(world.config(only=SIGNATURE))
        await adopt(world, f"{site.url}/new.xml")
        world.blog_url = f"{site.url}/elsewhere"
        mover.lost = {"/elsewhere/feed.xml"}
        config = world.config(only=SIGNATURE)
        await world.run(config)
        mover.lost = set()
        site.asked.clear()
        await world.run(config)
        assert [header(head, "if-none-match") for head in site.asked] == [""]
        assert paths(site) == ["/elsewhere/feed.xml"]
