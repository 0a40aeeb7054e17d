"""The command line: verbs, exit codes, `--json`. Each verb's module is imported when the verb is used.

Exit codes: 0 done, 1 something needs a person, 2 usage or configuration.
"""

import os
import sys
from importlib import import_module
from io import TextIOWrapper

import click

from crosspost import __version__
from crosspost.cli.ending import leave

# verb -> (module, its help); the modules cost imports that `crosspost --help` does not need.
VERBS: dict[str, tuple[str, str]] = {
    "init": ("begin", "Begin: find your blog's feed, ask a few things, and write the configuration."),
    "run": ("act", "Watch the feeds and deliver, until stopped."),
    "run-once": ("act", "Poll every feed, deliver what is due, and return: for cron."),
    "check": ("see", "Check the configuration; with --online, feeds and accounts too."),
    "preview": ("see", "Show what each channel would say about an entry, or the newest; send nothing."),
    "status": ("see", "Show feeds, channels, and what needs a person."),
    "deliveries": ("see", "List deliveries, the newest first."),
    "announce": ("announce", "Announce an entry, or any page, on chosen channels, inside all limits."),
    "approve": ("decide", "Let held deliveries go."),
    "skip": ("decide", "Let deliveries go unsent: held or failed ones, and by ID pending ones too."),
    "retry": (
        "decide",
        "Try failed deliveries again, by ID skipped or waiting ones too; or ask a feed now: retry feed NAME.",
    ),
    "resolve": ("decide", "Say what became of an uncertain delivery."),
    "plan": ("timebox", "Show what goes out when, why then, and what it costs; write and send nothing."),
    "spent": ("timebox", "Book the minutes that social media really took."),
    "assign": ("timebox", "Let somebody else own a channel, or give it back."),
    "reconcile": ("act", "Look up what is uncertain, now; send nothing."),
    "connect": ("accounts", "Connect an account to a channel, or connect it again."),
    "disconnect": ("accounts", "Give the right to act for an account back, and forget it."),
    "accounts": ("accounts", "Show whom each channel speaks for, until when, and how that is renewed."),
    "notify": ("notify", "Send a test message to everybody who is to be told, or the weekly digest now."),
    "secrets": ("accounts", "Change the key that credentials are kept under."),
    "adapters": (
        "see",
        "List the adapters and their settings; of one, by its name, what to know about its network.",
    ),
    "migrate": ("keep", "Create the database, or bring it up to date."),
    "backup": ("keep", "Copy the database, while it is in use."),
    "healthcheck": ("keep", "Tell whether the daemon is alive: exit code 0 or 1."),
    "version": ("about", "Show the version."),
}


class _Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        command: click.Command = import_module(f"crosspost.cli.{VERBS[name][0]}").COMMANDS[name]
        command.help = VERBS[name][1]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS:
            import difflib

            close = difflib.get_close_matches(args[0], VERBS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(VERBS)}"
            raise click.UsageError(f"there is no verb {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([(name, help_) for name, (_, help_) in VERBS.items()])


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="crosspost", message="%(prog)s %(version)s")
@click.option("--config", "-c", metavar="FILE", help="The configuration. Also after the verb.")
@click.pass_context
def cli(ctx: click.Context, config: str | None) -> None:
    """Announce each new entry of your blog on your channels: exactly once, and within your limits."""
    ctx.obj = config
    # no-color.org; a dumb terminal shows styles as letters. click asks neither.
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        ctx.color = False


def main() -> None:
    """Run the command line."""
    if os.name == "nt":
        where = "a Linux or macOS machine, in WSL or in a container"
        sys.exit(_say(f"crosspost needs a POSIX system, and Windows is none; run it on {where}", 2))
    from crosspost.errors import ConfigError, CrosspostError, StoreError, VaultError

    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # Closed by whoever started us; a database must not get its number.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - for good
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our letters is no reason to stop
    try:
        code = cli.main(prog_name="crosspost", standalone_mode=False)
    except (ConfigError, StoreError, VaultError) as error:
        code = _say(str(error), 2)
    except CrosspostError as error:
        code = _say(str(error), 1)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = error.exit_code
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx is not None else "crosspost"
        code = _say(f"{error.format_message().rstrip('.')} (see {path} --help)", error.exit_code)
    except click.Abort:
        code = 130
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        sys.stderr.close()
        code = 0
    leave(code if isinstance(code, int) else 0)


def _say(message: str, code: int) -> int:
    from crosspost.cli.terminal import wrapped

    for line in message.splitlines():
        click.echo(wrapped(f"crosspost: {line}", indent=2, err=True), err=True)
    return code
