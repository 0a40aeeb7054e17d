"""What is not connected yet, or holds a guide's examples, hinders nothing, sends nothing and loses nothing."""

import tomllib
from pathlib import Path

import pytest

from crosspost.accounts.planned import Wanted, planned
from crosspost.adapters.facebook.stand_in import PAGE
from crosspost.adapters.linkedin.stand_in import MEMBER
from crosspost.config import edit, load
from crosspost.config.account import account_key
from crosspost.errors import ConfigError
from tests.accounts.person import Person, configured, connected, lines
from tests.process import crosspost
from tests.world import BOTH_DATABASES, World, fresh, old

FOUR = [
    ("facebook", "page", "page", "1234567890"),
    ("linkedin", "member", "author", "urn:li:person:AbCdEf1234"),
    ("x", "oauth2", "access_token", "YOUR_TOKEN"),
    ("tumblr", "oauth2", "blog", "your-blog-name"),
]


@BOTH_DATABASES
async def test_unfinished_channels_hinder_no_verb_and_what_waits_goes_out_once_connected(world: World) -> None:
    configured(world, *(lines(world, kind) for kind, *_ in FOUR))
    path = world.folder / "crosspost.toml"
    world.blog.publish(*old(1))
    await world.run(load(path))
    world.blog.publish(*fresh(1))
    asked = [len(network.requests) for network in world.networks]
    await world.run(load(path))
    world.later(minutes=30)
    await world.run(load(path))
    assert [len(network.requests) for network in world.networks] == asked, "nobody was asked anything"
    for verb in (("status",), ("accounts",), ("check", "--online")):
        said = await crosspost(world, *verb)
        assert said.code == 1
        assert all(f"crosspost connect {kind}" in said.out for kind, *_ in FOUR), said
    assert "urn:li:person:you" in (await crosspost(world, "preview", "--channel", "linkedin", "--json")).out
    for kind, way, *_ in FOUR:
        done = await connected(world, Person(), kind, way=way)
        edit.add(path, kind, done.lacks)
        await world.run(load(path))
        assert len(world.network(kind).posts) == 1, kind
    await world.run(load(path))
    assert all(len(network.posts) == 1 for network in world.networks)
    assert "nothing needs you" in (await crosspost(world, "status")).out


async def test_two_that_come_to_speak_for_one_account_say_an_entry_once(world: World) -> None:
    second = lines(world, "tumblr").replace("[channels.tumblr]", "[channels.again]")
    configured(world, lines(world, "tumblr"), second)
    path = world.folder / "crosspost.toml"
    world.blog.publish(*old(1))
    await world.run(load(path))
    world.blog.publish(*fresh(1))
    await world.run(load(path))
    also = []
    for name in ("tumblr", "again"):
        done = await connected(world, Person(), name, way="oauth2")
        edit.add(path, name, done.lacks)
        also.append(list(done.also))
        await world.run(load(path))
    assert also == [[], ["tumblr"]], "whoever connects it is told"
    assert len(world.tumblr.posts) == 1


@pytest.mark.parametrize(("kind", "way", "key", "value"), FOUR)
async def test_an_example_is_said_as_such_and_replaced(
    world: World, kind: str, way: str, key: str, value: str
) -> None:
    configured(world, lines(world, kind, f'# mine\n{key} = "{value}" # from the guide'))
    path = world.folder / "crosspost.toml"
    channel = load(path).channels[kind]
    assert channel.unfinished == channel.examples == (() if kind == "x" else (key,))
    assert kind == "x" or not account_key(channel), "it speaks for nobody"
    said = await crosspost(world, "accounts")
    says = "not connected" if kind == "x" else f"{key} is the example's"
    assert f"! {kind}: {says}: crosspost connect {kind}" in said.out
    done = await connected(world, Person(), kind, way=way)
    edit.add(path, kind, done.lacks, without=done.spoiled)
    written = tomllib.loads(path.read_text())["channels"][kind]
    assert value not in written.values()
    assert ("# from the guide" in path.read_text()) is (kind != "x")
    assert not load(path).channels[kind].unfinished
    assert (await crosspost(world, "accounts")).code == 0


async def test_another_channel_that_is_wrong_does_not_stand_in_the_way(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOWHERE", raising=False)
    wrong = [
        '[channels.a]\nadapter = "instagram"\n',
        '[channels.b]\nadapter = "x"\nlimits = "plenty"\ncolour = "red"\nfeeds = ["nobody"]\n',
        '[channels.c]\nadapter = "tumblr"\nblog = "b"\naccess_token = { env = "NOWHERE" }\n',
        '[channels.d]\nadapter = "facebook"\n[channels.e]\ngroup = 5\n[channels."no name"]\nadapter = "x"\n',
    ]
    configured(world, lines(world, "linkedin"), *wrong)
    path = world.folder / "crosspost.toml"
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert "channels.linkedin" not in str(caught.value)
    assert "channels.d" not in str(caught.value)
    assert all(f"channels.{name}" in str(caught.value) for name in ("a", "b", "c", "e", "no name"))
    done = await connected(world, Person(), "linkedin", way="member")
    edit.add(path, "linkedin", done.lacks)
    assert f'author = "{MEMBER}"' in path.read_text()
    with pytest.raises(ConfigError, match="colour"):
        edit.add(path, "f", {"adapter": "tumblr", "colour": "blue"})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "crosspost.toml"


def read(file: Path, *lines: str) -> None:
    file.write_text(
        '[feeds.blog]\nurl = "feed.xml"\n[channels.mine]\n' + "\n".join(lines) + "\n", encoding="utf-8"
    )


def test_what_connecting_does_not_find_stays_an_error(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for lacking in (
        'adapter = "email_signature"',
        'adapter = "facebook"\npage = 5',
        'adapter = "tumblr"\nblog = "!"',
    ):
        read(file, lacking)
        with pytest.raises(ConfigError, match=r"channels\.mine\.(path|page|blog)"):
            load(file)
    monkeypatch.setenv("TOKEN", "YOUR_ACCESS_TOKEN")
    read(file, 'adapter = "x"', 'access_token = { env = "TOKEN" }')
    with pytest.raises(ConfigError, match="variable TOKEN, which holds an example; put the real one there"):
        load(file)


def test_with_a_token_of_its_own_the_page_alone_is_to_be_found(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "EAABwzLixnjYBO1ZC")
    read(file, 'adapter = "facebook"', 'access_token = { env = "TOKEN" }', 'page = ""')
    channel = load(file).channels["mine"]
    assert channel.unfinished == ("page",)
    assert not channel.connected
    assert PAGE not in str(channel.settings)


def test_a_dry_run_needs_nothing_and_is_never_unfinished(file: Path) -> None:
    read(file, 'adapter = "linkedin"', "dry_run = true", 'on_uncertain = "resend"', 'access_token = "TODO"')
    channel = load(file).channels["mine"]
    assert (channel.unfinished, channel.examples, channel.connected) == ((), (), False)


def test_connecting_takes_an_empty_value_for_a_missing_one(file: Path) -> None:
    read(file, 'adapter = "facebook"', 'page = ""')
    plan = planned(file, Wanted(channel="mine", made_by="marie"))
    assert plan.table == {"adapter": "facebook"}
    assert plan.examples == {"page"}
