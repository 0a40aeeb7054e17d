"""Whom a channel speaks for, as a key: two channels whose keys are equal say the same to the same readers.

No secret can be read out of a key. What the network says of the account comes first; without that a long,
generated token stands for it. A short secret may be a password that somebody chose: it is left out where other
settings name the account, made slow to guess where none does, and never used below twelve characters.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

from pydantic import SecretStr

from crosspost.config.model import Channel
from crosspost.config.secrets import PLACEHOLDER, is_secret
from crosspost.text import canonical_link

_GENERATED = 20
"""A secret of so many characters comes from a generator: nobody finds it by trying."""
_LEAST = 12
_PLACES = ("base_url", "login_url")


def account_key(channel: Channel, account_id: str = "") -> str:
    """Return the key of the account that a channel speaks for; "" if it speaks for nobody yet.

    A dry run shows nobody anything; whom an unfinished channel will speak for, nobody knows.

    `account_id`: the network's own word for the account, if that is known.
    """
    if channel.dry_run or channel.unfinished:
        return ""
    settings = channel.settings
    traits = [channel.adapter, canonical_link(str(getattr(settings, "base_url", "")))]
    named = channel.adapter_class.destination(settings)
    if named:
        traits += named
    else:
        texts = list(_texts(channel))
        traits += [*texts, account_id or _credential(channel, named=bool(texts))]
    return hashlib.sha256("\0".join(("account", *traits)).encode("utf-8", "surrogatepass")).hexdigest()


def _texts(channel: Channel) -> Iterator[str]:
    """Yield the settings that are text, where an adapter does not say which name the account.

    Numbers, switches and choices tune how something is said, not where.
    """
    for name, field in type(channel.settings).model_fields.items():
        kinds = {field.annotation, *get_args(field.annotation)}
        value = getattr(channel.settings, name)
        if name not in _PLACES and not kinds.isdisjoint((str, Path)) and value:
            yield f"{name}={value}"


def _credential(channel: Channel, *, named: bool) -> str:
    """Stand in for an account that the network has not named. `named`: whether other settings tell of it."""
    settings = channel.settings
    fields = (name for name, field in type(settings).model_fields.items() if is_secret(field))
    values = (getattr(settings, name) for name in fields)
    secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    secrets = [secret for secret in secrets if secret != PLACEHOLDER]
    if any(len(secret) >= _GENERATED for secret in secrets):
        # All of them: an application's own are the same for everybody who uses it.
        return hashlib.sha256("\0".join(secrets).encode()).hexdigest()
    if named and secrets:
        return ""
    longest = max(secrets, key=len, default="")
    return _slow(longest) if len(longest) >= _LEAST else f"channel {channel.name}"


@cache
def _slow(secret: str) -> str:
    """Hash a secret so that a guess costs tens of milliseconds, and 16 MB."""
    return hashlib.scrypt(secret.encode(), salt=b"crosspost account", n=2**14, r=8, p=1).hex()
