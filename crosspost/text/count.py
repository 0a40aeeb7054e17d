"""How long a text is, in the units most networks count."""

code_points = len


def graphemes(text: str) -> int:
    """Count what a reader sees as characters (UAX #29)."""
    import regex  # late: few networks count so

    return len(regex.findall(r"\X", text))
