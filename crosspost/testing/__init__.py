"""What adapter authors test with: one suite that every adapter inherits, on stand-ins that misbehave.

Needs the `sandbox` extra and pytest. See docs/write-an-adapter.md.
"""

from crosspost.testing.contract import AdapterContract
from crosspost.testing.network import NetworkContract
from crosspost.testing.samples import HOSTILE, a_draft, a_picture

__all__ = ["HOSTILE", "AdapterContract", "NetworkContract", "a_draft", "a_picture"]
