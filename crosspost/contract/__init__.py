"""What a network gives, and what is asked of it. Adapters import this, `errors`, `http`, `model` and `text`.

adapter       `Adapter`, and `HttpAdapter` for what speaks HTTP
settings      what the user sets for it; `OAuth1Settings` for a credential of four strings
capabilities  what it can carry, as data
proof         what names what was made
powers        what some can and others cannot, each a protocol of one method
listing       posts read back, whole or not at all
login         the ways to a credential; `oauth2` and `oauth1` for those by a person's consent
icon          a small picture of it
registry      adapters found by their entry points
"""

from crosspost.contract.adapter import Adapter, AnyAdapter, HttpAdapter
from crosspost.contract.capabilities import (
    FOR_EVER,
    Capabilities,
    HashtagPlace,
    LinkPlace,
    PictureRule,
)
from crosspost.contract.listing import ODD, Page, is_descending, listed, whole_list
from crosspost.contract.powers import (
    Edits,
    FindsRecent,
    LogsIn,
    ReadiesMedia,
    ReadsCounts,
    Retracts,
    TriesOut,
    Uploads,
)
from crosspost.contract.proof import named
from crosspost.contract.settings import AdapterSettings, LocalPath, OAuth1Settings

__all__ = [
    "FOR_EVER",
    "ODD",
    "Adapter",
    "AdapterSettings",
    "AnyAdapter",
    "Capabilities",
    "Edits",
    "FindsRecent",
    "HashtagPlace",
    "HttpAdapter",
    "LinkPlace",
    "LocalPath",
    "LogsIn",
    "OAuth1Settings",
    "Page",
    "PictureRule",
    "ReadiesMedia",
    "ReadsCounts",
    "Retracts",
    "TriesOut",
    "Uploads",
    "is_descending",
    "listed",
    "named",
    "whole_list",
]
