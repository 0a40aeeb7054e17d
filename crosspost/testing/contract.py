"""What holds for every adapter, whatever it speaks to."""

from importlib.metadata import entry_points
from typing import Any, ClassVar
from xml.etree import ElementTree

import pytest
from pydantic import SecretStr, ValidationError

from crosspost.contract import Adapter, Capabilities, LinkPlace
from crosspost.model import Learnt


class AdapterContract:
    """Inherit this, set `adapter` and `settings`, and every test here runs on yours."""

    adapter: ClassVar[type[Adapter[Any]]]
    settings: ClassVar[dict[str, Any]]
    """Valid settings. Give secrets as plain strings; they double as the canaries of the leak tests."""

    def make_settings(self, **changes: Any) -> Any:
        return self.adapter.Settings(**(self.settings | changes))

    @property
    def capabilities(self) -> Capabilities:
        """What a channel of these settings can carry."""
        return self.adapter.capabilities_for(self.make_settings(), Learnt())

    def test_is_found_by_its_kind(self) -> None:
        (found,) = entry_points(group="crosspost.adapters", name=self.adapter.kind)
        assert found.load() is self.adapter

    def test_refuses_unknown_settings(self) -> None:
        with pytest.raises(ValidationError, match="acces_tokn"):
            self.make_settings(acces_tokn="x")

    def test_settings_are_described_and_frozen(self) -> None:
        for name, field in self.adapter.Settings.model_fields.items():
            assert field.description, f"{name} needs a description: docs and errors show it"
        made = self.make_settings()
        with pytest.raises(ValidationError):
            setattr(made, next(iter(self.adapter.Settings.model_fields)), "changed")

    def test_secrets_are_declared_as_such(self) -> None:
        words = ("secret", "token", "password")
        fields = self.adapter.Settings.model_fields
        secret = [name for name in fields if any(word in name for word in words)]
        if not secret:
            pytest.skip(f"{self.adapter.kind} has no setting that is named like a secret")
        for name in secret:
            assert "SecretStr" in str(fields[name].annotation), f"{name} must be a SecretStr"

    def test_has_a_name_and_an_icon(self) -> None:
        """For `connect`, and for pages that show it."""
        assert self.adapter.name
        assert not self.adapter.home or self.adapter.home.startswith("https://")
        icon = ElementTree.fromstring(self.adapter.icon())  # noqa: S314 - our own drawing
        assert icon.tag.endswith("svg")
        assert icon.get("aria-label") == self.adapter.name

    def test_says_what_it_can_carry_before_anything_is_learnt(self) -> None:
        assert self.capabilities.template

    def test_a_link_that_stands_in_the_text_is_in_the_template(self) -> None:
        if self.capabilities.link is not LinkPlace.TEXT:
            pytest.skip(f"{self.adapter.kind} shows the link beside the text")
        assert "{{ link }}" in self.capabilities.template

    def test_what_is_counted_grows_with_the_text(self) -> None:
        if self.capabilities.max_length is None:
            pytest.skip(f"{self.adapter.kind} takes a text of any length")
        assert self.capabilities.count("x" * 10) >= 10

    def secrets(self) -> list[str]:
        return [value.get_secret_value() for _, value in self.make_settings() if isinstance(value, SecretStr)]
