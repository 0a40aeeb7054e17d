"""What proves that a network did what it was asked for: that it names what it made."""

import re

from crosspost.model import NAMELESS


def named(part: object, form: str = r"\S+") -> str:
    """Return the id that stands in an answer, as text; "" if `part` is none, such as null, or of another form.

    `form`: what an id of the network looks like, as a regular expression of the whole.
    """
    if isinstance(part, bool) or not isinstance(part, str | int):
        return ""
    text = str(part)
    return text if re.fullmatch(form, text) and text.lower() not in NAMELESS else ""
