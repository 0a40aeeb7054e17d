"""Bad input gets a sentence, exit code 2, and changes nothing; a bad feed stops only itself."""

import sqlite3
from contextlib import closing

import pytest

from tests.cli.program import CONFIG, FEED, Program

MIB = 1_048_576


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["staus"], "there is no verb 'staus'; did you mean status? (see crosspost --help)"),
        (["zzz"], "there is no verb 'zzz'; there are: init, run, run-once, check"),
        (["status", "--jsn"], "No such option '--jsn'"),
        (["deliveries", "--state", "gone"], "'gone' is not one of 'held', 'pending'"),
        (["deliveries", "--limit", "0"], "0 is not in the range"),
        (["run-once", "--deadline", "soon"], "'soon' is no duration; write it with its unit"),
        (
            ["skip"],
            "name the deliveries: ID..., --channel NAME, --feed NAME or --all (see crosspost skip --help)",
        ),
        (["approve", "one"], "'one' is not a valid number"),
        (["approve", "99999999999999999999"], "is not in the range"),
        (["approve", "0"], "is not in the range"),
        (["resolve", "1"], "say either --delivered URL or --absent"),
        (
            ["resolve", "1", "--absent", "--delivered", "https://x.com/1"],
            "say either --delivered URL or --absent",
        ),
        (["status", "--config", "nowhere.toml"], "the configuration nowhere.toml cannot be found"),
        (["--config", "nowhere.toml", "status"], "the configuration nowhere.toml cannot be found"),
        (["preview", "77"], "there is no entry 77; give the address of an entry instead"),
        (["preview", "99999999999999999999"], "99999999999999999999 is in none of the feeds"),
        (["preview", "²"], "² is in none of the feeds"),
        (["preview", "https://blog.example/nowhere"], "https://blog.example/nowhere is in none of the feeds"),
        (["preview", "--channel", "nowhere"], "there is no channel 'nowhere'; there are: signature"),
        (["spent"], "Missing argument 'DURATION'"),
        (["spent", ""], "'' is no duration"),
        (["spent", "10"], "'10' is no duration; write it with its unit"),
        (["spent", "0m"], "0m changes nothing; give the minutes"),
        (["spent", "2d"], "more than a day at once is no time box"),
        (["spent", "5m", "--channel", "nowhere"], "there is no channel 'nowhere'; there are: signature"),
        (["spent", "5m", "--person", "marie"], "there is no person 'marie'; the configuration has no person"),
        (["spent", "5m", "--instead", "3", "--channel", "signature"], "--instead names a delivery"),
        (["spent", "5m", "--instead", "3"], "there are no deliveries yet"),
        (["spent", "5m", "--as", ""], "a name is 1 to 64 printable characters"),
        (["assign", "nowhere", "marie"], "there is no channel 'nowhere'; there are: signature"),
        (["assign", "signature", "marie"], "there is no person 'marie'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_command_gets_one_sentence(crosspost: Program, arguments: list[str], said: str) -> None:
    before = crosspost.files()
    found = crosspost(*arguments)
    assert (found.code, found.out) == (2, "")
    (problem,) = found.problems
    assert said in problem
    assert crosspost.files() == before


def test_no_verb_at_all_shows_the_verbs(crosspost: Program) -> None:
    said = crosspost()
    assert said.code == 2
    assert "run-once" in said.err


def test_every_problem_of_a_configuration_is_a_line_of_its_own(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", "tmezone = 1\n" + CONFIG + 'excert = 2\nkeep = "x"\n')
    before = crosspost.files()
    for verb in ("run", "run-once", "check", "preview", "status", "migrate", "healthcheck"):
        said = crosspost(verb)
        assert (said.code, said.out) == (2, "")
        assert [line.removeprefix(f"{crosspost.folder}/crosspost.toml, ") for line in said.problems] == [
            "line 1: tmezone is no key that exists here; did you mean timezone?",
            "line 9: channels.signature.excert is no key that exists here; did you mean excerpt?",
            "line 10: channels.signature.keep must be a whole number",
        ]
    assert crosspost.files() == before


@pytest.mark.parametrize(
    ("verb", "template", "said"),
    [
        ("run-once", "One\n{{ titel }}", "line 2 of the template: 'titel' is undefined"),
        ("run", "One\n{{ titel }}", "line 2 of the template: 'titel' is undefined"),
        ("preview", "One\n{{ titel }}", "line 2 of the template: 'titel' is undefined"),
        ("check", "One\n\n{% if %}", "line 3 of the template: Expected an expression"),
        ("check", "One\n{{ title.upper() }}", "line 2 of the template: nothing can be called"),
    ],
)
def test_a_template_error_is_named_with_its_line_and_no_database_is_made(
    crosspost: Program, verb: str, template: str, said: str
) -> None:
    crosspost.write("crosspost.toml", f'{CONFIG}template = """\n{template}"""\n')
    before = crosspost.files()
    found = crosspost(verb)
    assert found.code == 2
    (problem,) = found.problems
    assert problem.startswith("channels.signature.template, ")
    assert said in problem
    assert crosspost.files() == before


WRITES = [["run-once"], ["run"], ["migrate"], ["skip", "--all"]]
READS = [["status"], ["deliveries"], ["preview", "1"]]


@pytest.mark.parametrize("arguments", WRITES[:3], ids=" ".join)
def test_a_database_in_an_impossible_place_is_named(crosspost: Program, arguments: list[str]) -> None:
    crosspost.write("crosspost.toml", f'database = "sqlite:///feed.xml/crosspost.db"\n{CONFIG}')
    before = crosspost.files()
    said = crosspost(*arguments)
    assert (said.code, said.out) == (2, "")
    assert said.problems[0].startswith(f"the database's folder {crosspost.folder}/feed.xml cannot be made")
    assert crosspost.files() == before


@pytest.mark.parametrize("arguments", WRITES[:3], ids=" ".join)
def test_a_folder_is_no_database(crosspost: Program, arguments: list[str]) -> None:
    crosspost.write("crosspost.toml", f'database = "sqlite:///folder"\n{CONFIG}')
    (crosspost.folder / "folder").mkdir()
    said = crosspost(*arguments)
    assert (said.code, said.out) == (2, "")
    assert f"the database {crosspost.folder}/folder cannot be used" in said.problems[0]
    assert not (crosspost.folder / "signature.txt").exists()


@pytest.mark.parametrize("arguments", [*WRITES, *READS], ids=" ".join)
def test_a_file_that_is_no_database_stays_as_it_is(crosspost: Program, arguments: list[str]) -> None:
    crosspost.write("crosspost.db", "My diary. It only looks like the name of a database. " * 100)
    before = crosspost.files()
    said = crosspost(*arguments)
    assert (said.code, said.out) == (2, "")
    assert "crosspost.db cannot be used: file is not a database; nothing was changed" in said.problems[0]
    assert crosspost.files() == before


def test_a_daemons_health_is_not_guessed_from_a_broken_database(crosspost: Program) -> None:
    crosspost("run-once")
    (crosspost.folder / "crosspost.db").write_bytes(b"no database at all" * 1000)
    for beside in crosspost.folder.glob("crosspost.db-*"):
        beside.unlink()
    said = crosspost("healthcheck")
    assert said.code == 2
    assert "cannot be used" in said.problems[0]


@pytest.mark.parametrize("arguments", [*WRITES, *READS], ids=" ".join)
def test_a_database_newer_than_the_program_stays_as_it_is(crosspost: Program, arguments: list[str]) -> None:
    crosspost("migrate")
    with closing(sqlite3.connect(crosspost.folder / "crosspost.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    before = crosspost.files()
    said = crosspost(*arguments)
    assert (said.code, said.out) == (2, "")
    assert "9999" in said.problems[0]
    assert "update crosspost" in said.problems[0]
    assert crosspost.files() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "other.xml does not exist; check the path"),
        (b"", "is empty"),
        (b"<html><title>404</title></html>", "is not a feed but a web page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(1000), "is not a feed"),
        (b"<rss><channel></rss>", "is broken beyond reading (line 1)"),
        (b" " * (6 * MIB), "is larger than 5,000,000 bytes; let it list fewer entries"),
    ],
    ids=["missing", "empty", "a page", "an image", "broken", "huge"],
)
def test_a_bad_feed_says_why_and_the_others_go_on(crosspost: Program, content: bytes | None, said: str) -> None:
    crosspost.write("crosspost.toml", f'{CONFIG}[feeds.other]\nurl = "other.xml"\n')
    if content is not None:
        (crosspost.folder / "other.xml").write_bytes(content)
    found = crosspost("run-once")
    assert (found.code, found.problems) == (1, []), "a feed that never was read needs a person"
    (line,) = (line for line in found.out.splitlines() if line.startswith("! other: "))
    assert said in line
    assert "https://blog.example/ete" in (crosspost.folder / "signature.txt").read_text()
    assert "other\tnever\t" in crosspost("status").out


def test_a_feed_that_fails_again_and_again_needs_a_person(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", f'{CONFIG}[feeds.other]\nurl = "other.xml"\n')
    other = crosspost.write("other.xml", FEED.replace("blog.example", "other.example"))
    assert crosspost("run-once").code == 0
    other.unlink()
    assert [crosspost("run-once").code for _ in range(3)] == [0, 0, 1], "one that was read may have a bad day"
    status = crosspost("status")
    assert status.code == 1
    assert "! feed other: " in status.out
    crosspost.write("other.xml", FEED.replace("blog.example", "other.example"))
    assert crosspost("run-once").code == 0
    assert crosspost("status").code == 0


def test_preview_writes_nothing(crosspost: Program) -> None:
    before = crosspost.files()
    for arguments in ([], ["https://blog.example/ete"], ["--json"], ["--channel", "signature"]):
        assert crosspost("preview", *arguments).code == 0
    for verb in ("status", "deliveries", "check", "adapters", "healthcheck"):
        crosspost(verb)
    assert crosspost.files() == before
    assert not (crosspost.folder / "crosspost.db").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["approve", "1"], "delivery 1 is delivered; this is for those that are held"),
        (
            ["skip", "1"],
            "delivery 1 is delivered; this is for those that are failed or handed or held or pending",
        ),
        (["retry", "2"], "delivery 2 is delivered; this is for those that are failed or pending or skipped"),
        (["resolve", "2", "--absent"], "delivery 2 is delivered; this is for those that are uncertain"),
        (["approve", "77"], "there is no delivery 77; `crosspost deliveries` lists them"),
        (["approve", "--channel", "signatur"], "there is no channel 'signatur'; there are: signature"),
        (["skip", "--feed", "blogg"], "there is no feed 'blogg'; there are: blog"),
        (["resolve", "77", "--delivered", "https://x.com/1"], "there is no delivery 77"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_delivery_that_cannot_be_moved_stays(crosspost: Program, arguments: list[str], said: str) -> None:
    crosspost("run-once")
    before = crosspost("deliveries").out
    found = crosspost(*arguments)
    assert (found.code, found.out) == (2, "")
    assert said in found.problems[0]
    assert crosspost("deliveries").out == before


def test_one_wrong_id_among_good_ones_moves_none(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", f"{CONFIG}approve = true\n")
    crosspost("run-once")
    assert crosspost("approve", "1", "77").code == 2
    assert [line.split("\t")[1] for line in crosspost("deliveries").out.splitlines()] == ["held", "held"]


def test_deciding_before_the_first_run_makes_no_database(crosspost: Program) -> None:
    before = crosspost.files()
    said = crosspost("approve", "--all")
    assert (said.code, said.out) == (2, "")
    assert "there are no deliveries yet" in said.problems[0]
    assert crosspost.files() == before
