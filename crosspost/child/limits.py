"""What a child takes from itself before it looks at what a stranger made."""

import contextlib
import math
import resource
from pathlib import Path


def limit(seconds: float, memory: int) -> None:
    """Bound this process: processor time, bytes of address space, no core dump.

    Not every system knows every bound. Where memory ends though, the system ends this process before others.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    wanted = {
        "RLIMIT_CPU": max(1, math.ceil(seconds)),
        "RLIMIT_AS": memory,
        "RLIMIT_CORE": 0,
    }
    for name, most in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (bound, hard))
        except (ValueError, OSError):
            continue
