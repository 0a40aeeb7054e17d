"""How the program is called from here."""

import os
import shlex
import shutil
import sys


def program() -> str:
    """Return the word to type for the program: its name where that is enough, else as it was called."""
    called = sys.argv[0]
    if os.path.basename(called) != "crosspost" or os.sep not in called:
        return "crosspost"
    found = shutil.which("crosspost")
    return "crosspost" if found and os.path.realpath(found) == os.path.realpath(called) else shlex.quote(called)
