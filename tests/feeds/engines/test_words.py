"""An author's words are the same whatever engine wrote them, as they are read and as networks are sent them."""

import html
import json

import pytest

from crosspost.model import Entry
from tests.feeds.engines.test_life import FEEDS, HERE, LONG_AGO
from tests.feeds.reading import read
from tests.world import World

# As far as engines agree: some make typographic quotes, some take what looks like a tag out of a title.
TITLES = {
    "prix": {"Le prix d’un conseil : « combien ? »"},
    "r-and-d": {"R&D: why List<int> beats <div>", "R&D: why List beats <div>", "R&D: why List beats"},
    "tea": {"Tea & It’s “quotes”", "Tea & It's “quotes”"},
    "jardin": {"Le jardin d’hiver"},
    "ledger": {"A ledger for one"},
}
OPENINGS = {
    "prix": "Un conseil a un prix. Encore faut-il le dire à voix haute, et avant de commencer.",
    "r-and-d": "Research & development is where a small company wins. It costs less than one fears.",
    "tea": "Tea first. Then the mail, then nothing for an hour: that is the whole method, and it works.",
    "jardin": "Rien ne pousse en novembre. C’est le moment de tailler, de ranger et de compter ce qui reste.",
    "ledger": "One book, two columns, ten minutes a week. Nobody needs more to know where the money went.",
}
BLEMISHES = ("↩", "[^", "&#", "&amp;", "<p", "Lire la suite", "[…]", "commencer1", "C’est une note")


async def listed(engine: str, kind: str) -> dict[str, Entry]:
    body = (HERE / engine / f"2-two-more.{kind}").read_bytes()
    entries = [item.entry for item in (await read(body, url="http://blog.example/feed")).items]
    return {slug: entry for slug in TITLES for entry in entries if slug in entry.permalink}


@pytest.mark.parametrize(("engine", "kind"), FEEDS)
async def test_titles_and_excerpts_are_the_authors(engine: str, kind: str) -> None:
    entries = await listed(engine, kind)
    assert entries.keys() == TITLES.keys()
    for slug, entry in entries.items():
        assert entry.title in TITLES[slug]
        assert entry.summary.replace("\n", " ").startswith(OPENINGS[slug]), entry.summary
        assert not [blemish for blemish in BLEMISHES if blemish in entry.summary], entry.summary
        assert entry.summary[-1] in ".☕🙂", entry.summary
        assert set(entry.authors) <= {"Zoé"}


@pytest.mark.parametrize(("engine", "kind"), FEEDS)
async def test_networks_are_sent_no_blemish(engine: str, kind: str, world: World) -> None:
    config = world.config(feed=LONG_AGO)
    for step in ("1-first", "2-two-more"):
        world.blog.written = (HERE / engine / f"{step}.{kind}").read_bytes()
        await world.run(config)
    sent = {
        type(one).__name__: [json.dumps(post, ensure_ascii=False, default=str) for post in one.posts]
        for one in world.networks
    }
    for network, posts in sent.items():
        assert len(posts) == 2
        for post in posts:
            assert not [blemish for blemish in BLEMISHES if blemish in post], post
            assert html.unescape(post) == post
            slug = next(slug for slug in OPENINGS if slug in post)
            # X says the title; elsewhere the card does, and the text begins with the words of the entry.
            said = TITLES[slug] if network == "XStandIn" else {OPENINGS[slug]}
            assert any(words in post for words in said), post
