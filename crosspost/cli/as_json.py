"""What machines get of what people ask to see. The keys are a promise.

Here alone views become JSON; but a preview brings its own form, in which a dry run tells it too.
"""

from datetime import datetime
from typing import Any

from crosspost.beginning.begun import Begun
from crosspost.beginning.places import holds_secret
from crosspost.compose.preview import as_data
from crosspost.feeds.address import without_user
from crosspost.views.accounts import AccountView
from crosspost.views.announced import AnnouncedView
from crosspost.views.check import Finding
from crosspost.views.deliveries import DeliveryView
from crosspost.views.feeds import ShownEntry, ShownFeed
from crosspost.views.plan import Plan, PlannedView
from crosspost.views.preview import EntryPreview
from crosspost.views.status import ChannelView, Status
from crosspost.views.usage import Usage


def finding(view: Finding) -> dict[str, Any]:
    return {"subject": view.subject, "good": view.good, "text": view.text}


def status(view: Status) -> dict[str, Any]:
    return {
        "feeds": [
            {
                "name": feed.name,
                "last_read": feed.last_read.strftime("%Y-%m-%d %H:%M") if feed.last_read else "",
                "problem": feed.problem,
                "moved_to": feed.moved_to,
            }
            for feed in view.feeds
        ],
        "channels": [_channel(channel) for channel in view.channels],
        "limits": [usage(limit) for limit in view.limits],
        "needs_person": [need.text for need in view.needs],
        "remarks": list(view.remarks),
    }


def _channel(view: ChannelView) -> dict[str, Any]:
    return {
        "name": view.name,
        "adapter": view.adapter or "(not configured)",
        "dry_run": view.dry_run,
        "owner": view.owner,
        "deliveries": dict(view.deliveries),
        "closed": view.closed,
        "waits": view.waits,
    }


def usage(view: Usage) -> dict[str, Any]:
    return {
        "scope": view.scope.kind,
        "name": view.scope.name,
        "limit": view.limit,
        "unit": view.unit,
        "used": view.used,
        "amount": view.amount,
        "used_text": view.used_text,
        "left_text": view.left_text,
        "frees": view.frees.isoformat(timespec="seconds") if view.frees else "",
        "sentence": view.sentence,
        "shown": view.shown,
        "shown_text": view.shown_text,
    }


def delivery(view: DeliveryView) -> dict[str, Any]:
    return {
        "id": view.id,
        "entry_id": view.entry_id,
        "state": view.state,
        "channel": view.channel,
        "feed": view.feed,
        "title": view.title,
        "permalink": view.permalink,
        "url": view.url,
        "remote_id": view.remote_id,
        "reason": view.reason,
        "note": view.note,
        "attempts": view.attempts,
        "not_before": view.not_before.isoformat(),
        "created": view.created.isoformat(),
        "updated": view.updated.isoformat(),
        "decisions": [
            {"by": made.by, "verb": made.verb, "at": made.at.isoformat(), "detail": made.detail}
            for made in view.decisions
        ],
    }


def account(view: AccountView) -> dict[str, Any]:
    return {
        "channel": view.channel,
        "adapter": view.adapter,
        "account": view.account,
        "account_id": view.account_id,
        "scopes": list(view.scopes),
        "expires": _moment(view.expires),
        "ends": _moment(view.ends),
        "from": view.source,
        "renewal": view.renewal,
        "problems": list(view.problems),
        "remedies": list(view.remedies),
        "needs_person": view.needs_person,
    }


def _moment(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def plan(view: Plan) -> dict[str, Any]:
    return {
        "now": view.now.isoformat(timespec="seconds"),
        "deliveries": [_planned(delivery) for delivery in view.deliveries],
        "limits": [usage(limit) for limit in view.limits],
        "hours": list(view.hours),
        "problems": list(view.problems),
    }


def _planned(view: PlannedView) -> dict[str, Any]:
    return {
        "id": view.id,
        "entry_id": view.entry_id,
        "state": str(view.state),
        "channel": view.channel,
        "feed": view.feed,
        "title": view.title,
        "permalink": view.permalink,
        "at": view.at.isoformat(timespec="seconds") if view.at else "",
        "reason": view.reason,
        "skipped": view.skipped,
        "text": view.text,
        "length": view.length,
        "limit": view.limit,
        "attention": view.attention,
        "money": view.money,
        "dry_run": view.dry_run,
    }


def announced(view: AnnouncedView) -> dict[str, Any]:
    return {
        "entry_id": view.entry_id,
        "title": view.title,
        "permalink": view.permalink,
        "channels": [
            {
                "channel": each.channel,
                "delivery": each.delivery,
                "done": each.done,
                "state": str(each.state) if each.state else "",
                "at": _moment(each.at),
                "text": each.text,
                "url": each.url,
            }
            for each in view.channels
        ],
        "next": view.what_next,
    }


def preview(view: EntryPreview) -> dict[str, Any]:
    head = {
        "channel": view.channel,
        "entry_id": view.entry_id,
        "title": view.title,
        "permalink": view.permalink,
    }
    head |= {"skipped": view.skipped}
    shown = {**as_data(view.preview), "cut": view.cut} if view.preview else {}
    # The card's title stands where the entry's stood.
    return {**head, **shown, "warnings": list(view.warnings)}


def feed(view: ShownFeed) -> dict[str, Any]:
    document = view.document
    return {
        "feed": view.name,
        "problem": view.problem,
        "title": document.title,
        "link": document.link,
        "language": document.language,
        "whole": document.whole,
        "count": len(document.items),
        "skipped": list(document.skipped),
        "entries": [_entry(entry) for entry in view.entries],
    }


def _entry(view: ShownEntry) -> dict[str, Any]:
    entry, picture = view.entry, view.entry.picture
    return {
        "title": entry.title,
        "permalink": entry.permalink,
        "summary": entry.summary,
        "content": entry.content,
        "authors": list(entry.authors),
        "categories": list(entry.categories),
        "published": _moment(entry.published),
        "updated": _moment(entry.updated),
        "language": entry.language,
        "picture": {"url": picture.url, "alt": picture.alt} if picture else None,
        "held": view.held,
        "waits": view.waits,
        "channels": [preview(channel) for channel in view.channels],
    }


def begun(view: Begun) -> dict[str, Any]:
    """Return what `init` found and wrote; an address that opens a door is named by its file."""
    answers = view.answers
    return {
        "configuration": str(view.path),
        "page": {"url": view.found.url, "title": view.found.page.title} if view.found.page else None,
        "feeds": [
            {
                "url": without_user(feed.url) if not holds_secret(feed.url) else "",
                "title": feed.title,
                "format": feed.kind,
                "count": len(feed.document.items),
                "newest": feed.newest,
                "comments": feed.of_comments,
                "chosen": feed is view.feed,
            }
            for feed in view.found.feeds
        ],
        "unread": list(view.found.unread),
        "language": answers.language,
        "timezone": answers.timezone,
        "channels": [*(["signature"] if answers.signature else []), *(kind for kind, _ in answers.networks)],
        "signature": [str(path) for path in view.signatures],
        "database_from_before": str(view.left) if view.left else "",
        "needs_person": list(view.problems),
        "next": [step.command for step in view.steps],
    }
