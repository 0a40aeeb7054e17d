"""A page of Markdown on a terminal: wrapped at words, its tables laid out. Elsewhere as it was written."""

import re
from itertools import groupby

import click

from crosspost.cli.tables import laid_out
from crosspost.cli.terminal import broken, columns

_ITEM = re.compile(r"(\s*(?:[*-]|\d+\.) )(.*)")
_RULE = re.compile(r"[|\s:-]+")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\((?:\.\./)?([^)\s]+)\)")


def show_page(page: str) -> None:
    """Print a page."""
    width = columns()
    click.echo(page if width is None else "\n".join(laid_out_page(page, width)))


def laid_out_page(page: str, width: int) -> list[str]:
    """Return the page's lines, none wider than so many cells where its words allow that."""
    written: list[str] = []
    fenced = False
    for is_table, lines in groupby(page.split("\n"), key=lambda line: line.startswith("|")):
        if is_table:
            rows = [_cells(line) for line in lines if not _RULE.fullmatch(line)]
            written += laid_out(rows[0], rows[1:], width)
            continue
        for block, was_fenced in _blocks(list(lines), fenced=fenced):
            fenced = was_fenced
            written += [block] if fenced or block.startswith("```") else _paragraph(block, width)
    return written


def _blocks(lines: list[str], *, fenced: bool) -> list[tuple[str, bool]]:
    """Join what was broken within paragraphs; say of each whether it is code."""
    blocks: list[tuple[str, bool]] = []
    for line in lines:
        fence = line.startswith("```")
        goes_on = blocks and blocks[-1][0] and not blocks[-1][0].startswith(("#", "```"))
        if fenced or fence or not line or line.startswith("#") or _ITEM.match(line) or not goes_on:
            fenced = fenced != fence
            blocks.append((line, fenced))
        else:
            blocks[-1] = (f"{blocks[-1][0]} {line.strip()}", False)
    return blocks


def _paragraph(block: str, width: int) -> list[str]:
    if block.startswith("#"):
        return [click.style(_plain(block.lstrip("# ")), bold=True)]
    item = _ITEM.match(block)
    return broken(_styled(block), width, indent=len(item[1]) if item else 0)


def _cells(line: str) -> list[str]:
    return [_plain(cell.strip()) for cell in line.strip("|").split(" | ")]


def _plain(text: str) -> str:
    """Write links as text and place, and quote what buttons say."""
    text = _LINK.sub(lambda link: f"{link[1]} ({_place(link[2])})", text)
    return re.sub(r"(?<!\w)\*([^*\s][^*]*)\*(?!\w)", r"“\1”", _STRONG.sub(r"\1", text))


def _styled(text: str) -> str:
    kept = [
        part if at % 2 == 0 else click.style(part, bold=True) for at, part in enumerate(_STRONG.split(text))
    ]
    return "".join(map(_plain, kept))


def _place(link: str) -> str:
    return link if "://" in link else f"docs/{link.partition('#')[0]}"
