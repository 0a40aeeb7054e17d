"""Values that come from the environment or from a file, so that none stands in the configuration."""

import os
import re
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from crosspost.config.units import local_path
from crosspost.redact import CONFIGURATION, remember

PLACEHOLDER = "dry-run"
_LARGEST = 100_000
_HOW = '{ env = "NAME" } or { file = "/run/secrets/NAME" }'


def is_secret(field: FieldInfo) -> bool:
    """Tell whether a settings field holds a secret."""
    annotation = field.annotation
    return annotation is SecretStr or SecretStr in get_args(annotation)


def is_reference(value: object) -> bool:
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in ("env", "file")


def source_of(value: Any, folder: Path) -> str:
    """Say where a reference leads, in words that go on after "from" or "into"."""
    ((source, name),) = value.items()
    return f"the environment variable {name}" if source == "env" else f"the file {folder / local_path(name)}"


def tidied(secret: str) -> str:
    """Return a secret without what was pasted along with it and can be no part of one.

    Blanks and characters without width at its ends, a pair of quotes, `export NAME=`, `Authorization: Bearer`.
    """
    before = None
    while before != secret:
        before = secret
        secret = _AROUND.sub("", secret)
        if len(secret) > 1 and secret[-1] == _QUOTES.get(secret[0]):
            secret = secret[1:-1]
        secret = _BEFORE.sub("", secret)
    return secret


# White space, and what has no width: a byte order mark, joiners, marks of direction, the soft hyphen.
_BLANKS = r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+"
_AROUND = re.compile(rf"^{_BLANKS}|{_BLANKS}$")
_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»"}
# In base64, = stands only at the end: what goes on after one was assigned to a name.
_BEFORE = re.compile(
    r"^(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*=(?=[^=\s])|^(?:authorization\s*[:=]\s*)?(?:bearer|oauth)\s+",
    re.IGNORECASE,
)


def resolve(value: Any, *, folder: Path, secret: bool, optional: bool, key: str = "") -> Any:
    """Return what a reference names, or a plain value as it is. Raise `ValueError` with what to do.

    `optional`: what is missing becomes a placeholder: a dry run needs no credential. `key`: the setting's name,
    since a password may hold anything.
    """
    if not is_reference(value):
        if secret and value is not None:
            raise ValueError(f"is a secret in plain text; take it out of the file and write {_HOW} instead")
        return value
    ((source, name),) = value.items()
    if not isinstance(name, str) or not name:
        raise ValueError(f"must be {_HOW}")
    place = folder / local_path(name) if source == "file" else folder
    resolved = os.environ.get(name) if source == "env" else _read(place, optional=optional)
    if resolved and secret and key != "password":
        resolved = tidied(resolved)
    if resolved:
        if resolved.encode(errors="ignore").decode() != resolved:
            raise ValueError(f"is taken from the environment variable {name}, which is not text; set it anew")
        if secret and len(resolved) < 4:
            raise ValueError(f"is only {len(resolved)} characters long; no network's secret is")
        if secret:
            remember(resolved, of=CONFIGURATION)
        if secret and key not in _NO_HEADERS and not (resolved.isascii() and resolved.isprintable()):
            # It could not travel in a header; most often something was pasted along with it.
            raise ValueError(
                f"is taken from {source_of(value, folder)}, and "
                "holds a character that no network's secret has; copy it anew"
            )
        return resolved
    if optional:
        return PLACEHOLDER
    if source == "env":
        raise ValueError(
            f"is taken from the environment variable {name}, which is not set; set it and run again"
        )
    raise ValueError(f"is taken from the file {place}, which is empty; write the value there")


_NO_HEADERS = ("password", "url", "urls")
"""The settings that do not travel in a header."""


def _read(path: Path, *, optional: bool) -> str | None:
    if path.is_fifo():  # reading would wait for ever for whoever writes into it
        raise ValueError(f"is taken from {path}, which is a pipe; write the secret into a file")
    try:
        with path.open(encoding="utf-8-sig") as file:
            return file.read(_LARGEST).strip()
    except (OSError, UnicodeDecodeError) as error:
        if optional:
            return None
        cause = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ValueError(
            f"is taken from the file {path}, which cannot be read: {cause}; mend the path, or the file"
        ) from error
