"""A grant as the vault keeps it: what may be seen of it, and what is sealed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from crosspost.accounts.standing import how_to_mend
from crosspost.accounts.wing import Accounts
from crosspost.config import Channel
from crosspost.contract.login import App, Grant, Login
from crosspost.errors import LoginError
from crosspost.house import House
from crosspost.policy import lifetime
from crosspost.redact import remember
from crosspost.store.credentials import Credential, credential_row


def with_secrets(channel: Channel, grant: Grant) -> Any:
    """Return the channel's settings with what a network gave in place of the placeholders."""
    secrets = {name: SecretStr(value) for name, value in grant.secrets.items()}
    return channel.settings.model_copy(update=secrets)


def opened(house: House, channel: Channel, credential: Credential) -> tuple[Login, Grant]:
    """Open what the vault holds of a channel. Raise `VaultError`, or `LoginError` if the way is unknown."""
    app, grant = open_sealed(house, credential)
    ways = channel.adapter_class.logins()
    if credential.way not in ways:
        raise LoginError(
            f"it was connected by {credential.way!r}, which this version has not; {how_to_mend(channel)}"
        )
    return ways[credential.way](app, house.client, channel.settings), grant


def open_sealed(house: House, credential: Credential) -> tuple[App, Grant]:
    """Open a sealed grant; return it, and the application it was given to. Raise `VaultError`."""
    envelope: Any = house.wing(Accounts).vault.open(credential.envelope, credential_row(credential.channel))
    app = App(id=envelope["app"]["id"], secret=envelope["app"]["secret"])
    grant = Grant(
        secrets=envelope["secrets"],
        refresh_token=envelope["refresh_token"],
        kept=envelope["kept"],
        scopes=tuple(credential.scopes.split()),
    )
    remember(app.secret, of=f"the application of {credential.channel}")
    mask(credential.channel, grant)
    return app, grant


def mask(channel: str, grant: Grant) -> None:
    """Let a grant's secrets be masked from now on, and what they replace only for a while still."""
    named = (*grant.secrets.items(), *grant.kept.items(), ("refresh_token", grant.refresh_token))
    for name, secret in named:
        remember(secret, of=f"{name} of {channel}")


def sealed(house: House, channel: str, app: App, grant: Grant) -> str:
    """Seal what nobody may see of a grant, for its channel's row."""
    secrets = {
        "secrets": dict(grant.secrets),
        "refresh_token": grant.refresh_token,
        "kept": dict(grant.kept),
        "app": {"id": app.id, "secret": app.secret},
    }
    return house.wing(Accounts).vault.seal(secrets, credential_row(channel))


def given_at(at: datetime, grant: Grant, *, known: Credential) -> Credential:
    """Return what may be seen of a grant that was asked for at that moment. `known`: what stays as it was."""
    until = at + grant.renewable_for if grant.renewable_for else known.renewable_until
    new = replace(
        known,
        scopes=" ".join(grant.scopes),
        obtained=at,
        expires=at + grant.lasts if grant.lasts else None,
        renewable_until=until if known.renewable else None,
        refresh_owner="",
        refresh_until=None,
        refresh_after=None,
        failures=0,
        lost=0,
        problem="",
        gone=False,
    )
    return replace(new, look_at=lifetime.next_look(new.life, at))
