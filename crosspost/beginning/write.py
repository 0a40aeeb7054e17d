"""Put a first configuration where no file is, or say why that cannot be."""

import os
from collections.abc import Sequence
from pathlib import Path

from crosspost import files
from crosspost.beginning.compose import Answers, compose
from crosspost.config import Config, find, load
from crosspost.config.load import none
from crosspost.errors import ConfigError

SECRET = "secrets/feed"  # noqa: S105 - where one is kept
DATABASE = "crosspost.db"


def refuse_taken(path: Path) -> None:
    """Raise `ConfigError` if there is something at this path, also a link that leads nowhere."""
    if os.path.lexists(path):
        raise ConfigError(
            f"{path} is there already, and is not written over; edit it, or name another with --config FILE"
        )


def refuse_unwritable(path: Path) -> None:
    """Raise `ConfigError` if no file can be made at this path: tried where its folder is, or is to be."""
    folder = path.parent
    try:
        folder = next(place for place in (folder, *folder.parents) if place.exists())
        probe = folder / f".{path.name}.{os.getpid()}.try"
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        probe.unlink()
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {folder}: {error.strerror}; make it writable, or name another place"
        ) from error


def left_from_before(path: Path) -> Path | None:
    """Return the database that a new configuration would go on with, since it lies there; None if none does."""
    database = path.parent / DATABASE
    return database if os.path.lexists(database) else None


def write(path: Path, answers: Answers) -> Config:
    """Write the configuration, durably, and return it as it loads.

    An address that is a secret goes into a file of its own before. Raise `ConfigError`, and there is no
    configuration then, or another program's.
    """
    text = compose(answers)
    try:
        files.make_folder(path.parent)
        if answers.feed_file:
            _write_secret(path.parent / answers.feed_file, answers.feed)
        with files.beside(path, text.encode()) as draft:
            try:
                load(draft, needs=none)
            except ConfigError as error:
                raise ConfigError(str(error).replace(str(draft), str(path))) from error
            files.put_new(draft, path)
    except FileExistsError:
        refuse_taken(path)
        raise
    except UnicodeEncodeError as error:
        raise ConfigError(f"{path} could not be written: a path in it is no text; name another one") from error
    except OSError as error:
        raise ConfigError(f"{path} could not be written: {error.strerror}") from error
    return load(path)


def _write_secret(path: Path, secret: str) -> None:
    """Write a secret that only its owner can read; one that is there already is kept if it is the same."""
    content = f"{secret}\n".encode()
    files.make_folder(path.parent, mode=0o700)
    try:
        with files.beside(path, content, mode=0o600) as draft:
            files.put_new(draft, path)
    except FileExistsError as error:
        if path.read_bytes() != content:
            raise ConfigError(
                f"{path} is there already, with another address in it; move it away, and begin again"
            ) from error


def relative_to(folder: Path, path: str) -> str:
    """Return a path as a configuration in this folder names it: relative in it, else absolute; `~` stays."""
    if path.startswith("~"):
        return path
    whole = Path(os.path.abspath(path))
    return str(whole.relative_to(folder)) if whole.is_relative_to(folder) else str(whole)


def signature_files(config: Config) -> Sequence[Path]:
    """Return the files of the signatures in a configuration, whether they are there or not."""
    owned = (channel.adapter_class.owns(channel.settings) for channel in config.channels.values())
    return sorted({Path(path) for paths in owned for path in paths if path.endswith((".txt", ".html"))})


def is_usual(path: Path) -> bool:
    """Tell whether a configuration at this path is found without being named."""
    try:
        return find(None) == path
    except ConfigError:
        return False
