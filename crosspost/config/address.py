"""Where state is kept: a SQLite file, or a database on a PostgreSQL server."""

from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from crosspost.config.units import local_path

_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql", "postgres")


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """One of the two is set. As a string it is what people may see: never a password."""

    path: Path | None = None
    """The SQLite file."""
    url: str = field(default="", repr=False)
    """`postgresql://...`, as libpq reads it; may hold a password."""

    def __str__(self) -> str:
        if self.path is not None:
            return str(self.path)
        parts = urlsplit(self.url)
        host = (parts.hostname or "") + (f":{parts.port}" if parts.port else "")
        return f"postgresql://{host}{parts.path}"


def parse_database(value: str, folder: Path) -> DatabaseAddress:
    """Read `sqlite:///PATH`, relative to `folder`, or `postgresql://...`. Raise `ValueError`: what to do."""
    if value.startswith(_SQLITE) and value != _SQLITE:
        return DatabaseAddress(path=folder / local_path(value.removeprefix(_SQLITE)))
    scheme, _, rest = value.partition("://")
    if scheme not in _POSTGRES or not rest:
        raise ValueError(
            'must be "sqlite:///" and a path, such as "sqlite:///crosspost.db", or "postgresql://" and a '
            'server, such as "postgresql://crosspost@db.example/crosspost"'
        )
    try:
        _ = urlsplit(value).port
    except ValueError as error:
        raise ValueError(f"is no address of a PostgreSQL server: {error}") from error
    if find_spec("psycopg") is None:
        raise ValueError("needs the PostgreSQL driver; install it: pip install 'crosspost[postgres]'")
    return DatabaseAddress(url=f"postgresql://{rest}")
