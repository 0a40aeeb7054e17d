"""Moments as people read them."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import crosspost
from crosspost.text import counted, local_date, local_time

EVENING = datetime(2026, 11, 29, 23, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


def test_a_moment_is_by_the_clocks_of_a_place() -> None:
    assert local_time(EVENING, TOKYO) == "Mon 2026-11-30 08:00"
    assert local_date(EVENING, TOKYO) == "2026-11-30"


def test_a_moment_in_utc_says_so() -> None:
    assert local_time(EVENING.astimezone(TOKYO)) == "Sun 2026-11-29 23:00 UTC"
    assert local_time(EVENING, ZoneInfo("UTC")) == "Sun 2026-11-29 23:00 UTC"
    assert local_date(EVENING) == "2026-11-29"


def test_no_other_place_writes_moments_for_people() -> None:
    """What is left is for machines, or is in the configured zone already."""
    machines = {"text/moment.py", "cli/timebox.py", "cli/accounts.py", "cli/as_json.py", "cli/logs.py"}
    machines |= {"store/glance.py", "compose/dates.py"}
    root = Path(crosspost.__file__).parent
    writes = re.compile(r"\{[^{}]*:%[aAYHdmB]|strftime\(")
    found = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        if writes.search(file.read_text(encoding="utf-8"))
    }
    assert {name for name in found if not name.startswith("adapters/")} <= machines


def test_what_is_counted_is_one_or_many() -> None:
    assert [counted(count, "entry", "entries") for count in (0, 1, 1200)] == [
        "0 entries",
        "1 entry",
        "1,200 entries",
    ]
    assert counted(2, "post") == "2 posts"
