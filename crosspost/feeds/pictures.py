"""Pictures as elements of HTML name them. A stub."""

from collections.abc import Mapping

from crosspost.feeds.raw import RawPicture, pixels


def of_element(attributes: Mapping[str, str], base: str) -> RawPicture | None:
    """Return the picture an element shows, None if it names none."""
    url = attributes.get("src", "") or attributes.get("poster", "")
    return (
        RawPicture(
            url=url,
            alt=attributes.get("alt", ""),
            width=pixels(attributes.get("width")),
            height=pixels(attributes.get("height")),
        )
        if url
        else None
    )
