"""A message to try out what is configured: one that looks as those do that matter."""

from collections.abc import Mapping

from crosspost.config import Config
from crosspost.house import open_house
from crosspost.http.wire import HttpxClient
from crosspost.notify.act import tell
from crosspost.notify.digest import BY_MAIL, latest_digest
from crosspost.policy import Link, Message
from crosspost.policy.messages import Item, Kind, Section, plain_text

_EXAMPLE = (
    Item(
        text="If you can read this, crosspost can tell you what needs you. "
        "What waits for your yes looks like this:"
    ),
    Item(
        text="delivery 12 (linkedin: An entry of your blog) held: more entries at once than usual; "
        "crosspost approve 12 or crosspost skip 12",
        title="An entry of your blog",
        words="Here the text begins that would go out, as far as a few lines reach …",
        links=(Link("Open the entry", "https://example.org/"),),
        commands=("crosspost approve 12", "crosspost skip 12"),
    ),
)


def trial() -> Message:
    """Return a test message, which is nobody's need."""
    sections = (Section(items=_EXAMPLE),)
    return Message(title="crosspost: a test", text=plain_text(sections), kind=Kind.TEST, sections=sections)


async def digest_now(config: Config) -> Message:
    """Return the digest of the last seven days. When the next one is due stays as it was."""
    async with open_house(config) as house:
        return await latest_digest(house)


async def send_message(config: Config, message: Message) -> Mapping[str, bool]:
    """Send a message by all services, a digest by mail; return for each whether it took it."""
    only = BY_MAIL if message.kind is Kind.DIGEST else tuple(name for name, _ in config.notify.services)
    client = HttpxClient()
    try:
        took = await tell(config, client, message, only=only)
    finally:
        await client.aclose()
    return dict(zip((name for name, _ in config.notify.services if name in only), took, strict=True))
