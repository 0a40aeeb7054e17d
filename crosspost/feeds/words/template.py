"""The templates of what engines put around words, as patterns."""

import re
from collections.abc import Iterable

# What a sign of a template stands for. Gaps are bounded, so that no text makes a pattern slow.
_GAP = r".{0,300}?"
_MEANS = {
    "*": _GAP,
    "#": r"\d{1,4}",
    " ": r"\s+",
    "’": r"['’]",
    ":": r"\s*[:：]\s*",
    "…": r"(?:…|\.{2,3})",
}


def pattern(templates: Iterable[str], *, rest: str = _GAP) -> str:
    """Return a pattern that matches any of these templates; `rest`: what a gap at the end of one may be."""
    longest_first = sorted(templates, key=len, reverse=True)
    return f"(?:{'|'.join(_one(template, rest) for template in longest_first)})"


def _one(template: str, rest: str) -> str:
    signs = re.sub(r"\s*:\s*", ":", template)
    inner = "".join(_MEANS.get(sign) or re.escape(sign) for sign in signs.removesuffix("*"))
    return inner + rest if signs.endswith("*") else inner
