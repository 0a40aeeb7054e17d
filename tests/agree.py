"""Whether all who say that a person is needed say the same: held to each other wherever a test looks."""

from collections.abc import Callable, Sequence
from datetime import datetime

from crosspost.config import Config
from crosspost.house import House, open_house
from crosspost.people.beside import looks_of
from crosspost.people.needs import read_needs
from crosspost.policy import Need
from crosspost.store import notices
from crosspost.store.database import Tx
from crosspost.store.tables import idle
from crosspost.views.accounts import read_accounts
from crosspost.views.status import read_status

ACCOUNTS = ("account ", "channel ", "end of ", "secret ")
"""How the topics begin that are about accounts."""


async def agree(config: Config, clock: Callable[[], datetime], found: Sequence[Need]) -> None:
    """Hold `status`, `accounts`, what was printed, services and the next run to what a run has just found."""
    async with open_house(config, clock=clock) as house:
        needs = (await read_status(house)).needs
        assert [need.topic for need in needs] == [need.topic for need in found]
        concerned = {need.channel for need in needs if need.topic.startswith(ACCOUNTS)}
        for view in await read_accounts(house):
            assert view.needs_person == (view.channel in concerned), (view, needs)
        await house.read(_were_told, house, needs)
        assert not await house.read(falsely_quiet, config, house.now())


def _were_told(tx: Tx, house: House, needs: Sequence[Need]) -> None:
    ways = ("printed_at", "told_at") if house.config.notify.services else ("printed_at",)
    for how in ways:
        told = {topic: notice for topic, notice in notices.load(tx, how).items() if notice.told}  # type: ignore[arg-type]
        assert told.keys() == {need.topic for need in needs}, f"{how}: {needs}"
        assert not [need for need in needs if need.is_news(told[need.topic])], how


def falsely_quiet(tx: Tx, config: Config, now: datetime) -> Sequence[Need]:
    """Return what needs a person though the next run will find that nothing is due, and end with 0."""
    stands = (
        idle.c.digest == looks_of(config),
        idle.c.made <= now,
        (idle.c.until.is_(None)) | (idle.c.until > now),
    )
    quiet = tx.execute(idle.select().where(*stands)).first() is not None
    return read_needs(tx, config, now) if quiet else ()
