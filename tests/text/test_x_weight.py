"""`x_weight`, by X's own conformance file (twitter/twitter-text @ 30e2430d, conformance/validate.yml)."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from crosspost.text import x_weight

CASES = Path(__file__).parents[3] / "shared" / "specs" / "twitter-text" / "validate.yml"
LONGEST = 280
# Written when a post had 140 characters: what these two call too long is valid today.
OUTDATED = {"Invalid Tweet: 141 characters", "Invalid Tweet: 141 characters (due to newline)"}

pytestmark = pytest.mark.skipif(
    not CASES.exists(), reason=f"twitter-text's conformance file is not part of this repository, nor at {CASES}"
)


def cases(*groups: str) -> list[Any]:
    """Return the cases of these groups, each named as in the file."""
    found = yaml.safe_load(CASES.read_text())["tests"] if CASES.exists() else {}
    return [
        pytest.param(case["text"], case["expected"], id=f"{group}: {case['description']}")
        for group in groups
        for case in found.get(group, [])
        if case["description"] not in OUTDATED
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    cases("WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"),
)
def test_weighs_as_x_does(text: str, expected: dict[str, Any]) -> None:
    assert x_weight(text) == expected["weightedLength"]


@pytest.mark.parametrize(("text", "valid"), cases("tweets"))
def test_tells_what_x_would_take(text: str, valid: bool) -> None:
    assert (0 < x_weight(text) <= LONGEST) == valid
