"""A message to try out what is configured."""

from collections.abc import Mapping

from crosspost.config import Config
from crosspost.http.wire import HttpxClient
from crosspost.notify.act import tell
from crosspost.policy import Message

_TRIAL = Message(title="crosspost: a test", text="If you can read this, crosspost can tell you what needs you.")


async def send_trial(config: Config) -> Mapping[str, bool]:
    """Send a test message to all services; return for each whether it took it."""
    client = HttpxClient()
    try:
        took = await tell(config, client, _TRIAL)
    finally:
        await client.aclose()
    return {name: good for (name, _), good in zip(config.notify.services, took, strict=True)}
