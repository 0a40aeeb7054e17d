"""No year of mishaps shows an entry twice, or loses one in silence.

The same fifteen each time; `YEARS=200` lives so many others.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from crosspost.delivery import turns
from crosspost.policy import announce
from tests.life.year import Year
from tests.proof.cut import Cut

YEARS = settings(
    max_examples=int(os.environ.get("YEARS", "15")),
    derandomize="YEARS" not in os.environ,
    database=None,
    stateful_step_count=30,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def live(folder: Path, monkeypatch: pytest.MonkeyPatch, years: settings) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "home"))
    cut = Cut()
    cut.install(monkeypatch)
    factory: Any = lambda: Year(folder, cut, monkeypatch.setenv)  # noqa: E731 - typed for a class
    run_state_machine_as_test(factory, settings=years)


def test_no_year_shows_an_entry_twice_or_loses_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live(tmp_path, monkeypatch, YEARS)


def test_the_years_find_a_house_that_forgets_what_went_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they are worth: entries compared neither when they are taken in nor when they are sent."""
    for module, name in ((announce, "already_told"), (announce, "perhaps_told"), (turns, "shown_already")):
        monkeypatch.setattr(module, name, lambda *_: None)  # a mistake of the program's own cannot be handed in
    years = settings(
        YEARS,
        phases=[Phase.generate],
        max_examples=200,
        report_multiple_bugs=False,
        derandomize=True,
        database=None,
    )
    with pytest.raises(AssertionError, match="times"):
        live(tmp_path, monkeypatch, years)
