"""What each client is told on its standard input; what it says goes to its standard output, both as JSON."""

import json
import sys
from typing import Any

TOLD: dict[str, Any] = json.load(sys.stdin)
"""`url` of the network, `token`, `text` with a link in it, `link`, and `picture`, a file."""


def say(**what: object) -> None:
    """Say what happened, and be done."""
    print(json.dumps(what))
