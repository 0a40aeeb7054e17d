"""The networks of the torture: stand-ins that misbehave at random, and refuse nothing that they have."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random

from starlette.responses import JSONResponse, Response

from crosspost.adapters.facebook.stand_in import FacebookStandIn
from crosspost.adapters.linkedin.stand_in import ORGANIZATION, LinkedInStandIn
from crosspost.adapters.tumblr.stand_in import TumblrStandIn
from crosspost.adapters.x.stand_in import XStandIn
from crosspost.sandbox.behaviour import Behaviour, accept_and_answer, drop, refuse, respond
from crosspost.sandbox.standin import Post, StandIn
from tests.contract.server import PondStandIn
from tests.proof.torture.worker import DEADLINE, KEYS_LIVE, LATEST, SETTLE

BEHAVIOURS: dict[str, tuple[int, Behaviour]] = {
    "answers": (50, Behaviour(accept=True)),
    "answers slowly": (15, Behaviour(accept=True)),
    "accepts after the deadline": (6, Behaviour(accept=True)),
    "accepts, answers 500": (6, accept_and_answer(500)),
    "accepts, drops": (6, drop(accept=True)),
    "accepts, answers nonsense": (3, accept_and_answer(200, b"<html>")),
    "accepts, names no post": (4, accept_and_answer(200, {})),
    "drops": (5, drop(accept=False)),
    "refuses with 503": (5, refuse(503)),
    "refuses with 429": (4, refuse(429, headers={"retry-after": "1"})),
}
UNREADABLE = 0.1
"""How often a list cannot be read."""
LAG = timedelta(seconds=0.25)
"""How late lists are."""
assert SETTLE > DEADLINE + LATEST + LAG, "or a look would prove nothing"
LINK = re.compile(r"https://blog\.example/2026/[\w-]+/")


class Rough(StandIn):
    """Misbehave. `chance` decides how, in the order in which requests come."""

    refuses_duplicates = False
    page_size = 100
    chance: Random
    under_way = 0
    """Requests that have not ended: something may still be accepted."""

    def misbehaves(self, seed: int) -> None:
        self.chance = Random(f"{seed} {type(self).__name__}")
        self.did: Counter[str] = Counter()

    async def publishing(self, accept: Callable[[], Awaitable[Response]]) -> Response:
        weights = [weight for weight, _ in BEHAVIOURS.values()]
        name = self.chance.choices(list(BEHAVIOURS), weights)[0]
        part = self.chance.random()
        self.did[name] += 1
        self.under_way += 1
        try:
            if name == "answers slowly":
                await asyncio.sleep(part * DEADLINE.total_seconds() / 2)
            elif name == "accepts after the deadline":
                await asyncio.sleep((DEADLINE + part * (LATEST - DEADLINE)).total_seconds())
            self.behave(BEHAVIOURS[name][1])
            return await super().publishing(accept)
        finally:
            self.under_way -= 1

    def listing(self, answer: JSONResponse) -> Response:
        return respond(refuse(503)) if self.chance.random() < UNREADABLE else super().listing(answer)

    def newest(self) -> list[Post]:
        since = self.clock() - LAG
        return [post for post in super().newest() if post.created < since]

    def shows(self) -> Counter[str]:
        """Count the posts about each entry, by its link."""
        return Counter(link for post in self.posts for link in links_of(post))


def links_of(post: Post) -> set[str]:
    return {found for text in (post.text, *post.links, str(post.raw)) for found in LINK.findall(text)}


class _Facebook(Rough, FacebookStandIn):
    pass


class _LinkedIn(Rough, LinkedInStandIn):
    pass


class _X(Rough, XStandIn):
    pass


class _Tumblr(Rough, TumblrStandIn):
    pass


class _Pond(Rough, PondStandIn):
    """It honours keys, for a while."""

    remembers = KEYS_LIVE


def rough_networks(seed: int) -> dict[str, Rough]:
    """Make one of each, by its channel's name."""
    networks: dict[str, Rough] = {
        "facebook": _Facebook(),
        "linkedin": _LinkedIn(author=ORGANIZATION),  # type: ignore[call-arg]
        "x": _X(),
        "tumblr": _Tumblr(),
        "pond": _Pond(),
    }
    for network in networks.values():
        network.misbehaves(seed)
    return networks
