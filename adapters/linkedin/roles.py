"""The roles on an organization's page that may post for it, by LinkedIn's documentation (read 2026-11).

Two of its pages spell the third differently.
"""

POSTING_ROLES = frozenset(
    {
        "ADMINISTRATOR",
        "DIRECT_SPONSORED_CONTENT_POSTER",
        "CONTENT_ADMIN",
        "CONTENT_ADMINISTRATOR",
    }
)
