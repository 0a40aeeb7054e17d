"""How a stand-in can be told to misbehave, one publishing request at a time."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import JSONResponse, Response


class Dropped(ConnectionError):
    """Close the connection without an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What happens to one publishing request.

    `accept`: the post is kept, whatever is answered. `status` None: the network's ordinary answer.
    `hold`: wait for this event before answering (the post, if accepted, is kept before the wait).
    """

    accept: bool = False
    status: int | None = None
    body: object = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hold: asyncio.Event | None = None
    drop: bool = False


def refuse(status: int, body: object = b"", headers: Mapping[str, str] | None = None) -> Behaviour:
    """Refuse with this answer; keep nothing. `body`: bytes as they are, anything else as JSON."""
    return Behaviour(status=status, body=body, headers=headers or {})


def accept_and_answer(status: int, body: object = b"", headers: Mapping[str, str] | None = None) -> Behaviour:
    """Keep the post, and answer something else than usual: 500, or a page instead of JSON."""
    return Behaviour(accept=True, status=status, body=body, headers=headers or {})


def drop(*, accept: bool) -> Behaviour:
    """Close the connection without an answer, the post kept or not."""
    return Behaviour(accept=accept, drop=True)


def delay(until: asyncio.Event, *, accept: bool = True) -> Behaviour:
    """Answer as usual, but only once `until` is set."""
    return Behaviour(accept=accept, hold=until)


def respond(behaviour: Behaviour) -> Response:
    """Make the answer a behaviour prescribes."""
    status, headers = behaviour.status or 200, dict(behaviour.headers)
    if isinstance(behaviour.body, bytes):
        return Response(behaviour.body, status, headers)
    return JSONResponse(behaviour.body, status, headers)
