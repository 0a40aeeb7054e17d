"""The pictures of deliveries that are not out yet, and the ids they were uploaded under."""

import sqlalchemy as sa

from crosspost.model import Media
from crosspost.store.database import Tx
from crosspost.store.tables import media


def keep(tx: Tx, delivery_id: int, picture: Media) -> None:
    """Keep the picture, and the id it was uploaded under, for later attempts."""
    drop(tx, delivery_id)
    tx.execute(
        sa.insert(media).values(
            delivery_id=delivery_id,
            data=picture.data,
            mime=picture.mime,
            width=picture.width,
            height=picture.height,
            alt=picture.alt,
            remote_id=picture.remote_id,
            expires=picture.expires,
        )
    )


def of(tx: Tx, delivery_id: int) -> Media | None:
    """Return the picture kept for a delivery."""
    row = tx.execute(sa.select(media).where(media.c.delivery_id == delivery_id)).mappings().one_or_none()
    if row is None:
        return None
    return Media(**{name: value for name, value in row.items() if name != "delivery_id"})


def drop(tx: Tx, delivery_id: int) -> None:
    """Forget a delivery's picture."""
    tx.execute(_DROP, {"id": delivery_id})


_DROP = sa.delete(media).where(media.c.delivery_id == sa.bindparam("id"))
