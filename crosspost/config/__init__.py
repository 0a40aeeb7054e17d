"""Read the configuration: TOML in, frozen models out, or a `ConfigError` that says what to mend and where."""

from crosspost.config.address import DatabaseAddress
from crosspost.config.load import find, load
from crosspost.config.model import Channel, Config, Feed

__all__ = ["Channel", "Config", "DatabaseAddress", "Feed", "find", "load"]
