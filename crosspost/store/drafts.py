"""Drafts as JSON: frozen by the first attempt, so that every later one says the same."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from hashlib import sha256
from typing import Any

from crosspost.model import Draft

_NAMES = tuple(field.name for field in fields(Draft) if field.name != "picture")


def to_json(draft: Draft) -> dict[str, Any]:
    """Return the draft without its picture, which has a table of its own.

    Empty HTML is left out: most drafts have none, and versions without it wrote and hashed the same.
    """
    values = {name: getattr(draft, name) for name in _NAMES}
    if not draft.html:
        del values["html"]
    values["hashtags"] = list(draft.hashtags)
    values["published"] = draft.published.isoformat() if draft.published else None
    return values


def from_json(values: Mapping[str, Any]) -> Draft:
    """Return the draft that `to_json` wrote, in this version or one before."""
    published = values["published"]
    return Draft(
        **{
            **values,
            "hashtags": tuple(values["hashtags"]),
            "published": datetime.fromisoformat(published) if published else None,
        }
    )


def fingerprint(draft: Draft) -> str:
    """Hash all that the request is made from; two attempts with the same one send the same bytes."""
    picture = sha256(draft.picture.data).hexdigest() if draft.picture else ""
    whole = json.dumps([to_json(draft), picture], sort_keys=True, ensure_ascii=False)
    return sha256(whole.encode()).hexdigest()
