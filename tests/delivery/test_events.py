"""What is told of a delivery, wherever an outcome leads."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from crosspost.cli.printing import EventPrinter
from crosspost.delivery.events import tell_move
from crosspost.house import open_house
from crosspost.model import State
from crosspost.policy import Closed, Delivered, Failed, InDoubt, Outcome, Pending, Repeatable, SetAside
from crosspost.report import Event, What
from crosspost.store import deliveries
from tests.world import World, fresh, old

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOLD: Sequence[tuple[Outcome, What, bool]] = (
    (Delivered(url="https://there.example"), What.DELIVERED, False),
    (Pending(reason="no route", not_before=NOW), What.WAITS, False),
    (Repeatable(reason="the same key", not_before=NOW), What.WAITS, False),
    (Closed(reason="slow down", not_before=NOW), What.WAITS, False),
    (Closed(reason="who are you", not_before=NOW, needs_person=True), What.WAITS, True),
    (InDoubt(reason="no answer", not_before=NOW), What.UNCERTAIN, False),
    (InDoubt(reason="look there", not_before=NOW, needs_person=True), What.UNCERTAIN, True),
    (Failed(reason="too long"), What.FAILED, True),
    (SetAside(state=State.HELD, reason="too many at once"), What.HELD, True),
    (SetAside(state=State.HANDED, reason="post it by hand"), What.HANDED, True),
    (SetAside(state=State.SKIPPED, reason="too old"), What.SKIPPED, False),
    (SetAside(state=State.RETRACTED, reason="deleted there"), What.RETRACTED, False),
)


async def told(world: World, *outcomes: Outcome) -> list[Event]:
    """Tell of outcomes of the first delivery on record."""
    config = world.config(only=("facebook",))
    for published in (old(4), fresh(1)):
        world.blog.publish(*published)
        await world.run(config)
    events: list[Event] = []
    async with open_house(config, tell=events.append) as house:
        delivery = await house.database.read(deliveries.get, 1)
        assert delivery is not None
        for outcome in outcomes:
            await tell_move(house, delivery, outcome)
    return events


async def test_whatever_becomes_of_a_delivery_is_told_with_its_reason(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    events = await told(world, *(outcome for outcome, _, _ in TOLD))
    for event, (outcome, what, needs_person) in zip(events, TOLD, strict=True):
        says = outcome.url if isinstance(outcome, Delivered) else outcome.reason
        assert (event.what, event.needs_person) == (what, needs_person)
        assert event.text.endswith(f": {says}")
        EventPrinter(as_json=False, quiet=False)(event)
        assert event.text in capsys.readouterr().out


def test_there_is_something_to_tell_wherever_an_outcome_leads() -> None:
    assert {outcome.state for outcome, _, _ in TOLD} == set(State) - {State.SENDING}
