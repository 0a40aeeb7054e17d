"""The limits, kept by the whole program against stand-ins, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from crosspost.adapters.x import X
from crosspost.config import Channel, Config, load
from crosspost.contract import AnyAdapter
from crosspost.model import Draft, Money, State
from crosspost.people.share import Spent
from crosspost.report import What
from crosspost.sandbox.behaviour import drop, refuse
from tests.verbs import assign, list_deliveries, read_plan, read_status, spend
from tests.world import BOTH_DATABASES, Item, World, fresh, old

FACEBOOK = ("facebook",)
BUDGET = '[time_box]\nbudget = "{}"\n'


async def publish(world: World, made: Config, *items: Item) -> None:
    """Let the feed be known, then bring new entries."""
    world.blog.publish(*old(3))
    await world.run(made)
    world.blog.publish(*items)


def titles(world: World) -> list[str]:
    """Return the titles of what Facebook's cards lead to, the oldest first."""
    of = {f"https://blog.example/2026/{item.slug}/": item.title for item in world.blog.items}
    return [of[link] for post in world.facebook.posts for link in post.links]


async def states(made: Config) -> dict[str, str]:
    """Return each delivery's state by channel and title."""
    found = await list_deliveries(made, states=(), channel=None, feed=None, limit=99)
    return {f"{one['channel']}: {one['title']}": one["state"] for one in found}


@BOTH_DATABASES
async def test_a_backlog_drains_at_the_pace_of_the_limit(world: World) -> None:
    made = world.config(only=FACEBOOK, channel='limits = "1/30m"')
    await publish(world, made, *fresh(3))
    await world.run(made)
    assert [event.data["title"] for event in world.happened(What.DELIVERED)] == ["Nouveau billet 2"]
    (waits,) = world.happened(What.WAITS)
    assert "facebook’s 1/30m is used up; next" in waits.text
    await world.run(made)
    assert len(world.facebook.posts) == 1
    assert not world.happened(What.WAITS), "it is told once"
    world.later(minutes=20)
    await world.run(made)
    assert len(world.facebook.posts) == 1
    for _ in range(2):
        world.later(minutes=30)
        await world.run(made)
    assert titles(world) == [f"Nouveau billet {n}" for n in (2, 1, 0)]


@BOTH_DATABASES
async def test_a_budget_over_everything_goes_to_who_has_priority(world: World) -> None:
    both = ("facebook", "tumblr")
    world.config(top=BUDGET.format("6m/week"), only=both, channel='attention = "6m"')
    path = world.folder / "crosspost.toml"
    path.write_text(path.read_text().replace('adapter = "tumblr"', 'adapter = "tumblr"\npriority = 1'))
    made = load(path)
    await publish(world, made, *fresh(1))
    await world.run(made)
    assert (len(world.facebook.posts), len(world.tumblr.posts)) == (0, 1)
    (box,) = (await read_status(made))["limits"]
    assert box["sentence"] == "6 of 6 minutes this week; tumblr 6"
    assert box["left_text"] == "0m"


@BOTH_DATABASES
async def test_a_try_that_never_arrived_leaves_its_room_to_the_next(world: World) -> None:
    made = world.config(only=FACEBOOK, channel='limits = "1/week"')
    await publish(world, made, *fresh(1))
    world.facebook.behave(refuse(503, {"error": {"code": 2, "is_transient": True}}))
    await world.run(made)
    if not world.facebook.posts:
        world.later(minutes=30)
        await world.run(made)
        world.later(minutes=30)
        await world.run(made)
    assert len(world.facebook.posts) == 1
    assert (await read_status(made))["limits"][0]["used"] == 1, "two tries, one post"


@BOTH_DATABASES
async def test_what_may_have_arrived_keeps_its_room(world: World) -> None:
    made = world.config(only=FACEBOOK, channel='limits = "1/week"')
    world.facebook.clock = lambda: world.now
    await publish(world, made, *fresh(2))
    world.facebook.behave(drop(accept=False))
    await world.run(made)
    assert sorted((await states(made)).values()) == ["pending", "uncertain"]
    assert (await read_status(made))["limits"][0]["used"] == 1
    for _ in range(4):  # two looks prove it absent; then it goes, in its own room
        world.later(minutes=11)
        await world.run(made)
    assert titles(world) == ["Nouveau billet 1"]
    assert (await read_status(made))["limits"][0]["used"] == 1


async def test_posting_hours_hold_until_they_open(world: World) -> None:
    world.now = datetime(2026, 11, 28, 12, tzinfo=UTC)  # a Saturday
    made = world.config(only=FACEBOOK, channel='hours = "Mon-Fri 08:00-10:00"')
    await publish(world, made, *fresh(1))
    await world.run(made)
    (waits,) = world.happened(What.WAITS)
    assert "outside its posting hours (Mon-Fri 08:00-10:00); next Mon 2026-11-30 08:00" in waits.text
    world.now = datetime(2026, 11, 30, 7, 59, 59, tzinfo=UTC)
    await world.run(made)
    assert not world.facebook.posts
    world.now += timedelta(seconds=1)
    await world.run(made)
    assert len(world.facebook.posts) == 1


@pytest.mark.parametrize(("overflow", "skipped"), [("defer", 0), ("newest", 1), ("skip", 2)])
async def test_what_does_not_fit(world: World, overflow: str, skipped: int) -> None:
    made = world.config(only=FACEBOOK, channel=f'limits = "1/day"\noverflow = "{overflow}"')
    await publish(world, made, *fresh(3))
    await world.run(made)
    found = await states(made)
    assert found["facebook: Nouveau billet 2"] == "delivered"
    if overflow == "defer":
        (first, second) = await list_deliveries(made, states={State.PENDING}, channel=None, feed=None, limit=9)
        assert first["reason"] == second["reason"]
        assert first["reason"].startswith("until ")
        assert first["reason"].endswith(": facebook’s 1/day is used up")
    assert list(found.values()).count("skipped") == skipped
    for event in world.happened(What.SKIPPED):
        assert "does not fit" in event.text
        assert "facebook’s 1/day is used up" in event.text
    if overflow == "newest":
        assert found["facebook: Nouveau billet 0"] == "pending"


@BOTH_DATABASES
@pytest.mark.parametrize(("overflow", "skipped", "left"), [("newest", 44, 1), ("skip", 45, 0)])
async def test_a_long_queue_is_let_go_in_one_run(world: World, overflow: str, skipped: int, left: int) -> None:
    """Longer than what is looked at in one go."""
    made = world.config(
        only=FACEBOOK, feed="backfill = 46", channel=f'limits = "1/day"\noverflow = "{overflow}"'
    )
    world.blog.publish(*(Item(slug=f"e{n}", title=f"E{n}", days_ago=n % 9) for n in range(46)))
    await world.run(made)
    found = list((await states(made)).values())
    assert [found.count(state) for state in ("delivered", "skipped", "pending")] == [1, skipped, left]
    if left:
        (waits,) = await list_deliveries(made, states={State.PENDING}, channel=None, feed=None, limit=9)
        assert waits["id"] == 46, "the newest"


async def test_the_horizon_ends_waiting(world: World) -> None:
    made = world.config(only=FACEBOOK, feed='horizon = "3d"', channel='limits = "1/week"')
    await publish(world, made, *fresh(2))
    await world.run(made)
    world.later(days=3, hours=1)
    await world.run(made)
    (event,) = world.happened(What.SKIPPED)
    assert "older than the feed's horizon" in event.text
    assert len(world.facebook.posts) == 1


@BOTH_DATABASES
async def test_an_offer_waits_until_others_went_out(world: World) -> None:
    top = '[promotion]\ncategories = ["Offer"]\nat_most = "1 in 3"\n'
    made = world.config(top=top, only=FACEBOOK)
    offer = Item(slug="offer", title="Offre", categories=("offer",), days_ago=1)
    await publish(world, made, offer)
    await world.run(made)
    (waits,) = world.happened(What.WAITS)
    assert "promotion is at most 1 in 3: waits until 2 other entries went out" in waits.text
    world.blog.publish(Item(slug="a", title="A", days_ago=0), Item(slug="b", title="B", days_ago=0))
    world.later(minutes=1)
    await world.run(made)
    assert titles(world) == ["B", "A", "Offre"]


async def test_a_channel_that_waits_for_others_sends_one_that_becomes_due(world: World) -> None:
    """Its delay ends while the channel's note says to wait for a day."""
    top = '[promotion]\ncategories = ["Offer"]\n'
    made = world.config(top=top, only=FACEBOOK, channel='delay = "10m"')
    await publish(world, made, Item(slug="offer", title="Offre", categories=("offer",), days_ago=1))
    await world.run(made)
    world.later(minutes=5)
    world.blog.publish(Item(slug="a", title="A", days_ago=0))
    await world.run(made)
    world.later(minutes=5, seconds=1)
    await world.run(made)
    assert not world.facebook.posts, "the offer is due, and waits for others"
    world.later(minutes=5)
    await world.run(made)
    assert titles(world) == ["A"]


def x_that_bills(made: Config, cost: Callable[[Draft], Money]) -> Config:
    """Return the configuration with an adapter on its channel `x` that names prices of its own."""

    class Billing(X):
        def cost(self, draft: Draft) -> Money:
            return cost(draft)

    class OnBilling(Channel):
        @property
        def adapter_class(self) -> type[AnyAdapter]:
            return Billing

    own = OnBilling.model_construct(**dict(made.channels["x"]))
    return made.model_copy(update={"channels": {**made.channels, "x": own}})


async def test_a_price_that_only_shows_when_it_is_prepared_does_not_spin(world: World) -> None:
    """An adapter may charge for a picture, which is not known before."""
    asked: list[bool] = []

    def cost(draft: Draft) -> Money:
        asked.append(draft.picture is not None)
        return Money(Decimal("0.10" if draft.picture is None else "0.90"))

    made = x_that_bills(world.config(only=("x",), channel='limits = "1.05 USD/month"\npicture = true'), cost)
    picture = f"{world.blog_url}/picture.jpg"
    await publish(world, made, *(replace(one, picture=picture) for one in fresh(2)))
    await world.run(made)
    assert len(world.x.posts) == 1
    assert asked.count(True) == 2, "the second was prepared once, and waits"
    (waits,) = world.happened(What.WAITS)
    assert "has 0.15 USD left, and this takes 0.90 USD" in waits.text


async def test_an_adapter_that_cannot_say_its_price_fails_its_delivery_alone(world: World) -> None:
    def cost(_: Draft) -> Money:
        raise ZeroDivisionError

    made = x_that_bills(world.config(only=("x", "facebook"), channel='limits = "1 USD/month"'), cost)
    await publish(world, made, *fresh(1))
    await world.run(made)
    (failed,) = world.happened(What.FAILED)
    assert "it could not be prepared: ZeroDivisionError" in failed.text
    assert len(world.facebook.posts) == 1


async def test_priority_by_category_and_feed_goes_before_age(world: World) -> None:
    top = "[category_priority]\nLaunch = 5\n"
    made = world.config(top=top, only=FACEBOOK, channel='limits = "1/day"')
    launch = Item(slug="launch", title="Lancement", categories=("launch",), days_ago=0)
    await publish(world, made, launch, *fresh(2)[1:])
    await world.run(made)
    assert titles(world) == ["Lancement"]


@BOTH_DATABASES
async def test_money_is_counted_as_the_network_bills_it(world: World) -> None:
    made = world.config(only=("x",), channel='limits = "0.50 USD/month"')
    await publish(world, made, *fresh(3))
    await world.run(made)
    assert len(world.x.posts) == 2
    (waits,) = world.happened(What.WAITS)
    assert "x’s 0.50 USD/month has 0.10 USD left, and this takes 0.20 USD" in waits.text
    (limit,) = (await read_status(made))["limits"]
    assert limit["used_text"] == "0.40 USD"


async def test_a_limit_no_post_fits_asks_a_person(world: World) -> None:
    made = world.config(only=("x",), channel='limits = "0.10 USD/month"')
    await publish(world, made, *fresh(1))
    await world.run(made)
    (failed,) = world.happened(What.FAILED)
    assert failed.needs_person
    assert "it can never go: it takes 0.20 USD, and x’s 0.10 USD/month is less; raise" in failed.text


PEOPLE = '[people.marie]\nbudget = "6m/week"\n[people.jean]\nbudget = "1h/week"\n'


@BOTH_DATABASES
async def test_somebody_relieves_whose_budget_is_used_up(world: World) -> None:
    made = world.config(top=PEOPLE, only=FACEBOOK, channel='attention = "6m"\nowner = "marie"')
    await publish(world, made, *fresh(2))
    await world.run(made)
    assert len(world.facebook.posts) == 1
    assert "marie’s 6m/week is used up" in world.happened(What.WAITS)[0].text
    assert await assign(made, "facebook", "jean", made_by="marie") == "jean"
    await world.run(made)
    assert len(world.facebook.posts) == 2
    used = {one["name"]: one["used_text"] for one in (await read_status(made))["limits"]}
    assert used == {"marie": "6m", "jean": "6m"}
    assert await assign(made, "facebook", None, made_by="marie") == "marie"


@BOTH_DATABASES
async def test_real_minutes_count_and_make_room_again(world: World) -> None:
    made = world.config(top=BUDGET.format("12m/week"), only=FACEBOOK, channel='attention = "6m"')
    await publish(world, made, *fresh(2))
    await spend(made, Spent(much=timedelta(minutes=3), made_by="marie", note="comments"))
    await world.run(made)
    assert len(world.facebook.posts) == 1, "9 of 12 minutes are used"
    (box,) = (await read_status(made))["limits"]
    assert box["sentence"] == "9 of 12 minutes this week; facebook 6, elsewhere 3"
    (sent,) = await list_deliveries(made, states={State.DELIVERED}, channel=None, feed=None, limit=9)
    await spend(made, Spent(much=timedelta(minutes=1), made_by="marie", instead=sent["id"]))
    await world.run(made)
    assert len(world.facebook.posts) == 2, "1 + 3 + 6: it fits at once"


async def test_limits_changed_in_the_file_count_at_once(world: World) -> None:
    made = world.config(only=FACEBOOK, channel='limits = "1/week"')
    await publish(world, made, *fresh(2))
    await world.run(made)
    assert len(world.facebook.posts) == 1
    await world.run(world.config(only=FACEBOOK, channel='limits = "2/week"'))
    assert len(world.facebook.posts) == 2


@BOTH_DATABASES
async def test_what_is_limited_rests_at_night(world: World) -> None:
    """Nobody wrote hours: what is due in the evening goes out in the morning, and every face says so."""
    made = world.config(only=FACEBOOK, feed="backfill = 1", channel='limits = "2/day"', rests=True)
    world.blog.publish(Item(slug="n1", title="Nouveau billet 1"))
    evening = world.now.replace(hour=22, minute=30) + timedelta(days=1)
    world.later(seconds=(evening - world.now).total_seconds())
    (planned,) = (plan := await read_plan(made, world.now))["deliveries"]
    morning = evening.replace(hour=7, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert planned["at"] == morning.isoformat()
    assert plan["hours"] == ['facebook: rests 22:00-07:00 (hours = "any" ends it), by the clocks of UTC']
    await world.run(made)
    (waits,) = world.happened(What.WAITS)
    assert 'the night\'s rest (22:00 to 07:00; hours = "any" ends it); next ' in waits.text
    assert not world.facebook.posts
    world.later(seconds=(morning - world.now).total_seconds())
    await world.run(made)
    assert len(world.facebook.posts) == 1


async def test_a_plan_says_what_then_happens(world: World) -> None:
    made = world.config(only=("facebook", "x"), channel='limits = ["1/1h"]\nattention = "5m"')
    await publish(world, made, *fresh(3))
    await world.run(made)
    planned = (await read_plan(made, world.now))["deliveries"]
    assert [one["title"] for one in planned] == ["Nouveau billet 1"] * 2 + ["Nouveau billet 0"] * 2
    assert {one["attention"] for one in planned} == {"5m"}
    assert {one["money"] for one in planned} == {"", "0.20 USD"}
    before = (len(world.facebook.posts), len(world.x.posts))
    assert before == (1, 1)
    for one in planned:
        promised = datetime.fromisoformat(one["at"]).astimezone(UTC)
        world.later(seconds=(promised - world.now).total_seconds() + 1)
        posts = {"facebook": world.facebook.posts, "x": world.x.posts}[one["channel"]]
        await world.run(made)
        assert one["permalink"] in posts[-1].links, one


@BOTH_DATABASES
async def test_a_plan_knows_what_no_run_has_seen_and_keeps_nothing_of_it(world: World) -> None:
    made = world.config(only=FACEBOOK, channel='limits = "1/1h"')
    await publish(world, made, *fresh(2))
    planned = await read_plan(made, world.now)
    assert [one["title"] for one in planned["deliveries"]] == ["Nouveau billet 1", "Nouveau billet 0"]
    assert planned["problems"] == []
    assert await states(made) == {}
    await world.run(made)
    assert (await states(made)).keys() == {"facebook: Nouveau billet 1", "facebook: Nouveau billet 0"}


async def test_a_dry_run_shows_at_once_whatever_the_limits(world: World) -> None:
    made = world.config(only=FACEBOOK, channel='dry_run = true\nlimits = "1/week"\nhours = "Mon 00:00-00:01"')
    await publish(world, made, *fresh(3))
    await world.run(made)
    assert len(world.happened(What.SHOWN)) == 3
    assert (await read_status(made))["limits"][0]["used"] == 0
