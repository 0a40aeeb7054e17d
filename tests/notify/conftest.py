"""Whoever gets mail."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.notify.mails import Box, a_mail_server


@pytest_asyncio.fixture
async def mail() -> AsyncIterator[Box]:
    """Run a real mail server that takes mail from whoever logs in."""
    async with a_mail_server() as box:
        yield box
