"""Whose turn it is: what waits on all channels, in order, against the room there is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crosspost.policy.ledger import Booking, Ledger
from crosspost.policy.rules import Rules
from crosspost.policy.timing import Go, Never, Verdict, Wait, Waiting, may_go

A_MOMENT = timedelta(minutes=1)
"""How soon it is asked again whether there is room left, where another goes first."""

_DOES_NOT_FIT = "does not fit: "

Judged = tuple[Waiting, Verdict]


@dataclass(slots=True, kw_only=True)
class Line:
    """What waits on one channel.

    `waiting`: what is due, in order; the first ones at least. `queued`: how many are due in all. `last_posts`:
    whether each of the channel's latest was promotional, the newest first. `taken`: what somebody else is about
    to send there.
    """

    rules: Rules
    waiting: list[Waiting]
    queued: int = 0
    last_posts: list[bool] = field(default_factory=list)
    taken: Sequence[Booking] = ()

    def __post_init__(self) -> None:
        self.waiting.sort(key=_order)
        self.queued = max(self.queued, len(self.waiting))


def _order(waiting: Waiting) -> tuple[bool, int, int]:
    """Order by priority, then by age: ids are given in order of publication. What fills is first."""
    return not waiting.fills, -waiting.priority, waiting.id


def judge_all(lines: Iterable[Line], ledger: Ledger, now: datetime) -> list[Judged]:
    """Decide on what is due now: whose turn comes first gets the room first, and it is gone for the others.

    On a channel, what waits for room or for the hours is not overtaken; only what waits for others to go out
    lets them pass.
    """
    with ledger.supposing(booking for line in lines for booking in line.taken):
        return _judge_all(
            [replace(line, waiting=[*line.waiting], last_posts=[*line.last_posts]) for line in lines],
            ledger,
            now,
        )


def judge_channel(channel: str, lines: Sequence[Line], ledger: Ledger, now: datetime) -> list[Judged]:
    """Return the verdicts on one channel, up to the first delivery that goes or waits for room.

    Those that go first may never come to it: their network may be closed. So a delivery that waits for them is
    judged again as if they were not there, and is not let go because of them.
    """
    judged: list[Judged] = []
    for waiting, verdict in judge_all(lines, ledger, now):
        if waiting.channel != channel:
            continue
        if not isinstance(verdict, Go):
            line = next(line for line in lines if line.rules.channel == channel)
            alone = may_go(waiting, line.rules, ledger, now=now, last_posts=line.last_posts, queued=line.queued)
            if isinstance(alone, Go):
                reason = verdict.reason.removeprefix(_DOES_NOT_FIT)
                verdict = Wait(until=now + A_MOMENT, reason=f"another entry goes first: {reason}")
            elif isinstance(verdict, Wait) and isinstance(alone, Wait) and verdict.until and alone.until:
                verdict = replace(verdict, until=min(verdict.until, alone.until))
        judged.append((waiting, verdict))
        if isinstance(verdict, Go):
            break
    return judged


def _judge_all(lines: Sequence[Line], ledger: Ledger, now: datetime) -> list[Judged]:
    judged: list[Judged] = []
    while open_lines := [line for line in lines if line.waiting]:
        line = min(open_lines, key=lambda line: _order(line.waiting[0]))
        waiting = line.waiting.pop(0)
        verdict = may_go(waiting, line.rules, ledger, now=now, last_posts=line.last_posts, queued=line.queued)
        match verdict:
            case Go():
                ledger.suppose(line.rules.booking(now, waiting.cost))
                line.last_posts.insert(0, waiting.promotional)
                line.queued -= 1
            case Wait(full=True) if line.rules.overflow == "skip" and waiting.expires is not None:
                verdict = Never(reason=f"{_DOES_NOT_FIT}{verdict.reason}")
            case Wait(full=True) if line.rules.overflow == "newest":
                judged += _all_but_newest([waiting, *line.waiting], verdict)
                line.waiting.clear()
                continue
            case Wait(until=datetime()):
                line.waiting.clear()
            case Wait() | Never():
                pass
        judged.append((waiting, verdict))
    return judged


def _all_but_newest(queue: Sequence[Waiting], wait: Wait) -> list[Judged]:
    """Let go what does not fit, but for the newest, and for what a person wanted to go."""
    newest = max(queue, key=lambda waiting: waiting.id)
    gone = Never(reason=f"{_DOES_NOT_FIT}{wait.reason}, and a newer one waits")
    return [(waiting, wait if waiting is newest or waiting.expires is None else gone) for waiting in queue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """When a delivery goes, by all that is known now; None: not in sight. `skipped`: it never does."""

    waiting: Waiting
    at: datetime | None
    reason: str = ""
    skipped: bool = False


def schedule(lines: Sequence[Line], ledger: Ledger, now: datetime, until: datetime) -> list[Planned]:
    """Say when everything that waits will go, if nothing is added. Lines also hold what is not yet due."""
    left = {line.rules.channel: list(line.waiting) for line in lines}
    before = {line.rules.channel: list(line.last_posts) for line in lines}
    reasons: dict[int, str] = {}
    planned: list[Planned] = []
    when = now
    with ledger.supposing(booking for line in lines for booking in line.taken):
        while when <= until and any(left.values()):
            due = [
                Line(
                    rules=line.rules,
                    waiting=[waiting for waiting in left[line.rules.channel] if waiting.not_before <= when],
                    last_posts=before[line.rules.channel],
                )
                for line in lines
            ]
            rest = [waiting for queue in left.values() for waiting in queue]
            moments = [waiting.not_before for waiting in rest if waiting.not_before > when]
            moments += [
                waiting.expires for waiting in rest if waiting.expires is not None and waiting.expires > when
            ]
            judged = judge_all(due, ledger, when)
            settled = {waiting.id for waiting, _ in judged}
            for waiting, verdict in judged:
                match verdict:
                    case Go():
                        rules = next(line.rules for line in lines if line.rules.channel == waiting.channel)
                        ledger.suppose(rules.booking(when, waiting.cost))
                        before[waiting.channel].insert(0, waiting.promotional)
                        reason = reasons.get(waiting.id, waiting.reason)
                        planned.append(Planned(waiting=waiting, at=when, reason=reason))
                    case Never(reason=reason):
                        if waiting.id in reasons:
                            reason = f"{reasons[waiting.id]}; until it is {reason}"
                        planned.append(Planned(waiting=waiting, at=None, reason=reason, skipped=True))
                    case Wait(until=next_moment, reason=reason):
                        reasons[waiting.id] = reason
                        if next_moment is not None:  # what stands behind it waits for the same
                            line = next(line for line in due if line.rules.channel == waiting.channel)
                            reasons |= {one.id: reason for one in line.waiting if one.id not in settled}
                            moments.append(next_moment)
                        continue
                left[waiting.channel].remove(waiting)
            if not moments:
                break
            when = min(moments)
    for queue in left.values():
        planned += [
            Planned(waiting=waiting, at=None, reason=reasons.get(waiting.id, waiting.reason))
            for waiting in queue
        ]
    return planned
