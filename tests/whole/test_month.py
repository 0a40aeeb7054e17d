"""A month in the life of the time box: never over, and as docs/time-box.md shows it."""

import re
from pathlib import Path

import pytest

from crosspost.config.limits import ATTENTION, parse_limit
from crosspost.policy import EVERYTHING, Scope, all_covers
from crosspost.report import What
from tests.policy.oracle import exceeded
from tests.whole.month import AWAY, ZONE, Month, play

PAGE = Path(__file__).parents[2] / "docs/time-box.md"
ALL_IS_WELL = {
    What.DELIVERED,
    What.DUE,
    What.FEED_READ,
    What.FEED_UNCHANGED,
    What.SKIPPED,
    What.WAITS,
}


@pytest.mark.slow
async def test_a_month_of_it(tmp_path: Path) -> None:
    month = await play(tmp_path)
    no_limit_was_ever_exceeded(month)
    nothing_failed_and_nothing_went_out_while_nobody_ran_it(month)
    the_documentation_shows_this_month(month)


def no_limit_was_ever_exceeded(month: Month) -> None:
    """Count anew from what is on record, by the definition."""
    limits = all_covers(month.config)
    assert len(limits) >= 9
    for cover in limits:
        spent = [
            (one.at, one.cost.get(cover.limit.unit, 0))
            for one in month.booked
            if cover.scope in (EVERYTHING, Scope.channel(one.channel), Scope.person(one.person))
        ]
        assert not exceeded(cover.limit, spent, ZONE), str(cover)
    everything = [(one.at, one.cost[ATTENTION]) for one in month.booked]
    assert exceeded(parse_limit("37m/day"), everything, ZONE), "the box was full, and the judge can say no"


def nothing_failed_and_nothing_went_out_while_nobody_ran_it(month: Month) -> None:
    assert {event.what for event in month.events} <= ALL_IS_WELL
    assert not [event for event in month.events if event.needs_person]
    assert not [day for day, one in month.days.items() if AWAY[0] <= day <= AWAY[1] and one.out]


def the_documentation_shows_this_month(month: Month) -> None:
    found = re.search(r"<!-- month -->\n\n(.*)\n\n<!-- end -->", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    assert found[1] == month.table(), "python -m tests.whole.month prints the table"
