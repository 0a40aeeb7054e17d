"""Where a feed's address may lead: followed, reported if for good, and never into our own network."""

import pytest

from crosspost.errors import FeedError, FetchRefused
from crosspost.feeds import Changed, Validators
from crosspost.feeds.fetch import fetch
from crosspost.http.wire import HttpxClient, _next_hop
from tests.feeds.site import NOW, Site, refused


async def test_a_permanent_redirect_is_followed_and_reported(site: Site, client: HttpxClient) -> None:
    final = site.answer(path="/blog/feed")
    got = await fetch(client, site.answer(b"", 301, location="/blog/feed"), Validators(), now=NOW)
    assert isinstance(got, Changed)
    assert (got.url, got.moved_to) == (final, final)


@pytest.mark.parametrize("status", [302, 307])
async def test_a_passing_redirect_is_followed_but_not_reported(
    site: Site, client: HttpxClient, status: int
) -> None:
    final = site.answer(path="/blog/feed")
    got = await fetch(client, site.answer(b"", status, location="/blog/feed"), Validators(), now=NOW)
    assert isinstance(got, Changed)
    assert (got.url, got.moved_to) == (final, "")


async def test_redirects_in_a_circle_end(site: Site, client: HttpxClient) -> None:
    assert "redirects more than" in str(await refused(client, site.answer(b"", 302, location="/feed")))


@pytest.mark.parametrize("target", ["http://[::1/", "http://[bad]/", "http://x:99999/", "mailto:a@b.c", ""])
async def test_a_redirect_to_no_address_at_all_is_an_error_of_the_feed(
    site: Site, client: HttpxClient, target: str
) -> None:
    error = await refused(client, site.answer(b"", 302, location=target))
    assert "could not be fetched" in str(error)


def test_a_redirect_from_https_to_http_is_refused() -> None:
    """Pure, since loopback has no certificate."""
    with pytest.raises(FetchRefused, match="from https to http"):
        _next_hop("https://example.org/feed", "http://example.org/feed")


async def test_a_redirect_from_the_web_into_a_private_network_is_refused(site: Site) -> None:
    """The configured address is public as far as its name says; the redirect leads to our own router."""
    site.answer(b"", 302, location="http://router.example/feed")

    async def resolve(host: str, port: int) -> list[str]:
        assert host == "router.example"
        return ["192.168.1.1"]

    client = HttpxClient(resolve=resolve)
    error = await refused(client, site.url + "/feed")
    await client.aclose()
    assert "router.example lies in a private network" in str(error)
    assert len(site.asked) == 1


async def test_a_private_address_can_be_forbidden(site: Site, client: HttpxClient) -> None:
    with pytest.raises(FeedError, match="private network"):
        await fetch(client, site.answer(), Validators(), now=NOW, allow_private=False)
    assert site.asked == []
