"""Say what needs a person once per change, and once that it is over: in what a run prints, and in the log.

What a run printed is on record, so that the next run does not say it again. It is printed before that is on
record: a crash between the two says it once more, and never swallows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crosspost.house import House
from crosspost.notify.duty import LEASE, on_duty
from crosspost.notify.on_record import note_needs
from crosspost.people.around import Around
from crosspost.people.needs import all_needs, read_needs
from crosspost.policy import Need, Notice, over, untold
from crosspost.report import Event, What
from crosspost.store import notices
from crosspost.store.database import Tx


async def say_news(house: House) -> Sequence[Need]:
    """Tell what is new since a run last told it, unless another run is just doing that; return all needs."""
    here = await house.wing(Around).needs()
    needs, news = await house.database.read(_news, house, here)
    if not news:
        return needs
    async with on_duty(house, "say", longest=LEASE) as duty:
        if duty is None:
            return needs
        needs, news = await house.database.write(_noted, house, here)
        for event in news:
            house.tell(event)
        await house.database.write(_said, house, needs)
    return needs


@dataclass(slots=True)
class Log:
    """What this process has said in its log."""

    house: House
    known: dict[str, Notice] = field(default_factory=dict)

    async def close(self) -> None:
        """Leave nothing behind: whoever starts next says everything anew."""


async def say_in_log(house: House) -> None:
    """Tell what is new since this process last told it."""
    needs, known = await all_needs(house), house.wing(Log).known
    for event in news_of(needs, known):
        house.tell(event)
    known.clear()
    known.update({n.topic: Notice(topic=n.topic, mark=n.mark, text=n.text, told=True) for n in needs})


def news_of(needs: Sequence[Need], known: Mapping[str, Notice]) -> Sequence[Event]:
    """Return what is to be said, by what was. Pure."""
    ended = over(needs, known)
    return [
        *map(_needed, untold(needs, known)),
        *(Event(what=What.OVER, subject="", text=_brief(notice.text)) for notice in ended),
        *(
            [Event(what=What.OVER, subject="", text="nothing needs you any more")]
            if ended and not needs
            else ()
        ),
    ]


def _needed(need: Need) -> Event:
    data = {"topic": need.topic, "channel": need.channel, "remedies": list(need.remedies)}
    return Event(what=What.NEEDED, subject="", text=need.text, data=data, needs_person=True)


def _brief(text: str) -> str:
    """Leave out what a person would do about it."""
    return text.partition("; ")[0].partition(": crosspost ")[0]


def _news(tx: Tx, house: House, here: Sequence[Need]) -> tuple[Sequence[Need], Sequence[Event]]:
    needs = read_needs(tx, house.config, house.now(), here)
    return needs, news_of(needs, notices.load(tx, "printed_at"))


def _noted(tx: Tx, house: House, here: Sequence[Need]) -> tuple[Sequence[Need], Sequence[Event]]:
    """Read again, since another run may have told it meanwhile, and put it on record as untold."""
    needs, news = _news(tx, house, here)
    note_needs(tx, needs, now=house.now(), told=bool(house.config.notify.services))
    return needs, news


def _said(tx: Tx, house: House, needs: Sequence[Need]) -> None:
    notices.heard(tx, "printed_at", needs, now=house.now())
    notices.heard_ends(tx, "printed_at")
    notices.clean(tx)
