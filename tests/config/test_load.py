"""A wrong configuration: what, where, and what to do, for each of its mistakes; and nothing is written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crosspost import redact
from crosspost.config import Config, load
from crosspost.errors import ConfigError

SECRET = "EAAB-hunter2-hunter2"
TOP = 'timezone = "America/Montreal"\ndatabase = "sqlite:///state/crosspost.db"\n'
FEED = '[feeds.blog]\nurl = "feed.xml"\n'
SIGNATURE = '[channels.signature]\nadapter = "email_signature"\npath = "signature"\n'
TOKEN = 'access_token = { env = "X_TOKEN" }\n'
TUMBLR = f'[channels.t]\nadapter = "tumblr"\nblog = "b"\n{TOKEN}'
MEMBER = f'[channels.l]\nadapter = "linkedin"\nauthor = "urn:li:person:a"\n{TOKEN}'
X = '[channels.x]\nadapter = "x"\naccess_token = { env = "X_TOKEN" }\n'
GOOD = TOP + FEED + SIGNATURE + X  # lines 1-2, 3-4, 5-7, 8-10

Refuse = Callable[[str], list[str]]


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X_TOKEN", "a-good-token")
    monkeypatch.delenv("NOWHERE", raising=False)


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Config]:
    def read(text: str) -> Config:
        (tmp_path / "my.toml").write_text(text, encoding="utf-8")
        return load(tmp_path / "my.toml")

    return read


@pytest.fixture
def refuse(tmp_path: Path, read: Callable[[str], Config]) -> Refuse:
    """Return the problems, each without the folder it is in; nothing else appears there."""

    def refuse(text: str) -> list[str]:
        before = {path.name for path in tmp_path.iterdir()} | {"my.toml"}
        with pytest.raises(ConfigError) as caught:
            read(text)
        assert {path.name for path in tmp_path.iterdir()} == before
        assert SECRET not in str(caught.value)
        return str(caught.value).replace(f"{tmp_path}/", "").splitlines()

    return refuse


def test_the_good_one_is_good(read: Callable[[str], Config], tmp_path: Path) -> None:
    config = read(GOOD)
    assert config.timezone == ZoneInfo("America/Montreal")
    assert config.database.path == tmp_path / "state/crosspost.db"
    assert config.feeds["blog"].url == str(tmp_path / "feed.xml")
    assert list(config.channels) == ["signature", "x"]


SYNTAX = [
    ("[feeds.blog\n", "my.toml, line 1: this is no TOML"),
    (FEED + "every = 15m\n", "my.toml, line 3: this is no TOML"),
    (FEED + 'url = "twice"\n', "my.toml, line 3: this is no TOML: Cannot overwrite a value"),
    (f'{FEED}token = "{SECRET}\n', "my.toml, line 3: this is no TOML"),
    ("a = " + "[" * 5000, "my.toml: this is no TOML"),
]


@pytest.mark.parametrize(("text", "said"), SYNTAX)
def test_a_syntax_error_is_named_with_its_line(refuse: Refuse, text: str, said: str) -> None:
    assert refuse(text)[0].startswith(said)


UNKNOWN = [
    ("tmezone = 1\n" + GOOD, "line 1: tmezone is no key", "did you mean timezone?"),
    (GOOD + "[chanels.y]\n", "line 11: chanels is no key", "did you mean channels?"),
    (FEED + "evry = 1\n" + X, "line 3: feeds.blog.evry is no key", "did you mean every?"),
    (GOOD + "excert = 1\n", "line 11: channels.x.excert is no key", "did you mean excerpt?"),
    (GOOD + f'acess_token = "{SECRET}"\n', "channels.x.acess_token is no key", "did you mean access_token?"),
    (FEED + SIGNATURE + "headng = 1\n", "line 6: channels.signature.headng is no key", "did you mean heading?"),
    (GOOD + 'utm = { sorce = "x" }\n', "line 11: channels.x.utm.sorce is no key", "did you mean source?"),
    (GOOD + '[channels.x.utm]\nmedum = "x"\n', "line 12: channels.x.utm.medum is no key", "mean medium?"),
    (GOOD + 'utm.camp = "x"\n', "line 11: channels.x.utm.camp is no key", "did you mean campaign?"),
    (GOOD + "zzz = 1\n", "channels.x.zzz is no key", "there are: access_token, access_token_secret, adapter"),
    (GOOD + '["feeds"."blog"."evry"]\n', "line 11: feeds.blog.evry is no key", "did you mean every?"),
]


@pytest.mark.parametrize(("text", "where", "hint"), UNKNOWN)
def test_an_unknown_key_is_named_with_the_nearest_right_one(
    refuse: Refuse, text: str, where: str, hint: str
) -> None:
    (said,) = refuse(text)
    assert where in said
    assert hint in said


# (the table, a line in it, what is said of it)
WRONG = [
    (X, 'excerpt = "many"', "channels.x.excerpt must be a whole number"),
    (X, "excerpt = 1.5", "channels.x.excerpt must be a whole number"),
    (X, "hashtags = true", "channels.x.hashtags must be a whole number"),
    (X, "hashtags = 99", "channels.x.hashtags must be at most 30"),
    (X, "attempts = 0", "channels.x.attempts must be at least 1"),
    (X, 'approve = "no"', "channels.x.approve must be true or false"),
    (X, "dry_run = 1", "channels.x.dry_run must be true or false"),
    (X, 'feeds = "blog"', 'channels.x.feeds must be a list, such as ["one", "two"]'),
    (X, 'include = ["a", 2]', "channels.x.include item 2 must be a string, in quotes"),
    (X, "template = 5", "channels.x.template must be a string, in quotes"),
    (X, 'utm = "x"', "channels.x.utm must be a table"),
    (X, 'price_post = "cheap"', "channels.x.price_post must be a number"),
    (X, "price_post = -1", "channels.x.price_post must be at least 0"),
    (X, "base_url = 5", "channels.x.base_url must be a string, in quotes"),
    (X, 'base_url = "api.x.com"', "channels.x.base_url must be an http or https address"),
    (SIGNATURE, 'keep = "many"', "channels.signature.keep must be a whole number"),
    (SIGNATURE, 'formats = ["pdf"]', "channels.signature.formats item 1 must be 'txt' or 'html'"),
    (SIGNATURE, 'heading = "a\\u0000b"', "channels.signature.heading holds a NUL character"),
    (FEED, "every = 15", 'feeds.blog.every: 15 is no duration; write it with its unit, such as "15m"'),
    (FEED, 'every = "15 parsecs"', "feeds.blog.every: '15 parsecs' is no duration"),
    (FEED, 'every = "10s"', "feeds.blog.every must be at least 1 minute"),
    (X, 'settle = "10s"', 'channels.x.settle: must be from "1m" to "1d"'),
    (X, 'settle = "2d"', 'channels.x.settle: must be from "1m" to "1d"'),
    (X, 'on_uncertain = "guess"', "channels.x.on_uncertain must be 'reconcile', 'ask' or 'resend'"),
    (FEED, 'horizon = "0d"', "feeds.blog.horizon must be more than 0 seconds"),
    (FEED, 'horizon = "999999w"', "feeds.blog.horizon: '999999w' is longer than a hundred years"),
    (FEED, "backfill = -1", "feeds.blog.backfill must be at least 0"),
    (FEED, "backfill = [1]", "feeds.blog.backfill must be a whole number"),
    (TOP, 'feeds = "blog"', "feeds must be a table"),
    ("[channels]\n", 'x = "x"', "channels.x must be a table"),
    ("[feeds]\n", 'blog = "https://blog.example"', "feeds.blog must be a table"),
    ('[channels."my blog"]\n', 'adapter = "x"', "channels.my blog is no name; use letters"),
]


@pytest.mark.parametrize(("table", "line", "said"), WRONG)
def test_a_wrong_value_is_named_with_what_it_must_be(refuse: Refuse, table: str, line: str, said: str) -> None:
    rest = GOOD.replace(table, "") if table in (X, SIGNATURE, FEED) else ""
    found = refuse(f"{table}{line}\n{rest}")
    number = table.count("\n") + (0 if "my blog" in table else 1)
    assert any(one.startswith(f"my.toml, line {number}: {said}") for one in found), found


# (in GOOD, instead, what is said)
PLACES = [
    ('"America/Montreal"', '"Amerika/Montreal"', "line 1: timezone: 'Amerika/Montreal' is no time zone; write"),
    ('"America/Montreal"', '"Montréal"', 'is no time zone; write "America/Montreal"'),
    ('"America/Montreal"', '"new york"', 'is no time zone; write "America/New_York"'),
    ('"America/Montreal"', '"europe/paris"', 'is no time zone; write "Europe/Paris"'),
    ('"America/Montreal"', '"EST"', 'whose clocks change; write "America/New_York" or "America/Toronto"'),
    ('"America/Montreal"', '"CET"', 'whose clocks change; write "Europe/Paris" or "Europe/Berlin"'),
    ('"America/Montreal"', '"UTC+1"', "an offset does not say when clocks change"),
    ('"America/Montreal"', "5", "line 1: timezone: 5 is no time zone"),
    ('"America/Montreal"', '"../../etc/passwd"', "line 1: timezone: '../../etc/passwd' is no time zone"),
    (
        "sqlite:///state/crosspost.db",
        f"postgresql://me:{SECRET}@h/d",
        "line 2: database holds a password; write database = {",
    ),
    ("sqlite:///state/crosspost.db", "mysql://h/d", 'line 2: database: must be "sqlite:///"'),
    ("sqlite:///state/crosspost.db", "postgresql://", 'line 2: database: must be "sqlite:///"'),
    ("sqlite:///state/crosspost.db", "postgresql://h:port/d", "line 2: database: is no address"),
    ("sqlite:///state/crosspost.db", "sqlite:///", 'line 2: database: must be "sqlite:///"'),
    ("sqlite:///state", "sqlite:///~nobody-at-all", "line 2: database: names a home that does not exist"),
    ('"sqlite:///state/crosspost.db"', "7", "line 2: database must be a string"),
    ('"sqlite:///state/crosspost.db"', '{ env = "NOWHERE" }', "line 2: database is taken from the environment"),
    ("feed.xml", "ftp://blog.example/feed", "line 4: feeds.blog.url: must be an http or https address, or"),
    ("feed.xml", "http://[::1/feed", "line 4: feeds.blog.url: must be an http or https address, or"),
    ("feed.xml", "", "line 4: feeds.blog.url: must be an http or https address, or the path of a file"),
    ("feed.xml", "~nobody-at-all/feed.xml", "line 4: feeds.blog.url: names a home that does not exist"),
    ("feed.xml", f"https://me:{SECRET}@blog.example/", "line 4: feeds.blog.url holds a password; write url ="),
    ("feed.xml", f"https://me:{SECRET[:-1]}\\u0032@h/", "line 4: feeds.blog.url holds a password"),
    ('url = "feed.xml"', "every = '1h'", "line 3: feeds.blog.url is missing (Its address, or the path"),
    ('path = "signature"', "", "line 5: channels.signature.path is missing (The signature's file"),
    ('path = "signature"', 'path = "/"', "line 7: channels.signature.path: must name a file, such as"),
    ('path = "signature"', 'path = "a\\u0000b"', "line 7: channels.signature.path holds a NUL character"),
    ('path = "signature"', 'path = "~nobody-at-all/s"', "line 5: channels.signature holds a path that leads"),
    (
        '"x"\n',
        '"mastodon"\n',
        "no adapter 'mastodon' in this version: Mastodon has an open API",
    ),
    ('adapter = "x"\n', "\n", "line 8: channels.x has no adapter"),
    ('adapter = "x"\n', "adapter = 4\n", "line 9: channels.x.adapter must be a string"),
    (
        "access_token",
        f'base_url = "https://a:{SECRET}@h/"\naccess_token',
        "line 10: channels.x.base_url holds a pass",
    ),
    (
        "access_token",
        'feeds = ["blgo"]\naccess_token',
        "line 10: channels.x.feeds names a feed 'blgo' that does",
    ),
    ("access_token", 'feeds = ["blgo"]\naccess_token', "does not exist; did you mean blog?"),
    (GOOD, "", "my.toml: channels is missing"),
]


@pytest.mark.parametrize(("old", "new", "said"), PLACES)
def test_each_mistake_is_named_with_its_place(refuse: Refuse, old: str, new: str, said: str) -> None:
    assert old in GOOD
    assert any(said in one for one in refuse(GOOD.replace(old, new, 1)))


def test_several_problems_are_named_at_once_in_the_order_of_the_file(refuse: Refuse) -> None:
    text = f"tmezone = 1\n{FEED}every = 15\n{SIGNATURE}excert = 1\nkeep = []\n[channels.y]\nadapter = 'y'\n"
    assert [line.split(" is ")[0].split(" must ")[0].split(" cannot ")[0] for line in refuse(text)] == [
        "my.toml, line 1: tmezone",
        "my.toml, line 4: feeds.blog.every: 15",
        "my.toml, line 8: channels.signature.excert",
        "my.toml, line 9: channels.signature.keep",
        "my.toml, line 11: channels.y.adapter",
    ]


def test_an_adapter_s_own_rule_is_named_at_its_channel(refuse: Refuse) -> None:
    (said,) = refuse(GOOD + 'consumer_key = { env = "X_TOKEN" }\n')
    assert said.startswith("my.toml, line 8: channels.x: give consumer_key, consumer_secret, access_token and")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\xfe[\0f\0", "is not UTF-8 text; save it as such"), (None, "cannot be read: No such file")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "my.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=said) as caught:
        load(path)
    assert str(path) in str(caught.value)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path, refuse: Refuse) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(path).feeds
    path.write_bytes(b"\xef\xbb\xbf" + (GOOD + "excert = 1\n").replace("\n", "\r\n").encode())
    with pytest.raises(ConfigError, match=r"line 11: channels\.x\.excert"):
        load(path)


def test_the_configuration_cannot_be_changed(read: Callable[[str], Any]) -> None:
    with pytest.raises(ValueError, match="frozen"):
        read(GOOD).feeds["blog"].url = "x"
    assert SECRET not in redact.forms()


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        (f'{TUMBLR}on_uncertain = "resend"\n', "cannot be resend: tumblr takes the same post twice"),
        (f'{MEMBER}on_uncertain = "reconcile"\n', "cannot be reconcile: linkedin does not let this account"),
    ],
)
def test_what_a_network_cannot_do_after_a_lost_answer_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channel: str, said: str
) -> None:
    monkeypatch.setenv("X_TOKEN", SECRET)
    (tmp_path / "my.toml").write_text(f"{FEED}{channel}")
    with pytest.raises(ConfigError, match=said):
        load(tmp_path / "my.toml")


def test_what_a_network_can_do_after_a_lost_answer_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("X_TOKEN", SECRET)
    (tmp_path / "my.toml").write_text(f'{FEED}{X}on_uncertain = "resend"\n')
    assert load(tmp_path / "my.toml").channels["x"].when_uncertain == "resend"


PEOPLE = '[time_box]\nbudget = "1h/week"\n[people.marie]\nbudget = ["9m/week"]\n'  # lines 3-6


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            'owner = "mary"',
            "line 15: channels.x.owner names a person 'mary' who does not exist; did you mean marie?",
        ),
        (
            'attention = "2h"',
            "line 4: time_box.budget can never be met: one post of channels.x costs 2h (attention)",
        ),
        (
            'owner = "marie"\nattention = "10m"',
            "line 6: people.marie.budget can never be met: one post of channels.x",
        ),
        ('limits = ["3/day", "5m/day"]\nattention = "6m"', "line 15: channels.x.limits can never be met"),
        ('hours = "10-8"', "line 15: channels.x.hours: '10-8' are no posting hours"),
        ('limits = ["3/day", "1/4"]', "line 15: channels.x.limits: '1/4' is no limit, at '4' (character 3)"),
        (
            'quiet = "2026-12-24..2026-01-02"',
            "line 15: channels.x.quiet: '2026-12-24..2026-01-02' is no quiet day",
        ),
        ('timezone = "Mars"', "line 15: channels.x.timezone: 'Mars' is no time zone"),
        ('overflow = "drop"', "line 15: channels.x.overflow must be 'defer', 'newest' or 'skip'"),
        ("priority = 1000", "line 15: channels.x.priority must be at most 100"),
        ('attention = "-6m"', "channels.x.attention: '-6m' is no duration"),
        ('attention = "25h"', "channels.x.attention"),
    ],
)
def test_what_could_only_wait_for_ever_is_refused(refuse: Refuse, lines: str, said: str) -> None:
    (problem,) = refuse(TOP + PEOPLE + FEED + SIGNATURE + X + lines + "\n")
    assert said in problem


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('week_starts = "Moonday"', "line 1: week_starts must be 'Monday', 'Tuesday'"),
        ('[time_box]\nbudget = "2h"', "line 2: time_box.budget: '2h' is no limit, at its end (character 3)"),
        (
            '[time_box]\nbugdet = "2h/week"',
            "line 2: time_box.bugdet is no key that exists here; did you mean budget?",
        ),
        ('[promotion]\nat_most = "5 in 1"', "line 2: promotion.at_most: '5 in 1' is no ration"),
        ("[category_priority]\nLaunch = 1.5", "line 2: category_priority.Launch must be a whole number"),
        ('never_hashtags = "Interne"', "line 1: never_hashtags must be a list"),
        ("never_hashtags = [5]", "line 1: never_hashtags item 1 must be a string, in quotes"),
        (
            'never_hashtag = ["Interne"]',
            "never_hashtag is no key that exists here; did you mean never_hashtags?",
        ),
        ("[people.marie]\nbudget = 3", "line 2: people.marie.budget: 3 is no limit"),
        ('["people"."a b"]\nbudget = "1h/week"', "is no name; use letters, digits"),
    ],
)
def test_a_wrong_time_box_is_named_with_its_line(refuse: Refuse, lines: str, said: str) -> None:
    (problem,) = refuse(f"{lines}\n{FEED}{SIGNATURE}")
    assert said in problem


def test_what_is_spread_needs_hours_unless_it_rests_at_night(
    read: Callable[[str], Config], refuse: Refuse
) -> None:
    (problem,) = refuse(TOP + PEOPLE + FEED + X + SIGNATURE + "spread = true\n")
    assert 'channels.signature.spread needs hours to spread over; add hours = "09:00-18:00"' in problem
    (problem,) = refuse(FEED + X + "spread = true\n")
    assert "channels.x.spread needs hours" in problem
    assert read(FEED + X + 'spread = true\nlimits = "3/day"\n').channels["x"].spread


# (the adapter that was written, what is said)
ELSEWHERE = [
    ("linkdin", "there is no adapter 'linkdin'; did you mean linkedin?"),
    ("LinkedIn", "there is no adapter 'LinkedIn'; it is called linkedin"),
    ("twitter", "there is no adapter 'twitter'; it is called x"),
    ("fb", "it is called facebook"),
    ("x.com", "it is called x"),
    ("by_hand", "nothing is handed to people to be posted by them yet; copy the text from crosspost preview"),
    ("substack", "services for newsletters have APIs"),
    ("email-signature", "it is called email_signature"),
    ("signature", "it is called email_signature"),
    ("tumbler", "did you mean tumblr?"),
    (
        "instagram",
        "in this version: Instagram takes pictures and videos from professional accounts",
    ),
    ("Instgram", "Instagram takes pictures"),
    ("threads", "Threads has an API"),
    ("mastodon", "Mastodon has an open API"),
    ("bluesky", "Bluesky has an open API"),
    ("telegram", "Telegram has an API for bots"),
    ("whatsapp", "it has none for channels and statuses"),
    ("facebook_group", "no API for groups since April 2024"),
    ("pinterest", "Pinterest's API takes pictures"),
    ("youtube", "YouTube's API takes videos"),
    ("medium", "it imports a story by its address itself"),
    ("tiktok", "TikTok's API takes videos"),
    ("reddit", "Reddit's API is for apps that it has approved"),
    ("google business", "Google's API for business profiles"),
    ("newsletter", "services for newsletters have APIs"),
    ("email", "crosspost sends no newsletters"),
    ("orkut", "there is no adapter 'orkut'; there are: "),
]


@pytest.mark.parametrize(("kind", "said"), ELSEWHERE)
def test_an_adapter_that_is_not_there_is_answered_with_what_can_be_done(
    refuse: Refuse, kind: str, said: str
) -> None:
    (problem,) = refuse(f'{FEED}{SIGNATURE}[channels.c]\nadapter = "{kind}"\n')
    assert "line 7: channels.c.adapter cannot be used: there is no adapter" in problem
    assert said in problem
    if "in this version" in problem:
        assert "crosspost preview" in problem
        assert "docs/write-an-adapter.md" in problem


FACEBOOK = f'[channels.f]\nadapter = "facebook"\npage = "1"\n{TOKEN}'


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        (FACEBOOK, "group", "channels.f.group is no key that exists here: Facebook has had no API for groups"),
        (FACEBOOK, "profile", "lets no program post on a profile since 2018"),
        (
            X,
            "password",
            "no network takes a password from a program; leave it out, and run crosspost connect x",
        ),
        (X, "user", "no network takes a password"),
        (X, "group", "channels.x.group is no key that exists here; "),
        (X, "limit", "did you mean limits?"),
        (X, "hour", "did you mean hours?"),
        (X, "horaires", "did you mean hours?"),
        (X, "hashtag", "did you mean hashtags?"),
        (X, "tags", "did you mean hashtags?"),
        (X, "Image", "did you mean picture?"),
        (X, "link", "did you mean utm?"),
        (X, "dry-run", "did you mean dry_run?"),
        (X, "time_zone", "did you mean timezone?"),
        (X, "token", "did you mean access_token?"),
        (SIGNATURE, "time", "did you mean hours?"),
        (FEED, "link", "did you mean url?"),
        (FEED, "interval", "did you mean every?"),
    ],
)
def test_a_key_that_is_not_there_is_answered_with_what_was_meant(
    refuse: Refuse, table: str, key: str, said: str
) -> None:
    rest = GOOD.replace(table, "")
    assert any(said in problem for problem in refuse(f'{table}{key} = "1"\n{rest}'))


def test_another_file_is_decided_anew(read: Callable[[str], Config]) -> None:
    assert read(GOOD).digest == read(GOOD).digest != read(GOOD + 'limits = "3/day"\n').digest
