"""A document's way out of the child process, and back into values. Pure."""

import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from crosspost.feeds.document import Document, Item
from crosspost.model import Entry, Picture


def pack(document: Document) -> str:
    """Write a document as JSON, in ASCII."""
    return json.dumps(document, default=_plainer, separators=(",", ":"))


def _plainer(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return {field.name: getattr(value, field.name) for field in fields(value)}


def unpack(packed: Any) -> Document:
    """Rebuild what `pack` wrote and JSON read. Raise KeyError, TypeError or ValueError on anything else."""
    items = tuple(
        Item(
            entry=_entry(item["entry"]),
            guid_key=item["guid_key"],
            link_key=item["link_key"],
            print_key=item["print_key"],
            has_own_id=item["has_own_id"],
            odd_date=item["odd_date"],
            unread_date=item["unread_date"],
        )
        for item in packed["items"]
    )
    return Document(**{**packed, "items": items, "skipped": tuple(packed["skipped"])})


def _entry(packed: dict[str, Any]) -> Entry:
    return Entry(
        **{
            **packed,
            "authors": tuple(packed["authors"]),
            "categories": tuple(packed["categories"]),
            "published": _moment(packed["published"]),
            "updated": _moment(packed["updated"]),
            "picture": Picture(**packed["picture"]) if packed["picture"] else None,
        }
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
