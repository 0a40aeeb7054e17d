"""Opening lines of one's own: they take turns as entries come, by category, and what an attempt froze stays."""

from crosspost.config import Config
from crosspost.house import open_house
from crosspost.sandbox.behaviour import refuse
from crosspost.views.plan import read_plan
from crosspost.views.preview import preview_entries
from tests.world import BOTH_DATABASES, Item, World, old

WORDS = """
[channels.x.words]
"été indien" = ["De l’atelier :", "Depuis l’établi :"]
"*" = ["Nouveau billet :", "Vient de paraître :", "À lire :"]
"""


def item(number: int, *categories: str) -> Item:
    return Item(slug=f"new-{number}", title=f"Billet {number}", days_ago=0, categories=categories)


def opened(world: World) -> list[str]:
    """Return with what the posts on X begin."""
    return [post.text.partition("Billet")[0].strip() for post in world.x.posts]


def configured(world: World, words: str = WORDS, channel: str = "") -> Config:
    return world.config(only=("x",), channel=channel + words)


@BOTH_DATABASES
async def test_lines_take_turns_within_their_category(world: World) -> None:
    config = configured(world)
    world.blog.publish(*old(2))
    await world.run(config)
    for number, categories in enumerate(
        (("Été Indien",), (), ("Québec",), ("x", "ÉTÉ INDIEN"), (), ("été indien",), ())
    ):
        world.blog.publish(item(number, *categories))
        await world.run(config)
        world.later(minutes=5)
    assert opened(world) == [
        "De l’atelier\u00a0:",
        "Nouveau billet\u00a0:",
        "Vient de paraître\u00a0:",
        "Depuis l’établi\u00a0:",
        "À lire\u00a0:",
        "De l’atelier\u00a0:",
        "Nouveau billet\u00a0:",
    ]


@BOTH_DATABASES
async def test_several_at_once_and_a_plan_of_them_have_each_its_own(world: World) -> None:
    config = configured(world)
    world.blog.publish(*old(2))
    await world.run(config)
    world.blog.publish(*(item(number) for number in (2, 1, 0)))
    async with open_house(config, clock=lambda: world.now) as house:
        planned = [view.text for view in (await read_plan(house)).deliveries]
    await world.run(config)
    assert sorted(opened(world)) == ["Nouveau billet\u00a0:", "Vient de paraître\u00a0:", "À lire\u00a0:"]
    assert sorted(planned) == sorted(post.text for post in world.x.posts)


async def test_what_is_previewed_is_what_is_said(world: World) -> None:
    config = configured(world)
    world.blog.publish(*old(1))
    await world.run(config)
    world.blog.publish(item(0))
    link = "https://blog.example/2026/new-0/"

    async def previewed() -> tuple[str, str]:
        async with open_house(config, clock=lambda: world.now) as house:
            (view,) = await preview_entries(house, link, only="x")
        assert view.preview is not None
        return view.preview.draft.text, view.preview.note

    before, note = await previewed()
    assert note == "the opening line is the next in turn; entries that are seen before this one move it on"
    await world.run(config)
    assert world.x.posts[-1].text == before
    assert await previewed() == (before, ""), "on record, it is settled"


async def test_other_words_change_no_draft_that_an_attempt_has_frozen(world: World) -> None:
    config = configured(world)
    world.blog.publish(*old(1))
    await world.run(config)
    world.blog.publish(item(0))
    world.x.behave(refuse(429, b"", {"retry-after": "60"}))
    await world.run(config)
    assert world.x.posts == []
    world.later(hours=2)
    await world.run(configured(world, WORDS.replace("Nouveau billet :", "Autre chose :")))
    assert opened(world) == ["Nouveau billet\u00a0:"]


async def test_entries_that_a_channel_leaves_out_move_no_turn(world: World) -> None:
    config = configured(world, channel='exclude = ["Hors sujet"]\n')
    world.blog.publish(*old(1))
    await world.run(config)
    for number, categories in enumerate(((), ("hors sujet",), ())):
        world.blog.publish(item(number, *categories))
        await world.run(config)
        world.later(minutes=5)
    assert opened(world) == ["Nouveau billet\u00a0:", "Vient de paraître\u00a0:"]


async def test_a_dry_run_takes_turns_too(world: World) -> None:
    config = configured(world, channel="dry_run = true\n")
    world.blog.publish(*old(1))
    await world.run(config)
    said = []
    for number in range(3):
        world.blog.publish(item(number))
        said += [event.shown.draft.text.split("\u00a0")[0] for event in await world.run(config) if event.shown]
        world.later(minutes=5)
    assert said == ["Nouveau billet", "Vient de paraître", "À lire"]
