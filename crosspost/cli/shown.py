"""What a channel says about an entry, as people are shown it: by a dry run, and by `preview`."""

import json
from collections.abc import Mapping
from typing import Any

import click

from crosspost.cli.terminal import echo, wrapped

_INDENT = 4
_NAME = 8
"""How wide the names of facts are."""


def show_preview(shown: Any, *, cut: str = "") -> None:
    """Print a preview (`compose.preview.Preview`): the text, and what readers see beside it."""
    draft = shown.draft
    _show_text(draft)
    card = () if draft.has_link_in_text else (draft.title, draft.description)
    beside = {
        "link": "" if draft.has_link_in_text else draft.link,
        "card": " — ".join(filter(None, card)),
        "tags": " ".join(f"#{tag}" for tag in draft.hashtags if f"#{tag}" not in draft.text),
    }
    show_facts({**beside, **_measures(shown, cut)})


def show_dry_run(shown: Any) -> None:
    """Print the text and its measures, and no more: many follow one another."""
    _show_text(shown.draft)
    measures = dict(_measures(shown))
    cost = measures.pop("cost")
    show_facts({**measures, "length": ", ".join(filter(None, (measures["length"], cost)))})


def show_request(shown: Any) -> None:
    """Print the very request that would carry it, if one does."""
    from crosspost.compose.preview import readable_body  # late: `--help` previews nothing

    request = shown.request
    if request is None:
        return
    show_facts({"request": f"{request.method} {request.url}"})
    body = json.dumps(readable_body(request), ensure_ascii=False, indent=2)
    for line in body.splitlines():
        room = _INDENT + _NAME + 1
        hanging = room + len(line) - len(line.lstrip()) + 2
        echo(click.style(wrapped(f"{' ' * room}{line}", indent=hanging), dim=True))


def show_facts(facts: Mapping[str, str], *, indent: int = _INDENT) -> None:
    """Print names and what they say, one a line, but for those that say nothing."""
    for name, value in facts.items():
        if value:
            line = f"{' ' * indent}{click.style(f'{name:{_NAME}}', dim=True)} {value}"
            echo(wrapped(line, indent=indent + _NAME + 1))


def _show_text(draft: Any) -> None:
    for line in draft.text.splitlines():
        echo(wrapped(f"{' ' * _INDENT}{line}", indent=_INDENT) if line.strip() else "")


def _measures(shown: Any, cut: str = "") -> Mapping[str, str]:
    from crosspost.compose.preview import picture_line

    return {
        "picture": picture_line(shown.draft),
        "length": f"{shown.length:,} of {shown.limit:,}" if shown.limit else f"{shown.length:,}",
        "cut": cut,
        "cost": shown.cost,
        "note": shown.note,
    }
