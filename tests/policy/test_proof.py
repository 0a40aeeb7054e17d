"""What proves that a post is there, and what proves that it is not."""

import pytest

from crosspost.errors import Uncertain
from crosspost.model import Receipt
from crosspost.policy import Delivered, after_receipt


def test_a_receipt_that_names_the_post_is_the_proof() -> None:
    url = "https://pond.example/7"
    assert after_receipt(Receipt(remote_id="7", url=url)) == Delivered(remote_id="7", url=url)


@pytest.mark.parametrize("nothing", ["", " ", "0", "None", "null", "undefined", None])
def test_a_receipt_that_names_no_post_proves_nothing(nothing: str) -> None:
    with pytest.raises(Uncertain):
        after_receipt(Receipt(remote_id=nothing, url=f"https://pond.example/{nothing}"))
