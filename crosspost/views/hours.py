"""When channels post, as their hours were understood, in a few words."""

from collections.abc import Iterable, Sequence

from crosspost.config import Channel, Config
from crosspost.policy import Rules


def posting_times(config: Config, channel: Channel, rules: Rules) -> str:
    """Say when a channel posts: `posts Mon-Fri 08:00-10:00`, `rests 22:00-07:00 (…)`; "" for any time."""
    says = f"posts {rules.hours}" if rules.hours else ""
    if rules.rests:
        says = 'rests 22:00-07:00 (hours = "any" ends it)'
    if channel.quiet and not channel.dry_run:
        says += f"{', ' if says else ''}not on {', '.join(map(str, channel.quiet))}"
    # Whoever forgot to say where they live reads it here.
    told = rules.far or str(config.timezone) == "UTC"
    return f"{says}, by the clocks of {rules.zone}" if says and told else says


def all_posting_times(config: Config, every: Iterable[Rules]) -> Sequence[str]:
    """Say when channels post: one sentence for all of which the same is true."""
    alike: dict[str, list[str]] = {}
    for rules in every:
        alike.setdefault(posting_times(config, config.channels[rules.channel], rules), []).append(rules.channel)
    return [f"{', '.join(names)}: {says}" for says, names in alike.items() if says]
