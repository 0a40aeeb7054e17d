"""crosspost announces each new entry of a feed on your channels: exactly once, and within your limits."""

__version__ = "0.1.0"
