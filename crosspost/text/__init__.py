"""Count, cut, link and tag text, so that nothing breaks: no word, no link, no grapheme, no French typography.

Pure, and without knowledge of any channel.
"""

from crosspost.redact import without_controls
from crosspost.text.alike import alike
from crosspost.text.count import code_points, counted, graphemes
from crosspost.text.cut import cut
from crosspost.text.fold import folded, folded_with_places, level
from crosspost.text.hashtag import hashtag, hashtags
from crosspost.text.link import canonical_link, in_ascii, is_web_link, links_in, unwrap, with_utm
from crosspost.text.moment import local_clock, local_date, local_time
from crosspost.text.neutral import acted_on, neutralise, spaced
from crosspost.text.once import completed, is_cut_from, said_once, without_title
from crosspost.text.plain import BLOCKS, plain, tidy
from crosspost.text.sentence import ends_whole, last_sentence_end, sentence_ends
from crosspost.text.typography import is_french, single_spaced, tied

__all__ = [
    "BLOCKS",
    "acted_on",
    "alike",
    "canonical_link",
    "code_points",
    "completed",
    "counted",
    "cut",
    "ends_whole",
    "folded",
    "folded_with_places",
    "graphemes",
    "hashtag",
    "hashtags",
    "in_ascii",
    "is_cut_from",
    "is_french",
    "is_web_link",
    "last_sentence_end",
    "level",
    "links_in",
    "local_clock",
    "local_date",
    "local_time",
    "neutralise",
    "plain",
    "said_once",
    "sentence_ends",
    "single_spaced",
    "spaced",
    "tidy",
    "tied",
    "unwrap",
    "with_utm",
    "without_controls",
    "without_title",
]
