"""Fetch feeds politely, read them tolerantly, and say by what their entries are recognised.

`fetch` or `read_file`, then `parse`: the one part that reads what strangers wrote does so in a child process
that can be killed. Which entries are *new* is not decided here.

given, fetch, poll, packing     where a document comes from, and when it is asked for again
parse, child                    the process that reads it: in go bytes, out comes a `Document` or a sentence
formats/                        RSS, Atom, JSON Feed, whole or broken: what their authors wrote, as `raw` has it
page, formats/page      one page that a person named, as an entry
words/                          of that, what readers see: titles, text, excerpts
people, categories, dates/, pictures/    who wrote it, what it is about, from when it is, what it shows
entry                           puts an entry together of all these
identity                        by what an entry is known again
"""

# Values alone: the child process, and whatever only decides about entries, need nothing of the network.
from crosspost.feeds.document import PAGE, Changed, Document, Item, Trait, Unchanged, Validators

__all__ = [
    "PAGE",
    "Changed",
    "Document",
    "Item",
    "Trait",
    "Unchanged",
    "Validators",
]
