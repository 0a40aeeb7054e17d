"""The process that reads what strangers wrote: `python -I -m crosspost.feeds.child`, started by `parse`.

In: a line of JSON (`feed`, `url`, `content_type`, `seconds`), then the document: a feed, or the page that
stands for one. Out: `{"document": …}` or `{"error": sentence}`. It limits itself before it reads, so that it
also ends if its parent is gone.
"""

import json
import sys
import traceback
from typing import IO

from crosspost.child.limits import limit
from crosspost.errors import FeedError
from crosspost.feeds.address import named
from crosspost.feeds.document import PAGE
from crosspost.feeds.packing import pack

_MOST_MEMORY = 1 << 30
_LONGEST_HEADER = 100_000


def main(source: IO[bytes], target: IO[str]) -> int:
    """Read one document and say what it holds."""
    header = json.loads(source.readline(_LONGEST_HEADER))
    limit(header["seconds"], _MOST_MEMORY)
    name = named(header["url"])
    try:
        packed = f'{{"document":{_read(source.read(), header, name)}}}'
    except FeedError as error:
        packed = json.dumps({"error": str(error)})
    except MemoryError:
        packed = json.dumps({"error": f"{name} needs too much memory to be read"})
    except Exception:
        traceback.print_exc()
        packed = json.dumps({"error": f"{name} is broken beyond reading"})
    target.write(packed)
    target.flush()
    return 0


def _read(body: bytes, header: dict[str, str], name: str) -> str:
    # Late, so that the limits above hold for the libraries too.
    from crosspost.feeds import entry, formats

    url, feed = header["url"], header["feed"]
    if feed == PAGE:
        from crosspost.feeds.formats import page

        return pack(
            entry.document(page.read(body, header["content_type"], url), feed=feed, url=url, is_page=True)
        )
    raw = formats.read(body, content_type=header["content_type"], name=name, url=url)
    return pack(entry.document(raw, feed=feed, url=url))


if __name__ == "__main__":
    sys.exit(main(sys.stdin.buffer, sys.stdout))
