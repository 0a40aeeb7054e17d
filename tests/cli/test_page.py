"""A network's page on a terminal: its words whole, its tables in columns, its steps as they are numbered."""

import pytest

from crosspost.cli.page import laid_out_page
from crosspost.cli.terminal import cells_of
from crosspost.contract.guide import guide
from crosspost.contract.registry import kinds

PAGE = """\
# A network

It was written in lines
that are broken elsewhere, by **somebody**; see [accounts](../accounts.md#key).

1. Press *Create app*, and copy
   both strings.
2. Agree.

| what you see | why |
| --- | --- |
| 403 | a right is missing |

```sh
crosspost   connect  it
```"""
SHOWN = """\
A network

It was written in lines that are broken
elsewhere, by somebody; see accounts
(docs/accounts.md).

1. Press “Create app”, and copy both
   strings.
2. Agree.

what you see  why
403           a right is missing

```sh
crosspost   connect  it
```"""


def plain(page: str, width: int) -> list[str]:
    import click

    return [click.unstyle(line) for line in laid_out_page(page, width)]


def test_paragraphs_are_joined_and_wrapped_and_tables_laid_out() -> None:
    assert "\n".join(plain(PAGE, 40)) == SHOWN


@pytest.mark.parametrize("kind", list(kinds()))
def test_no_page_is_wider_than_the_terminal(kind: str) -> None:
    page = guide(kind)
    assert page is not None
    lines = plain(page, 80)
    assert [line for line in lines if cells_of(line) > 80 and "://" not in line and "=" not in line] == []
    assert not [line for line in lines if line.startswith("|") or "](" in line or "**" in line]
