"""Compare what is on record with what the public sees, and count."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from crosspost.model import State
from crosspost.store import listing
from crosspost.store.database import Database, Tx
from crosspost.store.listing import Shown
from crosspost.store.tables import attempts
from tests.proof.torture.networks import Rough, links_of

_RECORD = re.compile(r"^(?=\d+ [\w.]+ )", re.MULTILINE)
_MOST_TOLD = 10
SIGNATURE_KEEPS = 20
"""How many entries the signature shows."""


@dataclass
class Tally:
    """What a run came to."""

    label: str
    seed: int
    kills: int = 0
    crashes: int = 0
    deliveries: int = 0
    lost: int = 0
    twice: int = 0
    waiting: int = 0
    """For a person, each with its reason."""
    seconds: float = 0
    away: int = 0
    """How often somebody was told that the database cannot be used."""
    faults: list[str] = field(default_factory=list)
    """Whatever else must not be."""
    stories: list[str] = field(default_factory=list)
    """The records behind what was lost, came twice or waits."""

    @property
    def good(self) -> bool:
        return not (self.lost or self.twice or self.faults)

    def __str__(self) -> str:
        counted = f"{self.lost} lost, {self.twice} twice, {self.waiting} waiting"
        return "\n".join(
            (
                f"{self.label}, seed {self.seed}: {counted}",
                *self.faults[:_MOST_TOLD],
                *self.stories[:_MOST_TOLD],
            )
        )


async def judge(
    tally: Tally,
    database: Database,
    networks: Mapping[str, Rough],
    links: Sequence[str],
    signature: Counter[str],
) -> None:
    """Count. `links`: of all entries, the newest first. `signature`: how often it shows which of them."""
    rows = await database.read(listing.newest, limit=1_000_000)
    tried = await database.read(_attempts)
    known = _by_account(rows)
    tally.deliveries = len(known)
    for channel, network in networks.items():
        shows = network.shows()
        for link in links:
            _judge_one(tally, f"{link} on {channel}", known.get((link, channel)), shows[link], tried)
        _judge_receipts(tally, network, [row for row in rows if account_of(row) == channel])
    for place, link in enumerate(links):
        shown = place < SIGNATURE_KEEPS
        tally.faults += [f"the signature shows {link} {signature[link]} times"] * (signature[link] != shown)
        _judge_one(tally, f"{link} in the signature", known.get((link, "signature")), 1, tried)


def account_of(row: Shown) -> str:
    """Return whose delivery it is: channels are renamed, and keep the beginning of their names."""
    return row.delivery.channel.partition("-")[0]


def _by_account(rows: Sequence[Shown]) -> Mapping[tuple[str, str], Shown]:
    """Return what became of each entry on each account: of twins, the one that went out."""
    known: dict[tuple[str, str], Shown] = {}
    for row in rows:
        pair = row.permalink, account_of(row)
        if pair not in known or row.delivery.state is State.DELIVERED:
            known[pair] = row
    return known


def _judge_one(
    tally: Tally, name: str, row: Shown | None, times: int, tried: Mapping[int, Sequence[str]]
) -> None:
    state = row.delivery.state if row else None
    waits = row is not None and state in (State.HELD, State.FAILED) and bool(row.delivery.reason)
    lost = not waits and (state is not State.DELIVERED or times == 0)
    tally.waiting += waits
    tally.lost += lost
    tally.twice += max(times - 1, 0)
    if waits or lost or times > 1:
        story = [f"{name}: seen {times} times", str(row.delivery) if row else "no delivery"]
        tally.stories.append("\n    ".join([*story, *(tried.get(row.delivery.id, []) if row else [])]))


def _judge_receipts(tally: Tally, network: Rough, rows: Sequence[Shown]) -> None:
    """See whether each receipt is of the post that it is taken for."""
    about = {post.id: links_of(post) for post in network.posts}
    for row in rows:
        if row.delivery.remote_id and row.permalink not in about.get(row.delivery.remote_id, ()):
            tally.faults.append(f"{row.permalink} has another post's receipt: {row.delivery}")


def judge_log(tally: Tally, text: str, *, may_be_away: bool) -> None:
    """Count how often the database was away, where it may be; everything else in the log is a fault."""
    for record in filter(None, _RECORD.split(text)):
        if may_be_away and "the database postgresql:" in record and "Traceback" not in record:
            tally.away += 1
        else:
            tally.faults.append(f"crosspost said: {record.strip()}")


def _attempts(tx: Tx) -> Mapping[int, list[str]]:
    """Return every attempt, by delivery."""
    found: dict[int, list[str]] = {}
    for row in tx.execute(sa.select(attempts).order_by(attempts.c.number)).mappings():
        found.setdefault(row["delivery_id"], []).append(
            f"attempt {row['number']} by {row['owner']}: {row['started']} to {row['ended']}, "
            f"{row['outcome']} {row['detail']}"
        )
    return found
