"""What came of a person's word that an entry be announced: on which channel, when, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosspost.delivery.learning import remember_learnt
from crosspost.house import House, host
from crosspost.model import State
from crosspost.people.announce import Announced, OnChannel
from crosspost.people.needs import all_needs
from crosspost.policy import Need
from crosspost.policy.asked import Step
from crosspost.policy.pulse import judge_pulse
from crosspost.store import channels
from crosspost.text import local_time
from crosspost.views.plan import PlannedView, read_queue

_STOP_A_CHANNEL = ("account ", "channel ", "secret ")
"""How the topics of needs begin for which a channel sends nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAnswer:
    """What happens on one channel. `at`: when it goes, in the configured zone; None: at no moment in sight.

    `done`: a `policy.asked.Step`; `text`: a sentence for people.
    """

    channel: str
    done: str
    delivery: int | None
    state: State | None
    at: datetime | None
    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedView:
    """An entry that was asked for. `what_next`: the command that lets it go; "" if a daemon does that."""

    entry_id: int
    title: str
    permalink: str
    channels: Sequence[ChannelAnswer]
    what_next: str


async def read_announced(house: House, announced: Announced) -> AnnouncedView:
    """Say when each channel announces it, by what is on record and without asking the feeds."""
    await remember_learnt(house)
    queue = await read_queue(house)
    planned = {view.id: view for view in queue.deliveries} if queue is not None else {}
    alive = judge_pulse(await house.read(channels.signs, host()) or (), house.now()).alive
    needs = {need.channel: need for need in await all_needs(house) if need.topic.startswith(_STOP_A_CHANNEL)}
    go = [each.channel.name for each in announced.channels if each.answer.step is not Step.LEAVE]
    what_next = "" if alive or not go else "crosspost run-once"
    if go and all(name in needs for name in go):
        what_next = next((remedy for name in go for remedy in needs[name].remedies), what_next)
    return AnnouncedView(
        entry_id=announced.entry_id,
        title=announced.entry.title or announced.entry.permalink,
        permalink=announced.entry.permalink,
        channels=[
            _answer(house, each, planned, needs.get(each.channel.name), alive=alive)
            for each in announced.channels
        ],
        what_next=what_next,
    )


def _answer(
    house: House, on: OnChannel, planned: Mapping[int, PlannedView], need: Need | None, *, alive: bool
) -> ChannelAnswer:
    delivery, stops = on.delivery, need is not None and on.answer.step is not Step.LEAVE
    plan = planned.get(delivery.id) if delivery is not None else None
    text = on.answer.says
    if need is not None and stops:
        text = f"waits: {need.text}"
    elif on.answer.step is not Step.LEAVE:
        text = "; ".join(filter(None, (_when(house, on, plan, alive=alive), _look(on))))
    return ChannelAnswer(
        channel=on.channel.name,
        done=on.answer.step,
        delivery=delivery.id if delivery else None,
        state=delivery.state if delivery else None,
        at=plan.at if plan is not None and not stops else None,
        text=text,
        url=delivery.url if delivery else "",
    )


def _when(house: House, on: OnChannel, plan: PlannedView | None, *, alive: bool) -> str:
    """Say when it goes, and what it waits for until then."""
    if plan is None:
        return "waits"
    if plan.at is None:
        return f"not in sight: {plan.reason}"
    verb = "is shown, not sent (dry run)," if on.channel.dry_run else "goes out"
    if plan.at <= house.now():
        return f"{verb} within a minute" if alive else f"{verb} at the next run"
    because = f": {plan.reason}" if plan.reason else ""
    return f"{verb} {local_time(plan.at, plan.at.tzinfo)}{because}"


def _look(on: OnChannel) -> str:
    """Say whether it is looked for first: somebody may have posted it by hand."""
    channel = on.channel
    if channel.dry_run or channel.capabilities.knows_entries:
        return ""
    if channel.looks:
        return "looked for there first"
    return "crosspost cannot look whether it is there already: skip it if it is"
