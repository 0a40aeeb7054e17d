"""What every way of connecting an account has."""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any, ClassVar

from crosspost.errors import LoginError
from crosspost.http import Client
from crosspost.model import Account
from crosspost.redact import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The application that asks a person for the right; without an id where the network knows none."""

    id: str = ""
    secret: str = field(default="", repr=False)
    """Empty where the network knows applications without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a network gave. Its life is counted from the moment at which it was asked for."""

    secrets: Mapping[str, str] = field(repr=False)
    """What the adapter signs its calls with, by the names of its settings."""
    refresh_token: str = field(default="", repr=False)
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What only its login needs again."""
    lasts: timedelta | None = None
    """How long the adapter's secrets are good; None: until somebody revokes them."""
    renewable_for: timedelta | None = None
    """How long the refresh token is good if it is not used; None: unknown, or there is none."""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A question put to a person: where it is answered, and what proves that the answer is to this one."""

    url: str
    redirect: str
    proof: str = field(repr=False)
    """OAuth 2: the `state`. OAuth 1.0a: the request token."""
    secret: str = field(repr=False)
    """OAuth 2: the PKCE verifier. OAuth 1.0a: the request token's secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An account, page or blog that a grant can speak for."""

    account: Account
    settings: Mapping[str, str] = field(default_factory=dict)
    """What of it stands in the channel's settings."""
    grant: Grant


class Application(Enum):
    """Where the application comes from that asks a person for the right."""

    ASKED = "a person registers it at the network, and gives us its two strings"
    REGISTERED = "we register it at the server ourselves"
    NONE = "the network knows none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something a person types, by the name of the setting that it is for."""

    name: str
    label: str
    hidden: bool = False
    """Whether it is a secret."""


class Login(ABC):
    """One way to a credential for one network. Every method makes its calls once.

    They raise `LoginError` with what to do, `GrantGone` for the network's own word that the grant is no longer
    good, `NotSent` for what passes, and `Uncertain` where an answer was lost that may have changed something.
    """

    network: ClassVar[str]
    title: ClassVar[str]
    """What tells this way from the network's others, in a few words."""
    needs: ClassVar[str] = ""
    """What a person needs for it, in a few words: an application, somebody's leave, how long it lasts."""
    terms: ClassVar[str] = ""
    """What it costs, and what the network's terms say of a program that posts, in a sentence or two."""
    scopes: ClassVar[tuple[str, ...]] = ()
    steps: ClassVar[tuple[str, ...]] = ()
    """What a person does at the network first. May hold {redirect} and {scopes}."""
    renews: ClassVar[bool] = False
    """Whether grants of this way can be renewed without a person."""
    revoked_at: ClassVar[str] = ""
    """Where a person takes the right back, if the network has no call for it."""

    def __init__(self, app: App, client: Client, settings: Any) -> None:
        """`settings`: the adapter's, with None for what is not known yet."""
        self.app = app
        self.client = client
        self.settings = settings
        remember(app.secret)

    async def refresh(self, grant: Grant) -> Grant:
        """Renew the grant, where `renews`. An empty `refresh_token` means: the old one goes on."""
        raise LoginError(f"{self.network} renews nothing; connect again")

    async def revoke(self, grant: Grant) -> bool:
        """Tell the network that the grant is no longer wanted; False if it has no call for that."""
        return False


class ConsentLogin(Login):
    """Connect by a person's consent, given in the browser at the network."""

    application: ClassVar[Application] = Application.ASKED
    app_words: ClassVar[tuple[str, str]] = ("Client ID", "Client Secret")
    """What the network calls the application's two strings."""
    needs_secret: ClassVar[bool] = True
    loopback: ClassVar[str] = "127.0.0.1"
    """How the address to come back to calls this machine; by name only where it must (RFC 8252, 8.3)."""
    by_pin: ClassVar[bool] = False
    """Whether the person types a number instead of being sent back to us."""

    async def register(self, redirect: str) -> App:
        """Register an application at the server, where `application` is REGISTERED."""
        raise LoginError(f"{self.network} registers no applications")

    @abstractmethod
    async def ask(self, redirect: str) -> Consent:
        """Prepare the question. `redirect`: where the network sends the person afterwards."""

    @abstractmethod
    def read(self, consent: Consent, answer: Mapping[str, str]) -> str:
        """Return the code of an answer: the parameters with which the person came back."""

    @abstractmethod
    async def exchange(self, consent: Consent, code: str) -> Grant:
        """Make a grant of the code, once. Raise `LoginError` if a scope is missing, naming it."""

    @abstractmethod
    async def choices(self, grant: Grant) -> Sequence[Choice]:
        """List whom the grant can speak for; at least one."""


class TypedLogin(Login):
    """Connect by what a person types: a token, or a user name with an app password. Mostly data alone."""

    questions: ClassVar[tuple[Question, ...]]

    async def choices(self, answers: Mapping[str, str]) -> Sequence[Choice]:
        """List whom these answers, by the names of the questions, can speak for; at least one.

        A choice whose account has no id speaks for whom the adapter's `verify` names.
        """
        secrets = {one.name: answers[one.name] for one in self.questions if one.hidden}
        settings = {one.name: answers[one.name] for one in self.questions if not one.hidden}
        nobody_yet = Account(id="", name="")
        return [Choice(account=nobody_yet, settings=settings, grant=Grant(secrets=secrets, scopes=self.scopes))]


def fresh_secret(size: int = 32) -> str:
    """Make a string that nobody can guess, and remember to mask it."""
    made = secrets.token_urlsafe(size)
    remember(made)
    return made
