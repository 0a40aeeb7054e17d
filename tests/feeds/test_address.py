"""An address that needs no joining is taken as it is, and is what joining makes of it."""

from urllib.parse import urljoin

from hypothesis import given
from hypothesis import strategies as st

from crosspost.feeds.address import absolute

BASES = st.sampled_from(
    ("https://blog.example/a/b.html", "https://blog.example:8080/", "http://u:p@blog.example/x/")
)
BEGINNINGS = st.sampled_from(
    ("/", "", "//c.example/", "https://c.example/", "http://c.example:80/", "./", "../")
)
REST = st.text(alphabet="ab/.:?%=&;@!~+-_", max_size=12)


@given(BASES, BEGINNINGS, REST)
def test_a_link_is_joined_as_a_browser_joins_it(base: str, beginning: str, rest: str) -> None:
    link = beginning + rest
    made = absolute(link, base)
    if made and not link.startswith("//"):
        assert made == urljoin(base, link)
