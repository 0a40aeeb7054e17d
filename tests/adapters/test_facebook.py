"""The Facebook adapter, on its stand-in."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from crosspost.adapters.facebook import Facebook
from crosspost.adapters.facebook.stand_in import PAGE, FacebookStandIn, duplicate, error
from crosspost.errors import (
    BadPicture,
    Barred,
    Duplicate,
    Intercepted,
    NotSent,
    RateLimited,
    Rejected,
    Unauthorized,
    Uncertain,
)
from crosspost.http import Answer, Request
from crosspost.sandbox.behaviour import refuse
from crosspost.testing import NetworkContract, a_picture


class TestFacebook(NetworkContract):
    adapter = Facebook
    stand_in = FacebookStandIn
    settings: ClassVar[dict[str, Any]] = {"page": PAGE, "access_token": "sandbox-token"}
    refusals: ClassVar = {
        "expired": (error(400, 190, "Session has expired", subcode=463), Unauthorized),
        "role lost": (error(403, 190, "No longer a page admin", subcode=492), Unauthorized),
        "permission": (error(403, 200, "Permissions error"), Unauthorized),
        "permission unused for 90 days": (
            error(400, 10, "Application does not have permission"),
            Unauthorized,
        ),
        "duplicate": (duplicate(), Duplicate),
        "bad parameter": (error(400, 100, "Invalid parameter"), Rejected),
        "link refused": (error(400, 1609008, "Cannot attach facebook.com links"), Rejected),
        "abusive": (error(400, 368, "The action attempted has been deemed abusive"), Barred),
        "blocked for a while": (error(400, 368, "You're temporarily blocked", subcode=1390008), RateLimited),
        "already posted": (error(400, 368, "This content has already been posted"), Duplicate),
        "9, of the account": (error(400, 9, "The user hit a limit of actions"), Barred),
        "12, of the account": (error(400, 12, "This is blocked for your page"), Barred),
        "110, of the credential": (error(400, 110, "Invalid session for this user id"), Unauthorized),
        "no proof": (error(400, 104, "Incorrect signature"), Unauthorized),
        "no such page": (error(400, 100, "Object with ID '1' does not exist", subcode=33), Barred),
        "checkpoint": (error(400, 4000, "Log in at www.facebook.com", subcode=459), Unauthorized),
        "identity": (error(403, 4001, "Confirm who you are", subcode=4854002), Barred),
        "no such photo": (error(400, 100, "(#100) attached_media[0] is invalid"), BadPicture),
        "object attachment": (error(400, 100, "Invalid parameter: object_attachment"), BadPicture),
        "photo invalid": (error(400, 324, "Missing or invalid image file"), BadPicture),
        "too long": (error(400, 100, "Name parameter too long"), Rejected),
        "app limit": (error(400, 4, "Application request limit reached"), RateLimited),
        "page limit": (error(400, 80001, "Too many calls to this Page account"), RateLimited),
        "transient": (error(500, 2, "Service temporarily unavailable", transient=True), Uncertain),
        "unknown, transient": (error(400, 9999, "Try again", transient=True), Uncertain),
        "unknown 500": (error(500, 9999, "Oops"), Uncertain),
    }

    async def test_sends_link_and_message(self, network: FacebookStandIn) -> None:
        draft = self.draft()
        await self.on(network).publish(draft, key="k")
        assert json.loads(network.requests[-1].body) == {"message": draft.text, "link": draft.link}
        assert network.requests[-1].path == f"/v26.0/{PAGE}/feed"

    async def test_a_photo_takes_the_cards_place(self, network: FacebookStandIn) -> None:
        adapter = self.on(network)
        photo = await adapter.upload(a_picture())
        await adapter.publish(self.draft(picture=photo), key="k")
        sent = json.loads(network.requests[-1].body)
        assert sent["attached_media"] == [{"media_fbid": photo.remote_id}]
        assert "link" not in sent

    async def test_waits_as_long_as_the_usage_header_says(self, network: FacebookStandIn) -> None:
        network.behave(network.rate_limited())
        with pytest.raises(RateLimited) as caught:
            await self.on(network).publish(self.draft(), key="k")
        assert caught.value.until
        wait = caught.value.until - datetime.now(UTC)
        assert timedelta(minutes=11) < wait <= timedelta(minutes=12)

    @pytest.mark.parametrize("minutes", ["-5", '"soon"', "Infinity", "NaN", "1e400", "null", "1000000000"])
    async def test_an_absurd_usage_header_holds_nothing_up_for_ever(
        self, network: FacebookStandIn, minutes: str
    ) -> None:
        header = f'{{"1": [{{"estimated_time_to_regain_access": {minutes}}}]}}'
        network.behave(refuse(400, error(400, 4, "Limit").body, {"x-business-use-case-usage": header}))
        with pytest.raises(RateLimited) as caught:
            await self.on(network).publish(self.draft(), key="k")
        until = caught.value.until
        assert until is None or until <= datetime.now(UTC) + timedelta(days=7)

    async def test_codes_that_are_no_numbers_are_nobodys(self, network: FacebookStandIn) -> None:
        network.behave(refuse(400, {"error": {"message": "No", "code": {"of": 1}, "error_subcode": [33]}}))
        with pytest.raises(Intercepted):
            await self.on(network).publish(self.draft(), key="k")

    async def test_an_app_that_requires_a_proof_of_its_secret_gets_it(self, network: FacebookStandIn) -> None:
        network.requires_proof = True
        with pytest.raises(Unauthorized, match="app_secret"):
            await self.on(network).publish(self.draft(), key="k")
        await self.on(network, app_secret="sandbox-client-secret").publish(self.draft(), key="k")
        assert len(network.posts) == 1

    async def test_the_token_never_stands_in_an_address(self, network: FacebookStandIn) -> None:
        await self.on(network).publish(self.draft(), key="k")
        assert "sandbox-token" not in str([(seen.path, seen.query) for seen in network.requests])

    async def test_the_next_page_is_asked_for_by_its_cursor(self, network: FacebookStandIn) -> None:
        """Not by the address that Facebook names: the token stands in it."""
        await self.with_posts(network, 2)
        network.page_size = 1
        network.requests.clear()
        assert len(await self.on(network).find_recent(datetime.now(UTC) - timedelta(hours=1))) == 2
        first, second = network.requests
        assert second.query.keys() - first.query.keys() == {"after"}

    @pytest.mark.parametrize("name", ["expired", "permission", "duplicate"])
    async def test_an_error_in_a_success_is_that_error(self, network: FacebookStandIn, name: str) -> None:
        behaviour, meaning = self.refusals[name]
        network.behave(replace(behaviour, status=200))
        with pytest.raises(meaning):
            await self.on(network).publish(self.draft(), key="k")

    async def test_a_page_without_posts_need_not_be_the_last(self, network: FacebookStandIn) -> None:
        ids = await self.with_posts(network, 3)
        network.page_size = 1
        network.distort = lambda body: body | {"data": [post for post in body["data"] if post["id"] != ids[1]]}
        found = await self.on(network).find_recent(datetime.now(UTC) - timedelta(hours=1))
        assert [post.remote_id for post in found] == [ids[0], ids[2]]

    async def test_a_next_page_without_a_cursor_cannot_be_read(self, network: FacebookStandIn) -> None:
        network.distort = lambda body: body | {"paging": {"next": "https://graph.facebook.com/v26.0/1/feed"}}
        with pytest.raises(NotSent, match="cannot be read"):
            await self.on(network).find_recent(datetime.now(UTC))

    async def test_a_failed_read_is_not_uncertain(self, network: FacebookStandIn) -> None:
        network.app.routes.clear()
        with pytest.raises(Intercepted):  # "Not Found", and no envelope
            await self.on(network).find_recent(datetime.now(UTC))

    async def test_reads_that_fail_may_be_repeated(self) -> None:
        request = Request(method="GET", url="http://network.test")
        answer = Answer(request=request, at=datetime.now(UTC), status=503)
        assert type(self.on(self.make_network()).meaning(answer)) is NotSent
