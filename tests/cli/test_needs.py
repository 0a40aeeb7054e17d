"""Nothing needs you: said by the program only when that is true, and by all its verbs alike."""

import json
import shutil

import pytest

from tests.cli.program import CONFIG, FEED, Program, Said

X = '[channels.x]\nadapter = "x"\nlogin_url = "https://x.example"\n'


def looks(crosspost: Program) -> tuple[Said, Said, Said]:
    """Ask `status`, `accounts` and a quiet run."""
    return crosspost("status"), crosspost("accounts"), crosspost("run-once", "--quiet")


def test_a_channel_that_is_not_connected_needs_a_person_before_the_first_run(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", CONFIG + X)
    says = "not connected: crosspost connect x"
    for said in looks(crosspost):
        assert said.code == 1
        assert says in said.out
        assert "nothing needs you" not in said.out
    assert crosspost("run-once", "--quiet").out == ""
    assert "! account of x: " + says in crosspost("run-once").out, "without --quiet each time"
    account = json.loads(crosspost("accounts", "--json").out)[0]
    assert (account["needs_person"], account["remedies"]) == (True, ["crosspost connect x"])
    crosspost.write("crosspost.toml", CONFIG)
    assert crosspost("run-once", "--quiet").out.endswith("✓ over: account of x: not connected\n")


def test_a_signature_that_cannot_be_written_is_noticed_by_the_run_that_has_nothing_to_do(
    crosspost: Program,
) -> None:
    crosspost.write("crosspost.toml", CONFIG.replace('path = "signature"', 'path = "mail/signature"'))
    assert [crosspost("run-once", "--quiet").code for _ in range(2)] == [0, 0]
    shutil.rmtree(crosspost.folder / "mail")
    crosspost.write("mail", "no folder")
    quiet = crosspost("run-once", "--quiet")
    assert quiet.code == 1
    assert quiet.out.startswith("! channel signature: the signature could not be written: ")
    assert crosspost("run-once", "--quiet") == Said(1, "", "")
    status = crosspost("status")
    assert (status.code, quiet.out in status.out) == (1, True)
    (crosspost.folder / "mail").unlink()
    assert crosspost("status").out.endswith("nothing needs you\n")
    assert crosspost("run-once", "--quiet").out.endswith("✓ over: nothing needs you any more\n")
    assert not list(crosspost.folder.glob("mail/*try*")), "looking leaves nothing behind"


def test_a_secret_s_file_that_is_missing_needs_a_person(crosspost: Program) -> None:
    page = '[channels.page]\nadapter = "facebook"\npage = "1"\naccess_token = { file = "token" }\n'
    crosspost.write("crosspost.toml", CONFIG + page)
    status, accounts, run = looks(crosspost)
    assert (status.code, accounts.code, run.code) == (1, 1, 2)
    for said in (status, accounts):
        assert "channels.page.access_token is taken from the file " in said.out
        assert "a run would end there" in said.out
    assert "channels.page.access_token is taken from the file " in run.err


def test_a_variable_that_is_not_set_here_is_remarked_on(crosspost: Program) -> None:
    page = '[channels.page]\nadapter = "facebook"\npage = "1"\naccess_token = { env = "TOKEN" }\n'
    crosspost.write("crosspost.toml", CONFIG + page)
    status = crosspost("status")
    assert status.code == 0, "whoever runs crosspost may well have it"
    assert "· channels.page.access_token is taken from the environment variable TOKEN" in status.out
    assert status.out.endswith("nothing else needs you\n")
    assert crosspost("status", TOKEN="some-token").out.endswith("nothing needs you\n")


def test_a_place_where_no_database_can_be_needs_a_person(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", 'database = "sqlite:///feed.xml/crosspost.db"\n' + CONFIG)
    status = crosspost("status")
    assert status.code == 1
    assert "feed.xml is no folder" in status.out
    assert crosspost("run-once", "--quiet").code == 2


@pytest.mark.parametrize("count", [1, 120])
def test_what_waits_for_a_yes_is_named_by_its_title_however_much_there_is(
    crosspost: Program, count: int
) -> None:
    items = "".join(
        f"<item><title>Billet {n}</title><link>https://blog.example/{n}</link></item>" for n in range(count)
    )
    crosspost.write("crosspost.toml", CONFIG + "approve = true\n")
    crosspost.write("feed.xml", FEED.partition("<item>")[0] + "</channel></rss>")
    assert crosspost("run-once", "--quiet") == Said(0, "", "")
    crosspost.write("feed.xml", FEED.partition("<item>")[0] + items + "</channel></rss>")
    quiet = crosspost("run-once", "--quiet")
    assert quiet.code == 1
    (line,) = quiet.out.splitlines()
    assert "Billet" in line
    assert "(signature: " in line
    asked = "crosspost approve 1 or crosspost skip 1" if count == 1 else "(crosspost deliveries --state held)"
    assert asked in line
    assert f"{count} deliveries held" in line or "delivery 1 (signature: Billet 0) held" in line
    assert crosspost("run-once", "--quiet") == Said(1, "", "")
