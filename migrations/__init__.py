"""Alembic's scripts. The store runs them on start, under a lock, when the schema is behind `HEAD`."""

HEAD = "0010"
"""The newest revision; known without importing Alembic, which costs more than a quiet run. A test compares."""

REVISIONS = frozenset({"0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010"})
"""Every revision this program knows; any other is a newer program's."""
