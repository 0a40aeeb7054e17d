"""A picture made to be slow, small and quickly built."""

import io

from PIL import Image


def slow_picture(side: int = 5000, scans: int = 20_000) -> bytes:
    """Make a progressive JPEG of one grey; its last refinement, a pass over all pixels, comes again and again.

    Each costs 46 bytes and about 10 ms: minutes, in less than a megabyte.
    """
    buffer = io.BytesIO()
    Image.new("L", (side, side), 128).save(buffer, "JPEG", progressive=True)
    whole = buffer.getvalue()
    end = len(whole) - 2
    return whole[:end] + whole[whole.rindex(b"\xff\xda") : end] * scans + whole[end:]
