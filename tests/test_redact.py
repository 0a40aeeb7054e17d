"""What is masked, for how long, and at what cost."""

import base64
import html
import json
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from urllib.parse import quote, quote_plus, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost import redact
from crosspost.redact import (
    CONFIGURATION,
    MASK,
    NEWEST,
    NEWEST_PASSING,
    forms,
    hide,
    remember,
    remember_address,
)

ACCESS = "access_token of facebook"


def token(number: int) -> str:
    return f"EAAB-token-{number:06}-of-a-year"


def known(secret: str) -> bool:
    return hide(f"refused: {secret}!") == f"refused: {MASK}!"


def test_ten_thousand_refreshed_tokens_do_not_grow_it() -> None:
    remember("a-password", of=CONFIGURATION)
    sizes = set()
    for old, new in pairwise(range(10_001)):
        remember(token(new), of=ACCESS)
        assert known(token(new))
        if old > NEWEST:
            sizes.add(len(forms()))
            assert known(token(old)), "a late answer may still repeat what was just replaced"
            assert not known(token(old - NEWEST))
    assert len(sizes) == 1
    assert known("a-password")


def test_each_owner_has_newest_ones_of_its_own() -> None:
    remember(token(1), of=ACCESS)
    for number in range(2, 100):
        remember(token(number), of="access_token of x")
    assert known(token(1))
    assert not known(token(2))


def test_what_is_learnt_again_is_the_newest() -> None:
    remember(token(1), of=ACCESS)
    for number in range(2, 100):
        remember(token(number), of=ACCESS)
        remember(token(1), of=ACCESS)
    assert known(token(1))


def test_what_two_own_is_known_until_both_have_replaced_it() -> None:
    remember(token(1), of=ACCESS)
    remember(token(1))
    for number in range(2, 100):
        remember(token(number), of=ACCESS)
    assert known(token(1))


def test_codes_and_states_are_forgotten_in_the_end_and_the_configuration_never() -> None:
    remember("a-password", of=CONFIGURATION)
    remember_address("https://marie:hunter22-hunter22@blog.example/feed?key=0123456789")
    for number in range(3 * NEWEST_PASSING):
        remember(token(number))
    assert known(token(3 * NEWEST_PASSING - 1))
    assert not known(token(0))
    assert known("a-password")
    assert known("hunter22-hunter22")
    assert known("0123456789")


def test_secrets_that_overlap_leave_no_piece_of_either() -> None:
    remember("abcdef")
    remember("defghijkl")
    assert hide("<abcdefghijkl>") == f"<{MASK}>"
    assert hide("<defghijklabcdef>") == f"<{MASK}{MASK}>"


def test_of_two_that_begin_alike_the_longer_is_masked_whole() -> None:
    remember("token-1")
    remember("token-1-and-more")
    assert hide("token-1-and-more, token-1, token-") == f"{MASK}, {MASK}, token-"


@given(st.lists(st.text("ab/ ", min_size=4, max_size=8), max_size=6), st.text("ab/ ", max_size=40))
def test_nothing_known_is_left_and_nothing_else_is_taken(secrets: list[str], text: str) -> None:
    redact.forget()
    for secret in secrets:
        remember(secret)
    hidden = hide(text)
    assert not any(form in part for part in hidden.split(MASK) for form in forms())
    covered = {
        at
        for form in forms()
        for found in re.finditer(f"(?={re.escape(form)})", text)
        for at in range(found.start(), found.start() + len(form))
    }
    assert hidden.replace(MASK, "") == "".join(letter for at, letter in enumerate(text) if at not in covered)


AWKWARD = "sé/cr+et'of\"a\\b&=%<1>"
LONG = "EAAB0123456789abcdefghijklmnopqrstuvwxyz"


def as_numbers(text: str, form: str) -> str:
    return "".join(
        letter if letter.isalnum() and letter.isascii() else form.format(ord(letter)) for letter in text
    )


@pytest.mark.parametrize(
    "carried",
    [
        html.escape(AWKWARD),
        html.escape(AWKWARD).replace("&#x27;", "&#39;"),
        html.escape(AWKWARD).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
        html.escape(html.escape(AWKWARD)),
        as_numbers(AWKWARD, "&#{};"),
        as_numbers(AWKWARD, "&#x{:x};"),
        json.dumps(AWKWARD)[1:-1],
        json.dumps(AWKWARD, ensure_ascii=False)[1:-1],
        json.dumps(AWKWARD)[1:-1].replace("/", "\\/"),
        json.dumps(json.dumps(AWKWARD))[3:-3],
        json.dumps(json.dumps(AWKWARD, ensure_ascii=False), ensure_ascii=False)[3:-3],
        json.dumps(json.dumps(AWKWARD).replace("/", "\\/")).replace("/", "\\/")[3:-3],
        json.dumps(as_numbers(AWKWARD, "\\u{:04x}"))[1:-1],
        as_numbers(AWKWARD, "\\u{:04X}"),
        quote(AWKWARD),
        quote(quote(AWKWARD, safe=""), safe=""),
        quote(AWKWARD, safe="").lower(),
        quote(quote(AWKWARD, safe=""), safe="").lower(),
        quote_plus(AWKWARD),
        AWKWARD.encode().hex(),
        AWKWARD.encode().hex().upper(),
        base64.b64encode(AWKWARD.encode()).decode(),
        base64.urlsafe_b64encode(AWKWARD.encode()).decode(),
        base64.b64encode(AWKWARD.encode()).decode().rstrip("="),
        repr(AWKWARD)[1:-1],
    ],
)
def test_every_form_in_which_networks_repeat_a_secret_is_masked(carried: str) -> None:
    remember(AWKWARD)
    assert known(carried)


@pytest.mark.parametrize("around", ["Bearer {}", "Basic {}", "marie:{}", "x{}y", "ab{}", '{{"token":"{}"}}'])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("secret", [LONG, AWKWARD])
def test_a_secret_within_what_is_encoded_is_masked(
    around: str, encode: Callable[[bytes], bytes], secret: str
) -> None:
    remember(secret)
    hidden = hide(encode(around.format(secret).encode()).decode())
    assert MASK in hidden
    assert len(hidden.replace(MASK, "")) <= 4 * len(around) / 3 + 4, "but for what stood around it"


def test_the_beginning_of_a_long_secret_is_masked() -> None:
    remember(LONG)
    assert hide(f"the token {LONG[:20]}... was refused") == f"the token {MASK}... was refused"


def test_the_beginning_of_an_address_is_no_secret() -> None:
    remember_address("https://blog.example/a/feed.xml?token=0123456789abcdef")
    assert hide("https://blog.example/a/entry") == "https://blog.example/a/entry"


@pytest.mark.parametrize("password", ["p", "pw", "blog", "hunter22-hunter22", "p@ss", "p%40ss"])
def test_a_password_in_an_address_is_masked_by_its_place_and_as_a_pair(password: str) -> None:
    remember_address(f"https://marie:{password}@blog.example/feed.xml")
    moved = hide(f"moved to https://marie:{password}@new.example/feed.xml for good")
    assert moved == f"moved to https://{MASK}@new.example/feed.xml for good"
    pair = base64.b64encode(f"marie:{unquote(password)}".encode()).decode()
    assert hide(f"Authorization: Basic {pair}") == f"Authorization: Basic {MASK}"
    assert hide("a blog, a p and a pw") == "a blog, a p and a pw", "short ones blot out no words"


@pytest.mark.parametrize(
    "text", ["https://marie@blog.example/", "https://blog.example:8080/@marie", "a://b c:d@e", "mail me:a@b.c"]
)
def test_an_address_without_a_password_stays(text: str) -> None:
    assert hide(text) is text


BEGINNING = 4


class Compared(str):
    """A text that counts how often a secret is compared to it."""

    times = 0

    def __getitem__(self, part: Any) -> str:
        self.times += part.stop - part.start > BEGINNING
        return super().__getitem__(part)


def test_masking_a_long_list_costs_the_same_however_many_secrets_there_are() -> None:
    links = Compared("\n".join(f"https://blog.example/{number}/an-entry" for number in range(2_000)))
    for number in range(10_000):
        remember(token(number), of=f"access_token of {number}")
    assert hide(links) is links
    assert links.times == 0, "no place in the list begins as a secret does"
