"""What a child takes from itself before it looks at what a stranger made."""

import contextlib
import math
import resource
import signal
from pathlib import Path


def limit(seconds: float, memory: int) -> None:
    """Bound this process: processor time, bytes of address space, no core dump.

    `seconds`: whole ones are counted, one at least; past them SIGXCPU ends the process, then SIGKILL.
    Not every system knows every bound. Where memory ends though, the system ends this process before others.
    """
    # Whoever started the program may have it ignored, which children inherit.
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGXCPU})
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    whole = max(1, math.ceil(seconds))
    _bound("RLIMIT_CPU", whole, whole + 1)
    _bound("RLIMIT_AS", memory)
    _bound("RLIMIT_CORE", 0)


def _bound(name: str, soft: int, hard: int | None = None) -> None:
    """Set one bound, as far as the one that we were started with allows. `hard`: None to leave it as it is."""
    kind = getattr(resource, name, None)
    if kind is None:
        return
    _, most = resource.getrlimit(kind)
    if most != resource.RLIM_INFINITY:
        # Where both were one, the harder signal would come, and say nothing.
        soft = min(soft, most if hard is None else max(1, most - 1))
        hard = most if hard is None else min(hard, most)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (soft, most if hard is None else hard))
