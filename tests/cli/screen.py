"""What is left on a terminal's screen when a program has ended: its bytes, played to an emulator."""

import pyte


def screen(said: str, columns: int, *, lines: int = 100) -> list[str]:
    """Return the lines that a person sees, without the blanks at their ends, the empty ones below left out."""
    emulated = pyte.Screen(columns, lines)
    pyte.Stream(emulated).feed(said)
    return "\n".join(line.rstrip() for line in emulated.display).rstrip().split("\n")
