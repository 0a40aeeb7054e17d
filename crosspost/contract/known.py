"""What people ask for and this version has no adapter or setting for: why, and what can be done.

Written 2026-11 from what is known of the networks, *unverified*: the pages named below were not read again.
What one opens or gives up belongs here.
"""

import difflib
import re
from collections.abc import Iterable

_ALSO_CALLED = {
    "twitter": "x",
    "fb": "facebook",
    "meta": "facebook",
    "facebookpage": "facebook",
    "xcom": "x",
    "twittercom": "x",
    "facebookcom": "facebook",
    "linkedincom": "linkedin",
    "tumblrcom": "tumblr",
    "li": "linkedin",
    "signature": "email_signature",
    "mailsignature": "email_signature",
    "emailsignatures": "email_signature",
    "thunderbird": "email_signature",
    "outlook": "email_signature",
}
# No clickable links in captions, pictures required, professional accounts only:
# developers.facebook.com/docs/instagram-platform/content-publishing.
# Facebook's groups: the API for them ended with v19, on 2024-04-22:
# developers.facebook.com/blog/post/2024/01/23/introducing-facebook-graph-and-marketing-api-v19.
# Profiles: `publish_actions` ended on 2018-08-01:
# developers.facebook.com/docs/graph-api/changelog/breaking-changes.
# Medium gives out no new tokens since 2025: help.medium.com/hc/en-us/articles/213480228.
# YouTube's Data API has no posts of the community tab; TikTok's takes videos and photos only.
# WhatsApp's Cloud API writes to people who wrote first, not to channels or statuses.
_NO_GROUPS = "Facebook has had no API for groups since April 2024, so that no program may post into one"
_NO_PROFILES = "Facebook lets no program post on a profile since 2018; on a page of your own it does"
_OPEN = "it could be posted on by a program, but nobody has written that adapter yet"
_WHY = {
    "instagram": "Instagram takes pictures and videos from professional accounts only, and makes no links",
    "facebookgroup": _NO_GROUPS,
    "facebookgroups": _NO_GROUPS,
    "facebookprofile": _NO_PROFILES,
    "threads": f"Threads has an API: {_OPEN}",
    "mastodon": f"Mastodon has an open API: {_OPEN}",
    "bluesky": f"Bluesky has an open API: {_OPEN}",
    "telegram": f"Telegram has an API for bots: {_OPEN}",
    "discord": f"Discord takes posts by webhooks: {_OPEN}",
    "slack": f"Slack takes posts by webhooks: {_OPEN}",
    "matrix": f"Matrix has an open API: {_OPEN}",
    "pinterest": f"Pinterest's API takes pictures, from apps that it has approved: {_OPEN}",
    "reddit": f"Reddit's API is for apps that it has approved: {_OPEN}",
    "googlebusiness": f"Google's API for business profiles is opened on request: {_OPEN}",
    "whatsapp": "WhatsApp's API writes to people who wrote first; it has none for channels and statuses",
    "youtube": "YouTube's API takes videos, and no posts",
    "tiktok": "TikTok's API takes videos and photos, and no links",
    "medium": "Medium has given no program new access since 2025; it imports a story by its address itself",
    "newsletter": f"services for newsletters have APIs: {_OPEN}",
    "teams": f"Microsoft Teams takes posts by webhooks: {_OPEN}",
    "nostr": f"Nostr is an open protocol: {_OPEN}",
    "wordpress": f"WordPress has an API: {_OPEN}",
    "byhand": "nothing is handed to people to be posted by them yet",
    "email": "crosspost sends no newsletters; email_signature writes the newest entries into your signature",
}
_ALIKE = {
    "googlemybusiness": "googlebusiness",
    "googlebusinessprofile": "googlebusiness",
    "gmb": "googlebusiness",
    "insta": "instagram",
    "ig": "instagram",
    "bsky": "bluesky",
    "fediverse": "mastodon",
    "activitypub": "mastodon",
    "pixelfed": "mastodon",
    "mail": "email",
    "smtp": "email",
    "mailchimp": "newsletter",
    "brevo": "newsletter",
    "buttondown": "newsletter",
    "listmonk": "newsletter",
    "substack": "newsletter",
    "hand": "byhand",
    "manual": "byhand",
    "microsoftteams": "teams",
    "msteams": "teams",
    "fbgroup": "facebookgroup",
    "group": "facebookgroup",
    "facebookpersonal": "facebookprofile",
}
_TODAY = "copy the text from crosspost preview and post it by hand, or write one: docs/write-an-adapter.md"
_CREDENTIAL = "no network takes a password from a program; leave it out, and run crosspost connect {channel}"
_STRAY = {
    "group": _NO_GROUPS,
    "groups": _NO_GROUPS,
    "group_id": _NO_GROUPS,
    "profile": _NO_PROFILES,
    "personal": _NO_PROFILES,
    "profile_id": _NO_PROFILES,
}
_CREDENTIALS = frozenset(
    "user username user_name login email password passwd pass identifiant mot_de_passe".split()
)


def no_adapter(kind: str, installed: Iterable[str]) -> str:
    """Say that there is no adapter of this name: which was meant, or why there is none and what can be done."""
    there = list(installed)
    plain = {_plain(name): name for name in there}
    word = _plain(kind)
    meant = plain.get(word) or _ALSO_CALLED.get(word)
    if meant in there:
        return f"there is no adapter {kind!r}; it is called {meant}"
    known = _ALIKE.get(word, word)
    if known not in _WHY and (close := difflib.get_close_matches(word, [*plain, *_WHY], n=1, cutoff=0.75)):
        if close[0] in plain:
            return f"there is no adapter {kind!r}; did you mean {plain[close[0]]}?"
        known = close[0]
    there_are = f"there are: {', '.join(there)}"
    if known not in _WHY:
        return f"there is no adapter {kind!r}; {there_are}"
    return f"there is no adapter {kind!r} in this version: {_WHY[known]}; {_TODAY} ({there_are})"


def no_setting(adapter: str, key: str, channel: str) -> str:
    """Say why a network has no such setting; "" where there is nothing more to say than that."""
    if adapter == "facebook" and key in _STRAY:
        return _STRAY[key]
    return _CREDENTIAL.format(channel=channel) if key in _CREDENTIALS else ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())
