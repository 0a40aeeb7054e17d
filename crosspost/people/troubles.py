"""Put on record what fails that is no feed and no channel: the heartbeat, a service that tells, a clock."""

from crosspost.house import House
from crosspost.policy.outcome import FAILURES_TO_TELL
from crosspost.store import troubles


async def note_trouble(house: House, name: str, problem: str, *, at_once: bool = False) -> None:
    """Note that something failed once more, or, with no problem, that it works.

    It needs a person when it has failed some times in a row, or `at_once`.
    """
    known = await house.database.read(troubles.load)
    if not problem and name not in known:
        return  # as nearly always
    if problem and at_once and name in known and known[name].times >= FAILURES_TO_TELL:
        return  # on record, and told
    times = FAILURES_TO_TELL if at_once else 1
    await house.database.write(troubles.note, name, problem, now=house.now(), times=times)
