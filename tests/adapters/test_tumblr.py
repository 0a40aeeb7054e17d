"""The Tumblr adapter, on its stand-in."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from crosspost.adapters.tumblr import Tumblr
from crosspost.adapters.tumblr.refusals import tomorrow
from crosspost.adapters.tumblr.stand_in import (
    BLOG,
    CONSUMER_KEY,
    CONSUMER_SECRET,
    TOKEN_SECRET,
    TumblrStandIn,
    error,
)
from crosspost.errors import (
    BadPicture,
    Barred,
    Intercepted,
    NotSent,
    RateLimited,
    Rejected,
    Unauthorized,
    Uncertain,
)
from crosspost.http import Answer, Request
from crosspost.sandbox.behaviour import refuse
from crosspost.sandbox.standin import Post
from crosspost.testing import NetworkContract, a_picture
from crosspost.text import canonical_link

OAUTH1 = {
    "blog": BLOG,
    "consumer_key": CONSUMER_KEY,
    "consumer_secret": CONSUMER_SECRET,
    "access_token": "sandbox-token",
    "access_token_secret": TOKEN_SECRET,
}


def sent(network: TumblrStandIn) -> dict[str, Any]:
    """Return the last JSON body."""
    body: dict[str, Any] = json.loads(network.requests[-1].body)
    return body


class TestTumblr(NetworkContract):
    """With OAuth 1.0a: the stand-in verifies every signature."""

    adapter = Tumblr
    stand_in = TumblrStandIn
    settings: ClassVar[dict[str, Any]] = OAUTH1
    refusals: ClassVar = {
        "expired": (error(401, 1016, "Unable to authorize"), Unauthorized),
        "401 without a code": (refuse(401, b"Unauthorized"), Unauthorized),
        "forbidden": (error(403), Unauthorized),
        "no such blog": (error(404), Unauthorized),
        "bad NPF": (error(400, 8001, "'content' must be an array"), Rejected),
        "bad parent": (error(400, 8002), Rejected),
        "bad media": (error(400, 8005), BadPicture),
        "bad blocks, for their media": (error(400, 8001, "Invalid media in an image block"), BadPicture),
        "video in a reblog": (error(403, 8008), Rejected),
        "bad layout": (error(400, 8016), Rejected),
        "unknown 400": (error(400), Rejected),
        "media of today": (error(403, 8004), RateLimited),
        "videos of today": (error(403, 8011), RateLimited),
        "queue full": (error(403, 8022), RateLimited),
        "posts of today": (error(403, 8023), RateLimited),
        "requests": (error(429), RateLimited),
        "transcoding": (error(403, 8010), NotSent),
        "upload error": (error(500, 8006), Uncertain),
        "video upload error": (error(500, 8009), Uncertain),
        "outage": (error(503), Uncertain),
        "posting disabled": (error(503, title="Posting is temporarily disabled"), Barred),
        "errors of another shape": (refuse(400, {"errors": ["no"], "meta": []}), Intercepted),
        "a code of another shape": (refuse(400, {"errors": [{"code": ["8001"]}]}), Intercepted),
    }

    @pytest.mark.parametrize("meaning", [(401, Unauthorized), (429, RateLimited), (503, Uncertain)])
    async def test_the_envelope_of_a_success_may_take_it_back(
        self, network: TumblrStandIn, meaning: tuple[int, type[Exception]]
    ) -> None:
        network.behave(refuse(200, error(meaning[0]).body))
        with pytest.raises(meaning[1]):
            await self.on(network).publish(self.draft(), key="k")

    async def test_sends_blocks_tags_and_source(self, network: TumblrStandIn) -> None:
        draft = self.draft("Titre\n\nUn paragraphe\nen deux lignes.\n\n\nUn autre.")
        receipt = await self.on(network).publish(draft, key="k")
        assert sent(network) == {
            "content": [
                {"type": "text", "text": "Titre"},
                {"type": "text", "text": "Un paragraphe\nen deux lignes."},
                {"type": "text", "text": "Un autre."},
                {"type": "link", "url": draft.link, "title": draft.title, "description": draft.description},
            ],
            "state": "published",
            "source_url": draft.permalink,
            "tags": "Automne,Québec",
        }
        assert network.requests[-1].path == f"/v2/blog/{BLOG}/posts"
        assert receipt.url == f"https://www.tumblr.com/{BLOG}/{receipt.remote_id}"

    async def test_a_long_paragraph_is_cut_at_a_space(self, network: TumblrStandIn) -> None:
        words = "mot " * 3000
        await self.on(network).publish(self.draft(words.strip()), key="k")
        texts = [block["text"] for block in sent(network)["content"] if block["type"] == "text"]
        assert [len(text) <= 4096 for text in texts] == [True] * 3
        assert " ".join(texts) == words.strip()

    async def test_a_draft_without_text_is_its_card(self, network: TumblrStandIn) -> None:
        await self.on(network).publish(self.draft("\n"), key="k")
        assert [block["type"] for block in sent(network)["content"]] == ["link"]

    async def test_the_paragraph_that_is_the_title_is_the_card(self, network: TumblrStandIn) -> None:
        draft = self.draft("Nouveau :\n\nL’été indien\n\nIl revient.", description="")
        await self.on(network).publish(draft, key="k")
        assert sent(network)["content"] == [
            {"type": "text", "text": "Nouveau :"},
            {"type": "link", "url": draft.link, "title": "L’été indien"},
            {"type": "text", "text": "Il revient."},
        ]
        (found,) = await self.on(network).find_recent(datetime.now(UTC) - timedelta(minutes=1))
        assert found.text == draft.text

    async def test_card_texts_are_whole(self, network: TumblrStandIn) -> None:
        """140 characters are all that Tumblr keeps of what it fetches itself."""
        title = ("mot " * 100).strip()
        await self.on(network).publish(self.draft(title=title, description=""), key="k")
        card = sent(network)["content"][-1]
        assert card["title"] == title
        assert "description" not in card

    async def test_a_blog_can_be_named_by_its_uuid(self, network: TumblrStandIn) -> None:
        adapter = self.on(network, blog=network.uuid)
        assert (await adapter.verify()).name == BLOG
        receipt = await adapter.publish(self.draft(), key="k")
        assert receipt.remote_id == self.only(network).id
        assert len(await adapter.find_recent(datetime.now(UTC) - timedelta(hours=1))) == 1

    async def test_tags_keep_to_their_limits(self, network: TumblrStandIn) -> None:
        tags = ("un, deux", "x" * 141, *(f"tag{n}" for n in range(40)))
        await self.on(network).publish(self.draft(hashtags=tags), key="k")
        post = self.only(network)
        assert len(post.tags) == 30
        assert post.tags[:2] == ("un  deux", "tag0")

    async def test_a_picture_comes_in_a_part_of_its_own(self, network: TumblrStandIn) -> None:
        picture = a_picture()
        await self.on(network).publish(self.draft(picture=picture), key="k")
        seen = network.requests[-1]
        assert seen.headers["content-type"].startswith("multipart/form-data; boundary=")
        head, _, _ = seen.body.partition(b'name="img0"')
        assert b'name="json"\r\nContent-Type: application/json' in head
        card, text, image = self.only(network).raw["content"][-3:]
        assert (text["type"], card["type"]) == ("text", "link")
        assert image["alt_text"] == picture.alt
        assert image["media"][0].items() >= {"type": "image/jpeg", "width": 64, "height": 48}.items()
        assert network.pictures[image["media"][0]["url"]] == picture.data

    async def test_an_edit_keeps_the_picture(self, network: TumblrStandIn) -> None:
        """The bytes are long gone when an entry is edited: the block Tumblr has is sent again."""
        adapter, picture = self.on(network), a_picture()
        receipt = await adapter.publish(self.draft("before", picture=picture), key="k")
        before = self.only(network).raw["content"][1]
        await adapter.edit(receipt.remote_id, self.draft("after", title="Nouveau", hashtags=("Neige",)))
        post = self.only(network)
        assert post.raw["content"][1] == before
        assert (post.text, post.alt, post.tags) == ("after", (picture.alt,), ("Neige",))
        assert post.raw["content"][2]["title"] == "Nouveau"

    async def test_an_edit_may_bring_a_picture(self, network: TumblrStandIn) -> None:
        adapter = self.on(network)
        receipt = await adapter.publish(self.draft(), key="k")
        await adapter.edit(receipt.remote_id, self.draft(picture=a_picture()))
        assert self.only(network).alt == (a_picture().alt,)

    async def test_an_edit_of_a_deleted_post_is_rejected(self, network: TumblrStandIn) -> None:
        with pytest.raises(Rejected) as caught:
            await self.on(network).edit("404", self.draft())
        assert not isinstance(caught.value, Unauthorized)

    async def test_finds_links_however_they_come_back(self, network: TumblrStandIn) -> None:
        adapter = self.on(network)
        draft = self.draft()
        await adapter.publish(draft, key="k")
        (found,) = await adapter.find_recent(datetime.now(UTC) - timedelta(minutes=1))
        assert found.text == draft.text
        assert canonical_link(draft.permalink) in map(canonical_link, found.links)
        assert not any("href.li" in link for link in found.links)

    async def test_a_pinned_post_does_not_end_the_list(self) -> None:
        """It stands first, however old."""

        class Pinned(TumblrStandIn):
            def newest(self) -> list[Post]:
                *newer, pinned = super().newest()
                return [pinned, *newer]

        network = Pinned()
        ids = await self.with_posts(network, 5)
        network.page_size = 2
        found = await self.on(network).find_recent(datetime.now(UTC) - timedelta(minutes=3.5))
        assert [post.remote_id for post in found] == ids[:4]

    async def test_fewer_posts_than_the_total_are_not_all(self, network: TumblrStandIn) -> None:
        ids = await self.with_posts(network, 2)

        def short(body: Any) -> Any:
            body["response"]["posts"] = body["response"]["posts"][:shown]
            return body

        shown, network.distort = 1, short
        found = await self.on(network).find_recent(datetime.now(UTC) - timedelta(hours=1))
        assert [post.remote_id for post in found] == ids
        shown = 0
        with pytest.raises(NotSent):
            await self.on(network).find_recent(datetime.now(UTC) - timedelta(hours=1))

    async def test_counts_likes_reblogs_and_replies(self, network: TumblrStandIn) -> None:
        adapter = self.on(network)
        receipt = await adapter.publish(self.draft(), key="k")
        counts = await adapter.read_counts(receipt.remote_id)
        assert (counts.likes, counts.reposts, counts.replies) == (5, 2, 1)

    @pytest.mark.parametrize("blog", [BLOG, f"{BLOG}.tumblr.com", BLOG.upper()])
    async def test_finds_the_blog_by_any_of_its_names(self, network: TumblrStandIn, blog: str) -> None:
        account = await self.on(network, blog=blog).verify()
        assert (account.name, account.id) == (BLOG, network.uuid)

    async def test_a_blog_of_somebody_else_is_unauthorized(self, network: TumblrStandIn) -> None:
        with pytest.raises(Unauthorized, match=f"cannot post to staff; its blogs are: {BLOG}"):
            await self.on(network, blog="staff").verify()

    async def test_waits_for_the_longest_exhausted_quota(self, network: TumblrStandIn) -> None:
        def quotas(hour: str, day: str) -> dict[str, str]:
            return {
                "X-Ratelimit-Perhour-Remaining": hour,
                "X-Ratelimit-Perhour-Reset": "720",
                "X-Ratelimit-Perday-Remaining": day,
                "X-Ratelimit-Perday-Reset": "36000",
            }

        for hour, day, seconds in (("0", "9", 720), ("9", "0", 36000), ("0", "0", 36000)):
            network.behave(error(429, headers=quotas(hour, day)))
            with pytest.raises(RateLimited) as caught:
                await self.on(network).publish(self.draft(), key="k")
            assert caught.value.until
            wait = (caught.value.until - datetime.now(UTC)).total_seconds()
            assert seconds - 5 < wait <= seconds

    async def test_a_rate_limit_may_name_no_moment(self, network: TumblrStandIn) -> None:
        network.behave(error(429, headers={"X-Ratelimit-Perhour-Remaining": "0"}))
        with pytest.raises(RateLimited) as caught:
            await self.on(network).publish(self.draft(), key="k")
        assert caught.value.until is None

    def test_tomorrow_begins_at_midnight_in_new_york(self) -> None:
        assert tomorrow(datetime(2022, 12, 2, 20, tzinfo=UTC)) == datetime.fromtimestamp(1670043600, UTC)
        assert tomorrow(datetime(2026, 7, 1, 3, 59, tzinfo=UTC)) == datetime(2026, 7, 1, 4, tzinfo=UTC)
        assert tomorrow(datetime(2026, 7, 1, 4, 0, tzinfo=UTC)) == datetime(2026, 7, 2, 4, tzinfo=UTC)

    def test_reads_that_fail_may_be_repeated(self) -> None:
        request = Request(method="GET", url="http://network.test")
        answer = Answer(request=request, at=datetime.now(UTC), status=503)
        assert type(self.on(self.make_network()).meaning(answer)) is NotSent

    async def test_every_call_is_signed(self, network: TumblrStandIn) -> None:
        """Also those with a query, a picture or a body."""
        adapter = self.on(network)
        receipt = await adapter.publish(self.draft(picture=a_picture()), key="k")
        await adapter.verify()
        await adapter.find_recent(datetime.now(UTC))
        await adapter.edit(receipt.remote_id, self.draft())
        await adapter.read_counts(receipt.remote_id)
        await adapter.retract(receipt.remote_id)
        assert all(seen.headers["authorization"].startswith("OAuth ") for seen in network.requests)
        assert len(network.authority1.nonces) == len(network.requests) == 7

    @pytest.mark.parametrize("name", ["consumer_key", "consumer_secret", "access_token", "access_token_secret"])
    async def test_a_wrong_string_of_the_four_is_unauthorized(self, network: TumblrStandIn, name: str) -> None:
        with pytest.raises(Unauthorized):
            await self.on(network, **{name: "wrong"}).verify()

    @pytest.mark.parametrize("name", ["consumer_key", "consumer_secret", "access_token_secret"])
    def test_half_a_credential_is_refused(self, name: str) -> None:
        half = {key: value for key, value in OAUTH1.items() if key != name}
        with pytest.raises(
            ValidationError, match="give consumer_key, consumer_secret, access_token and access_token_secret"
        ) as caught:
            Tumblr.Settings(**half)
        assert "sandbox-" not in str(caught.value)

    async def test_the_address_of_a_blog_on_its_own_host(self, network: TumblrStandIn) -> None:
        network.blog = "www.davidslog.com"
        receipt = await self.on(network, blog="www.davidslog.com").publish(self.draft(), key="k")
        assert receipt.url == f"https://www.davidslog.com/post/{receipt.remote_id}"


class TestTumblrWithOAuth2(NetworkContract):
    adapter = Tumblr
    stand_in = TumblrStandIn
    settings: ClassVar[dict[str, Any]] = {"blog": BLOG, "access_token": "sandbox-token"}
    refusals: ClassVar = TestTumblr.refusals

    async def test_sends_the_bearer_in_a_header(self, network: TumblrStandIn) -> None:
        await self.on(network).publish(self.draft(), key="k")
        seen = network.requests[-1]
        assert seen.headers["authorization"] == "Bearer sandbox-token"
        assert "sandbox-token" not in str((seen.path, seen.query, seen.body))
