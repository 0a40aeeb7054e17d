"""A check names a damaged database, and ends."""

import pytest

from tests.cli.program import Program


@pytest.mark.parametrize("content", ["", "no database"])
@pytest.mark.parametrize("verb", [("check",), ("check", "--online")])
def test_a_damaged_database_ends_a_check_with_a_sentence(
    crosspost: Program, verb: tuple[str, ...], content: str
) -> None:
    crosspost.write("crosspost.db", content)
    said = crosspost(*verb, PYTHONUTF8="1")
    assert said.code != 0
    assert "damaged" in said.problems[0]
