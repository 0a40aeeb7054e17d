"""What the user sets for one adapter, beside the keys that every channel has."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    create_model,
    model_validator,
)
from pydantic.fields import FieldInfo

from crosspost.http import OAuth1, Request

CHANNEL_KEYS = frozenset(
    "adapter approve attempts attention delay dry_run excerpt exclude feeds hashtags hours include limits"
    " on_uncertain overflow owner picture priority quiet settle spread template timezone utm"
    " words".split()
)
"""The keys that every channel has, as `config.model.ChannelKeys` describes them; a test compares the two."""


class AdapterSettings(BaseModel):
    """Be what the user sets for one adapter. Secrets are `SecretStr`.

    A setting may not be named like a key that every channel has: the adapter would never see it. A class with
    such a one is refused (`TypeError`) when it is defined.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        names = {*cls.model_fields, *(field.validation_alias for field in cls.model_fields.values())}
        if taken := sorted(CHANNEL_KEYS & names):
            says = f"every channel has a key {taken[0]} of its own; name this setting otherwise"
            raise TypeError(f"{cls.__qualname__}: {says}")


def partly(kind: type[AdapterSettings], given: Mapping[str, Any], *, folder: Path) -> AdapterSettings:
    """Return settings of which only some are known: what is missing and required is None. For logins.

    `folder`: the configuration's. Raise `ValidationError` for what is given and wrong.
    """
    optional: dict[str, Any] = {
        name: (field.annotation, FieldInfo.merge_field_infos(field, default=None))
        for name, field in kind.model_fields.items()
        if field.is_required()
    }
    partial = create_model(kind.__name__, __base__=kind, **optional)
    return partial.model_validate(given, context={"folder": folder})


def _beside_the_configuration(path: Path, info: ValidationInfo) -> Path:
    folder = (info.context or {}).get("folder", Path())
    return Path(folder / path.expanduser()).absolute()


LocalPath = Annotated[Path, AfterValidator(_beside_the_configuration)]
"""A file of the user's. A relative path starts at the configuration's folder."""


class OAuth1Settings(AdapterSettings):
    """Be settings with a credential of four strings (OAuth 1.0a), or of one bearer token (OAuth 2)."""

    consumer_key: SecretStr | None = Field(None, description="OAuth 1.0a: the application's consumer key.")
    consumer_secret: SecretStr | None = Field(
        None, description="OAuth 1.0a: the application's consumer secret."
    )
    access_token: SecretStr = Field(
        description="The account's access token: of OAuth 1.0a, or (alone) the bearer token of OAuth 2."
    )
    access_token_secret: SecretStr | None = Field(
        None, description="OAuth 1.0a: the secret of the access token."
    )

    @model_validator(mode="after")
    def _is_a_whole_credential(self) -> Self:
        extra = (self.consumer_key, self.consumer_secret, self.access_token_secret)
        if any(extra) and not all(extra):
            raise ValueError(
                "give consumer_key, consumer_secret, access_token and access_token_secret (OAuth 1.0a), "
                "or access_token alone (OAuth 2)"
            )
        return self

    @classmethod
    def of(cls, secrets: Mapping[str, str]) -> Self:
        """Make settings of what a network gave, by the settings' names."""
        return cls(**{name: SecretStr(secret) for name, secret in secrets.items()})

    def signed(self, request: Request) -> Request:
        """Return the request with its `authorization` header."""
        token = self.access_token.get_secret_value()
        if not (self.consumer_key and self.consumer_secret and self.access_token_secret):
            return request.with_headers({"authorization": f"Bearer {token}"})
        signer = OAuth1(
            self.consumer_key.get_secret_value(),
            self.consumer_secret.get_secret_value(),
            token,
            self.access_token_secret.get_secret_value(),
        )
        return signer.signed(request)
