"""The verbs by which a person decides about deliveries."""

from collections.abc import Callable, Collection
from typing import Any, Literal

import click

from crosspost.cli.options import as_option, config_without_secrets
from crosspost.cli.terminal import say
from crosspost.config import Config
from crosspost.model import State
from crosspost.text import counted


class _Id(click.IntRange):
    """The number of a delivery."""

    name = "number"

    def __init__(self) -> None:
        super().__init__(1, 2**63 - 1)  # what the database can hold


_ID = _Id()


def _verb(
    name: str,
    *,
    by_id: Collection[State],
    in_bulk: Collection[State],
    to: Literal[State.PENDING, State.SKIPPED],
    reason: str,
    said: Callable[[int], str],
    kind: type[click.Command] = click.Command,
) -> click.Command:
    """Make a verb that moves the named deliveries. What it may move in bulk can be narrower."""

    @click.command(name, cls=kind)
    @config_without_secrets
    @as_option
    @click.argument("ids", nargs=-1, type=_ID, metavar="[ID]...")
    @click.option("--all", "everything", is_flag=True, help="All that can be.")
    @click.option("--channel", metavar="NAME", help="Those of one channel.")
    @click.option("--feed", metavar="NAME", help="Those of one feed.")
    def verb(
        config: Config, made_by: str, ids: tuple[int, ...], everything: bool, channel: str, feed: str
    ) -> None:
        if not (ids or everything or channel or feed):
            raise click.UsageError("name the deliveries: ID..., --channel NAME, --feed NAME or --all")
        from crosspost.cli.opened import in_house  # late: `--help` needs no database
        from crosspost.people.decisions import Chosen, Decision, decide

        chosen = Chosen(ids=ids, states=by_id if ids else in_bulk, channel=channel, feed=feed)
        decision = Decision(verb=name, made_by=made_by, to=to, reason=reason)
        count = in_house(config, lambda house: decide(house, chosen, decision))
        states = ", ".join(sorted(in_bulk))
        done = f"{counted(count, 'delivery', 'deliveries')} {said(count)}"
        say(done if count else f"nothing to {name}: no delivery there is {states}; see crosspost deliveries")

    return verb


class _Retry(click.Command):
    """Retry deliveries, or hand `retry feed NAME` to the command that asks a feed."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args[:1] == ["feed"]:
            from crosspost.cli.act import retry_feed

            return retry_feed.make_context(f"{info_name} feed", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


approve = _verb(
    "approve",
    by_id={State.HELD},
    in_bulk={State.HELD},
    to=State.PENDING,
    reason="approved",
    said=lambda count: (
        f"approved; {'it goes' if count == 1 else 'they go'} out when limits, hours and dates allow"
    ),
)
skip = _verb(
    "skip",
    by_id={State.HELD, State.FAILED, State.PENDING, State.HANDED},
    in_bulk={State.HELD, State.FAILED, State.HANDED},  # nobody should empty the queue by a slip
    to=State.SKIPPED,
    reason="skipped",
    said=lambda _count: "skipped",
)
retry = _verb(
    "retry",
    by_id={State.FAILED, State.SKIPPED, State.PENDING},
    in_bulk={State.FAILED},  # what was skipped was skipped for a reason
    to=State.PENDING,
    reason="retried",
    said=lambda _count: "to be tried again, when limits and hours allow",
    kind=_Retry,
)


@click.command("resolve")
@config_without_secrets
@as_option
@click.argument("delivery_id", type=_ID, metavar="ID")
@click.option("--delivered", "url", metavar="URL", help="It is there, at this address.")
@click.option("--absent", is_flag=True, help="It is not there: send it again.")
def resolve(config: Config, made_by: str, delivery_id: int, url: str | None, absent: bool) -> None:
    if bool(url) == absent:
        raise click.UsageError("say either --delivered URL or --absent")
    to: Literal[State.DELIVERED, State.PENDING] = State.DELIVERED if url else State.PENDING
    reason = "seen" if url else "not there, said"
    from crosspost.cli.opened import in_house
    from crosspost.people.decisions import Chosen, Decision, decide

    chosen = Chosen(ids=(delivery_id,), states={State.UNCERTAIN})
    decision = Decision(verb="resolve", made_by=made_by, to=to, reason=reason, url=url or "")
    in_house(config, lambda house: decide(house, chosen, decision))
    click.echo(f"delivery {delivery_id} is {to}")


COMMANDS = {"approve": approve, "skip": skip, "retry": retry, "resolve": resolve}
