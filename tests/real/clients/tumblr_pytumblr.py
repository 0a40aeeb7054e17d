"""pytumblr, Tumblr's own client for Python. It posts in an older form only: it reads and deletes another's."""

import pytumblr
from told import TOLD, say


def client(token: str) -> pytumblr.TumblrRestClient:
    keys = (TOLD["consumer_key"], TOLD["consumer_secret"], token, TOLD["token_secret"])
    return pytumblr.TumblrRestClient(*keys, host=TOLD["url"])


own = client(TOLD["token"])
blog = own.info()["user"]["blogs"][0]["name"]
posts = own.posts(blog, limit=5)["posts"]
own.delete_post(blog, posts[0]["id_string"])
say(
    read=[post["id_string"] for post in posts],
    left=len(own.posts(blog)["posts"]),
    error=client("wrong").info()["meta"]["status"],
)
