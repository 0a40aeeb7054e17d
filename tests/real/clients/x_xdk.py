"""xdk, X's own client for Python, generated from its description of the API."""

import base64
from pathlib import Path

import requests
from told import TOLD, say
from xdk import Client
from xdk.media.models import CreateMetadataRequest, UploadRequest
from xdk.oauth1_auth import OAuth1
from xdk.posts.models import CreateRequest


def signed() -> OAuth1:
    """Return the four strings of OAuth 1.0a."""
    return OAuth1(
        api_key=TOLD["consumer_key"],
        api_secret=TOLD["consumer_secret"],
        callback="http://localhost",
        access_token=TOLD["token"],
        access_token_secret=TOLD["token_secret"],
    )


def status_of_a_bad_token() -> int:
    try:
        Client(base_url=TOLD["url"], access_token="wrong").users.get_me()
    except requests.HTTPError as error:
        return error.response.status_code if error.response is not None else 0
    return 0


client = Client(base_url=TOLD["url"], access_token=TOLD["token"])
picture = base64.b64encode(Path(TOLD["picture"]).read_bytes()).decode()
media = client.media.upload(UploadRequest(media=picture, media_category="tweet_image")).data.id
client.media.create_metadata(
    CreateMetadataRequest.model_validate({"id": media, "metadata": {"alt_text": {"text": TOLD["alt"]}}})
)
body = CreateRequest.model_validate({"text": TOLD["text"], "media": {"media_ids": [media]}})
post = client.posts.create(body).data.id
second = Client(base_url=TOLD["url"], auth=signed()).posts.create(CreateRequest(text="Signed")).data.id
me = client.users.get_me().data.id
pages = client.users.get_posts(me, max_results=5, post_fields=["created_at", "entities"])
read = [found.model_dump()["id"] for page in pages for found in page.data or []]
deleted = [client.posts.delete(post_id).data.deleted for post_id in (post, second)]
say(posted=[post, second], read=read, deleted=deleted, error=status_of_a_bad_token())
