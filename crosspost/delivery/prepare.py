"""Make a delivery ready to send: fetch and upload its picture, compose its draft or take the frozen one."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import cast

from crosspost.accounts.renewal import begin_session, using
from crosspost.compose import compose
from crosspost.compose.pictures import picture_for
from crosspost.compose.preview import price_of
from crosspost.config import Channel
from crosspost.contract import AnyAdapter, LogsIn, ReadiesMedia, Uploads
from crosspost.delivery.words import opening_of
from crosspost.errors import (
    Barred,
    ConfigError,
    NoPicture,
    NoRoom,
    NotSent,
    RateLimited,
    Rejected,
    UnfitPicture,
)
from crosspost.house import House
from crosspost.model import Delivery, Draft, Media, Money
from crosspost.policy import PICTURE_TRIES
from crosspost.store import attempts, entries, media


@dataclass(frozen=True, slots=True)
class Prepared:
    """What will be sent. `note`: what a person should know, such as a picture left behind."""

    draft: Draft
    note: str
    price: Money
    """What the network will bill for it."""
    revision: str
    """The entry's that the draft was made from, which may have been edited since."""


async def prepare(house: House, channel: Channel, delivery: Delivery) -> Prepared:
    """Prepare a reserved delivery. Nothing becomes public here.

    Raise `PublishError` if an upload failed in a way that may pass, and `NoRoom` or `ConfigError` if no
    draft can be made.
    """
    if not channel.dry_run and isinstance(house.adapter(channel), LogsIn):
        await begin_session(house, channel)
    entry, published = await house.database.read(entries.get, delivery.entry_id)
    kept = await house.database.read(media.of, delivery.id)
    if delivery.draft is not None:
        frozen = _priced(
            house, channel, replace(delivery.draft, picture=kept), delivery.note, delivery.revision
        )
        return await _with_its_picture(house, channel, delivery, frozen)
    note, picture = delivery.note, kept
    if picture is None and not note:
        try:
            picture = await picture_for(house.client, channel, entry, house.feed_of(entry))
            note = picture.note if picture else ""
        except NoPicture as error:
            note = str(error)
            if isinstance(error, UnfitPicture):
                # On record at once: it may have taken all the time that this run has.
                await house.database.write(attempts.remark, delivery, note)
    opening = await house.database.read(opening_of, channel, entry, delivery.entry_id)
    draft = compose(house.ingredients(channel, entry, published, picture, opening=opening))
    return await _with_its_picture(
        house, channel, delivery, _priced(house, channel, draft, note, entry.revision)
    )


async def _with_its_picture(house: House, channel: Channel, delivery: Delivery, prepared: Prepared) -> Prepared:
    """Upload the picture of what is prepared; leave it out if it is refused, or not taken after some tries."""
    picture = prepared.draft.picture
    if picture is None or channel.dry_run:
        return prepared
    try:
        return replace(
            prepared,
            draft=replace(prepared.draft, picture=await _uploaded(house, channel, delivery, picture)),
        )
    except (Barred, RateLimited):
        raise
    except (Rejected, NotSent) as error:
        if isinstance(error, NotSent) and delivery.counted + 1 < min(PICTURE_TRIES, channel.attempts):
            # Whoever it was that did not take the picture: a text may go through.
            raise NotSent(str(error), until=error.until) from error
        note = f"its picture was left out: {error}"
    await house.database.write(media.drop, delivery.id)
    draft = await without_picture(house, channel, delivery, prepared)
    return _priced(house, channel, draft, note, prepared.revision)


async def without_picture(house: House, channel: Channel, delivery: Delivery, prepared: Prepared) -> Draft:
    """Return what is said without the picture: composed anew, since a link may take the picture's place.

    Words that an attempt has frozen stay, where the entry was edited since.
    """
    entry, published = await house.database.read(entries.get, delivery.entry_id)
    if entry.revision == prepared.revision:
        with suppress(NoRoom, ConfigError):
            opening = await house.database.read(opening_of, channel, entry, delivery.entry_id)
            return compose(house.ingredients(channel, entry, published, opening=opening))
    return replace(prepared.draft, picture=None)


def _priced(house: House, channel: Channel, draft: Draft, note: str, revision: str) -> Prepared:
    return Prepared(draft, note, price_of(channel, draft), revision)


async def _uploaded(house: House, channel: Channel, delivery: Delivery, picture: Media) -> Media:
    """Upload the picture where the network wants that, once: its id outlives a failed attempt."""
    adapter = house.adapter(channel)
    forgotten = picture.expires is not None and picture.expires <= house.now()
    if not isinstance(adapter, Uploads):
        await house.database.write(media.keep, delivery.id, picture)
    elif picture.remote_id is None or forgotten:

        async def upload(adapter: AnyAdapter, fresh: Media = picture) -> Media:
            return await cast("Uploads", adapter).upload(fresh)

        picture = await using(house, channel, upload)
        # Before the network is asked whether it is done with it: a later try asks again, and uploads nothing.
        await house.database.write(media.keep, delivery.id, picture)
    if isinstance(adapter, ReadiesMedia):

        async def is_ready(adapter: AnyAdapter, uploaded: Media = picture) -> bool:
            return await cast("ReadiesMedia", adapter).is_ready(uploaded)

        if not await using(house, channel, is_ready):
            raise NotSent(f"{adapter.name} is not done with its picture yet")
    return picture
