"""How it is built stands in docs/architecture.md as it is: the folders in their order, the moves, the rooms."""

import re

from crosspost.model import MOVES, State
from tests.project.test_docs import ROOT, section
from tests.project.test_imports import BESIDE, ORDER

ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[tuple[str, str]]:
    """Return the first two cells of each row below a heading that begins with something in backticks."""
    return re.findall(r"^\| (`[^|]+) \| ([^|]+) \|", section(heading, ARCHITECTURE), re.MULTILINE)


def test_the_folders_are_drawn_in_the_order_of_their_imports() -> None:
    drawn = [name.strip("`/") for name, _ in rows("The folders")]
    assert drawn == [*ORDER, *sorted(BESIDE)]


def test_the_moves_of_a_delivery_are_all_told_and_no_others() -> None:
    told = {
        (State(old.strip("`")), State(new))
        for old, cell in rows("States of a delivery")
        for new in re.findall(r"`(\w+)`:", cell)
    }
    assert told == MOVES


def test_every_room_of_the_tests_is_described() -> None:
    told = set(re.findall(r"`(tests/\w+/)`", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    rooms = {f"tests/{path.parent.name}/" for path in (ROOT / "tests").glob("*/__init__.py")}
    assert told == rooms
