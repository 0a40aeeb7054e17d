"""Connecting, over sockets: the program, the network, and a browser that follows its redirects between them."""

import re
import socket
import tomllib
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse

from crosspost.adapters.facebook.stand_in import PAGE
from crosspost.adapters.linkedin.stand_in import MEMBER, ORGANIZATION
from crosspost.config import edit
from crosspost.contract.guide import guide
from crosspost.contract.registry import adapter_class
from crosspost.errors import ConfigError, LoginError
from crosspost.sandbox.authority import CLIENT_ID, CLIENT_SECRET, Grant
from crosspost.sandbox.behaviour import drop, refuse
from crosspost.store import channels, credentials
from crosspost.store.database import Database
from tests.accounts.person import KINDS, SETTINGS, Person, all_connected, configured, connected, lines
from tests.world import BOTH_DATABASES, World, fresh, old

WAYS = [
    ("facebook", "page"),
    ("linkedin", "member"),
    ("x", "oauth2"),
    ("x", "oauth1"),
    ("tumblr", "oauth2"),
    ("tumblr", "oauth1"),
]


async def stored(world: World, channel: str) -> credentials.Credential | None:
    config = world.folder / "crosspost.toml"
    from crosspost.config.load import load_around

    database = Database(load_around(config, channel)[0].database)
    try:
        return await database.read(credentials.load, channel)
    finally:
        await database.close()


@pytest.mark.parametrize(("kind", "way"), WAYS)
async def test_a_channel_that_is_connected_posts(world: World, kind: str, way: str) -> None:
    configured(world, lines(world, kind))
    person = Person()
    done = await connected(world, person, kind, way=way)
    world.network(kind).token = "revoked-long-ago"
    if not (kind == "x" and way == "oauth1"):
        assert "You can close this window" in person.shown
    if done.lacks:
        edit.add(world.folder / "crosspost.toml", kind, done.lacks)
    world.blog.publish(*old(1))
    await world.run(world.loaded())
    world.blog.publish(*fresh(1))
    await world.run(world.loaded())
    assert len(world.network(kind).posts) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_the_answer_may_be_pasted(world: World, kind: str) -> None:
    configured(world, lines(world, kind))
    person = Person(pastes=True)
    way = {"x": "oauth2", "tumblr": "oauth1"}.get(kind, "page" if kind == "facebook" else "member")
    await connected(world, person, kind, way=way, paste=True)
    assert await stored(world, kind) is not None


async def test_it_says_what_to_create_and_to_paste(world: World) -> None:
    configured(world, lines(world, "linkedin"))
    person = Person()
    await connected(world, person, "linkedin", way="member")
    said = "\n".join(person.said)
    asked = parse_qs(urlsplit(person.ended_on).query)
    assert "openid profile w_member_social" in said
    assert person.ended_on.partition("?")[0] in said, "the very redirect address"
    assert person.asked == ["Client ID", "Client Secret"]
    assert asked["state"]


async def test_an_organization_is_chosen_among_those_one_may_post_for(world: World) -> None:
    world.linkedin.author = ORGANIZATION
    configured(world, lines(world, "linkedin"))
    done = await connected(world, Person(), "linkedin", way="organization")
    assert done.lacks == {"author": ORGANIZATION}


async def test_a_page_is_chosen_among_several_and_only_where_one_may_post(world: World) -> None:
    world.facebook.pages = ["102030405060708", "555"]
    configured(world, lines(world, "facebook"))
    done = await connected(world, Person(choice=0), "facebook", way="page")
    assert done.lacks == {"page": "102030405060708"}
    assert done.ends is None
    world.facebook.tasks = ["ANALYZE"]
    with pytest.raises(LoginError, match="may post to no page"):
        await connected(world, Person(), "facebook", way="page")


async def test_all_pages_are_offered_and_the_users_token_follows_no_address(world: World) -> None:
    world.facebook.pages = [PAGE, *(str(number) for number in range(1, 7))]
    world.facebook.page_size = 2
    configured(world, lines(world, "facebook"))
    person = Person()
    await connected(world, person, "facebook", way="page")
    assert all(f"Page {page} " in person.asked[-1] for page in world.facebook.pages)
    addresses = [str(seen.query) for seen in world.facebook.requests if "accounts" in seen.path]
    assert len(addresses) == 4
    assert "access_token" not in " ".join(addresses).replace("name,access_token,tasks", "")


async def test_a_list_that_goes_on_elsewhere_is_not_followed(world: World) -> None:
    configured(world, lines(world, "facebook"))

    def elsewhere(_request: Request, _grant: object, _pages: object) -> JSONResponse:
        return JSONResponse({"data": [], "paging": {"next": "https://evil.example/me/accounts?after=1"}})

    world.facebook.pages_listed = elsewhere
    with pytest.raises(LoginError, match=r"continues its list on evil\.example"):
        await connected(world, Person(), "facebook", way="page")


@pytest.mark.parametrize("owned", [True, False], ids=["owned", "a client's"])
async def test_a_page_of_a_business_is_found_by_the_way_for_it(world: World, owned: bool) -> None:
    world.facebook.pages = []
    world.facebook.businesses = {"77": ([PAGE], []) if owned else ([], [PAGE])}
    configured(world, lines(world, "facebook"))
    with pytest.raises(LoginError, match="--way business"):
        await connected(world, Person(), "facebook", way="page")
    done = await connected(world, Person(), "facebook", way="business")
    assert done.lacks == {"page": PAGE}


async def test_facebook_sends_people_back_to_localhost_by_its_name(world: World) -> None:
    """An address in its place it calls an insecure login."""
    configured(world, lines(world, "facebook", SETTINGS["facebook"]))
    person = Person()
    await connected(world, person, "facebook", way="page")
    assert person.ended_on.startswith("http://localhost:")
    refused = Person()
    with pytest.raises(LoginError):
        await connected(world, refused, "facebook", way="page", redirect="http://127.0.0.1:9/a", paste=True)
    assert "not registered" in refused.shown


async def test_an_app_that_requires_a_proof_of_its_secret_is_used_with_it(world: World) -> None:
    world.facebook.requires_proof = True
    configured(world, lines(world, "facebook", SETTINGS["facebook"]))
    await connected(world, Person(), "facebook", way="page")
    world.blog.publish(*old(1))
    await world.run(world.loaded())
    world.blog.publish(*fresh(1))
    await world.run(world.loaded())
    assert len(world.facebook.posts) == 1


@pytest.mark.parametrize("way", ["member", "organization"])
async def test_linkedins_terms_are_told_before_anything_is_asked(world: World, way: str) -> None:
    configured(world, lines(world, "linkedin", f'author = "{ORGANIZATION}"' if way == "organization" else ""))
    if way == "organization":
        world.linkedin.author = ORGANIZATION
    person = Person()
    await connected(world, person, "linkedin", way=way)
    assert "forbid using its APIs to automate posting" in " ".join(person.said)


async def test_pkce_and_a_new_state_each_time(world: World) -> None:
    configured(world, lines(world, "x"))
    states = set()
    for _ in range(2):
        person = Person()
        await connected(world, person, "x", way="oauth2")
        states.add(parse_qs(urlsplit(person.ended_on).query)["state"][0])
    assert len(states) == 2
    assert all(code.challenge for code in world.x.authority.codes.values())


async def test_the_redirect_address_stays_so_that_it_is_registered_once(world: World) -> None:
    configured(world, lines(world, "x"))
    addresses: list[str] = []
    for _ in range(2):
        person = Person(app=("", "")) if addresses else Person()
        await connected(world, person, "x", way="oauth2")
        addresses.append(person.ended_on.partition("?")[0])
        world.x.authority.redirects = {addresses[0]}
    assert addresses[0] == addresses[1]


async def test_a_public_client_needs_no_secret(world: World) -> None:
    world.x.authority.public_client = True
    configured(world, lines(world, "x"))
    await connected(world, Person(app=("sandbox-client", "")), "x", way="oauth2")
    assert await stored(world, "x") is not None


# What goes wrong: a clear sentence, and the old credential stays.


def without_code(url: str) -> str:
    return url.partition("?")[0]


def with_wrong_state(url: str) -> str:
    parts = urlsplit(url)
    found = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return url.partition("?")[0] + "?" + urlencode(found | {"state": "wrong"}) if "code" in found else url


async def test_a_denied_consent_is_said(world: World) -> None:
    await all_connected(world)
    for kind in KINDS:
        network = world.network(kind)
        assert network.authority is not None
        network.authority.consent = "deny"
        before = await stored(world, kind)
        with pytest.raises(LoginError, match=r"did not give the right.*nothing was changed"):
            await connected(
                world, Person(), kind, way={"facebook": "page", "linkedin": "member"}.get(kind, "oauth2")
            )
        assert await stored(world, kind) == before


@pytest.mark.parametrize("kind", ["x", "tumblr"])
async def test_a_denied_consent_of_oauth_1_is_said(world: World, kind: str) -> None:
    world.network(kind).authority1.consent = "deny"
    configured(world, lines(world, kind))
    with pytest.raises(LoginError, match=r"did not give the right|gives an? access token|holds no answer"):
        await connected(world, Person(), kind, way="oauth1")
    assert await stored(world, kind) is None


async def test_a_wrong_state_is_refused_and_the_old_credential_stays(world: World) -> None:
    await all_connected(world)
    before = await stored(world, "linkedin")
    with pytest.raises(LoginError, match="its state is wrong"):
        await connected(world, Person(meddle=with_wrong_state), "linkedin", way="member")
    assert await stored(world, "linkedin") == before
    assert len(world.linkedin.authority.access) == 1, "the code was not even exchanged"


async def test_a_code_used_twice_is_said(world: World) -> None:
    configured(world, lines(world, "x"))
    first = Person(pastes=True)
    await connected(world, first, "x", way="oauth2", paste=True)
    for code in world.x.authority.codes.values():
        code.used = True
    replay = Person(pastes=True, meddle=lambda url: url)

    async def same_code(question: str, *, default: str = "", hidden: bool = False) -> str:
        if "address" not in question:
            return Person().app["secret" in question.lower()]
        assert replay.browsing is not None
        await replay.browsing
        old_code = parse_qs(urlsplit(first.ended_on).query)["code"][0]
        state = parse_qs(urlsplit(replay.ended_on).query)["state"][0]
        return f"http://127.0.0.1:1/?{urlencode({'code': old_code, 'state': state})}"

    replay.ask = same_code  # type: ignore[method-assign]
    before = await stored(world, "x")
    with pytest.raises(LoginError, match=r"used before.*nothing was changed"):
        await connected(world, replay, "x", way="oauth2", paste=True)
    assert await stored(world, "x") == before


@pytest.mark.parametrize(
    ("kind", "way", "lost"),
    [
        ("facebook", "page", "pages_manage_posts"),
        ("linkedin", "member", "w_member_social"),
        ("x", "oauth2", "offline.access"),
        ("tumblr", "oauth2", "write"),
    ],
)
async def test_a_missing_scope_is_named(world: World, kind: str, way: str, lost: str) -> None:
    network = world.network(kind)
    assert network.authority is not None
    network.authority.granted = set(network.authority.rules.scopes) - {lost}
    configured(world, lines(world, kind))
    with pytest.raises(LoginError, match=f"did not grant {lost}"):
        await connected(world, Person(), kind, way=way)
    assert await stored(world, kind) is None


@pytest.mark.parametrize(
    ("kind", "way", "other"),
    [
        ("facebook", "page", 'page = "42"'),
        ("linkedin", "member", 'author = "urn:li:person:somebodyElse"'),
        ("tumblr", "oauth2", 'blog = "somebody-else"'),
    ],
)
async def test_the_wrong_account_is_refused(world: World, kind: str, way: str, other: str) -> None:
    await all_connected(world)
    before = await stored(world, kind)
    configured(world, lines(world, kind, other))
    with pytest.raises(LoginError, match=f"wrong account: channels.{kind}"):
        await connected(world, Person(), kind, way=way)
    assert await stored(world, kind) == before


async def test_a_port_in_use_is_named(world: World) -> None:
    configured(world, lines(world, "x"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LoginError, match=rf"port {port} .*--paste"):
            await connected(world, Person(), "x", way="oauth2", port=port)


async def test_wrong_strings_of_the_application_are_said(world: World) -> None:
    for kind, way in WAYS:
        configured(world, lines(world, kind))
        person = Person(app=("sandbox-client", "wrong"))
        with pytest.raises(LoginError):
            await connected(world, person, kind, way=way)
        assert await stored(world, kind) is None


async def test_a_clock_that_is_hours_off_does_no_harm(world: World) -> None:
    """Lifetimes are counted from our own clock, so a skewed one only shifts when a token is renewed."""
    configured(world, lines(world, "x"))
    world.now += timedelta(hours=5)
    await connected(world, Person(), "x", way="oauth2")
    found = await stored(world, "x")
    assert found is not None
    assert found.expires == found.obtained + timedelta(hours=2)


@pytest.mark.parametrize("status", [503, 429, 500])
async def test_a_network_out_of_order_is_said(world: World, status: int) -> None:
    configured(world, lines(world, "linkedin"))
    world.linkedin.authority.behaviours.append(refuse(status, b"busy"))
    with pytest.raises(LoginError, match=f"{status}.*nothing was changed"):
        await connected(world, Person(), "linkedin", way="member")


async def test_a_lost_answer_while_connecting_is_said(world: World) -> None:
    configured(world, lines(world, "tumblr"))
    world.tumblr.authority.behaviours.append(drop(accept=True))
    with pytest.raises(LoginError, match="nothing was changed"):
        await connected(world, Person(), "tumblr", way="oauth2")


async def test_a_pasted_address_without_an_answer_is_said(world: World) -> None:
    configured(world, lines(world, "x"))
    with pytest.raises(LoginError, match="holds no answer"):
        await connected(world, Person(pastes=True, meddle=without_code), "x", way="oauth2", paste=True)


# Channels, and the file


async def test_a_new_channel_is_written_into_the_file_with_comments_and_order_kept(world: World) -> None:
    configured(world)
    path = world.folder / "crosspost.toml"
    before = (
        "# my own words\n"
        + path.read_text()
        + "every = '20m' # often enough\r\n\n[promotion]\nat_most = '1 in 3'\n"
    )
    before += (
        lines(world, "linkedin")
        .replace("[channels.linkedin]", "[channels.hidden]")
        .replace('"linkedin"', '"linkedin"\ndry_run = true\nauthor = "urn:li:person:x"')
    )
    path.write_text(before, newline="")
    edit.add(path, "company-page", {"adapter": "linkedin", "author": MEMBER})
    after = path.read_bytes().decode()
    assert after.replace("\r\n", "\n").startswith(before.replace("\r\n", "\n").rstrip("\n"))
    assert tomllib.loads(after)["channels"]["company-page"] == {"adapter": "linkedin", "author": MEMBER}
    with pytest.raises(ConfigError, match="author"):
        edit.add(path, "bad", {"adapter": "linkedin", "author": "nobody"})
    assert path.read_bytes().decode() == after


async def test_keys_are_written_beside_their_tables_own_and_what_follows_stays_there(world: World) -> None:
    configured(
        world, lines(world, "linkedin").rstrip("\n") + " # mine\n\n# What comes next:\n", lines(world, "x")
    )
    path = world.folder / "crosspost.toml"
    before = path.read_text()
    edit.add(path, "linkedin", {"author": MEMBER})
    assert path.read_text() == before.replace(" # mine\n", f' # mine\nauthor = "{MEMBER}"\n')


async def test_a_channel_that_needs_no_account_is_said(world: World) -> None:
    configured(world, '[channels.signature]\nadapter = "email_signature"\npath = "signature"\n')
    with pytest.raises(ConfigError, match="needs no connecting"):
        await connected(world, Person(), "signature")
    with pytest.raises(ConfigError, match="--adapter"):
        await connected(world, Person(), "elsewhere")


@BOTH_DATABASES
async def test_reconnecting_lets_the_channel_go_on_where_it_stopped(world: World) -> None:
    configured(world, lines(world, "linkedin", SETTINGS["linkedin"]))
    world.blog.publish(*old(1))
    events = await world.run(world.loaded())
    world.blog.publish(*fresh(2))
    events = await world.run(world.loaded())
    assert any("crosspost connect linkedin" in event.text and event.needs_person for event in events)
    assert not world.linkedin.posts
    await connected(world, Person(), "linkedin", way="member")
    await world.run(world.loaded())
    assert [post.raw["content"]["article"]["title"] for post in world.linkedin.posts] == [
        "Nouveau billet 1",
        "Nouveau billet 0",
    ]
    database = Database(world.loaded().database, clock=lambda: world.now)
    state = (await database.read(channels.load, ["linkedin"]))["linkedin"]
    await database.close()
    assert state.closed_until is None


@pytest.mark.parametrize(
    ("kind", "way", "odd"),
    [
        ("x", "oauth2", b'{"access_token": 5}'),
        ("x", "oauth2", b'["access_token"]'),
        ("x", "oauth2", b"<html>fine</html>"),
        ("tumblr", "oauth2", b'{"access_token": "t-odd-token", "expires_in": Infinity, "scope": 3}'),
        ("linkedin", "member", b'{"access_token": "t-odd-token", "expires_in": "soon", "scope": ["a"]}'),
        ("facebook", "page", b'{"access_token": null}'),
    ],
)
async def test_an_odd_answer_is_a_sentence(world: World, kind: str, way: str, odd: bytes) -> None:
    network = world.network(kind)
    assert network.authority is not None
    network.authority.behaviours.append(refuse(200, odd))
    configured(world, lines(world, kind))
    with pytest.raises(LoginError, match="nothing was changed"):
        await connected(world, Person(), kind, way=way)
    assert await stored(world, kind) is None


# What is asked, and what may be answered


@pytest.mark.parametrize(
    "typed",
    [
        lambda url: f'  "{url}"  ',
        lambda url: f"{url[:30]}\n   {url[30:]}",
        lambda url: urlsplit(url).query,
        lambda url: f"?{urlsplit(url).query}",
        lambda url: url.partition("://")[2],
        lambda url: f"<{parse_qs(urlsplit(url).query)['code'][0]}>",
    ],
    ids=["quoted", "broken", "query", "query with its mark", "without http", "code"],
)
async def test_the_answer_may_be_pasted_in_any_way(world: World, typed: Callable[[str], str]) -> None:
    configured(world, lines(world, "x"))
    await connected(world, Person(pastes=True, types=typed), "x", way="oauth2", paste=True)
    assert await stored(world, "x") is not None


async def test_the_address_from_before_agreeing_is_told_from_the_answer(world: World) -> None:
    configured(world, lines(world, "x"))
    before = f"{world.urls['x']}/i/oauth2/authorize?response_type=code&client_id=5&state=9"
    with pytest.raises(LoginError, match="the address from before you agreed"):
        await connected(world, Person(pastes=True, types=lambda _: before), "x", way="oauth2", paste=True)
    assert await stored(world, "x") is None


@pytest.mark.parametrize("typed", [lambda pin: f" {pin[:3]} {pin[3:]} ", lambda pin: f"'{pin[:3]}-{pin[3:]}'"])
async def test_a_pin_is_typed_as_people_type(world: World, typed: Callable[[str], str]) -> None:
    configured(world, lines(world, "x"))
    person = Person(types=typed)
    await connected(world, person, "x", way="oauth1")
    assert not person.comes_back, "nobody is told to begin again with --paste"


async def test_the_redirect_address_stays_whatever_came_between(world: World) -> None:
    """A first try that stopped at its first question, one by another application, and one that was refused."""
    configured(world, lines(world, "x"))
    said: list[str] = []

    def told(person: Person) -> str:
        found = re.search(r"http://127\.0\.0\.1:\d+/\S+", "\n".join(person.said))
        assert found is not None
        return found[0]

    apps = [("", ""), ("another-app", "its-own-secret"), (CLIENT_ID, "wrong"), (CLIENT_ID, CLIENT_SECRET)]
    for app in apps:
        unknown = app[0] == "another-app"  # whom the network sends back to nobody
        person = Person(app=app, pastes=unknown)
        with suppress(LoginError):
            await connected(world, person, "x", way="oauth2", paste=unknown)
        said.append(told(person))
    assert len(set(said)) == 1
    assert await stored(world, "x") is not None
    again = Person()
    with socket.socket() as taken:
        # Connections of the tries before may linger there.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", urlsplit(said[0]).port or 0))
        taken.listen()
        with pytest.raises(LoginError, match=rf"the network knows the address {re.escape(said[0])}"):
            await connected(world, again, "x", way="oauth2")
    assert not again.asked, "nobody types anything for nothing"


async def test_an_address_of_this_machine_that_is_registered_already_is_listened_to(world: World) -> None:
    configured(world, lines(world, "x"))
    first = Person()
    await connected(world, first, "x", way="oauth2")
    kept = first.ended_on.partition("?")[0]
    world.x.authority.redirects = {kept}
    configured(world, lines(world, "x").replace("[channels.x]", "[channels.renamed]"))
    await connected(world, Person(), "renamed", way="oauth2", redirect=kept)
    assert await stored(world, "renamed") is not None


async def test_facebooks_first_way_needs_no_redirect_address(world: World) -> None:
    configured(world, lines(world, "facebook"))
    authority = world.facebook.authority
    grant = Grant(scopes=("pages_show_list", "pages_manage_posts", "pages_read_engagement"), began=world.now)
    person = Person(token=authority.issue(grant, timedelta(hours=1), "short"))
    done = await connected(world, person, "facebook")
    assert done.lacks == {"page": PAGE}
    assert done.ends is None
    assert person.browsing is None
    assert "no redirect" not in "".join(person.said)
    assert "127.0.0.1" not in "".join(person.said)
    few = Person(token=authority.issue(Grant(scopes=("pages_show_list",), began=world.now), None, "short"))
    with pytest.raises(LoginError, match="did not grant pages_manage_posts, pages_read_engagement"):
        await connected(world, few, "facebook", way="token")
    with pytest.raises(LoginError, match="nothing was changed"):
        await connected(world, Person(token="EAAB-somebody-elses"), "facebook", way="token")


async def test_before_anything_is_asked_it_says_what_it_needs_what_it_costs_and_where_the_page_is(
    world: World,
) -> None:
    configured(world, lines(world, "x"))
    person = Person()
    await connected(world, person, "x", way="oauth2")
    said = "\n".join(person.said)
    assert "0.20 USD with a link" in said
    assert '"automated" label' in said
    assert "It needs an app with a Client ID and credits; ten minutes." in said
    assert "crosspost adapters x" in said
    lost = Person()
    with pytest.raises(LoginError, match="there are: oauth2, oauth1"):
        await connected(world, lost, "x", way="pigeon")
    assert re.fullmatch("oauth2: .*; needs .*\noauth1: .*; needs .*", lost.said[0])


@pytest.mark.parametrize("kind", KINDS)
def test_every_way_says_what_it_needs_and_what_its_network_asks(kind: str) -> None:
    for name, login in adapter_class(kind).logins().items():
        assert login.needs, name
        assert login.terms, name
        assert guide(kind) is not None
        assert f"`--way {name}`" in str(guide(kind)) or f"`{name}`" in str(guide(kind))
