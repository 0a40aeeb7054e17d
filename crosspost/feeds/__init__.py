"""Fetch feeds politely, read them tolerantly, and say by what their entries are recognised.

`fetch` or `read_file`, then `parse`: the one part that reads what strangers wrote does so in a child process
that can be killed. Which entries are *new* is not decided here.
"""

# Values alone: the child process, and whatever only decides about entries, need nothing of the network.
from crosspost.feeds.document import Changed, Document, Item, Trait, Unchanged, Validators

__all__ = [
    "Changed",
    "Document",
    "Item",
    "Trait",
    "Unchanged",
    "Validators",
]
