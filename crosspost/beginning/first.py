"""The first sight of a blog: what is there counts as known, and fills the signature."""

from collections.abc import Callable, Collection, Sequence

from crosspost.config import Config
from crosspost.engine import run_once
from crosspost.house import nobody


async def first_sight(
    config: Config, unconnected: Collection[str], *, told: Callable[[], object]
) -> Sequence[str]:
    """Run once, and return a sentence for each thing that needs a person.

    `unconnected`: the channels of which everybody knows that they are to be connected yet; `told`: as in
    `run_once`. If this process ends before, the next run does it.
    """
    needs = await run_once(config, nobody, told=told)
    return tuple(need.text for need in needs if need.channel not in unconnected)
