"""facebook_business, Meta's own client for Python."""

from facebook_business.adobjects.page import Page
from facebook_business.adobjects.post import Post
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession
from told import TOLD, say

FacebookSession.GRAPH = TOLD["url"]


def refused(token: str) -> list[int]:
    try:
        page(token).create_feed(params={"message": "Words"})
    except FacebookRequestError as error:
        return [error.api_error_code(), error.api_error_subcode()]
    return []


def page(token: str) -> Page:
    return Page(TOLD["page"], api=FacebookAdsApi(FacebookSession(access_token=token), api_version="v26.0"))


own = page(TOLD["token"])
picture = {"filename": TOLD["picture"], "published": False, "alt_text_custom": TOLD["alt"]}
photo = own.create_photo(params=picture)["id"]
post = own.create_feed(params={"message": TOLD["text"], "attached_media": [{"media_fbid": photo}]})["id"]
card = own.create_feed(params={"message": "Words", "link": TOLD["link"]})["id"]
shown = list(own.get_published_posts(fields=["message", "permalink_url"], params={"limit": 1}))
for post_id in (post, card):
    Post(post_id, api=own.get_api()).api_delete()
say(posted=[post, card], read=[found["id"] for found in shown], deleted=[True, True], error=refused("wrong"))
