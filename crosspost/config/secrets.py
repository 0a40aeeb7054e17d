"""Values that come from the environment or from a file, so that none stands in the configuration."""

import os
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


def resolve(value: Any, *, folder: Path, secret: bool, optional: bool) -> Any:
    """Return what a reference names, or a plain value as it is. Raise `ValueError` with what to do.

    `optional`: what is missing becomes a placeholder: a dry run needs no credential.
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
    if resolved:
        if resolved.encode(errors="ignore").decode() != resolved:
            raise ValueError(f"is taken from the environment variable {name}, which is not text; set it anew")
        if secret and len(resolved) < 4:
            raise ValueError(f"is only {len(resolved)} characters long; no network's secret is")
        if secret:
            remember(resolved, of=CONFIGURATION)
        return resolved
    if optional:
        return PLACEHOLDER
    if source == "env":
        raise ValueError(
            f"is taken from the environment variable {name}, which is not set; set it and run again"
        )
    raise ValueError(f"is taken from the file {place}, which is empty; write the value there")


def _read(path: Path, *, optional: bool) -> str | None:
    if path.is_fifo():  # reading would wait for ever for whoever writes into it
        raise ValueError(f"is taken from {path}, which is a pipe; write the secret into a file")
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(_LARGEST).strip()
    except (OSError, UnicodeDecodeError) as error:
        if optional:
            return None
        cause = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ValueError(
            f"is taken from the file {path}, which cannot be read: {cause}; mend the path, or the file"
        ) from error
