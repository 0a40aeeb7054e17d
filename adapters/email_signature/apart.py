"""Files in a thread of their own, which nobody waits for at the end: a share that is away holds it for ever."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


async def apart(act: Callable[[], T]) -> T:
    """Return what `act` returns, or raise what it raises; if this is cancelled, `act` goes on unheard."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def tell(how: Callable[[Any], None], what: Any) -> None:
        def unless_nobody_waits() -> None:
            if not done.done():
                how(what)

        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(unless_nobody_waits)

    def work() -> None:
        try:
            result = act()
        except Exception as error:
            tell(done.set_exception, error)
        else:
            tell(done.set_result, result)

    threading.Thread(target=work, name="signature", daemon=True).start()
    return await done
