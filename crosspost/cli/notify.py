"""The verb that tries out how people are told: `notify`."""

from collections.abc import Mapping

import click

from crosspost.cli.loop import run
from crosspost.cli.options import config_option, log_option
from crosspost.cli.terminal import say
from crosspost.config import Config
from crosspost.errors import ConfigError


@click.command("notify")
@config_option
@log_option
@click.option("--digest", is_flag=True, help="Mail how the last seven days were, now.")
@click.option("--print", "prints", is_flag=True, help="Print the message instead of sending it.")
@click.pass_context
def notify(ctx: click.Context, config: Config, log_format: str | None, digest: bool, prints: bool) -> None:
    from crosspost.cli import logs
    from crosspost.notify.trial import digest_now, send_message, trial

    logs.set_up(level=30, form=log_format, zone=config.timezone)
    if digest and config.notify.email is None and not prints:
        raise ConfigError(
            f"{config.path}: a digest goes by mail; add [notify.email], or see it with "
            "crosspost notify --digest --print"
        )
    if not config.notify.services and not prints:
        raise ConfigError(f"{config.path}: nobody is to be told yet; add [notify.email], or another service")
    message = run(digest_now(config)) if digest else trial()
    if prints:
        say(f"{message.title}\n\n{message.text}")
        return
    took = run(send_message(config, message))
    _show(took, "the digest" if digest else "a test message")
    ctx.exit(0 if all(took.values()) else 1)


def _show(took: Mapping[str, bool], what: str) -> None:
    for name, good in took.items():
        mark = click.style("✓", fg="green") if good else click.style("✗", fg="red")
        click.echo(f"{mark} {name}: {f'took {what}' if good else 'did not take it'}")


COMMANDS = {"notify": notify}
