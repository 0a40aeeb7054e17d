"""Lines that a page says, not its author: labels of players, headings of what is left out, bare addresses."""

import re

from crosspost.feeds.words.unseen import Kind

# Squarespace's pictures; the players of Ghost, MediaElement.js (WordPress), Podlove and plain HTML; Substack,
# Medium, Instagram, YouTube and Google's advertisements, as they read where scripts and classes are gone
# (unverified, from memory, 2026-11).
_SAYS_NOTHING = re.compile(
    r"view full\s?-?size(?: image)?|click (?:on the (?:image|picture|photo) )?to (?:enlarge|zoom)(?: (?:image"
    r"|picture))?|(?:audio|video|media|podcast) player"
    r"|use up/down arrow keys to increase or decrease volume\.?|play episode|play/pause(?: (?:audio|video))?"
    r"|(?:0?0:){1,2}00|(?:\d{1,2}:){1,2}\d{2}(?:\s*/\s*(?:(?:\d{1,2}:){1,2}\d{2}|\d+(?:\.\d+)?)"
    r"(?:\s*\d(?:\.\d+)?\s?[×x])?|\s*\d(?:\.\d+)?\s?[×x])"
    r"|/\s*(?:(?:\d{1,2}:){1,2}\d{2}|\d+(?:\.\d+)?)(?:\s*\d(?:\.\d+)?\s?[×x])?|\d(?:\.\d+)?\s?×"
    r"|your browser does(?: not|n[’']t) support (?:the |this |html5 ?)?(?:audio|video|iframe|embedded|element"
    r"|tag|player|canvas)[\w ]*\.?|javascript is (?:required|disabled)[^.]*\.?"
    r"|(?:please )?enable javascript[^.]*\.?|skip to (?:main )?content|view this post on instagram",
    re.IGNORECASE,
)
# What buttons say, and authors too: in a list of buttons, a table of keys, a heading.
_OF_BUTTONS = re.compile(
    r"(?:play|pause|mute|unmute|rewind|fast forward)(?: (?:audio|video))?|loading\s?(?:…|\.\.\.)"
    r"|subscribe(?: now)?|(?:share|tweet|partager|teilen|compart(?:ir|e|ilhar)|condividi|delen|dela)"
    r"(?: (?:this|this post|on|via|it|sur|auf|en|su))?|leave a comment|advertisements?|sponsored(?: content)?"
    r"|image gallery|slideshow|no(?:\.|,)? image(?: available)?|copy(?: code)?|copied!?",
    re.IGNORECASE,
)
_HEADINGS = {
    Kind.CONTENTS: re.compile(
        r"(?:table of )?contents?|toc|on this page|in this (?:article|post|guide)|what you[’']ll (?:learn"
        r"|find)|overview|jump to(?: section)?|quick (?:links|navigation)|sommaire|table des matières"
        r"|au sommaire|plan(?: de l[’']article)?|dans cet article|inhalt(?:sverzeichnis|sübersicht)?"
        r"|auf dieser seite|in diesem (?:artikel|beitrag)|übersicht|índice(?: de contenidos?)?|contenidos?"
        r"|tabla de contenidos?|en este artículo|indice(?: dei contenuti)?|sommario|in questo articolo"
        r"|conteúdo|sumário|neste artigo|inhoud(?:sopgave)?|in dit artikel|innehåll(?:sförteckning)?"
        r"|spis treści|indhold(?:sfortegnelse)?|innhold(?:sfortegnelse)?|sisällys(?:luettelo)?|obsah"
        r"|содержание|оглавление|目次|目录|목차",
        re.IGNORECASE,
    ),
    Kind.NOTES: re.compile(
        r"(?:foot|end)?notes?(?: and references)?|references|sources|notes? de bas de page|références|fu(?:ß"
        r"|ss)noten?|anmerkungen|einzelnachweise|notas?(?: al pie| de rodapé)?|referencias"
        r"|note(?: a piè di pagina)?|riferimenti|referências|voetnoten|noten|fotnoter|noter|przypisy"
        r"|alaviitteet|poznámky|примечания|сноски|脚注|注釈",
        re.IGNORECASE,
    ),
}
_ADDRESS = re.compile(r"<?(?:https?://|www\.)[^\s<>]+>?")
# What is behind these is shown where they stand alone: by WordPress, as `class-wp-oembed.php` of 6.1.9 lists
# most of them (read 2026-11), and by other engines, newer versions and plugins (unverified).
_PLAYED = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*(?:youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com|dailymotion\.com|dai\.ly"
    r"|tiktok\.com|spotify\.com|soundcloud\.com|mixcloud\.com|wordpress\.tv|videopress\.com|ted\.com"
    r"|twitch\.tv|rumble\.com|odysee\.com|bandcamp\.com|reverbnation\.com|kickstarter\.com|animoto\.com"
    r"|flickr\.com|flic\.kr|imgur\.com|slideshare\.net|speakerdeck\.com|scribd\.com|issuu\.com|twitter\.com"
    r"|x\.com|bsky\.app|instagram\.com|facebook\.com|tumblr\.com|reddit\.com|pinterest\.[a-z.]+"
    r"|crowdsignal\.com|poll\.fm|cloudup\.com|screencast\.com|peertube\.[a-z.]+|deezer\.com"
    r"|podcasts\.apple\.com|music\.apple\.com|streamable\.com|loom\.com|wistia\.(?:com|net)|amzn?\.(?:com|to)"
    r"|pca\.st|codepen\.io|gist\.github\.com)/\S+",
    re.IGNORECASE,
)


def says_nothing(line: str, *, as_button: bool) -> bool:
    """Tell whether a whole line is a label of the page it stood on; `as_button`: where buttons may stand."""
    said = line.strip(" :|·•–—-")
    return len(line) < 100 and bool(
        _SAYS_NOTHING.fullmatch(said) or (as_button and _OF_BUTTONS.fullmatch(said))
    )


def is_heading_of(kind: Kind, line: str) -> bool:
    """Tell whether a line can only be the heading of a table of contents, or of the notes."""
    return len(line) < 60 and kind in _HEADINGS and bool(_HEADINGS[kind].fullmatch(line.strip(" :.-–—¶#[]▼▾")))


def is_address(line: str, *, played: bool) -> bool:
    """Tell whether a whole line is an address; if `played`, one that is shown as a film, a sound or a post."""
    return bool(_PLAYED.fullmatch(line)) or (not played and bool(_ADDRESS.fullmatch(line)))
