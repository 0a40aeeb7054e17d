"""Which picture goes with an entry. Pure; runs in the child process only.

element     an <img> as one picture: the largest of all the addresses that lazy loaders and srcset know
addresses   what an address says: how large its picture is, and of which original
ornaments   what is no picture of an entry: buttons, badges, counters, smileys, faces, spacers
choice      of all that is left, the best

See docs/decisions/0033.
"""

from crosspost.feeds.pictures.addresses import is_original
from crosspost.feeds.pictures.choice import choose, everywhere, located
from crosspost.feeds.pictures.element import ATTRIBUTES, of_element

__all__ = ["ATTRIBUTES", "choose", "everywhere", "is_original", "located", "of_element"]
