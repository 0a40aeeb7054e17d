"""The X adapter, on its stand-in: with the four strings of OAuth 1.0a, and with an OAuth 2 token."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from crosspost.adapters.x import X
from crosspost.adapters.x.stand_in import (
    CONSUMER_KEY,
    CONSUMER_SECRET,
    TOKEN_SECRET,
    USER,
    XStandIn,
    duplicate,
    invalid,
    problem,
)
from crosspost.errors import (
    BadPicture,
    Barred,
    Duplicate,
    NotSent,
    RateLimited,
    Rejected,
    Unauthorized,
    Uncertain,
)
from crosspost.http import next_utc_midnight
from crosspost.model import Money
from crosspost.sandbox.behaviour import Behaviour, accept_and_answer, refuse, respond
from crosspost.testing import NetworkContract, a_draft, a_picture

SPEC = Path(__file__).parents[3] / "shared" / "specs" / "x-openapi-2.159.json"
CREDITS = {
    "account_id": 1,
    "title": "CreditsDepleted",
    "detail": "Your enrolled account [1] does not have any credits to fulfill this request.",
    "type": "https://api.twitter.com/2/problems/credits",
}
NOT_FOUND = {"title": "Not Found Error", "type": "https://api.x.com/2/problems/resource-not-found"}


@pytest.fixture(scope="module")
def spec() -> Mapping[str, Any]:
    if not SPEC.exists():
        pytest.skip(f"X's OpenAPI file is not part of this repository, and not at {SPEC}")
    found: Mapping[str, Any] = json.loads(SPEC.read_text())
    return found


def older(status: int, code: int, message: str) -> Behaviour:
    """Refuse in the older envelope."""
    return refuse(status, {"errors": [{"code": code, "message": message}]})


class TestX(NetworkContract):
    adapter = X
    stand_in = XStandIn
    settings: ClassVar[dict[str, Any]] = {
        "consumer_key": CONSUMER_KEY,
        "consumer_secret": CONSUMER_SECRET,
        "access_token": "sandbox-token",
        "access_token_secret": TOKEN_SECRET,
    }
    refusals: ClassVar = {
        "bad token": (problem(401, "Unauthorized", "Unauthorized"), Unauthorized),
        "wrong kind of token": (
            problem(403, "Unsupported Authentication", "Not here", kind="unsupported-authentication"),
            Unauthorized,
        ),
        "not enrolled": (
            problem(403, "Client Forbidden", "No", kind="client-forbidden", reason="client-not-enrolled"),
            Unauthorized,
        ),
        "read-only app": (problem(403, "Forbidden", "Read only", kind="oauth1-permissions"), Unauthorized),
        "suspended": (problem(403, "Forbidden", "Suspended", kind="user-suspended"), Barred),
        "out of credits": (refuse(402, CREDITS), Barred),
        "locked": (older(403, 326, "To protect our users, this account is temporarily locked."), Barred),
        "taken for a robot": (older(403, 226, "This request looks like it might be automated."), Barred),
        "suspended, older": (older(403, 64, "Your account is suspended."), Barred),
        "app may not write": (older(403, 261, "Application cannot perform write actions."), Unauthorized),
        "bad authentication": (older(400, 215, "Bad Authentication data."), Unauthorized),
        "full today": (older(403, 344, "You have reached your daily limit for sending Tweets."), RateLimited),
        "full, older": (older(403, 185, "User is over daily status update limit."), RateLimited),
        "media invalid": (older(400, 324, "The validation of media ids failed."), BadPicture),
        "media unknown": (invalid("Your media IDs are invalid."), BadPicture),
        "too long": (older(403, 186, "Tweet needs to be a bit shorter."), Rejected),
        "duplicate": (duplicate(), Duplicate),
        "duplicate, older": (
            refuse(403, {"errors": [{"code": 187, "message": "Status is a duplicate."}]}),
            Duplicate,
        ),
        "a rule of a stream": (problem(403, "Forbidden", "No", kind="duplicate-rules"), Rejected),
        "not permitted": (problem(403, "Forbidden", "You are not permitted to perform this action."), Barred),
        "bad link": (problem(403, "Forbidden", "The Tweet contains an invalid URL."), Rejected),
        "reply refused": (problem(403, "Forbidden", "Reply to this conversation is not allowed"), Rejected),
        "invalid": (invalid("$.reply_settings: does not match"), Rejected),
        "media id invalid": (invalid("$.media.media_ids[0]: does not match"), BadPicture),
        "usage cap": (
            problem(429, "UsageCapExceeded", "Usage cap exceeded", kind="usage-capped", period="Monthly"),
            RateLimited,
        ),
        "rate limit": (XStandIn().rate_limited(), RateLimited),
        "rate limit, older": (
            refuse(429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}),
            RateLimited,
        ),
        "outage": (refuse(503, {"title": "Service Unavailable", "status": 503}), Uncertain),
        "errors only": (refuse(200, {"errors": [{"title": "Oops", "type": "about:blank"}]}), Uncertain),
    }

    async def test_sends_the_text_and_nothing_else(self, network: XStandIn) -> None:
        draft = self.draft()
        receipt = await self.on(network).publish(draft, key="k")
        assert json.loads(network.requests[-1].body) == {"text": draft.text}
        assert receipt.url == f"https://x.com/i/web/status/{receipt.remote_id}"

    async def test_names_the_account_in_addresses_once_it_knows_it(self, network: XStandIn) -> None:
        adapter = self.on(network)
        account = await adapter.verify()
        receipt = await adapter.publish(self.draft(), key="k")
        assert (account.id, account.name) == (USER["id"], "@sandbox")
        assert receipt.url == f"https://x.com/sandbox/status/{receipt.remote_id}"

    async def test_asks_only_once_who_it_is(self, network: XStandIn) -> None:
        """Each look at a user is billed."""
        adapter, since = self.on(network), datetime.now(UTC)
        await adapter.find_recent(since)
        await adapter.find_recent(since)
        assert [seen.path for seen in network.requests].count("/2/users/me") == 1

    async def test_reads_back_the_text_that_was_sent(self, network: XStandIn) -> None:
        draft = self.draft()
        await self.on(network).publish(draft, key="k")
        (found,) = await self.on(network).find_recent(datetime.now(UTC) - timedelta(minutes=1))
        assert found.text == draft.text
        assert found.links == (draft.link,)

    @pytest.mark.parametrize(
        "change",
        [
            {"errors": [{"title": "Not Found Error"}]},
            {"data": None},
            {"meta": None},
            {"meta": {}},
            {"data": [{"id": "7", "text": "", "created_at": "2026-11-20T12:00:00"}]},
        ],
        ids=["gaps", "no posts but a count", "no meta", "no count", "no time zone"],
    )
    async def test_a_page_with_gaps_proves_nothing(self, network: XStandIn, change: dict[str, Any]) -> None:
        await self.with_posts(network, 1)
        network.distort = lambda body: {k: v for k, v in (body | change).items() if v is not None}
        with pytest.raises(NotSent, match="cannot be read"):
            await self.on(network).find_recent(datetime.now(UTC) - timedelta(minutes=1))

    async def test_an_empty_page_need_not_be_the_last(self, network: XStandIn) -> None:
        ids = await self.with_posts(network, 2)
        network.page_size = 1
        network.distort = lambda body: (
            body
            if body["meta"].get("newest_id") != ids[0]
            else {"meta": {"result_count": 0, "next_token": "1"}}
        )
        (found,) = await self.on(network).find_recent(datetime.now(UTC) - timedelta(hours=1))
        assert found.remote_id == ids[1]

    async def test_a_picture_is_forgotten_after_a_time(self, network: XStandIn) -> None:
        uploaded = await self.on(network).upload(a_picture())
        assert uploaded.expires
        assert timedelta(hours=23) < uploaded.expires - datetime.now(UTC) <= timedelta(hours=24)

    async def test_a_picture_without_alt_text_needs_no_second_request(self, network: XStandIn) -> None:
        await self.on(network).upload(replace(a_picture(), alt=""))
        assert [seen.path for seen in network.requests] == ["/2/media/upload"]

    # Which spelling of fields is live

    @pytest.mark.parametrize("spelling", ["tweet.fields", "post.fields"])
    async def test_the_spelling_of_fields_that_x_knows_is_found_and_remembered(
        self, network: XStandIn, spelling: str
    ) -> None:
        network.spellings, adapter = (spelling,), self.on(network)
        receipt = await adapter.publish(self.draft(), key="k")
        since = datetime.now(UTC) - timedelta(minutes=1)
        (found,) = await adapter.find_recent(since)
        assert found.links == (self.draft().link,)
        asked = len(network.requests)
        await adapter.find_recent(since)
        assert (await adapter.read_counts(receipt.remote_id)).likes == 5
        assert len(network.requests) == asked + 2, "asked once each"

    async def test_another_parameter_that_x_refuses_ends_in_a_sentence(self, network: XStandIn) -> None:
        network.spellings, adapter = ("statuses.fields",), self.on(network)
        with pytest.raises(Rejected, match="is not one of"):
            await adapter.read_counts("1")

    @pytest.mark.parametrize("named", ["expanded_url", "unwound_url", "url"])
    async def test_reads_whichever_address_a_link_has(self, network: XStandIn, named: str) -> None:
        await self.with_posts(network, 1)
        entity = {"url": "https://t.co/1", named: "https://blog.example/a"}

        def only(body: Any) -> Any:
            body["data"][0]["entities"] = {"urls": [entity]}
            return body

        network.distort = only
        (found,) = await self.on(network).find_recent(datetime.now(UTC) - timedelta(hours=1))
        assert found.links == ("https://blog.example/a",)

    # Against X's own description

    async def test_requests_are_as_x_describes_them(self, network: XStandIn, spec: Mapping[str, Any]) -> None:
        adapter = self.on(network)
        picture = await adapter.upload(a_picture())
        receipt = await adapter.publish(self.draft(picture=picture), key="k")
        await adapter.find_recent(datetime.now(UTC) - timedelta(minutes=1))
        await adapter.read_counts(receipt.remote_id)
        await adapter.retract(receipt.remote_id)
        paths = [
            ("post", "/2/media/upload"),
            ("post", "/2/media/metadata"),
            ("post", "/2/tweets"),
            ("get", "/2/users/me"),
            ("get", "/2/users/{id}/tweets"),
            ("get", "/2/tweets/{id}"),
            ("delete", "/2/tweets/{id}"),
        ]
        for seen, (method, path) in zip(network.requests, paths, strict=True):
            assert re.fullmatch(path.replace("{id}", r"\d+"), seen.path)
            operation = spec["paths"][path][method]
            known = {self.parameter(spec, each)["name"] for each in operation.get("parameters", [])}
            assert seen.query.keys() <= known
            if method == "post":
                schema = operation["requestBody"]["content"]["application/json"]["schema"]
                validator = Draft202012Validator(schema | {"components": spec["components"]})
                assert not list(validator.iter_errors(json.loads(seen.body)))

    async def test_pages_are_as_x_describes_them(self, network: XStandIn, spec: Mapping[str, Any]) -> None:
        await self.with_posts(network, 3)
        bodies: list[Any] = []
        network.page_size, network.distort = 2, lambda body: bodies.append(body) or body  # type: ignore[func-returns-value]
        await self.on(network).find_recent(datetime.now(UTC) - timedelta(hours=1))
        operation = spec["paths"]["/2/users/{id}/tweets"]["get"]
        known = {self.parameter(spec, each)["name"] for each in operation["parameters"]}
        assert network.requests[-1].query.keys() <= known
        assert "pagination_token" in network.requests[-1].query
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        validator = Draft202012Validator(schema | {"components": spec["components"]})
        assert [list(validator.iter_errors(body)) for body in bodies] == [[], []]

    def parameter(self, spec: Mapping[str, Any], found: Mapping[str, Any]) -> Mapping[str, Any]:
        name = str(found.get("$ref", "")).rpartition("/")[2]
        named: Mapping[str, Any] = spec["components"]["parameters"][name] if name else found
        return named

    def test_the_description_would_refuse_an_unknown_key(self, spec: Mapping[str, Any]) -> None:
        schema = {"$ref": "#/components/schemas/TweetCreateRequest", "components": spec["components"]}
        assert list(Draft202012Validator(schema).iter_errors({"text": "a", "status": "b"}))

    # Refusals

    @pytest.mark.parametrize("host", ["api.x.com", "api.twitter.com"])
    async def test_the_host_of_a_problems_type_does_not_matter(self, network: XStandIn, host: str) -> None:
        kind = f"https://{host}/2/problems/client-forbidden"
        network.behave(refuse(403, {"errors": [{"title": "Client Forbidden", "type": kind}]}))
        with pytest.raises(Unauthorized, match="Client Forbidden"):
            await self.on(network).publish(self.draft(), key="k")

    async def test_the_same_text_again_is_a_duplicate(self, network: XStandIn) -> None:
        adapter = self.on(network)
        await adapter.publish(self.draft(), key="k")
        with pytest.raises(Duplicate) as caught:
            await adapter.publish(self.draft(), key="k")
        assert caught.value.remote_id is None

    @pytest.mark.parametrize(
        ("remaining", "expected"),
        [
            ({"x-rate-limit": 0, "x-app-limit-24hour": 5, "x-user-limit-24hour": 5}, "x-rate-limit"),
            ({"x-rate-limit": 9, "x-app-limit-24hour": 0, "x-user-limit-24hour": 5}, "x-app-limit-24hour"),
            ({"x-rate-limit": 0, "x-app-limit-24hour": 0, "x-user-limit-24hour": 0}, "x-user-limit-24hour"),
            ({"x-rate-limit": 9, "x-app-limit-24hour": 9, "x-user-limit-24hour": 9}, "x-rate-limit"),
        ],
    )
    async def test_waits_for_the_last_exhausted_window(
        self, network: XStandIn, remaining: dict[str, int], expected: str
    ) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        resets = {
            "x-rate-limit": now + timedelta(minutes=15),
            "x-app-limit-24hour": now + timedelta(hours=3),
            "x-user-limit-24hour": now + timedelta(hours=20),
        }
        headers = {f"{name}-remaining": str(left) for name, left in remaining.items()}
        headers |= {f"{name}-reset": str(int(reset.timestamp())) for name, reset in resets.items()}
        network.behave(refuse(429, {"title": "Too Many Requests"}, headers))
        with pytest.raises(RateLimited) as caught:
            await self.on(network).publish(self.draft(), key="k")
        assert caught.value.until == resets[expected]

    async def test_a_limit_without_headers_names_no_moment(self, network: XStandIn) -> None:
        network.behave(refuse(429, b"slow down"))
        with pytest.raises(RateLimited) as caught:
            await self.on(network).publish(self.draft(), key="k")
        assert caught.value.until is None

    async def test_a_usage_cap_is_looked_at_once_a_day(self, network: XStandIn) -> None:
        network.behave(self.refusals["usage cap"][0])
        before = next_utc_midnight(datetime.now(UTC))
        with pytest.raises(RateLimited) as caught:
            await self.on(network).publish(self.draft(), key="k")
        assert caught.value.until in (before, next_utc_midnight(datetime.now(UTC)))

    @pytest.mark.parametrize("data", [{"data": {}}, {"data": None}, {}])
    async def test_problems_in_a_success_without_a_post_are_a_refusal(
        self, network: XStandIn, data: dict[str, object]
    ) -> None:
        refused = problem(401, "Unauthorized", "Unauthorized").body
        network.behave(refuse(200, {"errors": [refused], **data}))
        with pytest.raises(Unauthorized):
            await self.on(network).publish(self.draft(), key="k")

    async def test_a_success_with_problems_beside_the_post_is_one(self, network: XStandIn) -> None:
        both = {"data": {"id": "7", "text": ""}, "errors": [{"title": "Oops", "type": "about:blank"}]}
        network.behave(accept_and_answer(201, both))
        assert (await self.on(network).publish(self.draft(), key="k")).remote_id == "7"

    async def test_a_read_that_finds_nothing_is_rejected(self, network: XStandIn) -> None:
        with pytest.raises(Rejected, match="Could not find"):
            await self.on(network).read_counts("404")

    @pytest.mark.parametrize("status", [200, 404])
    async def test_gone_is_gone_whatever_the_status(self, network: XStandIn, status: int) -> None:
        self.replace_reads(network, refuse(status, {"errors": [NOT_FOUND]}))
        await self.on(network).retract("404")

    async def test_reads_that_fail_may_be_repeated(self, network: XStandIn) -> None:
        self.replace_reads(network, refuse(503, b"over capacity"))
        with pytest.raises(NotSent):
            await self.on(network).read_counts("1")

    @pytest.mark.parametrize("spelling", ["retweet_count", "repost_count"])
    async def test_reads_both_spellings_of_reposts(self, network: XStandIn, spelling: str) -> None:
        self.replace_reads(network, refuse(200, {"data": {"id": "1", "public_metrics": {spelling: 4}}}))
        assert (await self.on(network).read_counts("1")).reposts == 4

    def replace_reads(self, network: XStandIn, behaviour: Behaviour) -> None:
        """Let everything that does not publish be answered like this."""

        async def answer(scope: Any, receive: Any, send: Any) -> None:
            await respond(behaviour)(scope, receive, send)

        network.app.router.default = answer
        network.app.routes.clear()

    # Money

    def test_a_link_costs_more(self, network: XStandIn) -> None:
        adapter = self.on(network)
        assert adapter.cost(self.draft()) == Money(Decimal("0.20"), "USD")
        assert adapter.cost(self.draft(has_link_in_text=False)) == Money(Decimal("0.20"))

    @pytest.mark.parametrize(
        ("text", "price"),
        [
            ("Plain words, 3.5 of them. Done.", "0.015"),
            ("Read https://a.example.org/b", "0.20"),
            ("On deno.land today", "0.20"),
        ],
    )
    def test_what_x_takes_for_a_link_is_billed_as_one(self, network: XStandIn, text: str, price: str) -> None:
        assert self.on(network).cost(a_draft(text)).amount == Decimal(price)

    def test_prices_can_be_set(self, network: XStandIn) -> None:
        adapter = self.on(network, price_link="0.25")
        assert str(adapter.cost(self.draft())) == "0.25 USD"

    # Mentions and tickers

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("@marie", "@|marie"),
            ("Merci @marie, @_luc, ＠eva!", "Merci @|marie, @|_luc, ＠|eva!"),
            ("(@marie) é@marie .@marie", "(@|marie) é@|marie .@|marie"),
            ("RT@marie rt@marie 漢字RT@marie", "RT@|marie rt@|marie 漢字RT@|marie"),
            ("start@marie", "start@marie"),
            ("@twitter.com", "@|twitter|.com"),
            ("@a-b.com, b.com", "@|a-b|.com, b.com"),
            ("@sub.blog.co.uk/x", "@|sub|.blog|.co|.uk/x"),
            ("@marie.Ensuite", "@|marie.Ensuite"),
            ("$TVI.CA $a-b.com", "$|TVI|.CA $|a-b|.com"),
            ("https://a.com/users/@marie https://a.com?a=$b", "https://a.com/users/@marie https://a.com?a=$b"),
            ("deno.land/@marie README.md", "deno.land/@marie README.md"),
            ("https://a.com/記事/@marie", "https://a.com/記事/@|marie"),
            ("marie@blog.example", "marie@blog.example"),
            ("@marie@mastodon.social", "@|marie@mastodon.social"),
            ("https://mastodon.social/@marie", "https://mastodon.social/@marie"),
            ("https://medium.com/@marie/a", "https://medium.com/@marie/a"),
            ("@luc/@marie", "@|luc/@|marie"),
            ("a @ b @[1] @", "a @ b @[1] @"),
            ("$TSLA $brk.b", "$|TSLA $|brk.b"),
            ("$20, US$20, 20$", "$20, US$20, 20$"),
            ("$toolongname $A1", "$toolongname $A1"),
        ],
    )
    def test_nobody_is_mentioned_in_the_users_name(self, text: str, expected: str) -> None:
        done = self.adapter.capabilities.neutral(text)
        assert done.replace("\u200b", "|") == expected

    # Credentials

    async def test_the_credential_is_good_for_every_request(self, network: XStandIn) -> None:
        adapter = self.on(network)
        await adapter.publish(self.draft(picture=await adapter.upload(a_picture())), key="k")
        assert await adapter.find_recent(datetime.now(UTC) - timedelta(minutes=1))
        assert {seen.headers["authorization"].split()[0] for seen in network.requests} == {"OAuth"}

    @pytest.mark.parametrize("wrong", list(settings))
    async def test_each_of_the_four_strings_matters(self, network: XStandIn, wrong: str) -> None:
        with pytest.raises(Unauthorized):
            await self.on(network, **{wrong: "another-secret"}).publish(self.draft(), key="k")

    @pytest.mark.parametrize("missing", ["consumer_key", "consumer_secret", "access_token_secret"])
    def test_half_a_credential_is_refused_with_a_sentence(self, missing: str) -> None:
        given = {name: value for name, value in TestX.settings.items() if name != missing}
        with pytest.raises(ValidationError, match="or access_token alone") as caught:
            X.Settings(**given)
        assert not any(secret in str(caught.value) for secret in given.values())


class TestXByOAuth2(TestX):
    settings: ClassVar[dict[str, Any]] = {"access_token": "sandbox-token"}

    async def test_the_credential_is_good_for_every_request(self, network: XStandIn) -> None:
        adapter = self.on(network)
        await adapter.publish(self.draft(), key="k")
        assert {seen.headers["authorization"] for seen in network.requests} == {"Bearer sandbox-token"}

    @pytest.mark.parametrize("wrong", list(settings))
    async def test_each_of_the_four_strings_matters(self, network: XStandIn, wrong: str) -> None:
        """Here there is one."""
        await super().test_each_of_the_four_strings_matters(network, wrong)
