"""Feeds as people name them on a command line: addresses, files, folders of files."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crosspost.config import Feed
from crosspost.config.units import is_address, local_path
from crosspost.errors import FeedError
from crosspost.feeds.address import without_user
from crosspost.redact import one_line, remember_address

STANDARD_INPUT = "-"
_ENDINGS = (".xml", ".rss", ".atom", ".rdf", ".json", ".feed")


def feeds_at(given: str) -> Mapping[str, Feed]:
    """Return the feed that somebody names, or those in a folder, by the names they are shown under.

    No user and no password is in a name. Raise `FeedError` if nothing that could be read is named.
    """
    if is_address(given):
        if urlsplit(given).password:
            remember_address(given)
        return {one_line(without_user(given)): Feed(url=given)}
    try:
        path = _path(given)
        files = _feeds_in(path) if path.is_dir() else [path]
        return {one_line(str(file)): Feed(url=str(file.absolute())) for file in files}
    except OSError as error:
        raise FeedError(f"it cannot be read: {error.strerror}") from error
    except ValueError as error:  # also pydantic's, of a name that is no text
        says = "its name is not text" if isinstance(error, UnicodeError) else str(error)
        raise FeedError(f"it cannot be read: {says}") from error


def shown_name(given: str) -> str:
    """Return how what could not be taken for a feed is shown."""
    return one_line(without_user(given)) or "this address"


def _path(given: str) -> Path:
    if urlsplit(given).scheme == "file":
        parts = urlsplit(given)
        if parts.netloc not in ("", "localhost"):
            raise FeedError(f"it lies on another machine, {parts.netloc}; only files of this one are read")
        return local_path(unquote(parts.path))
    if "://" in given:
        raise FeedError("it is neither an http or https address nor a file")
    return local_path(given)


def _feeds_in(folder: Path) -> list[Path]:
    """Find the files that are named like feeds, packed or not."""
    named = [file for file in sorted(folder.iterdir()) if file.name.removesuffix(".gz").endswith(_ENDINGS)]
    if not named:
        raise FeedError(f"no file in this folder is named like a feed ({', '.join(_ENDINGS)}); name the file")
    return named
