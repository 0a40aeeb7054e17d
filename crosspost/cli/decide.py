"""The verbs by which a person decides about deliveries."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import click

from crosspost.cli.options import config_option
from crosspost.config import Config
from crosspost.errors import ConfigError
from crosspost.model import Delivery, State


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """Which deliveries a person named."""

    ids: Sequence[int]
    states: Collection[State]
    channel: str | None = None
    feed: str | None = None


async def _decide(config: Config, chosen: _Chosen, to: State, reason: str, *, url: str = "") -> int:
    """Move the chosen deliveries, all or none; return how many. Raise `ConfigError` for one that cannot."""
    from crosspost.http import utc_now  # late: `--help` of these verbs needs none of it
    from crosspost.policy import Outcome
    from crosspost.store import deliveries, views
    from crosspost.store.database import Database

    database, now = Database(config.database), utc_now()
    try:
        await database.migrate()
        async with database.write() as tx:
            if chosen.ids:
                found = [await _one(tx, delivery_id, chosen.states) for delivery_id in chosen.ids]
            else:
                shown = await views.listing(
                    tx, states=chosen.states, channel=chosen.channel, feed=chosen.feed, limit=1_000_000
                )
                found = [one.delivery for one in shown]
            outcome = Outcome(state=to, reason=reason, not_before=now, url=url)
            return sum([await deliveries.move(tx, delivery, outcome, now=now) for delivery in found])
    finally:
        await database.close()


async def _one(tx: Any, delivery_id: int, allowed: Collection[State]) -> Delivery:
    from crosspost.store import deliveries

    found = await deliveries.get(tx, delivery_id)
    if found is None:
        raise ConfigError(f"there is no delivery {delivery_id}; `crosspost deliveries` lists them")
    if found.state not in allowed:
        hint = (
            "; the network may have it: look, then "
            f"crosspost resolve {delivery_id} --delivered URL, or --absent"
            if found.state is State.UNCERTAIN
            else ""
        )
        raise ConfigError(
            f"delivery {delivery_id} is {found.state}; this is for those that are "
            f"{' or '.join(sorted(allowed))}{hint}"
        )
    return found


def _verb(
    name: str,
    *,
    by_id: Collection[State],
    in_bulk: Collection[State],
    to: State,
    reason: str,
    said: str,
) -> click.Command:
    """Make a verb that moves the named deliveries. What it may move in bulk can be narrower."""

    @click.command(name)
    @config_option
    @click.argument("ids", nargs=-1, type=int, metavar="[ID]...")
    @click.option("--all", "everything", is_flag=True, help="All that can be.")
    @click.option("--channel", metavar="NAME", help="Those of one channel.")
    @click.option("--feed", metavar="NAME", help="Those of one feed.")
    def verb(config: Config, ids: tuple[int, ...], everything: bool, channel: str, feed: str) -> None:
        if not (ids or everything or channel or feed):
            raise click.UsageError("name the deliveries: ID..., --channel NAME, --feed NAME or --all")
        chosen = _Chosen(ids=ids, states=by_id if ids else in_bulk, channel=channel, feed=feed)
        count = asyncio.run(_decide(config, chosen, to, reason))
        click.echo(f"{count} {'delivery' if count == 1 else 'deliveries'} {said}")

    return verb


approve = _verb(
    "approve",
    by_id={State.HELD},
    in_bulk={State.HELD},
    to=State.PENDING,
    reason="approved",
    said="approved; the next run sends them",
)
skip = _verb(
    "skip",
    by_id={State.HELD, State.FAILED, State.PENDING},
    in_bulk={State.HELD, State.FAILED},  # nobody should empty the queue by a slip
    to=State.SKIPPED,
    reason="skipped by hand",
    said="skipped",
)
retry = _verb(
    "retry",
    by_id={State.FAILED, State.SKIPPED},
    in_bulk={State.FAILED},  # what was skipped was skipped for a reason
    to=State.PENDING,
    reason="retried by hand",
    said="to be tried again; the next run sends them",
)


@click.command("resolve")
@config_option
@click.argument("delivery_id", type=int, metavar="ID")
@click.option("--delivered", "url", metavar="URL", help="It is there, at this address.")
@click.option("--absent", is_flag=True, help="It is not there: send it again.")
def resolve(config: Config, delivery_id: int, url: str | None, absent: bool) -> None:
    if bool(url) == absent:
        raise click.UsageError("say either --delivered URL or --absent")
    to, reason = (State.DELIVERED, "seen by a person") if url else (State.PENDING, "absent, says a person")
    chosen = _Chosen(ids=(delivery_id,), states={State.UNCERTAIN})
    asyncio.run(_decide(config, chosen, to, reason, url=url or ""))
    click.echo(f"delivery {delivery_id} is {to}")


COMMANDS = {"approve": approve, "skip": skip, "retry": retry, "resolve": resolve}
