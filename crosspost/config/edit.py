"""Write a channel into the configuration; comments, order and everything else stay as they were."""

import copy
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from crosspost import files
from crosspost.config.load import problems_of
from crosspost.errors import ConfigError


def missing(table: Mapping[str, Any] | None, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return what the channel's table lacks. A table's own words win."""
    return {key: value for key, value in wanted.items() if key not in (table or {})}


def snippet(name: str, keys: Mapping[str, str], *, new: bool) -> str:
    """Return the lines to write, for whoever writes them by hand."""
    import tomlkit

    table = tomlkit.table()
    table.update(keys)
    head = f"[channels.{tomlkit.key([name]).as_string()}]\n" if new else ""
    return head + table.as_string().strip()


def add(path: Path, name: str, keys: Mapping[str, str], *, without: Iterable[str] = ()) -> None:
    """Give the channel's table these keys, and make the table if there is none. `without`: keys to take out.

    Raise `ConfigError` if that cannot be done; the file is then as it was.
    """
    import tomlkit  # late: only connecting writes the file
    from tomlkit.exceptions import TOMLKitError

    place = path.resolve()  # what a link points to is replaced, not the link
    before = place.read_bytes().decode("utf-8-sig")
    document = tomlkit.parse(before)
    try:
        channels = document.setdefault("channels", tomlkit.table(is_super_table=True))
        if name not in channels:
            channels[name] = tomlkit.table()
        _update(channels[name], keys)
        for key in without:
            del channels[name][key]
        after = tomlkit.dumps(document)
    except (TOMLKitError, TypeError, AttributeError, KeyError) as error:
        raise ConfigError(f"{path} could not be written to: {error}") from error
    expected = copy.deepcopy(tomllib.loads(before))
    table = expected.setdefault("channels", {}).setdefault(name, {})
    table.update(keys)
    for key in without:
        del table[key]
    if tomllib.loads(after) != expected:
        raise ConfigError(f"{path} is written in a way that could not be kept; nothing was changed")
    _replace(place, after)


def _update(table: Any, keys: Mapping[str, str]) -> None:
    """Set keys, new ones after the table's last: a comment behind that may be about what comes next."""
    from tomlkit.items import Table, item

    new = [key for key in keys if key not in table]
    table.update({key: value for key, value in keys.items() if key not in new})
    last = next((key for key, value in reversed(list(table.items())) if not isinstance(value, dict)), None)
    for key in new:
        if last is None or not isinstance(table, Table):
            table[key] = keys[key]
        else:
            # The library offers no way to write between what is there but this (0.13 to 0.15, read 2026-11).
            table.value._insert_after(last, key, item(keys[key]))
            last = key


def _replace(path: Path, text: str) -> None:
    """Write the new text beside the file, see that nothing more is wrong in it, and put it in the file's place.

    What was wrong before, as in another channel's table, is no hindrance.
    """
    try:
        with files.beside(path, text.encode()) as draft:
            if worse := problems_of(draft) - problems_of(path):
                raise ConfigError("\n".join(f"{path}: {says}" for says in sorted(worse)))
            files.put(draft, path)
    except OSError as error:
        raise ConfigError(f"{path} could not be written to: {error.strerror}") from error
