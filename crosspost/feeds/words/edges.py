"""Where an article's words begin and end. A stub."""


def begins(text: str, title: str) -> bool:
    """Tell whether a first block is no beginning: a credit, or the title again."""
    return False


def ends(text: str) -> int:
    """Return where a tail begins in the text of a last block; its length if there is none."""
    return len(text)
