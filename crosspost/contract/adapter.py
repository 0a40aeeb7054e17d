"""The contract between crosspost and the code that speaks to one kind of network.

The adapter declares data and says things; the core counts, cuts, waits, repeats and remembers. See
docs/write-an-adapter.md for the walk-through, and `crosspost.testing` for the tests every adapter inherits.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import Any, ClassVar, Generic, Self, TypeVar

from crosspost.contract.capabilities import Capabilities
from crosspost.contract.icon import initial
from crosspost.contract.login import Login
from crosspost.contract.settings import AdapterSettings
from crosspost.errors import PublishError, Rejected
from crosspost.http import Answer, Client, Offline, Request, interception, refusal, retry_after
from crosspost.model import Account, Draft, Learnt, Money, Receipt

S = TypeVar("S", bound=AdapterSettings)


class Adapter(ABC, Generic[S]):
    """Speak to one kind of network. One instance serves one channel.

    Every method makes one try: none retries or sleeps. They raise only `PublishError`s.
    """

    kind: ClassVar[str]
    """The name in `adapter = "..."`; the same as the entry point's."""
    name: ClassVar[str]
    """What people call the network."""
    home: ClassVar[str] = ""
    """Where people find it in the web; "" for what is no network."""
    colour: ClassVar[str] = "#555"
    """The colour of the network's icon, as CSS writes it."""
    Settings: ClassVar[type[AdapterSettings]]
    found_by_connect: ClassVar[frozenset[str]] = frozenset()
    """The required settings, each with an example, that `crosspost connect` finds: a page, an author, a blog.

    A channel that lacks one is unfinished: it is shown with the example, takes deliveries, and sends none.
    """
    capabilities: ClassVar[Capabilities]
    """What it can carry where nothing more is known; see `capabilities_for`."""

    def __init__(self, settings: S, client: Client) -> None:
        self.settings = settings
        self.client = client

    @classmethod
    def open(cls, settings: S, client: Client) -> Self:
        """Make the adapter for these settings, and call nothing.

        Override it where settings decide which powers there are.
        """
        return cls(settings, client)

    @classmethod
    def capabilities_for(cls, settings: S, learnt: Learnt) -> Capabilities:
        """Return what a channel of these settings can carry. `learnt`: what its server said of itself."""
        return cls.capabilities

    @classmethod
    def has(cls, power: type[Any], settings: S) -> bool:
        """Tell whether the adapter of these settings has a power, one of `contract.powers`."""
        return isinstance(cls.open(settings, Offline()), power)

    @classmethod
    def icon(cls) -> str:
        """Return the network's icon as SVG: its initial, unless it has a drawing."""
        return initial(cls.name, cls.colour)

    @classmethod
    def owns(cls, settings: S) -> tuple[str, ...]:
        """Name what no second channel may write, such as a file. The configuration refuses two owners."""
        return ()

    @classmethod
    def destination(cls, settings: S) -> tuple[str, ...]:
        """Name where posts of these settings appear, if they alone tell: a page, a blog, a file.

        In one spelling: two channels of one destination say an entry once. Empty: the credential decides too,
        with all settings that are text.
        """
        return ()

    @classmethod
    def version_ends(cls, settings: S) -> date | None:
        """Say on which day the network ends the version of its API that these settings name, if it does."""
        return None

    @classmethod
    def logins(cls) -> Mapping[str, type[Login]]:
        """Return the ways to a credential that `crosspost connect` offers, by name, the best first.

        Having this method is the declaration that there are some; import them in it, since most runs need none.
        """
        return {}

    def cost(self, draft: Draft) -> Money:
        """Say what the network bills for publishing `draft`."""
        return Money()

    @abstractmethod
    async def verify(self) -> Account:
        """Find out whom the credential speaks for, and what the server says of itself. Change nothing.

        Raise `Unauthorized` if the credential speaks for nobody.
        """

    @abstractmethod
    async def publish(self, draft: Draft, *, key: str) -> Receipt:
        """Publish `draft`: one try, one ambiguous request. `key` is the same for each try of a delivery."""


class HttpAdapter(Adapter[S]):
    """Speak to a network by HTTP: say which request publishes, and what answers mean; the core sends.

    `post`, `receipt` and `meaning` are pure, and read no clock: a preview is `post`, without a network and
    without a credential.
    """

    @abstractmethod
    def post(self, draft: Draft, key: str) -> Request:
        """Return the one request that publishes `draft`, unsigned; the same for the same draft and key."""

    @abstractmethod
    def receipt(self, answer: Answer) -> Receipt:
        """Read a success: the post's id, which is the proof, see `named`, and its address.

        Raise the `meaning` of an answer that names no post: of a refusal in disguise it is what that says, of
        all else `Uncertain`.
        """

    @abstractmethod
    def meaning(self, answer: Answer) -> PublishError:
        """Return what a refusal means: by the network's own codes first, then `http.refusal`.

        The answer knows its request, and the moment at which it came.
        """

    def is_own(self, answer: Answer) -> bool:
        """Tell whether a refusal is in the network's own form; by default, any JSON object is.

        A final refusal in another form is none: see `refused`.
        """
        return bool(answer.object())

    def refused(self, answer: Answer) -> PublishError:
        """Return what a refusal means, if the network itself made it, and the pause its headers ask for."""
        error = self.meaning(answer)
        if isinstance(error, Rejected) and answer.status != 401 and not self.is_own(answer):
            error = interception(answer, self.name)
        if error.until is None:
            error.until = retry_after(answer.headers, answer.at)
        return error

    def signed(self, request: Request) -> Request:
        """Return the request with the credential in it. What takes a request of its own is `LogsIn`'s."""
        return request

    async def publish(self, draft: Draft, *, key: str) -> Receipt:
        """Send the one ambiguous request, and read its answer."""
        return self.receipt(await self.call(replace(self.post(draft, key), once=True)))

    async def call(self, request: Request, *, fine: frozenset[int] = frozenset()) -> Answer:
        """Sign and send a request; raise what its refusal means. `fine`: statuses that are none here.

        What is neither a yes nor a no, such as a redirect, is not followed, and leaves doubt.
        """
        answer = await self.client.send(self.signed(request))
        if answer.ok or answer.status in fine:
            return answer
        if answer.status < HTTPStatus.BAD_REQUEST:
            raise refusal(answer, f"{self.name} answered {answer.status}, which is neither a yes nor a no")
        raise self.refused(answer)


AnyAdapter = Adapter[Any]
"""Whichever adapter, where its settings do not matter."""
