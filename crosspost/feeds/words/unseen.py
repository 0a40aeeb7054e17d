"""What of an article's HTML is not its words, as data: one row a kind, with whose names they are.

Names are those of classes and ids alike, in lower case; a name ending in `*` stands for all that begin so. Each
row says whose its names are: unverified, from memory (2026-11), but for those of HTML's own elements.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from crosspost.text.tree import Element, text_within


class Kind(Enum):
    """Why something is not words."""

    HIDDEN = auto()
    """Nobody reads it, but it may hold a picture: the one that a loader shows later, the poster of a film."""
    APPARATUS = auto()
    """Seen, but no part of the article: buttons, embeds, related posts."""
    CONTENTS = auto()
    """A table of contents: what is just before it may be its heading."""
    NOTES = auto()
    """Footnotes: what is just before them may be their heading."""
    NUMBERS = auto()
    """Numbers of lines, if there are only numbers in it: some call the code itself so."""
    CAPTION = auto()
    """Words, but none that an excerpt may be taken from."""


@dataclass(frozen=True, slots=True)
class _Row:
    kind: Kind
    elements: str = ""
    names: str = ""
    roles: str = ""


_TABLE = (
    # HTML Living Standard: what is shown instead of what a browser can do, controls, and what is never shown.
    _Row(
        Kind.HIDDEN,
        elements="audio canvas datalist dialog embed noscript object rp rt source template video",
    ),
    _Row(Kind.APPARATUS, elements="button form input menu meter nav optgroup option output progress"),
    # For screen readers only: WordPress core, Bootstrap 4 and 5, Tailwind, Foundation, HTML5 Boilerplate,
    # GOV.UK; the others as their names say. What Bootstrap and Tailwind hide on narrow screens only is told
    # below.
    _Row(
        Kind.HIDDEN,
        names="screen-reader-text screen-reader-only screenreader screen-reader sr-only sr-only-focusable"
        " sronly visually-hidden visually-hidden-focusable visuallyhidden visuallyhide"
        " is-visually-hidden is-sr-only u-visually-hidden u-hidden-visually a11y-hidden a11y-only"
        " hidden-visually element-invisible show-for-sr accessibly-hidden assistive-text mejs-offscreen"
        " govuk-visually-hidden hidden d-none is-hidden u-hidden",
    ),
    # Mathematics is shown twice: as MathML, and drawn (KaTeX 0.16, MathJax 2 and 3).
    _Row(
        Kind.HIDDEN,
        names="katex-mathml katex-html mathjax_preview mathjax_chtml mathjax_svg mathjax-element-*"
        " mjx_assistive_mathml",
    ),
    # Players. Ghost's cards (docs: Ghost, Koenig), MediaElement.js in WordPress, Plyr, Video.js, Podlove,
    # Seriously Simple Podcasting, PowerPress.
    _Row(
        Kind.HIDDEN,
        names="kg-audio-card kg-video-container kg-video-player* kg-video-overlay kg-audio-player* kg-file-card"
        " wp-playlist wp-playlist-script mejs-container mejs-controls mejs-inner plyr__controls video-js vjs-*"
        " podlove-web-player* castos-player ssp-player powerpress_links powerpress_player podcast_player",
    ),
    # What stands for a post of a network, as its own embed code has it, until a script replaces it.
    _Row(
        Kind.APPARATUS,
        names="twitter-tweet twitter-video twitter-timeline instagram-media tiktok-embed bluesky-embed"
        " mastodon-embed reddit-embed-bq reddit-card fb-post fb-video text-post-media pinterest-embed"
        " imgur-embed-pub flourish-embed wp-embedded-content wp-block-embed__fallback lazyload-fallback"
        " kg-bookmark-card embedly-card iframely-embed tumblr-post",
    ),
    # Sharing: Jetpack, AddToAny, AddThis, ShareThis, Shareaholic, Social Warfare, Novashare, Monarch,
    # FeedBurner, Blogger, Simple Share Buttons, Heateor, Drupal's social modules.
    _Row(
        Kind.APPARATUS,
        names="sharedaddy sd-sharing* sd-block sd-like* jp-likes-* sharing-hidden addtoany_* a2a_kit a2a_dd"
        " addthis_* addthis-* sharethis-* st_sharethis shareaholic-* swp_social_panel* novashare-*"
        " et_social_* feedflare ssba ssba-* ssbp-* heateor_sss_* heateor_ss_* mashsb-* essb_* juiz_sps_*"
        " social-share social-shares social-sharing social-share-* social-sharing-* social-links"
        " social-icons social-buttons social-media-share* share-buttons share-button share-links"
        " share-bar sharebar share-this share-post share-icons share-tools post-share post-sharing"
        " article-share entry-share sharing-buttons post-share-buttons blog-share post-social"
        " wp-block-social-links wp-block-outermost-social-sharing* wp-block-jetpack-sharing-buttons"
        " wp-block-jetpack-like dpsp-* scriptlesssocialsharing* tweetthis click-to-tweet ctt-box"
        " bctt-click-to-tweet* tm-click-to-tweet tm-tweet-clear better-click-to-tweet",
    ),
    # Related posts, authors' boxes, comments, ratings: Jetpack, YARPP, Contextual Related Posts, Zemanta,
    # Outbrain, WordPress's query blocks, kk Star Ratings.
    _Row(
        Kind.APPARATUS,
        names="jp-relatedposts* yarpp yarpp-* crp_related* related-posts related-post related_posts"
        " relatedposts related-articles related-content related-links rpbt_* zemanta-* ob-smartfeed*"
        " outbrain taboola* read-next readnext read-also also-read lire-aussi wp-block-latest-posts"
        " wp-block-jetpack-related-posts author-box authorbox author-bio about-author abh_box*"
        " saboxplugin-* m-a-box* post-navigation post-nav nav-links post-pagination page-links"
        " pagination comments-area comment-form comment-respond comments-link post-views"
        " post-views-count kk-star-ratings* kksr-* wp-block-comments",
    ),
    # Subscribing, and what is asked of readers: Substack, Ghost, Jetpack, Mailchimp for WordPress, MailPoet,
    # ConvertKit, Beehiiv, Buy Me a Coffee, Ko-fi; advertisements: Google, Ad Inserter, Advanced Ads, Newspack.
    _Row(
        Kind.APPARATUS,
        names="subscription-widget* subscribe-widget subscribe-form subscribe-box subscribe-cta button-wrapper"
        " captioned-button-wrap cta-caption post-ufi poll-embed kg-signup-card kg-cta-card"
        " kg-button-card kg-header-card-button newsletter-signup newsletter-form newsletter-box"
        " newsletter-cta newsletter-widget jetpack_subscription_widget wp-block-jetpack-subscriptions*"
        " mc4wp-* mailpoet_* mc_embed_signup formkit-* seva-form ck_form bmc-* kofi-* paywall paywall-*"
        " adsbygoogle ad-container ad-wrapper ad-slot ad-unit advertisement advertisment advert"
        " ai-viewport* advads-* newspack_global_ad google-auto-placed",
    ),
    # The buttons on code, and to edit a page: copybutton of Sphinx, GitHub, Prism, Crayon, WordPress,
    # MediaWiki.
    _Row(
        Kind.APPARATUS,
        names="copy-button copy-btn copybtn btn-copy code-copy clipboard-copy copy-code-button"
        " copy-to-clipboard* zeroclipboard-container toolbar-item crayon-toolbar crayon-plain-wrap"
        " edit-link post-edit-link mw-editsection",
    ),
    # What stands around the words in Drupal's own feeds (8 and later; 7), and the signs of Ghost's call-outs.
    _Row(
        Kind.APPARATUS,
        names="field--name-title field--name-uid field--name-created field--name-field-tags"
        " field-name-title field-name-field-tags field-name-taxonomy-vocabulary* node-readmore comment-add"
        " comment-forbidden kg-callout-emoji",
    ),
    # Links that look like buttons: WordPress, Squarespace, Elementor, Divi, Kadence.
    _Row(
        Kind.APPARATUS,
        names="wp-block-buttons wp-block-button sqs-block-button sqs-block-button-container"
        " sqs-block-button-element elementor-button elementor-button-wrapper elementor-counter"
        " et_pb_button et_pb_button_module_wrapper kt-btn-wrap kb-button",
    ),
    # Tables of contents: kramdown and Jekyll, Hugo, Pandoc, Docutils, Easy TOC, LuckyWP, TOC+, Rank Math,
    # Yoast, Ultimate Addons, Joli, Kadence, Elementor, SimpleTOC, Table of Contents Plus, Hexo, MediaWiki,
    # doctoc.
    _Row(
        Kind.CONTENTS,
        names="toc markdown-toc tableofcontents table-of-contents table-of-contents-* table_of_contents"
        " toc-container toc-wrapper toc_container toc_widget toc-title toc_title toctitle toc-list"
        " toc-box toc-header toc-toggle toctoggle post-toc article-toc page-toc entry-toc"
        " ez-toc-container ez-toc-title* ez-toc-list ez-toc-widget* ez-toc-counter ez-toc-btn"
        " ez-toc-toggle ez-toc-cssicon* lwptoc lwptoc_* rank-math-toc wp-block-rank-math-toc-block"
        " wp-block-table-of-contents wp-block-yoast-seo-table-of-contents yoast-table-of-contents"
        " uagb-toc__* wp-block-uagb-table-of-contents wpj-jtoc* kb-table-of-content-*"
        " wp-block-kadence-tableofcontents elementor-toc__* elementor-widget-table-of-contents simpletoc"
        " simpletoc-* eztoc-* cm-toc-* aioseo-toc* contents-list kg-toc* gh-toc toc-sidebar sidebar-toc"
        " js-toc doctoc sectlevel1",
        roles="doc-toc directory",
    ),
    # Notes: Markdown Extra, kramdown, Pandoc, GitHub and CommonMark extensions, Docutils, WordPress's block,
    # Easy Footnotes, Modern Footnotes, footnotes (MCI), Blogger, Substack, DPUB-ARIA 1.0, EPUB 3, Word's own
    # HTML.
    _Row(
        Kind.NOTES,
        names="footnote footnotes footnotes-list footnotes-sep footnote-list footnote-definition"
        " footnote-content footnote-anchor-content footnote-number footnotedef footnote_container*"
        " footnotes_reference_container footnote_reference_container footnotes_list wp-block-footnotes"
        " easy-footnotes-wrapper easy-footnote-title modern-footnotes-list"
        " modern-footnotes-footnote__note mfn-* sidenote marginnote margin-note side-note"
        " footnote-tooltip littlefoot__* bigfoot-footnote__* endnotes endnote reflist references"
        " mw-references-wrap rss_notes blogger-footnote md-footnotes fn-list simple-footnotes footnote-body",
        roles="doc-endnotes doc-footnote doc-endnote note-list",
    ),
    # What leads to a note, and back: as above.
    _Row(
        Kind.APPARATUS,
        names="footnote-ref footnote-reference footnote-anchor footnoteref footnote_ref footnote-link"
        " footnote-backref footnote-back footnote-backlink footnote-return reversefootnote fnref fn-ref"
        " fn-backref fn-back noteref easy-footnote easy-footnote-margin-adjust easy-footnote-to-top"
        " modern-footnotes-footnote footnote_referrer footnote_plugin_tooltip_text footnote_plugin_text"
        " sdfootnoteanc sdfootnotesym sdendnoteanc simple-footnote return-link margin-toggle",
        roles="doc-noteref doc-backlink",
    ),
    # How long reading takes, and to hear it read: Yoast, Rank Math, Reading Time WP, BSF, Trinity, BeyondWords.
    _Row(
        Kind.APPARATUS,
        names="reading-time span-reading-time rt-reading-time bsf-rt-* yoast-reading-time__* time-to-read"
        " wp-block-post-time-to-read wp-block-rank-math-reading-time estimated-reading-time read-time"
        " trinity-player* trinity-audio* trinityaudio* beyondwords-* speechify-* gspeech_*"
        " responsivevoice-button",
    ),
    # Below or above a picture: HTML, WordPress before 5, Blogger, Medium, Squarespace, Substack, Drupal; and
    # what readers open themselves.
    _Row(
        Kind.CAPTION,
        elements="figcaption caption details",
        names="wp-caption-text gallery-caption tr-caption image-caption imagecaption img-caption photo-caption"
        " picture-caption media-caption figure-caption caption-text photo-credit image-credit"
        " photo-credits media-credit picture-credit credit credits wp-element-caption"
        " image-caption-wrapper field-name-field-caption",
    ),
    # Line numbers: SyntaxHighlighter 3, Rouge and Pygments tables, Chroma, highlightjs-line-numbers, Prism,
    # Crayon, Enlighter, GitHub, Hexo's highlight, SyntaxHighlighter Evolved, Urvanov.
    _Row(
        Kind.NUMBERS,
        names="gutter linenos linenodiv lineno linenumber linenumbers line-number line-numbers"
        " line-numbers-rows lineno-cell line-numbers-wrapper rouge-gutter code-gutter lnt ln lntd"
        " hljs-ln-numbers hljs-ln-n hljs-ln-line blob-num blob-num-* js-line-number crayon-nums"
        " crayon-nums-content crayon-num urvanov-syntax-highlighter-nums urvanov-syntax-highlighter-num"
        " enlighter-linenumbers react-syntax-highlighter-line-number linenumbering line_numbers line-no"
        " cm-linenumber shj-numbers code-line-number line-index",
    ),
)
# Bootstrap's `d-md-block` and Tailwind's `md:block` show what `hidden` and `d-none` hide on narrow screens.
_SHOWN_AGAIN = re.compile(r"(?:^|\s)(?:(?:sm|md|lg|xl|2xl):|d-(?:sm|md|lg|xl|xxl)-)(?!none|hidden)\S")
_INVISIBLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.IGNORECASE
)
# Hugo's line numbers without classes (Chroma's `linenos=inline`).
_NOT_COPIED = re.compile(r"user-select\s*:\s*none")
_ONLY_NUMBERS = re.compile(r"[\s\d.:|\u00a0]*")
_OF_NOTES = re.compile(r"(?:foot|end|rear)notes?|noteref", re.IGNORECASE)
# Where a note stands, by its id: Markdown Extra, kramdown, GitHub, Pandoc, MediaWiki, Word, LibreOffice.
_NOTE_ID = re.compile(
    r"(?:user-content-)?(?:fn|_?ftn|_?edn|footnote|endnote|sdfootnote|sdendnote|cite_note|easy-footnote-bottom)"
    r"[-_:.]?\d[\w-]*|fn[:-][\w-]+",
    re.IGNORECASE,
)
_SAYING = frozenset("hidden aria-hidden style role data-footnotes epub:type class id".split())
"""The attributes that say what an element is there for."""
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())

_ELEMENTS = {name: row.kind for row in _TABLE for name in row.elements.split()}
_ROLES = {role: row.kind for row in _TABLE for role in row.roles.split()}
_NAMES = {name: row.kind for row in _TABLE for name in row.names.split()}
_BEGINNINGS = {name[:-1]: kind for name, kind in _NAMES.items() if name.endswith("*")}
_A_BEGINNING = re.compile("|".join(re.escape(name) for name in sorted(_BEGINNINGS, key=len, reverse=True)))


def kind(element: Element) -> Kind | None:
    """Say why what is in an element is not words, None if it is."""
    told = _ELEMENTS.get(element.name)
    said = element.attributes
    if told is not None or _SAYING.isdisjoint(said):
        return told
    if "hidden" in said or said.get("aria-hidden", "").strip().lower() == "true":
        return Kind.HIDDEN
    if "style" in said and _INVISIBLE.search(said["style"]):
        return Kind.HIDDEN
    if "style" in said and _NOT_COPIED.search(said["style"]) and _ONLY_NUMBERS.fullmatch(text_within(element)):
        return Kind.NUMBERS
    if (role := said.get("role", "").strip().lower()) in _ROLES:
        return _ROLES[role]
    if _is_note(said):
        return Kind.NOTES
    classes = said.get("class", "")
    names = classes if _is_headed(element, classes) else f"{classes} {said.get('id', '')}"
    return next((told for told, name in _by_name(names.lower()) if _means_it(element, told, name)), None)


@lru_cache(maxsize=4096)  # most elements of an article have the classes of others
def _by_name(names: str) -> tuple[tuple[Kind, str], ...]:
    found = []
    for name in names.split():
        told = _NAMES.get(name)
        if told is None and (beginning := _A_BEGINNING.match(name)):
            told = _BEGINNINGS[beginning[0]]
        if told is not None:
            found.append((told, name))
    return tuple(found)


def _is_headed(element: Element, classes: str) -> bool:
    """Tell of a heading, or of what Docutils and Pandoc put around it and its words: its words made the id."""
    return element.name in _HEADINGS or element.name == "section" or "section" in classes.split()


def _is_note(said: dict[str, str]) -> bool:
    return (
        "data-footnotes" in said
        or ("id" in said and bool(_NOTE_ID.fullmatch(said["id"])))
        or ("epub:type" in said and bool(_OF_NOTES.fullmatch(said["epub:type"])))
    )


def _means_it(element: Element, told: Kind, name: str) -> bool:
    """Tell whether a name means here what it means elsewhere."""
    if told is Kind.NUMBERS:
        return bool(_ONLY_NUMBERS.fullmatch(text_within(element)))
    return name not in ("hidden", "d-none") or not _SHOWN_AGAIN.search(element.attributes.get("class", ""))
