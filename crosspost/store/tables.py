"""The tables as code sees them. The migrations make them; a test compares the two."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite gives naive ones back; this puts the zone on again."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone may not reach the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(sa.types.TypeDecorator[str]):
    """Text from outside, without the one character that PostgreSQL refuses."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if value else value


metadata = sa.MetaData()
Text = Words

feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("address", sa.String(64), nullable=False, server_default=""),
    sa.Column("title", Text, nullable=False, server_default=""),
    sa.Column("etag", Text, nullable=False, server_default=""),
    sa.Column("last_modified", Text, nullable=False, server_default=""),
    sa.Column("body_hash", Text, nullable=False, server_default=""),
    sa.Column("baseline_at", Moment),
    sa.Column("polled_at", Moment),
    sa.Column("succeeded_at", Moment),
    sa.Column("not_before", Moment),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("problem", Text, nullable=False, server_default=""),
    sa.Column("gone", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("moved_to", Text, nullable=False, server_default=""),
    sa.Column("moved_times", sa.Integer, nullable=False, server_default="0"),
    sa.Column("largest", sa.Integer, nullable=False, server_default="0"),
    sa.Column("after_gap", sa.Integer, nullable=False, server_default="0"),  # a policy.Gap
    sa.Column("shown", sa.Integer),  # entries in its last document that had any; None: not noted yet
    sa.Column("reader", sa.Integer, nullable=False, server_default="0"),  # the feeds.state.READER that read it
)

entries = sa.Table(
    "entries",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("feed", sa.String(64), nullable=False),
    sa.Column("title", Text, nullable=False),
    sa.Column("permalink", Text, nullable=False),
    sa.Column("summary", Text, nullable=False),
    sa.Column("content", Text, nullable=False),
    sa.Column("authors", sa.JSON, nullable=False),
    sa.Column("categories", sa.JSON, nullable=False),
    sa.Column("published", Moment),
    sa.Column("updated", Moment),
    sa.Column("language", sa.String(35), nullable=False),
    sa.Column("picture_url", Text, nullable=False),
    sa.Column("picture_alt", Text, nullable=False),
    sa.Column("revision", sa.String(64), nullable=False),
    sa.Column("baseline", sa.Boolean, nullable=False),
    sa.Column("first_seen", Moment, nullable=False),
    sa.Column("changed", Moment),
)

entry_keys = sa.Table(
    "entry_keys",
    metadata,
    sa.Column("feed", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("entry_id", sa.Integer, sa.ForeignKey("entries.id"), nullable=False),
    sa.Column("trait", sa.String(8), nullable=False, server_default=""),  # a feeds.Trait
)
# The same entry in another feed: asked at every claim.
sa.Index("entry_keys_key", entry_keys.c.key)
sa.Index("entry_keys_entry", entry_keys.c.entry_id)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("entry_id", sa.Integer, sa.ForeignKey("entries.id"), nullable=False),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", Text, nullable=False),
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("attempts", sa.Integer, nullable=False),  # numbers them: fences every write
    sa.Column("counted", sa.Integer, nullable=False),  # those that used up one of the channel's tries
    sa.Column("not_before", Moment, nullable=False),
    sa.Column("expires", Moment),
    sa.Column("owner", sa.String(64)),
    sa.Column("lease_until", Moment),
    sa.Column("draft", sa.JSON(none_as_null=True)),
    sa.Column("note", Text, nullable=False),
    sa.Column("remote_id", Text, nullable=False),
    sa.Column("url", Text, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("updated", Moment, nullable=False),
    sa.Column("looks", sa.Integer, nullable=False, server_default="0"),  # that did not find it
    sa.Column("duplicate", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("look_first", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("priority", sa.Integer, nullable=False, server_default="0"),  # the feed's and the categories'
    sa.Column("promotional", sa.Boolean, nullable=False, server_default=sa.false()),
    # of the entry that its words carry, "" if that is not known
    sa.Column("revision", sa.String(64), nullable=False, server_default=""),
    sa.Column("repeat_until", Moment),  # a repeat under the network's key is safe so long
    sa.Column("account", sa.String(64), nullable=False, server_default=""),  # see config.account; "": not noted
    sa.Column(
        "fills", sa.Boolean, nullable=False, server_default=sa.false()
    ),  # announces nothing: see policy.fill
    sa.UniqueConstraint("entry_id", "channel"),
)
sa.Index("deliveries_due", deliveries.c.state, deliveries.c.channel, deliveries.c.not_before, deliveries.c.id)

_has_post = deliveries.c.remote_id != ""
sa.Index(
    "deliveries_posts",
    deliveries.c.channel,
    deliveries.c.remote_id,
    sqlite_where=_has_post,
    postgresql_where=_has_post,
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("delivery_id", sa.Integer, sa.ForeignKey("deliveries.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("started", Moment, nullable=False),
    sa.Column("ended", Moment),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("detail", Text, nullable=False),
    sa.Column("act", sa.String(16), nullable=False, server_default="publish"),  # a model.Act
)

# Of a delivery that needs several requests which each publish: a thread's posts, a mail's recipients. Each is
# on record before its request, and keeps its own receipt. Not written yet.
parts = sa.Table(
    "parts",
    metadata,
    sa.Column("delivery_id", sa.Integer, sa.ForeignKey("deliveries.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(64), nullable=False, unique=True),  # the network's, as a delivery's is
    sa.Column("recipient", Text, nullable=False, server_default=""),  # "": everybody
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("remote_id", Text, nullable=False, server_default=""),
    sa.Column("url", Text, nullable=False, server_default=""),
    sa.Column("detail", Text, nullable=False, server_default=""),
    sa.Column("updated", Moment, nullable=False),
)

media = sa.Table(
    "media",
    metadata,
    sa.Column("delivery_id", sa.Integer, sa.ForeignKey("deliveries.id"), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("mime", sa.String(32), nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("alt", Text, nullable=False),
    sa.Column("remote_id", Text),
    sa.Column("expires", Moment),
)

channels = sa.Table(
    "channels",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("closed_until", Moment),
    sa.Column("closed_because", Text, nullable=False, server_default=""),
    sa.Column("needs_person", sa.Boolean, nullable=False, server_default=sa.false()),
    # tells the refused one from the next, where it comes from the configuration
    sa.Column("credential", sa.String(8), nullable=False, server_default=""),
    # both since it last took something
    sa.Column("suspect", sa.Integer),  # the first delivery that it refused for no reason that is known
    sa.Column("closures", sa.Integer, nullable=False, server_default="0"),  # whose end nobody named
    sa.Column("filled", sa.String(64), nullable=False, server_default=""),  # from what, a hash; "": never
)

# Whom each channel speaks for: `key` by its settings alone, `account` by all that is known.
accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("channel", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("account", sa.String(64), nullable=False),
)

bookings = sa.Table(
    "bookings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("delivery_id", sa.Integer, sa.ForeignKey("deliveries.id"), unique=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("channel", sa.String(64), nullable=False, server_default=""),
    sa.Column("person", sa.String(64), nullable=False, server_default=""),
    sa.Column("posts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("attention", sa.Integer, nullable=False, server_default="0"),  # seconds
    sa.Column("price", sa.BigInteger, nullable=False, server_default="0"),  # millionths of the currency
    sa.Column("currency", sa.String(3), nullable=False, server_default=""),
    sa.Column("promotional", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("standing", sa.Boolean, nullable=False, server_default=sa.true()),  # false: given back
    sa.Column("revision", sa.BigInteger, nullable=False, unique=True),  # rises with every change of any row
    sa.Column("note", Text, nullable=False, server_default=""),
    sa.Column("made_by", sa.String(64), nullable=False, server_default=""),  # whoever booked by hand
)
sa.Index("bookings_at", bookings.c.at)
sa.Index("bookings_posts", bookings.c.channel, bookings.c.at)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("made_by", sa.String(64), nullable=False),
    sa.Column("verb", sa.String(16), nullable=False),
    sa.Column("delivery_id", sa.Integer, sa.ForeignKey("deliveries.id"), index=True),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("detail", Text, nullable=False),
)

assignments = sa.Table(
    "assignments",
    metadata,
    sa.Column("channel", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False),
)

waits = sa.Table(
    "waits",
    metadata,
    sa.Column("channel", sa.String(64), primary_key=True),
    sa.Column("until", Moment, nullable=False),
    sa.Column("reason", Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # of the configuration that it was decided under
    sa.Column("made", Moment, nullable=False),
)

heartbeat = sa.Table(
    "heartbeat",
    metadata,
    sa.Column("host", sa.String(64), primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("every", sa.Integer, nullable=False),  # seconds until the next is due; 0: it was stopped
)

credentials = sa.Table(
    "credentials",
    metadata,
    sa.Column("channel", sa.String(64), primary_key=True),
    sa.Column("envelope", sa.Text, nullable=False),  # the secrets, encrypted and bound to this row
    sa.Column("revision", sa.Integer, nullable=False),  # rises with every new pair: fences refreshes
    sa.Column("way", sa.String(16), nullable=False),
    sa.Column("account_id", Text, nullable=False),
    sa.Column("account_name", Text, nullable=False),
    sa.Column("scopes", Text, nullable=False),
    sa.Column("renewable", sa.Boolean, nullable=False),
    sa.Column("connected", Moment, nullable=False),  # by a person
    sa.Column("obtained", Moment, nullable=False),  # the last time that the network gave a token
    sa.Column("expires", Moment),  # the access token
    sa.Column("renewable_until", Moment),
    sa.Column("refresh_owner", sa.String(64), nullable=False, server_default=""),  # of the refresh under way
    sa.Column("refresh_until", Moment),
    sa.Column("refresh_after", Moment),  # the last one failed: nobody tries before
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lost", sa.Integer, nullable=False, server_default="0"),  # answers, since the last good one
    sa.Column("problem", Text, nullable=False, server_default=""),
    sa.Column("gone", sa.Boolean, nullable=False, server_default=sa.false()),  # by the network's own word
    sa.Column("look_at", Moment),  # something is to be done by then: a refresh, or a warning
)

warnings = sa.Table(
    "warnings",
    metadata,
    sa.Column("subject", sa.String(80), primary_key=True),
    sa.Column("ends", Moment, nullable=False),
    sa.Column("days", sa.Integer, nullable=False),  # how many ahead people were last told
)

apps = sa.Table(
    "apps",
    metadata,
    sa.Column("channel", sa.String(64), primary_key=True),
    sa.Column("envelope", sa.Text, nullable=False),
    sa.Column("redirect", Text, nullable=False),
)

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("topic", sa.String(128), primary_key=True),
    sa.Column("mark", sa.String(64), nullable=False),  # when it changes, it is told again; "": it is over
    sa.Column("text", Text, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("told_at", Moment),  # by a service
    sa.Column("printed_at", Moment),  # by a run
)

# What fails that is no feed and no channel: the heartbeat, a service that tells people, a clock.
troubles = sa.Table(
    "troubles",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),  # in a row
    sa.Column("problem", Text, nullable=False),
    sa.Column("since", Moment, nullable=False),
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("notices", sa.Integer, nullable=False),
)

duties = sa.Table(
    "duties",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("until", Moment, nullable=False),
)

# Since when something is to be told: a digest begins where the last one ended, posts where they were asked for.
reports = sa.Table(
    "reports",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("since", Moment, nullable=False),
)

# The deliveries whose post people were told of.
told_posts = sa.Table(
    "told_posts",
    metadata,
    sa.Column("delivery_id", sa.Integer, sa.ForeignKey("deliveries.id"), primary_key=True),
    sa.Column("at", Moment, nullable=False),
)

# What a server said of itself, such as its length limits, when it was last asked.
learnt = sa.Table(
    "learnt",
    metadata,
    sa.Column("channel", sa.String(64), primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
)

# At most one row: nothing is due before `until`. See `store.idle`.
idle = sa.Table(
    "idle",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),  # of the configuration that it was found under
    sa.Column("until", Moment),  # None: nothing is in sight
    sa.Column("made", Moment, nullable=False),
)
