"""What stands in entries and is no picture of them: by what it is called, and by where it comes from. Pure."""

import re

from crosspost.feeds.raw import RawPicture

ICON = 50
"""Pixels of a side; what claims to be smaller is a counter, an emoji or a button."""

# Who serves nothing else; matched where the server's name begins.
_SERVERS = (
    # Faces.
    r"(?:\w+\.)*gravatar\.com/|avatars?\d*\.githubusercontent\.com/|graph\.facebook\.com/",
    r"lh\d\.googleusercontent\.com/a[-/]|pbs\.twimg\.com/profile_images/|abs\.twimg\.com/",
    # Counters; EasyPrivacy (easylist.to) lists these and many more. VG Wort counts for German authors.
    r"pixel\.wp\.com/|stats\.wordpress\.com/|b\.wp\.com/|feeds\.wordpress\.com/1\.0/|(?:ssl-)?vg\d+\.met\.vgwort\.de/",
    r"feeds\d*\.feedburner\.com/|[\w.]*feedsportal\.com/|[\w.]*doubleclick\.net/|pixel\.quantserve\.com/",
    r"[\w.]*google-analytics\.com/|[\w.]*scorecardresearch\.com/|[\w.]*statcounter\.com/|[\w.]*histats\.com/",
    r"[\w.]*emltrk\.com/|[\w.]*list-manage\.com/|[\w.]*feedblitz\.com/|www\.facebook\.com/tr$",
    r"ga-beacon\.appspot\.com/|[\w.]*simpleanalytics(?:cdn)?\.com/|[\w-]+\.goatcounter\.com/",
    r"medium\.com/_/stat|blogger\.googleusercontent\.com/tracker/|pixel\.[\w.-]+/",
    # Advertisements.
    r"[\w.-]*amazon-adsystem\.com/|[\w.]*assoc-amazon\.\w+/|[\w.]*googlesyndication\.com/|ad[sx]?\d?\.[\w.-]+/",
    # Buttons.
    r"[\w.]*addtoany\.com/|[\w.]*addthis\.com/|[\w.]*sharethis\.com/|[\w.]*paypal(?:objects)?\.com/",
    r"[\w.]*buymeacoffee\.com/|(?:\w+\.)*ko-fi\.com/|[\w.]*liberapay\.com/|c5\.patreon\.com/",
    # Badges (github.com/badges/awesome-badges).
    r"img\.shields\.io/|badge\.fury\.io/|badgen\.net/|forthebadge\.com/|badges\.[\w.-]+/",
    r"(?:\w+\.)*travis-ci\.(?:org|com)/|(?:\w+\.)*codecov\.io/|coveralls\.io/|circleci\.com/|ci\.appveyor\.com/",
    r"github\.com/.*/badge\.svg|(?:\w+\.)*codeclimate\.com/|snyk\.io/|bestpractices\.coreinfrastructure\.org/",
    r"readthedocs\.org/projects/|api\.netlify\.com/api/v1/badges|mybinder\.org/badge|zenodo\.org/badge",
    r"colab\.research\.google\.com/assets/|visitor-badge\.[\w.]+/|komarev\.com/ghpvc|play\.google\.com/intl/",
    r"(?:i|mirrors)\.creativecommons\.org/|licensebuttons\.net/|tools\.applemediaservices\.com/",
    # Formulas, each a picture: of WordPress.com, CodeCogs, Wikimedia.
    r"s\d\.wp\.com/latex\.php$|[\w.]*codecogs\.com/|(?:\w+\.)*wikimedia\.org/api/rest_v1/media/math/",
    # Icons of sites, and smileys.
    r"www\.google\.com/s2/favicons|icons\.duckduckgo\.com/",
    r"twemoji\.maxcdn\.com/|static\.xx\.fbcdn\.net/images/emoji",
)
_PLACES = r"(?:rss|atom|facebook|twitter|linkedin|pinterest|instagram|whatsapp|mastodon)"
# What their files are called, whoever serves them.
_PATHS = (
    r"/(?:emojis?|emoticons?|smil(?:ey|ie)s?|twemoji|avatars?|favicons?|share[_-]?icons?|social[_-]?icons?)/",
    r"/(?:piwik|matomo|adserver|hit-?counter)(?:/|\.php)",
    r"/wp-includes/",  # the engine's own: smileys, icons, spinners
    r"/(?:favicon|apple-touch-icon|site-?icon|icon_\w+|share_save\w*|webmention)[\w.-]*\.\w{3,4}$",
    rf"/{_PLACES}(?:[-_]?(?:icon|logo|button|share))?(?:[-_]?\d{2}(?:x\d{2})?)?\.(?:png|gif|svg|webp)$",
    r"/(?:feed|print|e?mail|share|like|subscribe|donate)[-_]?(?:icon|button|btn)[\w-]*\.(?:png|gif|svg|webp)$",
    r"/(?:(?:site|blog|header|footer)[-_]?)?(?:logo|avatar|gravatar)(?:[-_@]?\d+x?\d*)?\.\w{3,4}$",
    rf"/(?:share|follow|find|join|like)[-_](?:(?:us|me|it|this|on|via|to)[-_]){{0,2}}{_PLACES}[\w-]*\.(?:png|gif|svg|webp)$",
    r"/(?:[\w-]+[-_])?badges?(?:[-_][\w-]*)?\.(?:svg|png|gif)$",
    r"/(?:buy-?me-?a-?coffee|bmc-button)[\w-]*\.(?:svg|png|gif)$",
)
_SPACER = (
    r"(?:^|/)(?:blank|spacer?|pixel|1x1|1px|clear(?:dot)?|trans(?:parent|p)?|tracking|counter|shim|empty|gr[ae]y"
    r"|placeholder|lazy(?:load)?|loading|(?:ajax-?)?loader|spinner|fallback)"
    r"(?:[-_.]?\d+(?:x\d+)?|[-_](?:image|img|pixel|placeholder|fallback|gif))*\.(?:gif|png|svg|jpe?g|webp)$"
)
# Words of classes, ids and roles.
_MARKS = (
    r"(?:^|[\s_-])(?:avatar|gravatar|emoji|emoticon|smiley|smilie|badge|icon|logo|share|sharing|sharedaddy|social"
    r"|addtoany|tracking|tracker|pixel|counter|latex|formula|mwe-math|spacer|spinner|adsbygoogle|advert|advertisement|sponsor|byline"
    r"|author[_-]?(?:photo|image|img|pic|box)|profile[_-]?(?:photo|image|pic)|screen-reader-text)s?(?=$|[\s_-])"
)
_OF_SERVER = re.compile("|".join(_SERVERS), re.IGNORECASE)
_CALLED = re.compile("|".join((*_PATHS, _SPACER)), re.IGNORECASE)
_NOWHERE = re.compile(r"(?:data|about|blob|javascript):|[#?{\[$]|(?:undefined|null)?$", re.IGNORECASE)
_KEEPS_A_PLACE = re.compile(_SPACER, re.IGNORECASE)
_MARKED = re.compile(_MARKS, re.IGNORECASE)


def is_ornament(picture: RawPicture) -> bool:
    """Tell whether a picture, whose address is absolute, is there for something else than to show the entry."""
    sides = (side for side in (picture.width, picture.height) if side is not None)
    place = _place(picture.url)
    return (
        any(side < ICON for side in sides)
        or bool(_OF_SERVER.match(place))
        or bool(_CALLED.search(place))
        or bool(_MARKED.search(picture.marks))
    )


def is_placeholder(url: str) -> bool:
    """Tell whether an address only keeps a place, until a script puts another one there."""
    url = url.strip()
    return bool(_NOWHERE.match(url) or _KEEPS_A_PLACE.search(_place(url)))


def _place(url: str) -> str:
    """Return server and path alone."""
    return re.split(r"[?#]", url, maxsplit=1)[0].partition("//")[2] or re.split(r"[?#]", url, maxsplit=1)[0]
