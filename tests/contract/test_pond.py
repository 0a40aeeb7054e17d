"""What every adapter inherits holds for one that must log in, too."""

from collections.abc import Mapping
from typing import Any, ClassVar

from crosspost.contract import AnyAdapter
from crosspost.errors import PublishError, RateLimited, Rejected, Unauthorized, Uncertain
from crosspost.sandbox.behaviour import Behaviour, refuse
from crosspost.sandbox.standin import StandIn
from crosspost.testing import NetworkContract
from tests.contract.pond import Pond
from tests.contract.server import PondStandIn


class TestPond(NetworkContract):
    adapter: ClassVar[type[AnyAdapter]] = Pond
    settings: ClassVar[dict[str, Any]] = {"base_url": "https://pond.example", "password": "sandbox-token"}
    stand_in: ClassVar[type[StandIn]] = PondStandIn
    refusals: ClassVar[Mapping[str, tuple[Behaviour, type[PublishError]]]] = {
        "no session": (refuse(401, {"error": "no such session"}), Unauthorized),
        "too long": (refuse(422, {"error": "longer than 500"}), Rejected),
        "too fast": (refuse(429, {"error": "slowly"}), RateLimited),
        "broken": (refuse(502, {"error": "away"}), Uncertain),
    }
