"""Work in a thread of its own, which nobody waits for at the end.

A share or a name server that is away holds it for ever. The event loop's threads are six on a small machine:
forty-five such would take them all.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


async def apart(act: Callable[[], T], name: str) -> T:
    """Return what `act` returns, or raise what it raises; if this is cancelled, `act` goes on unheard.

    `name`: the thread's.
    """
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

    threading.Thread(target=work, name=name, daemon=True).start()
    return await done
