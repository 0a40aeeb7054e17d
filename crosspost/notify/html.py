"""A message as HTML for mail: links whole, buttons that are links, nothing fetched, and no colour of its own.

Mail programs keep few styles, and turn colours over at night: so borders take the colour of the text, and
what looks like a button is a link.
"""

from collections.abc import Iterator
from html import escape

from crosspost.policy import Link, Message
from crosspost.policy.messages import Item

_PAGE = "font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;max-width:40em"
_QUOTE = "margin:.5em 0;padding-left:1em;border-left:3px solid;white-space:pre-line"
_BUTTON = "display:inline-block;margin:0 .5em .5em 0;padding:.4em .9em;border:1px solid;border-radius:.4em"
_COMMAND = "font-family:ui-monospace,monospace;margin:.2em 0"


def page(message: Message) -> str:
    """Return a whole HTML document that says what the message says."""
    body = "\n".join(_sections(message) if message.sections else _paragraphs(message.text))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(message.title)}</title></head>\n"
        f'<body style="{_PAGE}">\n{body}\n</body>\n</html>\n'
    )


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield f'<p dir="auto">{escape(paragraph)}</p>'


def _sections(message: Message) -> Iterator[str]:
    for section in message.sections:
        if section.heading:
            yield f'<h2 style="font-size:1.1em">{escape(section.heading)}</h2>'
        for item in section.items:
            yield from _item(item)


def _item(item: Item) -> Iterator[str]:
    yield f'<p dir="auto">{escape(item.text)}</p>'
    if item.words:
        yield f'<blockquote dir="auto" style="{_QUOTE}">{escape(item.words)}</blockquote>'
    if item.links:
        yield f"<p>{' '.join(_button(link) for link in item.links)}</p>"
    for command in item.commands:
        yield f'<p style="{_COMMAND}"><code>{escape(command)}</code></p>'


def _button(link: Link) -> str:
    return f'<a href="{escape(link.url)}" style="{_BUTTON}">{escape(link.label)}</a>'
