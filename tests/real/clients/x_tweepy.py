"""tweepy, the most used client for X. It uploads pictures by the API before, so here are words alone."""

from typing import Any

import tweepy
from requests.adapters import HTTPAdapter
from told import TOLD, say


class Here(HTTPAdapter):
    """Carry to the stand-in what goes to the host that tweepy has built in."""

    def send(self, request: Any, *rest: Any, **more: Any) -> Any:
        request.url = request.url.replace("https://api.twitter.com", TOLD["url"])
        return super().send(request, *rest, **more)


def client(token: str) -> tweepy.Client:
    made = tweepy.Client(bearer_token=token)
    made.session.mount("https://api.twitter.com", Here())
    return made


def refusal(token: str, text: str) -> str:
    try:
        client(token).create_tweet(text=text, user_auth=False)
    except tweepy.HTTPException as error:
        return f"{type(error).__name__}: {'; '.join(error.api_messages) or error}"
    return ""


own = client(TOLD["token"])
post = own.create_tweet(text=TOLD["text"], user_auth=False).data["id"]
again = refusal(TOLD["token"], TOLD["text"])
me = own.get_me(user_auth=False).data.id
read = [str(found.id) for found in own.get_users_tweets(me, max_results=5).data]
deleted = own.delete_tweet(post, user_auth=False).data["deleted"]
say(posted=[post], read=read, deleted=[deleted], error=refusal("wrong", "Words"), again=again)
