"""The page about a network: what to click there, what it refuses, what it costs. It ships with the program."""

from pathlib import Path

import crosspost

_HERE = Path(crosspost.__file__).parent
_PLACES = (_HERE / "networks", _HERE.parent / "docs/networks")
"""Where it is installed, and where it is written: in a checkout, nothing is copied."""


def guide(kind: str) -> str | None:
    """Return the page about a kind of network, as Markdown; None if there is none, as for a third party's."""
    pages = [place / f"{kind}.md" for place in _PLACES]
    return next((page.read_text(encoding="utf-8") for page in pages if page.is_file()), None)
