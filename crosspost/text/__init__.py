"""Count, cut, link and tag text, so that nothing breaks: no word, no link, no grapheme, no French typography.

Pure, and without knowledge of any channel.
"""

from crosspost.redact import without_controls
from crosspost.text.alike import alike
from crosspost.text.count import code_points, graphemes, x_weight
from crosspost.text.cut import cut
from crosspost.text.hashtag import hashtag, hashtags
from crosspost.text.link import canonical_link, is_web_link, unwrap, with_utm
from crosspost.text.plain import BLOCKS, decode_once, neutralise, plain, tidy

__all__ = [
    "BLOCKS",
    "alike",
    "canonical_link",
    "code_points",
    "cut",
    "decode_once",
    "graphemes",
    "hashtag",
    "hashtags",
    "is_web_link",
    "neutralise",
    "plain",
    "tidy",
    "unwrap",
    "with_utm",
    "without_controls",
    "x_weight",
]
