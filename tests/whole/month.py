"""March 2027 in Montréal, played with the real program: two feeds, six channels, two people, three days away.

`python -m tests.whole.month` prints the table of docs/time-box.md.
"""

import asyncio
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from crosspost.adapters.facebook.stand_in import PAGE, FacebookStandIn
from crosspost.adapters.linkedin.stand_in import MEMBER, ORGANIZATION, LinkedInStandIn
from crosspost.adapters.tumblr.stand_in import TumblrStandIn
from crosspost.adapters.x.stand_in import XStandIn
from crosspost.config import Config, load
from crosspost.config.limits import ATTENTION
from crosspost.engine import run_once
from crosspost.model import State
from crosspost.people.share import Spent
from crosspost.policy import Booking, Ledger
from crosspost.report import Event, What
from crosspost.sandbox.server import serve
from crosspost.store import bookings
from crosspost.store.tables import deliveries
from tests.verbs import assign, read, spend

ZONE = ZoneInfo("America/Montreal")
FIRST, LAST = date(2027, 3, 1), date(2027, 3, 31)
AWAY = (date(2027, 3, 17), date(2027, 3, 19))
HOUR = timedelta(hours=1)
BY_DAY = range(7, 22)
"""When cron runs."""
CONFIG = f"""
timezone = "America/Montreal"

[time_box]
budget = ["40m/day", "3h/week"]

[people.marie]
budget = "90m/week"

[people.jean]
budget = "80m/week"

[promotion]
categories = ["offer"]
at_most = "1 in 3"

[category_priority]
"Launch" = 10

[feeds.journal]
url = "journal.xml"
horizon = "14d"

[feeds.news]
url = "news.xml"
horizon = "7d"
priority = 1

[channels.facebook]
adapter = "facebook"
page = "{PAGE}"
owner = "jean"
attention = "5m"
limits = "2/day"
hours = "08:00-20:00"

[channels.linkedin]
adapter = "linkedin"
author = "{MEMBER}"
owner = "marie"
attention = "8m"
limits = ["1/4h", "2/day"]
hours = "Mon-Fri 08:00-10:00, 17:00-18:30"
priority = 1

[channels.company]
adapter = "linkedin"
author = "{ORGANIZATION}"
owner = "marie"
attention = "6m"
limits = "2/day"
hours = "Mon-Fri 09:00-17:00"
spread = true

[channels.x]
adapter = "x"
owner = "jean"
attention = "2m"
limits = ["4/day", "6 USD/month"]
overflow = "newest"

[channels.tumblr]
adapter = "tumblr"
blog = "sandbox"
owner = "jean"
attention = "2m"

[channels.signature]
adapter = "email_signature"
path = "signature"
"""


@dataclass
class Day:
    """What one day came to. Minutes by person; "" is nobody's."""

    new: int = 0
    out: int = 0
    minutes: Counter[str] = field(default_factory=Counter)
    skipped: int = 0
    waiting: int = 0


@dataclass
class Month:
    """The blog's and the program's life in it."""

    folder: Path
    config: Config
    now: datetime
    days: dict[date, Day]
    events: list[Event] = field(default_factory=list)
    booked: list[Booking] = field(default_factory=list)
    written: dict[str, list[str]] = field(default_factory=lambda: {"journal": [], "news": []})

    def publish(self, feed: str, *categories: str) -> None:
        """Write one more entry at the top of a feed."""
        number = len(self.written[feed]) + 1
        tags = "".join(f"<category>{name}</category>" for name in categories)
        item = (
            f"<item><title>{feed} {number}</title><link>https://blog.example/{feed}/{number}</link>"
            f"<description>Entry {number} of the {feed}, in a few words.</description>"
            f"<pubDate>{format_datetime(self.now)}</pubDate>{tags}</item>"
        )
        self.written[feed].insert(0, item)
        self.write(feed)
        self.days[self.today].new += 1

    def write(self, feed: str) -> None:
        items = "".join(self.written[feed])
        head = f"<title>{feed}</title><link>https://blog.example/{feed}</link>"
        text = f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'
        (self.folder / f"{feed}.xml").write_text(text, encoding="utf-8")

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    async def hour(self) -> None:
        """Write what is written at this hour; then let cron run, unless everybody is away."""
        local = self.now.astimezone(ZONE)
        match local.weekday(), local.hour:
            case (0 | 2 | 4, 9):
                self.publish("journal", *(("offer",) if local.day % 4 == 1 else ()))
            case (1 | 3, 14):
                self.publish("news", *(("Launch",) if local.day == 11 else ()))
            case (0, 7):
                answers = Spent(much=timedelta(minutes=15), made_by="marie", channel="linkedin")
                await spend(self.config, answers, clock=self.clock)
            case (5, 11) if local.day < 15:
                for _ in range(3):
                    self.publish("journal")
        if local.day == 22 and local.hour == 8:
            await assign(self.config, "company", "jean", made_by="marie", clock=self.clock)
        if local.hour in BY_DAY and not AWAY[0] <= local.date() <= AWAY[1]:
            await run_once(self.config, self.tell, now=self.clock)
        if local.hour == BY_DAY[-1]:
            self.days[self.today].waiting = await self.waiting()

    def clock(self) -> datetime:
        return self.now

    def tell(self, event: Event) -> None:
        self.events.append(event)
        self.days[self.today].out += event.what is What.DELIVERED
        self.days[self.today].skipped += event.what is What.SKIPPED

    async def waiting(self) -> int:
        statement = sa.select(sa.func.count()).where(deliveries.c.state == State.PENDING)
        return await read(self.config, lambda tx: int(tx.execute(statement).scalar_one())) or 0

    async def count(self) -> None:
        """Read from the database what each day cost."""
        ledger = Ledger()
        await read(self.config, bookings.catch_up, ledger, datetime.min.replace(tzinfo=UTC))
        self.booked = [*ledger.known()]
        for one in self.booked:
            self.days[one.at.astimezone(ZONE).date()].minutes[one.person] += one.cost[ATTENTION] // 60

    def table(self) -> str:
        """Return the month as Markdown."""
        head = ("day", "new", "out", "minutes of 40", "week, of 180", "marie, of 90", "jean, of 80", "waiting")
        rows = ["| " + " | ".join(head) + " |", "| " + " | ".join(["---"] * len(head)) + " |"]
        week: Counter[str] = Counter()
        for day, one in self.days.items():
            if day.weekday() == 0:
                week.clear()
            week += one.minutes
            today = one.minutes.total()
            bar = "▓" * (today // 4)
            cells = (
                f"{day:%a} {day.day}" + (" (away)" if AWAY[0] <= day <= AWAY[1] else ""),
                one.new or "",
                f"{one.out}" + (f", {one.skipped} skipped" if one.skipped else "") if one.out else "",
                f"{today} {bar}".strip(),
                week.total(),
                week["marie"],
                week["jean"],
                one.waiting,
            )
            rows.append("| " + " | ".join(str(cell) for cell in cells) + " |")
        return "\n".join(rows)


async def play(folder: Path) -> Month:
    """Live through the month."""
    (folder / "token").write_text("sandbox-token", encoding="utf-8")
    networks = {
        "facebook": FacebookStandIn(),
        "linkedin": LinkedInStandIn(),
        "company": LinkedInStandIn(author=ORGANIZATION),
        "x": XStandIn(),
        "tumblr": TumblrStandIn(),
    }
    async with AsyncExitStack() as stack:
        text = CONFIG
        for name, network in networks.items():
            url = await stack.enter_async_context(serve(network.app, clock=lambda: month.now))
            secret = f'base_url = "{url}"\naccess_token = {{ file = "token" }}'
            text = text.replace(f"[channels.{name}]", f"[channels.{name}]\n{secret}")
        (folder / "crosspost.toml").write_text(text, encoding="utf-8")
        days = {FIRST + timedelta(days=n): Day() for n in range((LAST - FIRST).days + 1)}
        began = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=ZONE).astimezone(UTC)
        month = Month(folder, load(folder / "crosspost.toml"), began, days)
        for feed in month.written:
            month.write(feed)
        for network in networks.values():
            network.clock = month.clock
        while month.today <= LAST:
            await month.hour()
            month.now += HOUR
        await month.count()
    return month


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        print(asyncio.run(play(Path(place))).table())
