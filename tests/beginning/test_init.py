"""`crosspost init`: a newcomer with a blog and nothing else, at a terminal, through a pipe, by options."""

import json
import os
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from threading import Barrier, Thread

import pytest

from crosspost.beginning.compose import Answers
from crosspost.beginning.write import write
from crosspost.config import load
from crosspost.errors import ConfigError
from tests.beginning.site import HTML, Site, link, rss
from tests.beginning.terminal import on_a_terminal
from tests.cli.program import Program, Said

QUESTIONS = (
    "Your blog's address: ",
    "Which one is your blog [1]: ",
    "Language of the blog (guessed by what the feed says) [fr-CA]: ",
    "Your time zone (guessed by $TZ) [America/Toronto]: ",
    "Channels, with commas between [signature]: ",
    "The signature's files, without .txt or .html [",
)


@pytest.fixture
def crosspost(tmp_path: Path) -> Program:
    program = Program(tmp_path)
    for name in ("crosspost.toml", "feed.xml"):
        (tmp_path / name).unlink()
    return program


@pytest.fixture
def blog(site: Site) -> Site:
    site.page("/", link("/comments/feed/", "Commentaires") + link("/feed/"))
    site.give("/feed/", rss())
    site.give("/comments/feed/", rss("Commentaires sur Carnet de Marie"))
    return site


def piped(program: Program, answers: str, *arguments: str, **environment: str) -> Said:
    done = subprocess.run(
        [sys.executable, "-m", "crosspost", "init", *arguments],
        cwd=program.folder,
        env=program.environment({"TZ": "America/Toronto", "PYTHONUTF8": "1", **environment}),
        input=answers.encode(),
        capture_output=True,
        check=False,
        timeout=300,
    )
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


def written(program: Program) -> dict[str, object]:
    return tomllib.loads((program.folder / "crosspost.toml").read_text(encoding="utf-8"))


def test_at_a_terminal_each_question_has_a_default_and_a_french_blog_begins_in_french(
    crosspost: Program, blog: Site
) -> None:
    environment = crosspost.environment(
        {"TZ": "America/Toronto", "TERM": "dumb", "LANG": "C.UTF-8", "NO_COLOR": "1"}
    )
    with on_a_terminal(crosspost.folder, "init", environment=environment) as terminal:
        terminal.until(QUESTIONS[0])
        terminal.types("mon blogue")
        terminal.until("mon blogue is neither a web address nor a file")
        terminal.until(QUESTIONS[0])
        terminal.types(f"127.0.0.1:{blog.port}")
        for question, answer in zip(QUESTIONS[1:], ("", "", "montréal", "", ""), strict=True):
            terminal.until(question)
            terminal.types(answer)
            if answer:
                terminal.until("'montréal' is no time zone")
                terminal.until(question)
                terminal.types("Montreal")
        assert terminal.end() == 0, terminal.shown
    shown = terminal.shown
    assert "✓ http://127.0.0.1" in shown
    assert "1 Carnet de Marie: 3 entries, the newest of 2026-08-20 (RSS," in " ".join(shown.split())
    assert (
        "2026-08-20  L’été indien\n    2026-08-19  Bœuf à l’ancienne\n    2026-08-18  Où va l’œuvre ?\n"
        in shown
    )
    commands = [line.split("  ")[1] for line in shown.partition("Next:\n")[2].splitlines()]
    assert commands == ["crosspost preview", "crosspost check --online", "crosspost run"]
    text = (crosspost.folder / "crosspost.toml").read_text(encoding="utf-8")
    assert "# crosspost annonce chaque nouveau billet de Carnet de Marie" in text
    assert written(crosspost) == {
        "timezone": "America/Montreal",
        "feeds": {"blog": {"url": f"{blog.url}/feed/"}},
        "channels": {
            "signature": {
                "adapter": "email_signature",
                "path": "signature",
                "heading": "Derniers billets",
                "keep": 3,
            }
        },
    }
    assert crosspost("check").code == 0


@pytest.mark.parametrize("last", range(len(QUESTIONS)))
def test_ctrl_c_at_any_question_leaves_nothing(crosspost: Program, blog: Site, last: int) -> None:
    """The later questions are asked of a feed in a file too, which takes less to read."""
    first = 2 if last > 1 else 0
    feed = [crosspost.write("feed.xml", rss().decode())] if first else []
    environment = crosspost.environment(
        {"TZ": "America/Toronto", "TERM": "dumb", "LANG": "C.UTF-8", "NO_COLOR": "1"}
    )
    with on_a_terminal(crosspost.folder, "init", *map(str, feed), environment=environment) as terminal:
        for question in QUESTIONS[first:last]:
            terminal.until(question)
            terminal.types(blog.url if question is QUESTIONS[0] else "")
        terminal.until(QUESTIONS[last])
        terminal.ctrl_c()
        assert terminal.end() == 130
    assert "crosspost: stopped, and nothing was written" in terminal.shown
    assert list(crosspost.folder.iterdir()) == feed


def test_through_a_pipe_each_line_is_an_answer_and_nobody_is_waited_for(crosspost: Program, blog: Site) -> None:
    said = piped(crosspost, f"{blog.url}\n\nen\n\nsignature, x\n")
    assert (said.code, list(crosspost.folder.iterdir())) == (2, [])
    (problem,) = said.problems
    assert problem.startswith(
        "nobody answers: The signature's files, without .txt or .html; run this on a terminal"
    )
    assert problem.endswith(", or give --signature or --yes (see crosspost init --help)")
    said = piped(crosspost, f"{blog.url}\n\nen\n\nsignature, x\nsignatures/\n")
    assert (said.code, said.err) == (0, "")
    assert "Your time zone (guessed by $TZ): America/Toronto\n" in said.out
    assert "  crosspost connect x       let it post on X\n" not in said.out
    assert "  crosspost connect x  let it post on X\n" in said.out
    file = written(crosspost)
    assert (file["timezone"], set(file["channels"])) == ("America/Toronto", {"signature", "x"})  # type: ignore[call-overload]
    assert load(crosspost.folder / "crosspost.toml").channels["signature"].settings.path == (  # type: ignore[attr-defined]
        crosspost.folder / "signatures" / "signature"
    )


def test_options_answer_everything_and_machines_get_what_was_found_and_written(
    crosspost: Program, blog: Site
) -> None:
    where = crosspost.folder / "deep" / "er" / "my blog.toml"
    options = ("--timezone", "paris", "--language", "de", "--channel", "signature", "--signature", "sig")
    said = crosspost("init", blog.url, "--yes", "--json", *options, "--config", str(where))
    assert said.code == 0
    told = json.loads(said.out)
    assert told["configuration"] == str(where)
    assert [(feed["title"], feed["count"], feed["chosen"]) for feed in told["feeds"]] == [
        ("Carnet de Marie", 3, True),
        ("Commentaires sur Carnet de Marie", 3, False),
    ]
    assert (told["language"], told["timezone"], told["channels"]) == ("de", "Europe/Paris", ["signature"])
    assert told["next"][0] == f"crosspost preview --config '{where}'"
    config = load(where)
    assert config.channels["signature"].settings.heading == "Neueste Beiträge"  # type: ignore[attr-defined]
    assert config.channels["signature"].settings.path == crosspost.folder / "sig"  # type: ignore[attr-defined]


def test_the_first_sight_fills_the_signature_and_says_how_mail_programs_take_it(
    crosspost: Program, blog: Site
) -> None:
    said = crosspost("init", blog.url, "--yes", TZ="UTC")
    assert said.code == 0
    signature = crosspost.folder / "signature.txt"
    if not signature.exists():
        pytest.skip("the first sight fills no signature yet")
    assert "L’été indien" in signature.read_text(encoding="utf-8")
    assert f"the newest entries are in {signature.with_suffix('.html')} and {signature}" in said.out
    assert "Thunderbird takes the .html itself" in said.out


def test_networks_stand_in_the_file_without_an_account(crosspost: Program, blog: Site) -> None:
    said = crosspost("init", blog.url, "--yes", "--channel", "linkedin", "--channel", "facebook", TZ="UTC")
    if said.code == 2 and "author is missing" in said.err:
        pytest.skip("a channel that is not connected yet does not load")
    assert said.code == 0
    assert "  crosspost connect linkedin  let it post on LinkedIn, then Facebook\n" in said.out
    assert set(written(crosspost)["channels"]) == {"linkedin", "facebook"}  # type: ignore[call-overload]


@pytest.mark.parametrize("taken", ["a file", "a folder", "a link that leads nowhere"])
def test_what_is_there_is_never_written_over(crosspost: Program, taken: str) -> None:
    path = crosspost.folder / "crosspost.toml"
    if taken == "a file":
        path.write_text("mine")
    elif taken == "a folder":
        path.mkdir()
    else:
        path.symlink_to(crosspost.folder / "nowhere")
    before = [path.lstat().st_ino, *crosspost.files().items()]
    (usual,) = crosspost("init", "--yes").problems
    assert usual == f"there is a configuration already, {path}; edit it, or name another with --config FILE"
    (named,) = crosspost("--config", "crosspost.toml", "init", "--yes").problems
    assert named.startswith(f"{path} is there already, and is not written over; ")
    assert [path.lstat().st_ino, *crosspost.files().items()] == before


def answers(feed: str, **changes: str) -> Answers:
    made = {"feed": feed, "blog": "", "language": "en", "timezone": "UTC", "signature": "signature"}
    return Answers(**(made | changes))  # type: ignore[arg-type]


def test_of_two_that_begin_at_once_one_writes_and_the_other_is_told(tmp_path: Path) -> None:
    path, together = tmp_path / "crosspost.toml", Barrier(2)
    refused: list[str] = []

    def begin(zone: str) -> None:
        together.wait()
        try:
            write(path, answers("feed.xml", timezone=zone))
        except (ConfigError, OSError) as error:
            refused.append(str(error))

    threads = [Thread(target=begin, args=(zone,)) for zone in ("UTC", "Europe/Paris")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert load(path).timezone.key in ("UTC", "Europe/Paris")


def test_an_address_that_opens_a_door_is_kept_apart_and_never_shown(crosspost: Program, site: Site) -> None:
    site.give("/feed?token=geheim-12345", rss())
    said = crosspost("init", f"{site.url}/feed?token=geheim-12345", "--yes", "--json", TZ="UTC")
    assert said.code == 0
    assert "geheim" not in said.out + said.err
    text = (crosspost.folder / "crosspost.toml").read_text(encoding="utf-8")
    assert 'url = { file = "secrets/feed" }' in text
    assert "geheim" not in text
    secret = crosspost.folder / "secrets" / "feed"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700
    assert load(crosspost.folder / "crosspost.toml").feeds["blog"].url == f"{site.url}/feed?token=geheim-12345"


def test_a_secret_left_by_a_dead_try_is_taken_and_no_other_written_over(
    tmp_path: Path,
) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "feed").write_text("https://blog.example/?token=one\n")
    with pytest.raises(ConfigError, match="secrets/feed is there already, with another address in it"):
        write(
            tmp_path / "crosspost.toml",
            answers("https://blog.example/?token=two", feed_file="secrets/feed"),
        )
    assert not (tmp_path / "crosspost.toml").exists()
    write(
        tmp_path / "crosspost.toml",
        answers("https://blog.example/?token=one", feed_file="secrets/feed"),
    )
    assert load(tmp_path / "crosspost.toml").feeds["blog"].url == "https://blog.example/?token=one"


def test_what_cannot_be_is_a_sentence_before_anybody_is_asked(crosspost: Program, site: Site) -> None:
    (crosspost.folder / "file").touch()
    (said,) = crosspost("init", "--config", "file/crosspost.toml").problems
    assert said.startswith(f"{crosspost.folder}/file/crosspost.toml cannot be written: ")
    assert said.endswith("file: Not a directory; make it writable, or name another place")
    (said,) = crosspost("init").problems
    assert said == (
        "nobody answers: Your blog's address; run this on a terminal, pipe the answers in, "
        "or give its address: crosspost init ADDRESS (see crosspost init --help)"
    )
    (said,) = crosspost("init", "--yes").problems
    assert "crosspost init ADDRESS" in said
    site.give("/", b"<html>", HTML)
    (said,) = crosspost("init", site.url, "--yes").problems
    assert said.endswith("name it with --feed")
    site.give("/f", rss())
    (said,) = crosspost("init", "--feed", f"{site.url}/f", "--yes", "--timezone", "Parris").problems
    assert said == """'Parris' is no time zone; write "Europe/Paris\""""
    (said,) = crosspost("init", "--feed", f"{site.url}/f", "--yes", "--timezone", "EST").problems
    assert said.endswith('write "America/New_York" or "America/Toronto"'), (
        "nothing to be asked later is written"
    )
    assert [path.name for path in crosspost.folder.iterdir()] == ["file"]


def test_a_folder_that_may_not_be_written_is_said_at_once(crosspost: Program) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    crosspost.folder.chmod(0o500)
    try:
        (said,) = crosspost("init", "--yes").problems
    finally:
        crosspost.folder.chmod(0o700)
    assert said.endswith(": Permission denied; make it writable, or name another place")


def test_a_database_from_before_and_a_blog_without_entries_are_said(crosspost: Program) -> None:
    crosspost.write("feed.xml", '<rss version="2.0"><channel><title>Neuf</title></channel></rss>')
    (crosspost.folder / "crosspost.db").touch()
    said = crosspost(
        "init", "feed.xml", "--timezone", "UTC", "--signature", "s", "--channel", "Atlantis", "--yes"
    )
    assert said.problems == [
        "there is no channel 'Atlantis'; there are: signature, facebook, linkedin, tumblr, x"
    ]
    assert "! there is no entry in it yet; the first one will be announced\n" in said.out
    assert f"! {crosspost.folder}/crosspost.db is there from before, and is gone on with; " in said.out


def test_it_is_written_where_the_environment_says_as_in_a_container(crosspost: Program, tmp_path: Path) -> None:
    feed, place = crosspost.write("feed.xml", rss().decode()), tmp_path / "config" / "crosspost.toml"
    said = crosspost("init", "feed.xml", "--yes", TZ="UTC", CROSSPOST_CONFIG=str(place))
    assert said.code == 0
    config = load(place)
    assert config.feeds["blog"].url == str(feed)
    assert config.channels["signature"].settings.path == place.with_name("signature")  # type: ignore[attr-defined]
    assert "  crosspost preview         what" in said.out  # found by itself, so not named


def test_who_has_no_configuration_is_told_of_init(crosspost: Program) -> None:
    (said,) = crosspost("status").problems
    assert said.startswith("there is no configuration yet: crosspost init asks for your blog's address")
