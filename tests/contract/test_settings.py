"""What an adapter may call its settings."""

import pytest
from pydantic import Field, SecretStr, ValidationError

from crosspost.config.model import ChannelKeys
from crosspost.contract import AdapterSettings, OAuth1Settings
from crosspost.contract.settings import CHANNEL_KEYS
from crosspost.http import Request


def test_the_keys_that_every_channel_has_are_those_of_the_configuration() -> None:
    assert set(ChannelKeys.model_fields) == CHANNEL_KEYS


@pytest.mark.parametrize("key", sorted(CHANNEL_KEYS))
def test_a_setting_named_like_a_channels_key_is_refused_when_it_is_defined(key: str) -> None:
    with pytest.raises(TypeError, match=f"every channel has a key {key} of its own"):
        type("Settings", (AdapterSettings,), {"__annotations__": {key: str}})


@pytest.mark.parametrize("field", [Field(1, alias="priority"), Field(1, validation_alias="priority")])
def test_another_name_does_not_help(field: object) -> None:
    with pytest.raises(TypeError, match="priority"):
        type("Settings", (AdapterSettings,), {"__annotations__": {"rank": int}, "rank": field})


def test_other_names_are_fine() -> None:
    made = type("Settings", (AdapterSettings,), {"__annotations__": {"page": str}})
    assert made(page="1").model_dump() == {"page": "1"}


SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")


@pytest.mark.parametrize("given", [SECRETS[:1], SECRETS[:3], SECRETS[1:], ("consumer_key", "access_token")])
def test_half_a_credential_is_refused(given: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        OAuth1Settings(**dict.fromkeys(given, SecretStr("s")))


def test_four_strings_sign_and_one_is_a_bearer_token() -> None:
    request = Request(method="GET", url="https://network.example/1")
    four = OAuth1Settings(**dict.fromkeys(SECRETS, SecretStr("s"))).signed(request)
    one = OAuth1Settings(access_token=SecretStr("s")).signed(request)
    assert four.headers["authorization"].startswith("OAuth ")
    assert one.headers["authorization"] == "Bearer s"
