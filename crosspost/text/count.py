"""How long a text is, in the units most networks count; and how many things there are, in words."""

code_points = len


def graphemes(text: str) -> int:
    """Count what a reader sees as characters (UAX #29)."""
    import regex  # late: few networks count so

    return len(regex.findall(r"\X", text))


def counted(count: int, one: str, many: str = "") -> str:
    """Write how many things there are: `1 entry`, `1,200 entries`. `many`: where an s does not make it."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
