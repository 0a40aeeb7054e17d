"""The first five minutes, and a token that dies: by the README alone, at a terminal of 80 and 120 columns."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosspost.adapters.linkedin.stand_in import LinkedInStandIn
from crosspost.sandbox.server import serve
from tests.life.newcomer import Blog, Newcomer, a_home
from tests.life.terminal import Terminal

SCREENS = Path(__file__).parents[2] / "docs" / "screens"
WRITE = "CROSSPOST_WRITE_SCREENS"
"""Set it, and the screens are written anew instead of being compared: look at what changed."""


@pytest.fixture
def home() -> Iterator[Path]:
    home = a_home()
    yield home
    shutil.rmtree(home)


@pytest.mark.parametrize("columns", [80, 120])
async def test_a_newcomer_gets_from_nothing_to_posts_and_past_a_dead_token(home: Path, columns: int) -> None:
    blog, network, folder = Blog(), LinkedInStandIn(), home / "blog"
    folder.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TERM": "xterm-256color",
        "LANG": "en_US.UTF-8",
    }
    async with serve(blog.app) as blog_url, serve(network.app) as network_url:
        terminal = Terminal(columns=columns, folder=folder, environment=environment)
        marie = Newcomer(terminal, blog, blog_url, network, network_url)

        await marie.begins()
        assert "L’été indien" in (folder / "signature.txt").read_text(encoding="utf-8")
        assert not network.posts, "nothing is announced that was there before"

        await marie.connects()
        await marie.publishes(
            "premier-client", "Ce que mon premier client m’a appris", "Il n’a pas lu ma page d’accueil."
        )
        assert await marie.sees(await marie.types("run-once")) == 0
        assert len(network.posts) == 1

        marie.notes("LinkedIn takes her token back, as it may.")
        network.authority.end_grants()
        for number in (1, 2):
            await marie.publishes(
                f"devis-{number}", f"Un devis, partie {number}", f"Chapitre {number}. Rien de long."
            )
        assert await marie.sees(await marie.types("run-once", "--quiet")) == 1
        assert await marie.sees(await marie.types("run-once", "--quiet")) == 1
        assert await marie.sees(await marie.types("status")) == 1
        assert len(network.posts) == 1

        await marie.connects_again()
        assert await marie.sees(await marie.types("run-once")) == 0
        assert await marie.sees(await marie.types("deliveries")) == 0
        assert await marie.sees(await marie.types("status")) == 0
    told = [post.links for post in network.posts]
    assert [link[0].rstrip("/").rpartition("/")[2] for link in told] == ["premier-client", "devis-1", "devis-2"]
    assert (terminal.commands, terminal.answers) == (11, 11)

    place = SCREENS / f"{columns}.txt"
    if os.environ.get(WRITE):
        place.parent.mkdir(exist_ok=True)
        place.write_text(marie.written, encoding="utf-8")
    assert marie.written == place.read_text(encoding="utf-8"), f"look at {place}; {WRITE}=1 writes it anew"
