"""`run-once --quiet`: cron mails what is printed, so only what needs a person is."""

from tests.cli.program import CONFIG, Program


def test_an_ordinary_run_says_nothing(crosspost: Program) -> None:
    for _ in range(2):
        said = crosspost("run-once", "--quiet")
        assert (said.code, said.out, said.err) == (0, "", "")
    assert "L’été indien" in (crosspost.folder / "signature.txt").read_text(encoding="utf-8")


def test_what_needs_a_person_is_said(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", CONFIG.replace("feed.xml", "missing.xml"))
    said = [crosspost("run-once", "--quiet") for _ in range(3)]
    assert [one.code for one in said] == [0, 0, 1]
    assert said[1].out == ""
    assert "missing.xml does not exist" in said[2].out
