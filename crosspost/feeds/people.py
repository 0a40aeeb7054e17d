"""Whoever wrote an entry, as names: nobody put their mail address into a feed to see it on a network. Pure."""

from email.utils import parseaddr


def names(authors: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of authors as feeds write them: `Zoé`, or `zoe@blog.example (Zoé)`."""
    return tuple(filter(None, (_name(author) for author in authors)))


def _name(written: str) -> str:
    name = parseaddr(written)[0].strip() if "@" in written else written
    return "" if "@" in name else name
