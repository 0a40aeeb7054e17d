"""What the suites of a network stand on: its stand-in, the adapter before it, and a draft."""

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from crosspost.contract import LinkPlace, LogsIn
from crosspost.errors import PublishError
from crosspost.http.wire import HttpxClient, InProcess
from crosspost.model import Draft, Receipt
from crosspost.sandbox.behaviour import Behaviour, accept_and_answer
from crosspost.sandbox.standin import Post, StandIn
from crosspost.testing.contract import AdapterContract
from crosspost.testing.samples import a_draft

KEY = "0123456789abcdef"


def has_power(adapter: Any, power: type[Any]) -> bool:
    """Tell whether the adapter has an optional power, without narrowing it to nothing else."""
    return isinstance(adapter, power)


def needs_power(adapter: Any, power: type[Any]) -> None:
    """Skip the test if the adapter lacks an optional power."""
    if not has_power(adapter, power):
        pytest.skip(f"{adapter.kind} has no {power.__name__}")


async def logged_in(adapter: Any) -> Any:
    """Return the adapter once it has a session, where its network has such a thing."""
    if has_power(adapter, LogsIn):
        await adapter.log_in()
    return adapter


class OnStandIn(AdapterContract):
    """Put the adapter before its stand-in, in process."""

    stand_in: ClassVar[type[StandIn]]
    refusals: ClassVar[Mapping[str, tuple[Behaviour, type[PublishError]]]]
    """Each refusal of a publishing request in the network's recorded shape, and what it must mean."""
    success_without_id: ClassVar[Behaviour] = accept_and_answer(201, {})
    """A success in the network's own form that does not name the post."""

    @pytest.fixture
    def network(self) -> StandIn:
        return self.make_network()

    def make_network(self) -> StandIn:
        """Make the stand-in that `settings` has an account on."""
        return self.stand_in()

    def on(self, network: StandIn, **changes: Any) -> Any:
        """Make the adapter, in process, before this network."""
        client = HttpxClient(transport=InProcess(network.app))
        return self.adapter.open(self.make_settings(base_url="http://network.test", **changes), client)

    async def ready(self, network: StandIn, **changes: Any) -> Any:
        """Make the adapter before this network, with a session where it wants one."""
        return await logged_in(self.on(network, **changes))

    async def publish(self, network: StandIn, draft: Draft | None = None, *, key: str = KEY) -> Receipt:
        """Publish on this network, with an adapter of its own."""
        adapter = await self.ready(network)
        receipt: Receipt = await adapter.publish(draft or self.draft(), key=key)
        return receipt

    def draft(self, text: str = "", **changes: Any) -> Draft:
        """Make a draft as the core would: with the link in the text where the network wants it."""
        draft = a_draft(text, **changes)
        if self.capabilities.link is LinkPlace.TEXT and draft.link not in draft.text:
            draft = a_draft(f"{draft.text}\n\n{draft.link}", **changes | {"has_link_in_text": True})
        return draft

    def only(self, network: StandIn) -> Post:
        (post,) = network.posts
        return post
