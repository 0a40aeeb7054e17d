"""What a guide says is known from what a network gives."""

import pytest

from crosspost.config.placeholder import is_placeholder

PLACEHOLDERS = """
YOUR_TOKEN your-token-here YOUR_ACCESS_TOKEN your_page_id your-blog-name your-blog <token> [token]
{token} ${TOKEN} $TOKEN %TOKEN% xxx XXXX xxxx-xxxx-xxxx changeme change-me CHANGE_ME TODO tbd
REPLACE_ME replace-me placeholder … EAAB… EAAB... *** ---- 1234567890 123456 0000000000
urn:li:person:XXXX urn:li:person:… urn:li:organization:123456 urn:li:person: urn:li:person:YOUR_ID
https://example.org https://social.example.com/api blog.example.net insert-token-here "YOUR_TOKEN"
PASTE_YOUR_TOKEN_HERE votre-blog
""".split("\n")
REAL = """
102030405060708 61550000000000 EAABwzLixnjYBO1ZCxxx7ZA
AQXdSP_W41_UPs5ioT_t8HESyODB4FqbkJ8LrV_5mff4gPODzOYR urn:li:person:aBc-123_Xyz
urn:li:person:yrZCpj2Z12 urn:li:organization:2414183 staff marie-carnets your-dogs xxlarge xx
the-todo-list mon-blog 1234 90210 a-good-token sandbox t:your_Uuid123 changemakers examples-of-life
1500000000000-aBcD 1234567890-sTAmPzZqJ4w8 https://api.x.com https://example.coop
http://127.0.0.1:8080 tokyo-blog 0x0 your
""".split()


@pytest.mark.parametrize(
    "value",
    [word for line in PLACEHOLDERS for word in line.split() if "<" not in line]
    + [
        "",
        "  ",
        "<token>",
        "<YOUR TOKEN>",
        "your token here",
        "change me",
        "marie-carnet",
    ],
)
def test_what_a_guide_says_is_a_placeholder(value: str) -> None:
    assert is_placeholder(value, ["marie-carnet"])


@pytest.mark.parametrize("value", REAL)
def test_what_a_network_gives_is_none(value: str) -> None:
    assert not is_placeholder(value, ["marie-carnet"])


def test_what_is_no_text_is_none() -> None:
    assert not any(is_placeholder(value) for value in (None, 0, 5, True, ["TODO"], {"env": "TODO"}))
