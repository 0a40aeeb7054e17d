"""The end of a document is known from what only looks like it."""

import pytest

from crosspost.feeds.formats.ending import ends
from tests.feeds.reading import atom, read, rss

ITEM = "<title>One</title><description>A text.</description>"


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        ("<rss><channel><item/></channel></rss>", True),
        ("<rss><channel><item/></channel></rss>\n<!-- cached --><script>track(1 < 2)</script>", True),
        ("<!-- <a> --><rss><channel/></rss  >", True),
        ("<RSS><channel/></rss>", True),
        ("<rss><channel><item/></channel>", False),
        ("<rss><channel><item><description><![CDATA[Write </rss> at the end", False),
        ("<rss><channel><item/><!-- </rss>", False),
        ("<rss><channel><item><description>&lt;/rss></description></item>", False),
        ("<rdf:RDF><channel></channel><item/><item><title>cut", False),
        ("<rdf:RDF><channel></channel><item/></rdf:RDF>", True),
        ("<feed><entry/></feed><feed><entry>cut", False),
        ("no markup", False),
    ],
)
def test_ends(body: str, whole: bool) -> None:
    assert ends(body) is whole


@pytest.mark.parametrize("written", [rss(ITEM, ITEM.replace("One", "Two")), atom(ITEM, ITEM)])
async def test_wherever_a_document_is_cut_it_is_not_whole(written: str) -> None:
    last = max(written.rfind("<item>"), written.rfind("<entry>"))
    whole = await read(written)
    assert whole.whole
    for at in (last + 20, len(written) - 20, len(written) - 1):
        cut = await read(written[:at])
        assert not cut.whole
        assert len(cut.items) < len(whole.items)
