"""What became of a delivery, told in the same shape by whoever found it out."""

from crosspost.house import House
from crosspost.model import NEEDS_A_PERSON, Delivery, State
from crosspost.policy import Closed, Delivered, InDoubt, Outcome
from crosspost.report import Event, What
from crosspost.store import entries

_EVENTS = {
    State.DELIVERED: What.DELIVERED,
    State.PENDING: What.WAITS,
    State.HELD: What.HELD,
    State.HANDED: What.HANDED,
    State.FAILED: What.FAILED,
    State.UNCERTAIN: What.UNCERTAIN,
    State.SKIPPED: What.SKIPPED,
    State.RETRACTED: What.RETRACTED,
}


async def tell_move(house: House, delivery: Delivery, outcome: Outcome, note: str = "") -> None:
    """Tell of one move. `note`: what a person should know though it went out."""
    entry, _ = await house.database.read(entries.get, delivery.entry_id)
    title = entry.title or entry.permalink
    rest, remark, remote_id, url = outcome.reason, note, "", ""
    needs_person = outcome.state in NEEDS_A_PERSON
    match outcome:
        case Delivered(remote_id=remote_id, url=url):
            rest, remark = url, note or outcome.reason
        case Closed() | InDoubt():
            needs_person = outcome.needs_person
    data = {"id": delivery.id, "state": outcome.state, "reason": outcome.reason, "note": note}
    data |= {"title": title, "permalink": entry.permalink, "url": url, "remote_id": remote_id}
    text = f"{title}: {rest}" + (f" ({remark})" if remark else "")
    house.tell(
        Event(
            what=_EVENTS[outcome.state],
            subject=delivery.channel,
            text=text,
            data=data,
            needs_person=needs_person,
        )
    )
