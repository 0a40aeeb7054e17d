"""Ways to a credential beyond an application's two strings: typed, registered at the server, or none."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from crosspost.config import edit
from crosspost.errors import LoginError
from crosspost.house import open_house
from crosspost.model import Learnt
from crosspost.sandbox.authority import CLIENT_ID
from crosspost.store import learnt
from tests.accounts.person import Person, connected
from tests.contract.conftest import Shore
from tests.world import fresh, old

ANSWERS = {"User name": "marie", "App password": "sandbox-token"}


@dataclass
class Typist(Person):
    """Types what is asked for, by the question."""

    answers: dict[str, str] = field(default_factory=ANSWERS.copy)

    async def ask(self, question: str, *, default: str = "", hidden: bool = False) -> str:
        self.asked.append(f"{question}{' (hidden)' if hidden else ''}")
        return self.answers.get(question, default)

    async def choose(self, question: str, options: Sequence[str]) -> int:
        raise AssertionError(f"{question} was asked though the way was given")


@pytest.fixture(autouse=True)
def _own_key(shore: Shore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(shore.world.folder / "home"))
    shore.config(connected=True)


async def posts(shore: Shore) -> None:
    """See that what was connected posts."""
    shore.world.blog.publish(*old(1))
    await shore.run()
    shore.world.blog.publish(*fresh(1))
    await shore.run()
    assert len(shore.pond.posts) == 1


async def test_what_a_person_types_connects(shore: Shore) -> None:
    person = Typist()
    done = await connected(shore.world, person, "pond", way="password")
    assert person.asked == ["User name", "App password (hidden)"]
    assert done.lacks == {"user": "marie"}
    assert done.choice.account.name == "marie", "whom its server names"
    edit.add(shore.world.folder / "crosspost.toml", "pond", done.lacks)
    await posts(shore)


async def test_what_is_in_the_file_is_not_asked_for(shore: Shore) -> None:
    shore.config('user = "marie"', connected=True)
    person = Typist()
    done = await connected(shore.world, person, "pond", way="password")
    assert person.asked == ["App password (hidden)"]
    assert not done.lacks


@pytest.mark.parametrize("typed", ["", "two words", "wrong", "pass\u00a0word"])
async def test_what_is_no_password_changes_nothing(shore: Shore, typed: str) -> None:
    await connected(shore.world, Typist(), "pond", way="password")
    with pytest.raises(LoginError):
        await connected(shore.world, Typist(answers=ANSWERS | {"App password": typed}), "pond", way="password")
    await posts(shore)


async def test_what_was_typed_is_sealed_and_never_shown(shore: Shore) -> None:
    person = Typist()
    done = await connected(shore.world, person, "pond", way="password")
    database = (shore.world.folder / "crosspost.db").read_bytes()
    for whole in (database, repr(done).encode(), "\n".join(person.said).encode()):
        assert b"sandbox-token" not in whole


async def test_connecting_learns_what_the_server_says_of_itself(shore: Shore) -> None:
    shore.pond.most = 77
    await connected(shore.world, Typist(), "pond", way="password")
    async with open_house(shore.world.loaded(), clock=lambda: shore.world.now) as house:
        assert (await house.database.read(learnt.load))["pond"] == (Learnt(max_length=77), shore.world.now)


async def test_an_application_is_registered_at_the_server_once(shore: Shore) -> None:
    person = Person()
    await connected(shore.world, person, "pond", way="registered")
    assert person.asked == []
    assert shore.pond.registered == [person.ended_on.partition("?")[0]]
    await connected(shore.world, Person(), "pond", way="registered")
    assert len(shore.pond.registered) == 1, "the application there is serves again"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    await connected(shore.world, Person(), "pond", way="registered", port=port)
    assert len(shore.pond.registered) == 2, "but not at another address"
    await posts(shore)


async def test_a_server_that_knows_no_applications_asks_for_none(shore: Shore) -> None:
    shore.pond.authority.client_id, shore.pond.authority.public_client = "http://localhost", True
    person = Person()
    await connected(shore.world, person, "pond", way="open")
    assert person.asked == []
    assert not shore.pond.registered
    await posts(shore)


async def test_a_way_without_an_application_keeps_the_one_there_is(shore: Shore) -> None:
    await connected(shore.world, Person(), "pond", way="registered")
    shore.pond.authority.client_id, shore.pond.authority.public_client = "http://localhost", True
    await connected(shore.world, Person(), "pond", way="open")
    shore.pond.authority.client_id, shore.pond.authority.public_client = CLIENT_ID, False
    await connected(shore.world, Person(), "pond", way="registered")
    assert len(shore.pond.registered) == 1


async def test_settings_that_a_login_sees_have_their_types(shore: Shore) -> None:
    """Nothing turns into text on the way: not a number, and not what is missing."""
    from crosspost.accounts.planned import Wanted, planned

    plan = planned(shore.world.folder / "crosspost.toml", Wanted(channel="pond", made_by="marie"))
    known = plan.settings.model_dump()
    assert (known["rounds"], known["depth"], known["password"]) == (3, None, None)
