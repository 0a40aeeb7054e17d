"""Whom to tell, and how: `[notify]`."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, StrictInt

from crosspost.config.limits import POSTS, Limit, Limits, parse_limits
from crosspost.config.units import is_address
from crosspost.config.weekly import EachWeek


def _address(value: str) -> str:
    if not is_address(value):
        raise ValueError("must be an http or https address")
    return value


def _messages(value: object) -> tuple[Limit, ...]:
    limits = parse_limits(value)
    if any(limit.unit != POSTS for limit in limits):
        raise ValueError('counts messages, so write it like "12/day" or "1/10m"')
    return limits


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Address = Annotated[str, AfterValidator(_address)]


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, arbitrary_types_allowed=True
    )


class Ntfy(_Strict):
    """A topic on ntfy.sh, or on a server of your own."""

    url: Address = Field(description="The topic's address. Anybody who knows it can read along.")
    token: SecretStr | None = Field(None, description="An access token, if the topic is protected.")
    priority: StrictInt = Field(3, ge=1, le=5, description="How loud: 1 to 5.")


class Gotify(_Strict):
    """A Gotify server."""

    url: Address = Field(description="The server's address.")
    token: SecretStr = Field(description="The application's token.")
    priority: StrictInt = Field(5, ge=0, le=10, description="How loud: 0 to 10.")


class Webhook(_Strict):
    """Any address that takes a POST with JSON."""

    url: Address = Field(description="Where to send it.")
    token: SecretStr | None = Field(None, description="Sent as a bearer token.")


class Email(_Strict):
    """A mail server that takes your mail."""

    host: str = Field(description="The server's name.")
    port: StrictInt = Field(587, ge=1, le=65535, description="Its port.")
    tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection is kept private."
    )
    user: str | None = Field(None, description="The user to log in as; without one, nobody logs in.")
    password: SecretStr | None = Field(None, description="With which password.")
    sender: str = Field(pattern=r"^[^\s@]+@[^\s@]+$", description="From whom the mail is.")
    to: Annotated[tuple[str, ...], BeforeValidator(_several)] = Field(
        min_length=1, description="To whom: one address, or several."
    )


class Apprise(_Strict):
    """The hundred services that Apprise knows (`pip install 'crosspost[apprise]'`)."""

    urls: tuple[SecretStr, ...] = Field(min_length=1, description="Apprise's addresses; each is a secret.")


class Notify(_Strict):
    """Whom to tell when something needs a person."""

    limits: Annotated[Limits, BeforeValidator(_messages)] = Field(
        parse_limits("12/day"), description="At most so many messages; what does not fit is told with the next."
    )
    tell: Annotated[tuple[Literal["delivered"], ...], BeforeValidator(_several)] = Field(
        (), description="What else is told beside what needs you: delivered, the link of each post."
    )
    digest: EachWeek | None = Field(
        None, description="When each week a mail says how it was: a day and a time."
    )
    heartbeat: Address | None = Field(
        None, description="An address that is called at each good run; /start and /fail are put behind it."
    )
    ntfy: Ntfy | None = Field(None, description="Tell by ntfy.")
    gotify: Gotify | None = Field(None, description="Tell by Gotify.")
    webhook: Webhook | None = Field(None, description="Tell any program.")
    email: Email | None = Field(None, description="Tell by mail.")
    apprise: Apprise | None = Field(None, description="Tell by what Apprise knows.")

    @property
    def tells_posts(self) -> bool:
        """Whether people are told of what went out."""
        return "delivered" in self.tell

    @property
    def services(self) -> list[tuple[str, BaseModel]]:
        """Return what is configured, by name."""
        named = ((name, getattr(self, name)) for name in SERVICES)
        return [(name, one) for name, one in named if one is not None]


SERVICES: dict[str, type[BaseModel]] = {
    "ntfy": Ntfy,
    "gotify": Gotify,
    "webhook": Webhook,
    "email": Email,
    "apprise": Apprise,
}


def tables(table: Any) -> Iterator[tuple[tuple[str, ...], type[BaseModel], dict[str, Any]]]:
    """Yield each table in [notify], with its path and its model."""
    if isinstance(table, dict):
        yield ("notify",), Notify, table
        for name, model in SERVICES.items():
            if isinstance(table.get(name), dict):
                yield ("notify", name), model, table[name]
