"""Whatever strangers say is tidied when it enters: nothing of it acts on a terminal or reorders words."""

import json
import re
from urllib.parse import quote

import pytest

from crosspost.adapters.facebook.stand_in import PAGE
from crosspost.sandbox.behaviour import refuse
from tests.http.raw import ok, raw_site
from tests.notify.ears import Ears
from tests.process import crosspost
from tests.world import Item, World, old

EVIL = "no\x1b]52;c;ZXZpbA==\x07 \x1b[2J\x9b31m\x85\u202etxt.exe\u2066\u2028way\r\nout\x00"
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
ANSWERS = {
    "facebook": {"error": {"message": EVIL, "code": 100, "type": EVIL}},
    "linkedin": {"message": EVIL, "status": 400, "code": EVIL},
    "x": {"title": EVIL, "detail": EVIL, "status": 400, "type": "about:blank", "errors": [{"message": EVIL}]},
    "tumblr": {"meta": {"status": 400, "msg": EVIL}, "errors": [{"title": EVIL, "code": 0, "detail": EVIL}]},
}
VIEWS = (("status",), ("deliveries",), ("deliveries", "--json"), ("status", "--json"), ("plan",), ("accounts",))


@pytest.mark.parametrize("status", [400, 401, 403, 500])
async def test_what_networks_answer(world: World, ears: Ears, status: int) -> None:
    world.blog.publish(*old(3))
    config = world.config(top=f'[notify.webhook]\nurl = "{ears.url}/hook"\n')
    await world.run(config)
    for name, answer in ANSWERS.items():
        world.network(name).behave(*[refuse(status, answer)] * 5)
    world.blog.publish(Item(slug="new", title="Neuf"))
    said = [await crosspost(world, "run-once", "--json"), *[await crosspost(world, *view) for view in VIEWS]]
    shown = "".join(one.out + one.err for one in said)
    assert not HARMFUL.search(shown.replace("\n", "")), HARMFUL.findall(shown)
    for line in said[0].out.splitlines():
        assert not HARMFUL.search(json.loads(line)["text"].replace("\n", "\x00"))
    assert "out" in shown or status != 400, "the words themselves are shown"
    for message in ears.heard:
        assert not HARMFUL.search(json.dumps(message, ensure_ascii=False)), message
        assert all("\n" not in need["text"] for need in message.get("needs", ()))


async def test_what_a_feed_says(world: World) -> None:
    world.blog.publish(*old(3))
    await world.run(world.config())
    evil = "a\x9b2J\u202eb\u2066c"
    persian = "می\u200cخواهم"
    link = "https://blog.example/2026/\u202etxt\x9b-" + evil + "/?q=\u2067#\u200b"
    world.blog.publish(
        Item(
            slug="1",
            title=f"Titre {evil} {persian}",
            link=link,
            summary=f"{evil} {persian}",
            categories=(evil,),
        )
    )
    await crosspost(world, "run-once")
    signature = (world.folder / "signature.txt").read_text(encoding="utf-8")
    posts = [text for network in world.networks for post in network.posts for text in (post.text, *post.links)]
    assert world.posts == 4
    shown = "".join([(await crosspost(world, *view)).out for view in VIEWS])
    for text in (signature, shown, *posts):
        assert not HARMFUL.search(text.replace("\n", "")), text
    assert "https://blog.example/2026/" + quote("\u202etxt") in signature
    assert persian in signature


async def test_a_link_whose_host_is_not_what_it_seems_is_no_link(world: World) -> None:
    world.blog.publish(*old(3))
    await world.run(world.config(only=("signature",)))
    world.blog.publish(Item(slug="1", title="Neuf", link="https://blog.\u202eexample/neuf"))
    said = await crosspost(world, "run-once")
    assert "has no link to a page of its own" in said.out
    assert not HARMFUL.search(said.out.replace("\n", ""))


async def test_who_an_account_says_it_is(world: World) -> None:
    world.blog.publish(*old(1))
    account = json.dumps({"id": PAGE, "name": f"Page {EVIL}", "link": EVIL}).encode()
    async with raw_site(lambda _: ok(account)) as site:
        world.urls["facebook"] = site.url
        world.config(only=("facebook",))
        said = await crosspost(world, "check", "--online")
    assert "speaks for Page no" in said.out
    assert not HARMFUL.search(said.out.replace("\n", "")), said.out
