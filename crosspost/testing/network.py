"""What holds for every adapter that speaks HTTP, shown against its stand-in."""

import asyncio
import json
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from crosspost.contract import ODD, Edits, ReadiesMedia, ReadsCounts, Retracts, Uploads
from crosspost.errors import Duplicate, NotSent, PublishError, RateLimited, Rejected, Unauthorized, Uncertain
from crosspost.http.wire import HttpxClient, InProcess
from crosspost.model import Draft
from crosspost.sandbox.behaviour import Behaviour, accept_and_answer, delay, drop, refuse, respond
from crosspost.sandbox.server import serve
from crosspost.sandbox.standin import StandIn
from crosspost.testing.bench import KEY, has_power, logged_in, needs_power
from crosspost.testing.listing import ListingContract
from crosspost.testing.samples import HOSTILE, a_picture, an_answer

PROVES_NOTHING: tuple[object, ...] = (
    b"",
    b"<html>Log in to the hotel's network</html>",
    b'{"id": ',
    None,
    True,
    [],
    {},
    {"success": True},
    *(
        envelope
        for no_id in (None, "", " ", "None", "null", True, [], {}, {"id": "1"}, ["1"], 1.5)
        for envelope in ({"id": no_id}, {"data": {"id": no_id}}, {"response": {"id": no_id}})
    ),
    {"data": None, "response": None},
    {"data": [], "response": []},
    {"data": {}, "response": {}, "meta": {}},
)
"""Bodies of a success that name no post, whatever the network."""


class NetworkContract(ListingContract):
    """Inherit this for an adapter that speaks HTTP; set `stand_in` and `refusals` too."""

    # The good way

    def test_speaks_to_the_real_network_by_default(self) -> None:
        assert self.make_settings().base_url.startswith("https://")

    async def test_verifies(self, network: StandIn) -> None:
        adapter = await self.ready(network)
        account = await adapter.verify()
        assert account.id
        assert account.name
        assert not network.posts

    async def test_publishes_text_and_link(self, network: StandIn) -> None:
        draft = self.draft()
        receipt = await self.publish(network, draft)
        post = self.only(network)
        assert receipt.remote_id == post.id
        assert receipt.url.startswith("https://")
        assert draft.link in (*post.links, *post.text.split())

    async def test_repeats_are_the_same_to_the_byte(self, network: StandIn) -> None:
        adapter, bodies = await self.ready(network), list[bytes]()
        for _ in range(2):
            with suppress(PublishError):
                await adapter.publish(self.draft(), key=KEY)
            bodies.append(network.requests[-1].body)
        assert bodies[0] == bodies[1]
        assert bodies[0]

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_hostile_text_arrives_as_written(self, network: StandIn, text: str) -> None:
        await self.publish(network, self.draft(text))
        assert text in self.only(network).text

    async def test_length_at_the_limit(self, network: StandIn) -> None:
        limit = self.capabilities.max_length
        if limit is None:
            pytest.skip(f"{self.adapter.kind} takes a text of any length")
        for length, good in ((limit - 1, True), (limit, True), (limit + 1, False)):
            draft = self.filled(length)
            assert self.capabilities.count(draft.text) == length
            if good:
                await self.publish(network, draft, key=f"{KEY}{length}")
            else:
                with pytest.raises(Rejected):
                    await self.publish(network, draft, key=f"{KEY}{length}")
        assert len(network.posts) == 2

    def filled(self, length: int) -> Draft:
        """Make a draft that counts exactly `length`."""
        empty = self.capabilities.count(self.draft("x").text) - 1
        return self.draft("x" * (length - empty))

    # The network says no

    async def test_each_refusal_has_its_meaning(self) -> None:
        assert self.refusals, "every network refuses something"
        for name, (behaviour, expected) in self.refusals.items():
            network = self.make_network()
            network.behave(behaviour)
            with pytest.raises(PublishError) as caught:
                await self.publish(network)
            assert type(caught.value) is expected, f"{name}: {caught.value!r}"
            assert str(caught.value).strip(), name

    @pytest.mark.parametrize("status", [400, 403, 404, 451])
    async def test_a_refusal_in_another_form_is_never_final(self, status: int) -> None:
        """A proxy, a firewall or a portal may have answered: that says nothing of the entry."""
        for body in (b"<html>Blocked</html>", b"", b'["no"]', b'{"blocked": "by policy"}'):
            network = self.make_network()
            adapter = await self.ready(network)
            if adapter.is_own(an_answer(status, body)):
                continue  # where any JSON object is the network's own form
            network.behave(refuse(status, body))
            with pytest.raises(NotSent):
                await adapter.publish(self.draft(), key=KEY)

    @pytest.mark.parametrize(
        ("asked", "wait"),
        [
            ("120", timedelta(minutes=2)),
            (format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True), timedelta(hours=1)),
            ("99999999999999999999", timedelta(days=7)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(days=7)),
        ],
        ids=["seconds", "date", "absurd seconds", "absurd date"],
    )
    @pytest.mark.parametrize("status", [403, 429, 503])
    async def test_a_pause_that_is_asked_for_is_heeded(self, status: int, asked: str, wait: timedelta) -> None:
        network = self.make_network()
        network.behave(refuse(status, b"", {"retry-after": asked}))
        with pytest.raises(PublishError) as caught:
            await self.publish(network)
        assert caught.value.until is not None
        assert abs(caught.value.until - datetime.now(UTC) - wait) < timedelta(minutes=30)

    async def test_a_refusal_that_comes_as_a_success_is_none(self) -> None:
        """It means what it says; where its status alone left doubt, its words may be a refusal."""
        for name, (behaviour, expected) in self.refusals.items():
            network = self.make_network()
            network.behave(replace(behaviour, status=200))
            with pytest.raises(PublishError) as caught:
                await self.publish(network)
            means = (Rejected, Uncertain) if expected is Uncertain else (expected, Uncertain)
            assert type(caught.value) in means, f"{name}: {caught.value!r}"

    async def test_a_bad_token_is_unauthorized(self, network: StandIn) -> None:
        adapter = await self.ready(network)
        network.expire_token()
        with pytest.raises(Unauthorized):
            await adapter.verify()
        with pytest.raises(Unauthorized):
            await adapter.publish(self.draft(), key=KEY)
        assert not network.posts

    async def test_a_rate_limit_is_no_failure(self, network: StandIn) -> None:
        network.behave(network.rate_limited())
        with pytest.raises(RateLimited) as caught:
            await self.publish(network)
        assert caught.value.until is None or caught.value.until > datetime.now(UTC)

    async def test_refuses_the_same_words_again_if_it_says_so(self, network: StandIn) -> None:
        adapter = await self.ready(network)
        if not adapter.capabilities.refuses_duplicates:
            pytest.skip(f"{adapter.kind} takes the same words again")
        await adapter.publish(self.draft("the same"), key=f"{KEY}-one")
        await adapter.publish(self.draft("other words"), key=f"{KEY}-two")
        with pytest.raises(Duplicate):
            await adapter.publish(self.draft("the same"), key=f"{KEY}-three")
        network.refuses_duplicates = False
        await adapter.publish(self.draft("the same"), key=f"{KEY}-four")
        assert len(network.posts) == 3

    async def test_a_key_makes_one_post_if_it_says_so(self, network: StandIn) -> None:
        if self.capabilities.repeatable_for is None:
            pytest.skip(f"{self.adapter.kind} knows no key")
        first, again = [await self.publish(network) for _ in range(2)]
        assert first.remote_id == again.remote_id == self.only(network).id
        await self.publish(network, key=f"{KEY}-another")
        assert len(network.posts) == 2

    # Nobody knows

    @pytest.mark.parametrize("accepted", [True, False])
    async def test_a_lost_answer_is_uncertain(self, network: StandIn, accepted: bool) -> None:
        network.behave(drop(accept=accepted))
        with pytest.raises(Uncertain):
            await self.publish(network)
        assert len(network.posts) == accepted

    @pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 504])
    async def test_a_broken_answer_is_uncertain(self, network: StandIn, status: int) -> None:
        network.behave(accept_and_answer(status, b"<html>upstream</html>"))
        with pytest.raises(Uncertain):
            await self.publish(network)

    async def test_a_success_without_id_is_uncertain(self, network: StandIn) -> None:
        network.behave(self.success_without_id)
        with pytest.raises(Uncertain):
            await self.publish(network)

    @pytest.mark.parametrize("status", [200, 201, 202, 203, 206])
    async def test_what_names_no_post_proves_nothing(self, network: StandIn, status: int) -> None:
        """A page in front of the network, a form that changed, or an id that is none."""
        adapter, proved = await self.ready(network), []
        for body in PROVES_NOTHING:
            network.behave(refuse(status, body))
            with suppress(Uncertain):
                proved.append((body, await adapter.publish(self.draft(), key=KEY)))
        assert not proved

    @pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 307, 308, 399])
    async def test_neither_a_yes_nor_a_no_is_uncertain_and_is_not_followed(
        self, network: StandIn, status: int
    ) -> None:
        adapter = await self.ready(network)
        network.requests.clear()
        network.behave(Behaviour(status=status, headers={"location": "http://network.test/elsewhere"}))
        with pytest.raises(Uncertain):
            await adapter.publish(self.draft(), key=KEY)
        assert len(network.requests) == 1

    async def test_what_names_nobody_and_no_picture_is_neither(self) -> None:
        """What a page in front of the network answers is no account, and no picture that a post may name."""
        taken = []
        for body in PROVES_NOTHING:

            async def answer(scope: Any, receive: Any, send: Any, body: object = body) -> None:
                await respond(refuse(200, body))(scope, receive, send)

            client = HttpxClient(transport=InProcess(answer))
            adapter: Any = self.adapter.open(self.make_settings(base_url="http://network.test"), client)
            with suppress(PublishError, *ODD):
                taken.append((body, await adapter.verify()))
            if has_power(adapter, Uploads):
                with suppress(PublishError, *ODD):
                    taken.append((body, await adapter.upload(a_picture())))
        assert not taken

    # Over real sockets

    async def test_works_over_sockets_and_loses_answers_there_too(self, network: StandIn) -> None:
        never, client, hasty = asyncio.Event(), HttpxClient(), HttpxClient(longest=timedelta(seconds=0.5))
        async with serve(network.app) as url:
            adapter = await logged_in(self.adapter.open(self.make_settings(base_url=url), client))
            assert (await adapter.publish(self.draft("one"), key=f"{KEY}-one")).remote_id
            network.behave(drop(accept=True))
            with pytest.raises(Uncertain):
                await adapter.publish(self.draft("two"), key=f"{KEY}-two")
            impatient = await logged_in(self.adapter.open(adapter.settings, hasty))
            network.behave(delay(never))
            with pytest.raises(Uncertain):
                await impatient.publish(self.draft("three"), key=f"{KEY}-three")
            never.set()
        with pytest.raises(NotSent):  # nobody listens any more
            await adapter.publish(self.draft("four"), key=f"{KEY}-four")
        await client.aclose()
        await hasty.aclose()
        assert len(network.posts) == 3

    # Powers

    async def test_edits(self, network: StandIn) -> None:
        adapter = await self.ready(network)
        needs_power(adapter, Edits)
        receipt = await adapter.publish(self.draft("before"), key=KEY)
        edited = await adapter.edit(receipt.remote_id, self.draft("after"))
        assert edited.remote_id
        assert "after" in self.only(network).text

    async def test_retracts_and_is_content_when_gone(self, network: StandIn) -> None:
        adapter = await self.ready(network)
        needs_power(adapter, Retracts)
        receipt = await adapter.publish(self.draft(), key=KEY)
        await adapter.retract(receipt.remote_id)
        assert not network.posts
        await adapter.retract(receipt.remote_id)

    async def test_reads_counts(self, network: StandIn) -> None:
        adapter = await self.ready(network)
        needs_power(adapter, ReadsCounts)
        receipt = await adapter.publish(self.draft(), key=KEY)
        counts = await adapter.read_counts(receipt.remote_id)
        assert any(n is not None for n in (counts.likes, counts.replies, counts.reposts, counts.views))

    async def test_a_picture_carries_its_alt_text(self, network: StandIn) -> None:
        if self.capabilities.picture is None:
            pytest.skip(f"{self.adapter.kind} takes no picture")
        adapter = await self.ready(network)
        picture = a_picture()
        if isinstance(adapter, Uploads):
            picture = await adapter.upload(picture)
            assert picture.remote_id
            if isinstance(adapter, ReadiesMedia):
                assert await adapter.is_ready(picture)
            assert not network.posts
        await adapter.publish(self.draft(picture=picture), key=KEY)
        assert self.only(network).alt == (picture.alt,)

    # Secrets

    async def test_secrets_never_show(self, network: StandIn, caplog: pytest.LogCaptureFixture) -> None:
        """A network that echoes the token in its refusal must not get it into errors or logs."""
        from crosspost.redact import remember

        if not self.secrets():
            pytest.skip(f"{self.adapter.kind} has no secrets among the settings of its tests")
        caplog.set_level(logging.DEBUG)
        for secret in self.secrets():
            remember(secret)
        echo = json.dumps({"error": {"message": f"bad token {self.secrets()}"}, "detail": str(self.secrets())})
        adapter = await self.ready(network)
        said = [repr(adapter), repr(adapter.settings)]
        for behaviour in (refuse(400, echo.encode()), refuse(418, echo.encode()), network.unauthorized()):
            network.behave(behaviour)
            with pytest.raises(PublishError) as caught:
                await adapter.publish(self.draft(), key=KEY)
            said += [str(caught.value), repr(caught.value)]
        said.append(caplog.text)
        for secret in self.secrets():
            assert not any(secret in words for words in said)
