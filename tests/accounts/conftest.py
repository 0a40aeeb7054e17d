"""Every installation of these tests has a key of its own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    for name in ("CROSSPOST_KEY", "CROSSPOST_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
