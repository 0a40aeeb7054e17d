"""X's own library, as the judge of what we call fitting."""

import pytest

from crosspost.adapters.x.counting import weight
from tests.adapters.strange_words import strange_entries
from tests.adapters.test_x_counting import LONGEST, drafts
from tests.real.conftest import run

pytestmark = pytest.mark.timeout(600)  # a second a hundred texts, on a busy machine


async def test_of_3000_texts_that_we_call_fitting_none_is_longer_for_x() -> None:
    made = drafts(3000, seed=2026)
    counted = await run("x_weights.js", texts=[draft.text for _, draft, _ in made])
    for (entry, draft, _), by_x in zip(made, counted, strict=True):
        assert by_x["weight"] <= weight(draft.text) <= LONGEST, entry
        assert draft.link in by_x["links"], entry
        assert not by_x["called"], entry


async def test_no_text_is_longer_for_x_than_we_count() -> None:
    texts = [f"{entry.title} {entry.summary} {entry.permalink}" for entry in strange_entries(3000, seed=7)]
    counted = await run("x_weights.js", texts=texts)
    for text, by_x in zip(texts, counted, strict=True):
        assert by_x["weight"] <= weight(text), text
