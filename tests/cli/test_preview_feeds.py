"""`crosspost preview --feed`: what would be said of any feed, without a configuration."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.cli.program import FEED, SIGNATURE, Program
from tests.compose.test_hostile_pictures import encoded

NETWORKS = ["facebook", "linkedin", "tumblr", "x"]


def item(number: int, more: str = "") -> str:
    return (
        f"<item><title>Post {number}</title><link>https://blog.example/{number}</link>"
        f"<description>Words of {number}.</description>{more}</item>"
    )


def rss(*items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>B</title>{"".join(items)}</channel></rss>'


@pytest.fixture
def crosspost(tmp_path: Path) -> Program:
    program = Program(tmp_path)
    (tmp_path / "crosspost.toml").unlink()
    return program


def shown(program: Program, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
    """Return what the program shows for machines; fail if it writes anything."""
    before = program.files()
    said = program("preview", *arguments, "--json")
    assert said.code == code, said
    assert program.files() == before
    feeds: list[dict[str, Any]] = json.loads(said.out)
    return feeds


@contextmanager
def serving(answers: dict[str, tuple[int, dict[str, str], bytes]]) -> Iterator[str]:
    """Serve these answers, by path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_file_is_shown_on_every_network_without_a_configuration(crosspost: Program) -> None:
    (feed,) = shown(crosspost, "--feed", "feed.xml")
    assert (feed["feed"], feed["title"], feed["count"], feed["problem"]) == ("feed.xml", "Carnet", 2, "")
    ete, _ = feed["entries"]
    assert {name: ete[name] for name in ("title", "permalink", "summary", "categories", "picture", "held")} == {
        "title": "L’été indien",
        "permalink": "https://blog.example/ete",
        "summary": "Il revient.",
        "categories": ["Automne"],
        "picture": None,
        "held": "",
    }
    assert [said["channel"] for said in ete["channels"]] == NETWORKS
    for said in ete["channels"]:
        # Facebook makes the card of the link by itself, and its title is the page's.
        title_or_words = "Il revient." if said["channel"] == "facebook" else "L’été indien"
        assert title_or_words in json.dumps(said["request"]["body"], ensure_ascii=False)
        assert said["length"] <= said["limit"]


def test_people_get_the_words_and_how_many_there_are(crosspost: Program) -> None:
    said = crosspost("preview", "--feed", "feed.xml", "--network", "x")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(
        "feed.xml: Carnet, 2 entries\n\nL’été indien\n  entry    https://blog.example/ete"
    )
    assert "    | https://blog.example/ete\n" in said.out
    assert "  x: " in said.out
    assert "facebook" not in said.out
    assert "\x1b" not in said.out
    assert max(map(len, said.out.splitlines())) < 80
    assert "\x1b[1m" in crosspost.on_a_terminal("preview", "--feed", "feed.xml").out


def test_the_newest_are_shown_or_as_many_as_are_wanted_or_the_one_that_is_named(crosspost: Program) -> None:
    dated = [item(n, f"<pubDate>Mon, {n:02} Nov 2026 10:00:00 GMT</pubDate>") for n in (2, 9, 16, 23)]
    crosspost.write("feed.xml", rss(*dated))

    def titles(*arguments: str) -> list[str]:
        (feed,) = shown(crosspost, "--feed", "feed.xml", "--network", "x", *arguments)
        return [entry["title"] for entry in feed["entries"]]

    assert titles() == ["Post 23", "Post 16", "Post 9"]
    assert titles("--entries", "1") == ["Post 23"]
    assert titles("--entries", "all") == ["Post 23", "Post 16", "Post 9", "Post 2"]
    assert titles("https://blog.example/2/") == ["Post 2"]
    said = crosspost("preview", "--feed", "feed.xml", "https://blog.example/77")
    assert (said.code, said.problems) == (2, ["feed.xml: https://blog.example/77 is not in this feed"])


def test_what_would_be_held_is_said_with_the_reason(crosspost: Program) -> None:
    old = item(1, "<pubDate>Thu, 01 Jan 2015 10:00:00 GMT</pubDate>")
    protected = item(2).replace("Post 2", "Protected: Post 2")
    crosspost.write("feed.xml", rss(protected, old, item(3)))
    (feed,) = shown(crosspost, "--feed", "feed.xml", "--network", "x")
    held = {entry["title"]: entry["held"] for entry in feed["entries"]}
    assert "older than the feed's horizon" in held["Post 1"]
    assert "password-protected" in held["Protected: Post 2"]
    assert held["Post 3"] == ""
    assert "! held: it is password-protected" in crosspost("preview", "--feed", "feed.xml").out


def test_an_entry_dated_ahead_waits(crosspost: Program) -> None:
    crosspost.write("feed.xml", rss(item(1, "<pubDate>Thu, 01 Jan 2099 10:00:00 GMT</pubDate>"), item(2)))
    (feed,) = shown(crosspost, "--feed", "feed.xml", "--network", "x", "--entries", "all")
    said = {entry["title"]: entry["held"] or entry["waits"] for entry in feed["entries"]}
    assert "dated 2099-01-01" in said["Post 1"]
    assert said["Post 2"] == ""


def test_several_feeds_are_shown_in_their_order_and_one_that_is_broken_stops_none(crosspost: Program) -> None:
    crosspost.write("broken.xml", "<html>no feed</html>")
    crosspost.write("two.xml", rss(item(2)))
    names = ["broken.xml", "missing.xml", "feed.xml", "ftp://blog.example/feed", "two.xml"]
    arguments = [word for name in names for word in ("--feed", name)]
    feeds = shown(crosspost, *arguments, "--network", "x", code=1)
    assert [feed["feed"] for feed in feeds] == names
    assert [bool(feed["problem"]) for feed in feeds] == [True, True, False, True, False]
    said = crosspost("preview", *arguments, "--network", "x")
    assert said.code == 1
    assert [line.partition(": ")[0] for line in said.problems] == ["broken.xml", "missing.xml", names[3]]
    assert said.out.index("Carnet") < said.out.index("Post 2")


@pytest.mark.parametrize(
    "name", ["missing.xml", "empty.xml", "file://elsewhere/x", "~nobody-at-all/x", "a\0b", ""]
)
def test_what_cannot_be_read_says_why_and_ends_like_any_preview(crosspost: Program, name: str) -> None:
    crosspost.write("empty.xml", "")
    said = crosspost("preview", "--feed", name)
    assert (said.code, said.out) == (2, "")
    assert len(said.problems) == 1


def test_a_folder_means_the_feeds_in_it(crosspost: Program) -> None:
    (crosspost.folder / "many").mkdir()
    for name in ("b.xml", "a.atom", ".hidden", "notes.txt", "right.toml"):
        crosspost.write(f"many/{name}", rss(item(1)))
    (crosspost.folder / "many/c.rss.gz").write_bytes(gzip.compress(FEED.encode()))
    feeds = shown(crosspost, "--feed", "many", "--network", "x")
    assert [feed["feed"] for feed in feeds] == ["many/a.atom", "many/b.xml", "many/c.rss.gz"]
    assert feeds[2]["title"] == "Carnet"
    (crosspost.folder / "none").mkdir()
    assert "is named like a feed" in crosspost("preview", "--feed", "none").err


def test_files_are_named_as_people_do(crosspost: Program) -> None:
    for name in ("~/feed.xml", "./feed.xml", (crosspost.folder / "feed.xml").as_uri()):
        (feed,) = shown(crosspost, "--feed", name, "--network", "x")
        assert feed["title"] == "Carnet"


def test_a_feed_comes_from_standard_input(crosspost: Program) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crosspost", "preview", "--feed", "-", "--json"],
        cwd=crosspost.folder,
        env=crosspost.environment({}),
        input=gzip.compress(FEED.encode()),
        capture_output=True,
        check=True,
    )
    (feed,) = json.loads(done.stdout)
    assert (feed["feed"], feed["title"]) == ("-", "Carnet")


def test_a_feed_on_a_server_of_ones_own_is_read_and_no_password_is_shown(crosspost: Program) -> None:
    with serving({"/feed.xml": (200, {}, FEED.encode())}) as host:
        url = f"http://marie:s3cret-word@{host}/feed.xml"
        said = crosspost(
            "preview", "--feed", url, "--feed", f"{url}/missing:s3cret-word".replace("feed.xml/", "")
        )
    assert "Carnet" in said.out
    assert "s3cret-word@" not in said.out + said.err
    assert f"http://{host}/feed.xml: Carnet" in said.out


def test_a_redirect_into_a_private_network_is_refused(crosspost: Program) -> None:
    with (
        serving({"/feed.xml": (200, {}, FEED.encode())}) as inner,
        serving({"/feed.xml": (302, {"Location": f"http://{inner}/feed.xml"}, b"")}) as outer,
    ):
        said = crosspost("preview", "--feed", f"http://{outer}/feed.xml")
    assert said.code == 2
    assert "lies in a private network" in said.err


def test_a_server_that_packs_what_nobody_can_unpack_is_named(crosspost: Program) -> None:
    packed = gzip.compress(FEED.encode())
    answers = {
        "/br": (200, {"Content-Encoding": "br"}, b"\x8b\x02\x80\x00"),
        "/twice": (200, {"Content-Encoding": "gzip, gzip"}, gzip.compress(packed)),
        "/lies": (200, {"Content-Encoding": "gzip"}, FEED.encode()),
        "/unsaid": (200, {"Content-Type": "application/gzip"}, packed),
        "/cut": (200, {"Content-Encoding": "gzip"}, packed[:-9]),
    }
    with serving(answers) as host:
        arguments = [word for path in answers for word in ("--feed", f"http://{host}{path}")]
        feeds = shown(crosspost, *arguments, "--network", "x", code=1)
    assert [feed["title"] for feed in feeds] == ["", "Carnet", "Carnet", "Carnet", ""]
    assert (
        "its Content-Encoding says 'br', which was not asked for; its site, or a cache" in feeds[0]["problem"]
    )
    assert "its gzip ends too early; its site, or a cache" in feeds[4]["problem"]


def test_pictures_are_named_and_fetched_only_when_wanted(crosspost: Program) -> None:
    from PIL import Image

    (crosspost.folder / "tree.jpg").write_bytes(encoded(Image.new("RGB", (640, 480), "#c8102e"), "JPEG"))
    crosspost.write("feed.xml", rss(item(1, '<enclosure url="tree.jpg" type="image/jpeg" length="1"/>')))
    (feed,) = shown(crosspost, "--feed", "feed.xml", "--network", "tumblr")
    assert feed["entries"][0]["picture"]["url"] == (crosspost.folder / "tree.jpg").as_uri()
    assert feed["entries"][0]["channels"][0]["picture"] == ""
    (feed,) = shown(crosspost, "--feed", "feed.xml", "--network", "tumblr", "--pictures")
    assert feed["entries"][0]["channels"][0]["picture"].startswith("image/jpeg, 640 × 480")


def test_the_channels_of_a_configuration_are_used_when_it_is_named(crosspost: Program) -> None:
    mine = '[channels.mine]\nadapter = "x"\ndry_run = true\nfeeds = ["blog"]\ntemplate = "New! {{ link }}"\n'
    crosspost.write("mine.toml", f'[feeds.blog]\nurl = "nowhere.xml"\n{mine}{SIGNATURE}')
    (feed,) = shown(crosspost, "--config", "mine.toml", "--feed", "feed.xml")
    assert [said["channel"] for said in feed["entries"][0]["channels"]] == ["mine", "signature"]
    assert feed["entries"][0]["channels"][0]["text"] == "New! https://blog.example/ete"
    (feed,) = shown(crosspost, "--config", "mine.toml", "--feed", "feed.xml", "--network", "x")
    assert [said["channel"] for said in feed["entries"][0]["channels"]] == ["mine"]
    said = crosspost("preview", "--config", "mine.toml", "--feed", "feed.xml", "--channel", "nowhere")
    assert (said.code, "has no channel nowhere" in said.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--entries", "1"], "--network, --entries and --pictures go with --feed"),
        (["--feed", "feed.xml", "--entries", "none"], "--entries takes a number from 1 to 2,000, or all"),
        (["--feed", "feed.xml", "--network", "y"], "there is no adapter 'y'"),
        (["--feed", "feed.xml", "--config", "missing.toml"], "the configuration missing.toml cannot be found"),
    ],
)
def test_what_cannot_be_meant_is_refused(crosspost: Program, arguments: list[str], says: str) -> None:
    said = crosspost("preview", *arguments)
    assert (said.code, says in said.err) == (2, True), said


def test_a_configuration_that_lies_there_does_not_matter(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", "this is no TOML")
    assert crosspost("preview", "--feed", "feed.xml", "--network", "x").code == 0
