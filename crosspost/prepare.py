"""Make a delivery ready to send: fetch and upload its picture, compose its draft or take the frozen one."""

from dataclasses import dataclass, replace
from typing import cast

from crosspost.compose import compose
from crosspost.config import Channel
from crosspost.context import Context
from crosspost.contract import AnyAdapter, ReadiesMedia, Uploads
from crosspost.errors import NoPicture, NotSent, RateLimited, Rejected, Unauthorized
from crosspost.model import Delivery, Draft, Media, Money
from crosspost.pictures import picture_for
from crosspost.renewal import using
from crosspost.store import entries, media

UPLOAD_TRIES = 3
"""After so many failed uploads the entry goes out without its picture."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What will be sent. `note`: what a person should know, such as a picture left behind."""

    draft: Draft
    note: str
    price: Money
    """What the network will bill for it."""
    revision: str
    """The entry's that the draft was made from, which may have been edited since."""


async def prepare(ctx: Context, channel: Channel, delivery: Delivery) -> Prepared:
    """Prepare a reserved delivery. Nothing becomes public here.

    Raise `PublishError` if an upload failed in a way that may pass, and `NoRoom` or `ConfigError` if no
    draft can be made.
    """
    entry, published = await ctx.database.read(entries.get, delivery.entry_id)
    kept = await ctx.database.read(media.of, delivery.id)
    if delivery.draft is not None:
        picture = await _uploaded(ctx, channel, delivery, kept) if kept else None
        draft = replace(delivery.draft, picture=picture)
        return _priced(ctx, channel, draft, delivery.note, delivery.revision)
    note = ""
    picture = kept
    if picture is None:
        try:
            picture = await picture_for(ctx.client, channel, entry, ctx.config.feeds.get(entry.feed))
        except NoPicture as error:
            note = str(error)
    if picture is not None and not channel.dry_run:
        try:
            picture = await _uploaded(ctx, channel, delivery, picture)
        except (Unauthorized, RateLimited):
            raise
        except (Rejected, NotSent) as error:
            if isinstance(error, NotSent) and delivery.counted + 1 < min(UPLOAD_TRIES, channel.attempts):
                raise
            picture, note = None, f"its picture was left out: {error}"
    draft = compose(ctx.ingredients(channel, entry, published, picture))
    return _priced(ctx, channel, draft, note, entry.revision)


def _priced(ctx: Context, channel: Channel, draft: Draft, note: str, revision: str) -> Prepared:
    return Prepared(draft, note, ctx.adapter(channel).cost(draft), revision)


async def _uploaded(ctx: Context, channel: Channel, delivery: Delivery, picture: Media) -> Media:
    """Upload the picture where the network wants that, once: its id outlives a failed attempt."""
    adapter = ctx.adapter(channel)
    forgotten = picture.expires is not None and picture.expires <= ctx.now()
    if not isinstance(adapter, Uploads):
        await ctx.database.write(media.keep, delivery.id, picture)
    elif picture.remote_id is None or forgotten:

        async def upload(adapter: AnyAdapter, fresh: Media = picture) -> Media:
            return await cast("Uploads", adapter).upload(fresh)

        picture = await using(ctx, channel, upload)
        # Before the network is asked whether it is done with it: a later try asks again, and uploads nothing.
        await ctx.database.write(media.keep, delivery.id, picture)
    if isinstance(adapter, ReadiesMedia):

        async def is_ready(adapter: AnyAdapter, uploaded: Media = picture) -> bool:
            return await cast("ReadiesMedia", adapter).is_ready(uploaded)

        if not await using(ctx, channel, is_ready):
            raise NotSent(f"{adapter.name} is not done with its picture yet")
    return picture
