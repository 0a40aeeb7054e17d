"""An entry on record, as far as a document's item must be compared to it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is on record of an entry. `title`: noted only where entries are looked for by it."""

    entry_id: int
    revision: str
    held: bool = False
    """Whether it has deliveries that wait for a person."""
    published: datetime | None = None
    title: str = ""
