"""Drafts as JSON: what an attempt froze is read back, by this version and from the ones before."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crosspost.model import Draft
from crosspost.store.drafts import fingerprint, from_json, to_json

PLAIN = Draft(
    text="Un « billet »",
    link="https://blog.example/1",
    permalink="https://blog.example/1",
    hashtags=("un",),
    published=datetime(2026, 8, 1, tzinfo=UTC),
)
RICH = replace(PLAIN, html="<p>Un «&nbsp;billet&nbsp;»</p>")


@pytest.mark.parametrize("draft", [PLAIN, RICH])
def test_a_draft_is_read_back_whole(draft: Draft) -> None:
    assert from_json(json.loads(json.dumps(to_json(draft)))) == draft


def test_other_html_is_another_request_and_none_leaves_no_trace() -> None:
    assert fingerprint(RICH) != fingerprint(PLAIN)
    assert "html" not in to_json(PLAIN)


@pytest.mark.parametrize("past", sorted(Path(__file__).parent.glob("past/*.json")), ids=lambda path: path.stem)
def test_what_a_version_before_froze_is_read_and_has_the_same_fingerprint(past: Path) -> None:
    tables = json.loads(past.read_text(encoding="utf-8"))["tables"]
    frozen = {row["id"]: row["draft"] for row in tables["deliveries"]}
    attempts = [row for row in tables["attempts"] if frozen[row["delivery_id"]]]
    assert attempts
    for row in attempts:
        assert fingerprint(from_json(frozen[row["delivery_id"]])) == row["fingerprint"]
