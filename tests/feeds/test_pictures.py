"""Which picture goes with an entry: the largest that belongs to the words, and never an ornament."""

import time
from collections.abc import Sequence

import pytest

from crosspost.feeds.pictures import choose, everywhere, of_element
from crosspost.feeds.pictures.addresses import enlarged, said
from crosspost.feeds.pictures.element import ATTRIBUTES
from crosspost.feeds.raw import RawPicture
from crosspost.model import Picture
from tests.feeds.reading import entries, read, rss

BLOGGER = "https://blogger.googleusercontent.com/img/b/R29/AVvX"
WP = "https://blog.example/wp-content/uploads/2026/11/mer"
GIF = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP"


def shown(*pictures: RawPicture | str) -> str:
    """Return the address chosen of those shown in a text."""
    return address(choose((), many(pictures)))


def many(pictures: Sequence[RawPicture | str]) -> tuple[RawPicture, ...]:
    return tuple(RawPicture(one) if isinstance(one, str) else one for one in pictures)


def address(picture: Picture | None) -> str:
    return picture.url if picture else ""


def element(**attributes: str) -> RawPicture:
    """Read an <img>; `data_src` is `data-src`."""
    picture = of_element({name.replace("_", "-"): value for name, value in attributes.items()}, "")
    assert picture is not None
    return picture


def test_the_largest_that_is_shown_is_chosen() -> None:
    small = RawPicture("https://x.example/a.jpg", width=300, height=200)
    large = RawPicture("https://x.example/b.jpg", width=1200, height=800)
    assert shown(small, large) == large.url
    assert shown(large, small) == large.url
    assert shown("https://x.example/1.jpg", "https://x.example/2.jpg") == "https://x.example/1.jpg"
    assert shown(small, "https://x.example/unknown.jpg") == "https://x.example/unknown.jpg"


@pytest.mark.parametrize(
    ("written", "width", "height"),
    [
        ("https://1.bp.blogspot.com/-a/b/c/d/s72-c/x.jpg", 72, 72),
        (f"{BLOGGER}/w400-h300-p-k-no-nu/x.jpg", 400, 300),
        (f"{BLOGGER}=w200", 200, None),
        ("https://lh3.googleusercontent.com/abc=s64-c", 64, 64),
        (f"{BLOGGER}/s0/x.jpg", None, None),
        (f"{WP}-150x150.jpg", 150, 150),
        (f"{WP}-1024x683.jpeg?ssl=1", 1024, 683),
        (f"{WP}.jpg?w=300", 300, None),
        (f"{WP}-1024x683.jpg?resize=300%2C200&ssl=1", 300, 200),
        ("https://i0.wp.com/blog.example/a.jpg?fit=640,480", 640, 480),
        ("https://cdn-images-1.medium.com/max/800/1*a.jpeg", 800, None),
        ("https://miro.medium.com/v2/resize:fit:1200/1*a.jpeg", 1200, None),
        (
            "https://substackcdn.com/image/fetch/$s_!x!,w_848,c_limit,f_auto/https%3A%2F%2Fb.example%2Fa.png",
            848,
            None,
        ),
        ("https://res.cloudinary.com/x/image/upload/c_fill,h_200,w_300/v1/a.jpg", 300, 200),
        ("https://blog.example/content/images/size/w600/2026/11/a.jpg", 600, None),
        ("https://images.squarespace-cdn.com/content/a.jpg?format=1500w", 1500, None),
        ("https://static.wixstatic.com/media/a~mv2.jpg/v1/fill/w_300,h_200,al_c/a.jpg", 300, 200),
        ("https://cdn.shopify.com/s/files/a_300x.jpg?v=1", 300, None),
        ("https://images.ctfassets.net/x/a.jpg?w=800&fm=webp", 800, None),
        ("https://x.imgix.net/a.jpg?auto=format&fit=crop&h=300&w=400", 400, 300),
        ("https://blog.example/cdn-cgi/image/width=320,quality=75/a.jpg", 320, None),
        ("https://64.media.tumblr.com/a/b/s640x960/c.jpg", 640, 960),
        ("https://upload.wikimedia.org/wikipedia/commons/thumb/a/ab/N.jpg/320px-N.jpg", 320, None),
        ("https://live.staticflickr.com/1/2_3_m.jpg", 240, None),
        ("https://i.ytimg.com/vi/abc/hqdefault.jpg", 480, None),
        ("https://blog.example/a.jpg", None, None),
        ("https://blog.example/a.php?id=12", None, None),
        ("https://blog.example/2026-11/report-2026.jpg", None, None),
    ],
)
def test_an_address_says_how_large_its_picture_is(written: str, width: int | None, height: int | None) -> None:
    found = said(written)
    assert (found.width, found.height) == (width, height)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{BLOGGER}/s72-c/x.jpg", f"{BLOGGER}/w640-h426/x.jpg"),
        (f"{BLOGGER}=s72-c", f"{BLOGGER}=w1600"),
        (f"{WP}-150x150.jpg", f"{WP}.jpg"),
        (f"{WP}-1024x683.jpg", f"{WP}-scaled.jpg"),
        (f"{WP}.jpg?w=300&ssl=1", f"{WP}.jpg"),
        (f"https://i2.wp.com/{WP.removeprefix('https://')}.jpg?resize=300%2C200", f"{WP}-300x200.jpg"),
        (
            "https://blog.example/content/images/size/w600/2026/a.jpg",
            "https://blog.example/content/images/2026/a.jpg",
        ),
        (
            "https://substackcdn.com/image/fetch/w_848,c_limit/https%3A%2F%2Fs3.example%2Fa.png",
            "https://s3.example/a.png",
        ),
        (
            "https://static.wixstatic.com/media/a~mv2.jpg/v1/fill/w_300,h_200/a.jpg",
            "https://static.wixstatic.com/media/a~mv2.jpg",
        ),
        (
            "https://cdn-images-1.medium.com/max/800/1*a.jpeg",
            "https://cdn-images-1.medium.com/max/1600/1*a.jpeg",
        ),
        (
            "https://upload.wikimedia.org/w/commons/thumb/a/ab/N.jpg/320px-N.jpg",
            "https://upload.wikimedia.org/w/commons/a/ab/N.jpg",
        ),
    ],
)
def test_renditions_of_one_picture_are_known_as_such(one: str, other: str) -> None:
    assert said(one).key == said(other).key


def test_different_pictures_are_not_taken_for_renditions() -> None:
    for one, other in (
        ("https://blog.example/a.php?id=1&w=300", "https://blog.example/a.php?id=2&w=300"),
        ("https://blog.example/a-1.jpg", "https://blog.example/a-2.jpg"),
        (f"{BLOGGER}/s320/x.jpg", f"{BLOGGER}/s320/y.jpg"),
    ):
        assert said(one).key != said(other).key


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("https://1.bp.blogspot.com/-a/b/c/d/s72-c/x.jpg", "https://1.bp.blogspot.com/-a/b/c/d/s1600/x.jpg"),
        (f"{BLOGGER}/w72-h72-p-k-no-nu/x.jpg", f"{BLOGGER}/s1600/x.jpg"),
        (f"{BLOGGER}=w200-h100-no", f"{BLOGGER}=s1600"),
        (
            "https://lh3.googleusercontent.com/pw/A=w480-h640-no?a=0",
            "https://lh3.googleusercontent.com/pw/A=s1600?a=0",
        ),
        ("https://i0.wp.com/b.example/a.jpg?resize=300%2C200&ssl=1", "https://i0.wp.com/b.example/a.jpg?ssl=1"),
        ("https://x.files.wordpress.com/2026/11/a.jpg?w=150", "https://x.files.wordpress.com/2026/11/a.jpg"),
        (
            "https://i0.wp.com/b.example/a.jpg?fit=2000%2C900",
            "https://i0.wp.com/b.example/a.jpg?fit=2000%2C900",
        ),
        ("https://x.imgix.net/a.jpg?w=150&s=signed", "https://x.imgix.net/a.jpg?w=150&s=signed"),
        (f"{BLOGGER}/s4000/x.jpg", f"{BLOGGER}/s4000/x.jpg"),
        (f"{BLOGGER}/s0/x.jpg", f"{BLOGGER}/s0/x.jpg"),
        (f"{WP}-150x150.jpg", f"{WP}-150x150.jpg"),
        (
            "https://evil.example/1.bp.blogspot.com/s72-c/x.jpg",
            "https://evil.example/1.bp.blogspot.com/s72-c/x.jpg",
        ),
    ],
)
def test_only_where_any_size_is_answered_a_larger_one_is_asked_for(written: str, asked: str) -> None:
    assert enlarged(written) == asked


def test_a_thumbnail_gives_way_to_the_same_picture_and_to_one_markedly_larger() -> None:
    thumbnail = RawPicture(f"{WP}-150x150.jpg", width=150, height=150, marks="media:thumbnail")
    inside = RawPicture(f"{WP}-1024x683.jpg", "La mer à marée basse", width=640)
    assert choose((thumbnail,), (inside,)) == Picture(inside.url, "La mer à marée basse")
    other = RawPicture("https://blog.example/phare.jpg", width=1200, height=800)
    assert address(choose((thumbnail,), (other,))) == other.url
    featured = RawPicture("https://blog.example/une.jpg", width=800, height=500)
    larger = RawPicture("https://blog.example/grand.jpg", width=4000, height=3000)
    assert address(choose((featured,), (larger,))) == featured.url, "named for the purpose, and large enough"
    assert address(choose(many(["https://blog.example/une.jpg"]), (other,))) == "https://blog.example/une.jpg"


def test_a_size_in_an_address_is_not_mixed_with_one_beside_it() -> None:
    narrow = RawPicture("https://cdn.example/a.jpg?w=100", width=1024, height=683)
    assert shown(narrow, RawPicture("https://cdn.example/banner.jpg", width=1000, height=100)) == narrow.url
    upright = RawPicture(f"{BLOGGER}/s320/x.jpg", width=213, height=320)
    assert shown(upright, RawPicture("https://x.example/b.jpg", width=1200, height=600)) == upright.url.replace(
        "s320", "s1600"
    )


def test_of_several_renditions_named_the_largest_is_chosen() -> None:
    group = [
        RawPicture(f"https://cdn.example/{side}.jpg", width=side, height=side) for side in (120, 1280, 640)
    ]
    assert address(choose(group, ())) == "https://cdn.example/1280.jpg"


@pytest.mark.parametrize(
    ("attributes", "url", "width"),
    [
        ({"src": "a.jpg"}, "a.jpg", None),
        ({"src": "a.jpg", "srcset": "s.jpg 300w, l.jpg 1600w, m.jpg 800w"}, "l.jpg", 1600),
        ({"src": "a.jpg", "srcset": "b.jpg 2x,c.jpg 3x", "width": "400"}, "c.jpg", 1200),
        ({"src": "a.jpg", "srcset": "b.jpg, c.jpg 1.5x"}, "c.jpg", None),
        ({"srcset": "https://c.example/w_300,h_200/a.jpg 300w, https://c.example/w_900/a.jpg 900w"},
         "https://c.example/w_900/a.jpg", 900),
        ({"src": GIF, "data-src": "a.jpg"}, "a.jpg", None),
        ({"src": "/img/spacer.gif", "data-lazy-src": "a.jpg"}, "a.jpg", None),
        ({"src": "sketch-30x20.jpg", "data-original": "a.jpg"}, "a.jpg", None),
        ({"srcset": f"{GIF} 1w", "data-srcset": "a.jpg 640w,b.jpg 1280w", "src": GIF}, "b.jpg", 1280),
        ({"src": "a.jpg?w=640", "data-orig-file": "a.jpg", "data-orig-size": "2400,1600"}, "a.jpg", 2400),
        ({"src": "a.jpg?w=640", "data-orig-file": "a.jpg", "data-orig-size": "12000,9000",
          "data-large-file": "a.jpg?w=1024"}, "a.jpg?w=1024", None),
        ({"data-src": "s.jpg?format=50w", "data-image": "a.jpg", "data-image-dimensions": "900x600"},
         "a.jpg", 900),
        ({"poster": "film.jpg"}, "film.jpg", None),
        ({"poster": "film.jpg", "src": "film.mp4"}, "film.jpg", None),
        ({"src": GIF, "data-orig-src": "a.jpg"}, "a.jpg", None),
        ({"src": "a.jpg", "width": "1", "height": "1", "srcset": "b.jpg 640w"}, "b.jpg", 1),
        ({"src": "a.jpg", "style": "width:20px; height: 20px", "width": "640"}, "a.jpg", 20),
        ({"src": "a.jpg", "style": "height:1em;max-width:100%"}, "a.jpg", None),
        ({"src": "a.jpg", "width": "100%"}, "a.jpg", None),
    ],
)  # fmt: skip
def test_of_an_element_the_largest_address_counts(
    attributes: dict[str, str], url: str, width: int | None
) -> None:
    picture = of_element(attributes, "https://b.example/")
    assert picture is not None
    assert (picture.url, picture.width, picture.base) == (url, width, "https://b.example/")
    assert set(attributes) <= ATTRIBUTES


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"alt": "x"},
        {"src": ""},
        {"src": GIF},
        {"src": "about:blank"},
        {"src": "{{ image }}"},
        {"data-src": "undefined", "src": GIF},
        {"src": "https://x.example/blank.gif"},
        {"src": "https://x.example/lazy_placeholder.gif?v=3"},
        {"src": "a.jpg", "hidden": ""},
        {"src": "a.jpg", "style": "display: none"},
        {"src": "a.jpg", "aria-hidden": "true"},
    ],
)
def test_an_element_that_shows_nothing_is_no_picture(attributes: dict[str, str]) -> None:
    assert of_element(attributes, "") is None


@pytest.mark.parametrize(
    "url",
    [
        "https://secure.gravatar.com/avatar/1?s=96",
        "https://avatars.githubusercontent.com/u/1?v=4",
        "https://lh3.googleusercontent.com/a/AAA=s96-c",
        "https://img.shields.io/badge/a-b-green",
        "https://travis-ci.org/a/b.svg?branch=main",
        "https://codecov.io/gh/a/b/branch/main/graph/badge.svg",
        "https://github.com/a/b/actions/workflows/ci.yml/badge.svg",
        "https://cdn.buymeacoffee.com/buttons/v2/default-yellow.png",
        "https://feeds.feedburner.com/~r/Blog/~4/abc",
        "http://feeds.feedburner.com/~ff/Blog?d=yIl2AUoC8zA",
        "http://rss.feedsportal.com/c/1/f/2/mf.gif",
        "https://ad.doubleclick.net/ddm/x",
        "https://stats.example/piwik.php?idsite=1",
        "https://pixel.wp.com/b.gif?v=noscript",
        "https://www.facebook.com/tr?id=1&noscript=1",
        "https://s.w.org/images/core/emoji/15/72x72/1f600.png",
        "https://blog.example/wp-includes/images/smilies/icon_smile.gif",
        "https://static.addtoany.com/buttons/favicon.png",
        "https://blog.example/img/social-icons/x.png",
        "https://blog.example/theme/facebook-icon.png",
        "https://blog.example/assets/favicon.ico",
        "https://blog.example/site-logo.png",
        "https://blog.example/img/spacer.gif",
        "https://blog.example/1x1.png",
        "https://ir-na.amazon-adsystem.com/e/ir?t=x",
        "https://vg08.met.vgwort.de/na/abc",
        "https://www.google.com/s2/favicons?domain=x.example",
        "https://licensebuttons.net/l/by-sa/4.0/88x31.png",
        "https://blog.example/img/app-store-badge.png",
        "https://blog.example/img/share-on-facebook.png",
        "https://visitor-badge.laobi.icu/badge?page_id=a.b",
        "https://ga-beacon.appspot.com/UA-1/a",
        "https://s0.wp.com/latex.php?latex=x%5E2",
        "https://latex.codecogs.com/png.latex?x",
        "https://wikimedia.org/api/rest_v1/media/math/render/svg/abc",
    ],
)
def test_an_ornament_is_never_chosen(url: str) -> None:
    assert choose(many([url]), many([url])) is None


@pytest.mark.parametrize(
    "classes",
    [
        "avatar avatar-96 photo",
        "wp-smiley",
        "emoji",
        "author-photo",
        "social-icon",
        "icon-share",
        "site-logo",
        "badge",
        "ql-img-inline-formula",
    ],
)
def test_what_is_marked_as_an_ornament_is_never_chosen(classes: str) -> None:
    assert not shown(element(src="https://x.example/a.png", **{"class": classes}))


@pytest.mark.parametrize(
    "url",
    [
        "https://blog.example/2026/sharing-our-story.jpg",
        "https://blog.example/emoji-history.jpg",
        "https://blog.example/our-new-logo-explained.png",
        "https://blog.example/avatar-the-film.jpg",
        "https://blog.example/badger.jpg",
        "https://blog.example/honey-badger.png",
        "https://blog.example/share-a-meal.png",
        "https://blog.example/facebook-office.jpg",
        "https://adventures.example/a.jpg",
        "https://blog.example/image?id=12",
        "https://pbs.twimg.com/media/abc.jpg:large",
    ],
)
def test_what_only_sounds_like_an_ornament_is_a_picture(url: str) -> None:
    assert shown(element(src=url, **{"class": "wp-image-12 size-full alignnone lazyload"})) == url


def test_smaller_than_an_icon_on_any_side_is_an_ornament() -> None:
    assert not shown(RawPicture("https://x.example/p", width=1, height=1))
    assert not shown(RawPicture("https://x.example/line.png", width=600, height=2))


def test_a_size_of_nothing_is_unknown_where_it_is_named_and_a_counter_where_it_is_shown() -> None:
    nothing = RawPicture("https://x.example/a.jpg", width=0, height=0)
    assert address(choose((nothing,), ())) == nothing.url
    assert not shown(nothing)


def test_a_strip_and_a_drawing_are_chosen_only_if_there_is_nothing_else() -> None:
    strip = RawPicture("https://x.example/banner.jpg", width=2000, height=60)
    small = RawPicture("https://x.example/a.jpg", width=200, height=150)
    drawing = RawPicture("https://x.example/a.svg", width=900, height=900)
    assert shown(strip, drawing, small) == small.url
    assert shown(drawing, strip) == strip.url
    assert shown(drawing) == drawing.url
    assert address(choose((drawing,), (small,))) == small.url
    typed = RawPicture("https://x.example/render.jpg", mime="image/svg+xml")
    assert address(choose((typed,), (small,))) == small.url, "its type wins over its ending"
    film = RawPicture("https://x.example/a.mp4", mime="image/jpeg")
    assert address(choose((film,), (small,))) == small.url, "one of the two lies"


@pytest.mark.parametrize(
    ("url", "mime", "fits"),
    [
        ("https://x.example/a", "image/jpeg", True),
        ("https://x.example/a", "", True),
        ("https://x.example/a.php", "image/webp", True),
        ("https://x.example/a.jpg", "application/octet-stream", True),
        ("https://x.example/a.mp4", "image/jpeg", True),
        ("https://x.example/a.jpg", "video/mp4", False),
        ("https://x.example/a.mp3?x=.jpg", "", False),
        ("https://x.example/a.pdf", "", False),
        ("https://x.example/a", "audio/mpeg", False),
    ],
)
def test_a_type_wins_over_an_ending_and_an_ending_over_nothing(url: str, mime: str, fits: bool) -> None:
    assert address(choose((RawPicture(url, mime=mime),), ())) == (url if fits else "")


@pytest.mark.parametrize(
    ("alt", "said"),
    [
        ("La mer à marée basse", "La mer à marée basse"),
        ("  two\n lines ", "two lines"),
        ("Tower", "Tower"),
        ("Photo of a tower", "Photo of a tower"),
        ("IMG_1234.jpg", ""),
        ("IMG_1234", ""),
        ("DSC00012", ""),
        ("tower-at-night_2", ""),
        ("tower-at-night_2.jpg", ""),
        ("https://x.example/tower.jpg", ""),
        ("image", ""),
        ("Photo", ""),
        ("featured image", ""),
        ("Bild 3", ""),
        ("20261126_103000", ""),
        ("Screenshot 2026-11-26 at 10.30.12", ""),
        ("P2 from the north", "P2 from the north"),
        ("Photo 3 : le phare", "Photo 3 : le phare"),
        ("img1" + "-1" * 700 + "!", "img1" + "-1" * 700 + "!"),
        ("", ""),
    ],
)
def test_what_nobody_wrote_describes_nothing(alt: str, said: str) -> None:
    picture = choose((), (RawPicture("https://x.example/tower-at-night_2.jpg", alt),))
    assert picture is not None
    assert picture.alt == said


def test_a_picture_that_every_entry_has_belongs_to_the_site() -> None:
    banner, *own = many(["https://x.example/join.png", *(f"https://x.example/{n}.jpg" for n in range(3))])
    of_site = everywhere([(banner, picture) for picture in own])
    assert address(choose((), (banner, own[0]), of_site)) == own[0].url
    assert choose((), (banner,), of_site) is None
    assert address(choose((banner,), (own[0],), of_site)) == own[0].url
    assert address(choose((banner,), (), of_site)) == banner.url, "the feed names it as this entry's picture"
    assert not everywhere([(banner,), (banner,)]), "two may well share one"
    assert not everywhere([(banner,), (banner,), (banner,), own])


async def test_a_feeds_banner_is_not_its_entries_picture() -> None:
    banner = (
        '<description>&lt;p&gt;Text&lt;/p&gt;{0}&lt;img src="/join-the-list.png" width="900"&gt;</description>'
    )
    with_own = banner.format('&lt;img src="/own.jpg" alt="Mine" width="640"&gt;')
    found = await entries(
        *(f"<title>{n}</title>{banner.format('')}" for n in "ab"), f"<title>c</title>{with_own}"
    )
    assert [entry.picture for entry in found] == [None, None, Picture("https://blog.example/own.jpg", "Mine")]


async def test_lazy_pictures_of_a_file_lie_beside_it() -> None:
    body = rss(f'<title>x</title><description>&lt;img src="{GIF}" data-src="img/a.png"&gt;</description>')
    (item,) = (await read(body, url="file:///srv/site/feed.xml")).items
    assert item.entry.picture == Picture("file:///srv/site/img/a.png")


def test_thousands_of_addresses_are_read_in_time() -> None:
    """A ratio: ten times the input takes about ten times as long, whatever commas and blanks it is made of."""

    def seconds(times: int) -> float:
        began = time.process_time()
        for filling in (",", " ,", "a,", "/w_1,", "-1x", "x" * 50 + " 1w,"):
            of_element({"src": "a.jpg", "srcset": filling * times}, "")
            said("https://x.example/" + (filling * times)[:2_000])
        return time.process_time() - began

    seconds(10)
    assert seconds(4_000) < 60 * max(seconds(400), 0.005)
