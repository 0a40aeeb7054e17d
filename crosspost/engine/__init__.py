"""Wire the acts together: once, from cron, or for ever, as a daemon. Holds no SQL, no HTTP and no decision.

once        `run-once`: poll, take in, deliver what is due, return
quiet       the part of it that suffices when nothing is new
work        what needs the store; imported when there is something to do
signals     the word to stop, and to read the configuration anew
leash       what holds a run: its deadline, that word, and the grace after either
supervisor  systemd, or whoever else wants to hear how the daemon goes
daemon      `run`: the same acts on a schedule, until a signal; the only importer of APScheduler
"""

from crosspost.engine.once import run_once

__all__ = ["run_once"]
