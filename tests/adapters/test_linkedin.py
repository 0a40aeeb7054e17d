"""The LinkedIn adapter, on its stand-in: as a member, and as an organization."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from crosspost.adapters.linkedin import LinkedIn
from crosspost.adapters.linkedin.stand_in import (
    MEMBER,
    ORGANIZATION,
    LinkedInStandIn,
    duplicate,
    error,
    read_little,
)
from crosspost.contract import Edits, FindsRecent, ReadsCounts, Retracts, Uploads
from crosspost.errors import (
    BadPicture,
    Barred,
    Duplicate,
    Intercepted,
    RateLimited,
    Rejected,
    Unauthorized,
    Uncertain,
)
from crosspost.http import next_utc_midnight
from crosspost.model import Engagement
from crosspost.sandbox.behaviour import accept_and_answer, refuse
from crosspost.sandbox.standin import StandIn
from crosspost.testing import NetworkContract, a_picture

NO_PERMISSION = {"status": 403, "serviceErrorCode": 100, "message": "Not enough permissions"}
ORIGINAL = "urn:li:share:7141138937766391808"


class TestLinkedIn(NetworkContract):
    adapter = LinkedIn
    stand_in = LinkedInStandIn
    settings: ClassVar[dict[str, Any]] = {"author": MEMBER, "access_token": "sandbox-token"}
    success_without_id = accept_and_answer(201)
    refusals: ClassVar = {
        "bad token": (error(401, "", "Invalid access token", serviceErrorCode=65600), Unauthorized),
        "revoked": (error(401, "REVOKED_ACCESS_TOKEN", "Revoked", serviceErrorCode=65601), Unauthorized),
        "expired": (error(401, "EXPIRED_ACCESS_TOKEN", "Expired", serviceErrorCode=65602), Unauthorized),
        "no token": (error(401, "EMPTY_ACCESS_TOKEN", "Empty oauth2 access token"), Unauthorized),
        "no permission": (
            error(403, "ACCESS_DENIED", "Not enough permissions to access: posts.CREATE"),
            Unauthorized,
        ),
        "no permission, no code": (refuse(403, NO_PERMISSION), Unauthorized),
        "forbidden": (refuse(403, {"status": 403, "message": "Forbidden"}), Unauthorized),
        "bad token, another status": (
            error(403, "", "Invalid access token", serviceErrorCode=65602),
            Unauthorized,
        ),
        "version ended": (error(426, "NONEXISTENT_VERSION", "20250101 is not active"), Barred),
        "version missing": (error(400, "VERSION_MISSING", "A version must be present"), Barred),
        "duplicate": (duplicate(ORIGINAL), Duplicate),
        "duplicate, by its words": (error(400, "", f"Content is a duplicate of {ORIGINAL}"), Duplicate),
        "duplicate, in conflict": (
            error(409, "CONFLICT", "Content is a duplicate of urn:li:activity:71411389"),
            Duplicate,
        ),
        "too long": (error(400, "FIELD_LENGTH_TOO_LONG", "/commentary is too long"), Rejected),
        "missing field": (error(400, "MISSING_FIELD", "/author is required"), Rejected),
        "invalid value": (error(400, "INVALID_VALUE_FOR_FIELD", "/visibility"), Rejected),
        "unprocessable": (error(422, "UNPROCESSABLE_ENTITY", "Cannot be processed"), Rejected),
        "picture broken": (error(400, "MEDIA_ASSET_PROCESSING_FAILED", "Not a picture"), BadPicture),
        "picture not ready": (error(400, "MEDIA_ASSET_WAITING_UPLOAD", "Waiting"), BadPicture),
        "picture not ours": (error(400, "INVALID_VALUE_FOR_FIELD", "thumbnail: not your asset"), BadPicture),
        "conflict": (error(409, "CONFLICT", "Conflict"), Uncertain),
        "day limit": (LinkedInStandIn().rate_limited(), RateLimited),
        "throttled": (error(429, "TOO_MANY_REQUESTS", "Slow down"), RateLimited),
        "server error": (error(500, "INTERNAL_SERVER_ERROR", "Internal Server Error"), Uncertain),
        "gateway": (error(504, "GATEWAY_TIMEOUT", "Timed out"), Uncertain),
    }

    @property
    def author(self) -> str:
        return str(self.settings["author"])

    def make_network(self) -> LinkedInStandIn:
        return LinkedInStandIn(author=self.author)

    async def test_sends_a_post_with_a_card(self, network: LinkedInStandIn) -> None:
        draft = self.draft("Bonjour")
        receipt = await self.on(network).publish(draft, key="k")
        seen = network.requests[-1]
        assert (seen.method, seen.path) == ("POST", "/rest/posts")
        assert seen.headers["linkedin-version"] == "202607"
        assert json.loads(seen.body) == {
            "author": self.author,
            "commentary": "Bonjour",
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "content": {
                "article": {"source": draft.link, "title": draft.title, "description": draft.description}
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        assert receipt.url == f"https://www.linkedin.com/feed/update/{receipt.remote_id}/"

    async def test_an_entry_without_a_title_has_its_blogs_host_for_one(self, network: LinkedInStandIn) -> None:
        draft = self.draft(title="", description="")
        await self.on(network).publish(draft, key="k")
        sent = json.loads(network.requests[-1].body)
        assert sent["content"]["article"] == {"source": draft.link, "title": "blog.example"}

    # The "little" format

    @pytest.mark.parametrize(
        ("text", "sent", "live"),
        [
            ("#Automne #Québec", r"#Automne {hashtag|\#|Québec}", ("Automne", "Québec")),
            ("Lire : #Automne.", "Lire : #Automne.", ("Automne",)),
            ("#vie", r"\#vie", ()),
            ("#Automnes #automne", r"\#Automnes \#automne", ()),
            ("C#Automne ##Automne", r"C\#Automne \##Automne", ("Automne",)),
            ("#Automne_2026", r"\#Automne\_2026", ()),
            ("#Automne(s)", r"#Automne\(s\)", ("Automne",)),
            (r"\#Automne", r"\\#Automne", ("Automne",)),
            ("{hashtag|#|Automne}", r"\{hashtag\|#Automne\}".replace("#", r"\#\|"), ()),
            ("@[Acme](urn:li:organization:1)", r"\@\[Acme\]\(urn:li:organization:1\)", ()),
            ("a*b_c~d <e>", r"a\*b\_c\~d \<e\>", ()),
        ],
    )
    async def test_only_its_own_hashtags_are_live(
        self, network: LinkedInStandIn, text: str, sent: str, live: tuple[str, ...]
    ) -> None:
        await self.on(network).publish(self.draft(text), key="k")
        assert json.loads(network.requests[-1].body)["commentary"] == sent
        post = self.only(network)
        assert post.text == text
        assert post.tags == live

    async def test_no_hashtags_means_none_is_live(self, network: LinkedInStandIn) -> None:
        await self.on(network).publish(self.draft("# one #Automne", hashtags=()), key="k")
        assert json.loads(network.requests[-1].body)["commentary"] == r"\# one \#Automne"

    def test_the_stand_in_drops_what_follows_a_bare_reserved_character(self) -> None:
        assert read_little("so far (so good)") == ("so far ", ())

    async def test_escapes_count(self, network: LinkedInStandIn) -> None:
        """1,500 brackets are 3,000 characters on the wire, and one more is refused."""
        count = self.adapter.capabilities.count
        assert count("(" * 1500) == 3000
        await self.on(network).publish(self.draft("(" * 1500), key="k")
        assert count("(" * 1501) > 3000
        with pytest.raises(Rejected, match="FIELD_LENGTH_TOO_LONG"):
            await self.on(network).publish(self.draft("(" * 1501), key="k")

    def test_counts_no_less_than_it_sends(self) -> None:
        count = self.adapter.capabilities.count
        assert count("#Automne") == len(r"\#Automne")
        assert count("👍") == 2

    async def test_an_edit_is_escaped_too(self, network: LinkedInStandIn) -> None:
        adapter = self.on(network)
        receipt = await adapter.publish(self.draft("before"), key="k")
        assert await adapter.edit(receipt.remote_id, self.draft("after (all) #Automne")) == receipt
        assert json.loads(network.requests[-1].body) == {
            "patch": {"$set": {"commentary": r"after \(all\) #Automne"}}
        }
        assert network.requests[-1].path == "/rest/posts/" + receipt.remote_id.replace(":", "%3A")
        assert self.only(network).tags == ("Automne",)

    # Pictures

    async def test_a_picture_carries_its_alt_text(self, network: StandIn) -> None:
        """It does not: an article card has no place for it. The picture becomes the card's thumbnail."""
        assert isinstance(network, LinkedInStandIn)
        adapter, picture = self.on(network), a_picture()
        uploaded = await adapter.upload(picture)
        assert network.images == {uploaded.remote_id: picture.data}
        assert not network.posts
        await adapter.publish(self.draft(picture=uploaded), key="k")
        article = self.only(network).raw["content"]["article"]
        assert article["thumbnail"] == uploaded.remote_id
        assert article["source"] == self.draft().link

    async def test_a_failed_upload_is_never_uncertain(self, network: LinkedInStandIn) -> None:
        network.expire_token()
        with pytest.raises(Unauthorized):
            await self.on(network).upload(a_picture())
        network.expired = False
        network.app.routes[:] = [
            route for route in network.app.routes if "dms" not in getattr(route, "path", "")
        ]
        with pytest.raises(Intercepted):  # "Not Found", in another form than LinkedIn's
            await self.on(network).upload(a_picture())

    # Refusals

    async def test_a_duplicate_names_the_original(self, network: LinkedInStandIn) -> None:
        adapter = self.on(network)
        first = await adapter.publish(self.draft(), key="k")
        with pytest.raises(Duplicate) as caught:
            await adapter.publish(self.draft(), key="k")
        assert (caught.value.remote_id, caught.value.url) == (first.remote_id, first.url)

    async def test_a_duplicate_may_name_what_was_deleted(self, network: LinkedInStandIn) -> None:
        adapter = self.on(network)
        first = await adapter.publish(self.draft(), key="k")
        await adapter.retract(first.remote_id)
        network.remembers_deleted = True
        with pytest.raises(Duplicate) as caught:
            await adapter.publish(self.draft(), key="k")
        assert caught.value.remote_id == first.remote_id
        network.remembers_deleted = False
        assert (await adapter.publish(self.draft(), key="k")).remote_id != first.remote_id

    async def test_an_unnamed_duplicate_is_one_all_the_same(self, network: LinkedInStandIn) -> None:
        network.behave(refuse(422, {"errorDetails": {"inputErrors": [{"code": "DUPLICATE_POST"}]}}))
        with pytest.raises(Duplicate) as caught:
            await self.on(network).publish(self.draft(), key="k")
        assert caught.value.remote_id is None

    async def test_an_ended_version_says_what_to_do(self, network: LinkedInStandIn) -> None:
        with pytest.raises(Rejected, match=r"ended version 202501.*raise api_version"):
            await self.on(network, api_version="202501").publish(self.draft(), key="k")

    async def test_a_day_limit_ends_at_midnight_utc(self, network: LinkedInStandIn) -> None:
        network.behave(network.rate_limited())
        before = next_utc_midnight(datetime.now(UTC))
        with pytest.raises(RateLimited) as caught:
            await self.on(network).publish(self.draft(), key="k")
        assert caught.value.until in (before, next_utc_midnight(datetime.now(UTC)))

    async def test_any_other_limit_is_a_short_pause(self, network: LinkedInStandIn) -> None:
        network.behave(error(429, "TOO_MANY_REQUESTS", "Too many requests today-ish"))
        with pytest.raises(RateLimited) as caught:
            await self.on(network).publish(self.draft(), key="k")
        assert caught.value.until
        assert caught.value.until - datetime.now(UTC) <= timedelta(minutes=5)

    async def test_the_token_never_stands_in_an_address(self, network: LinkedInStandIn) -> None:
        adapter = self.on(network)
        await adapter.publish(self.draft(picture=await adapter.upload(a_picture())), key="k")
        assert "sandbox-token" not in str([(seen.path, seen.query) for seen in network.requests])

    @pytest.mark.parametrize(
        "author", ["Marie", "urn:li:person:", "urn:li:organization:acme", "urn:li:member:1"]
    )
    def test_refuses_an_author_that_is_none(self, author: str) -> None:
        with pytest.raises(ValidationError, match="author"):
            self.make_settings(author=author)

    # What a member may not, an organization may

    def test_powers(self, network: LinkedInStandIn) -> None:
        adapter = self.on(network)
        assert isinstance(adapter, Edits)
        assert isinstance(adapter, Retracts)
        assert isinstance(adapter, Uploads)
        assert not isinstance(adapter, FindsRecent)
        assert not isinstance(adapter, ReadsCounts)

    async def test_a_token_of_somebody_else_is_refused(self, network: LinkedInStandIn) -> None:
        with pytest.raises(Unauthorized, match=f"{MEMBER}.*urn:li:person:other"):
            await self.on(network, author="urn:li:person:other").verify()


class TestLinkedInOrganization(TestLinkedIn):
    settings: ClassVar[dict[str, Any]] = {"author": ORGANIZATION, "access_token": "sandbox-token"}

    def test_powers(self, network: LinkedInStandIn) -> None:
        adapter = self.on(network)
        assert isinstance(adapter, FindsRecent)
        assert isinstance(adapter, ReadsCounts)

    async def test_a_token_of_somebody_else_is_refused(self, network: LinkedInStandIn) -> None:
        with pytest.raises(Unauthorized, match="may not post for urn:li:organization:1: roles there: none"):
            await self.on(network, author="urn:li:organization:1").verify()

    async def test_reads_back_what_readers_see(self, network: LinkedInStandIn) -> None:
        text = "Un (long) été\n\n#Automne"
        await self.on(network).publish(self.draft(text), key="k")
        (found,) = await self.on(network).find_recent(datetime.now(UTC) - timedelta(minutes=1))
        assert found.text == text
        assert network.requests[-1].headers["x-restli-method"] == "FINDER"

    async def test_reads_hashtags_that_linkedin_wrote_as_templates(self, network: LinkedInStandIn) -> None:
        await self.on(network).publish(self.draft("before"), key="k")
        self.only(network).raw["commentary"] = r"L\_été {hashtag|\#|Automne}"
        (found,) = await self.on(network).find_recent(datetime.now(UTC) - timedelta(minutes=1))
        assert found.text == "L_été #Automne"

    async def test_a_post_that_moves_to_the_next_page_is_listed_once(self, network: LinkedInStandIn) -> None:
        ids = await self.with_posts(network, 3)
        network.page_size = 2
        second = network.posts[1]

        def push(body: Any) -> Any:
            """Publish something between the first page and the second."""
            if body["paging"]["start"] == 0:
                network.posts.append(replace(second, id="urn:li:share:1", created=network.clock()))
            return body

        network.distort = push
        found = await self.on(network).find_recent(datetime.now(UTC) - timedelta(hours=1))
        assert [post.remote_id for post in found] == ids

    async def test_a_short_page_ends_the_list(self, network: LinkedInStandIn) -> None:
        """As the documentation says, also where the answer has no `paging`."""
        (only,) = await self.with_posts(network, 1)
        network.distort = lambda body: {"elements": body["elements"]}
        (found,) = await self.on(network).find_recent(datetime.now(UTC) - timedelta(hours=1))
        assert found.remote_id == only

    async def test_counts_of_a_post_nobody_saw_are_unknown(self, network: LinkedInStandIn) -> None:
        adapter = self.on(network)
        assert await adapter.read_counts("urn:li:share:1") == Engagement()
        await adapter.read_counts("urn:li:ugcPost:1")
        assert "ugcPosts" in network.requests[-1].query

    async def test_without_the_right_to_read_it_is_unauthorized(self) -> None:
        member = LinkedInStandIn(author=MEMBER)
        with pytest.raises(Unauthorized):
            await self.on(member).find_recent(datetime.now(UTC))
