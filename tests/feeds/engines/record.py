"""Record what blog engines write: `python -m tests.feeds.engines.record ENGINE …`, on a machine that has them.

The tests read the recordings in the folders beside this file, and need no engine. Recorded 2026-11-27 with Hugo
0.111.3, Jekyll 4.3.1 with jekyll-feed 0.17 and WordPress 6.1.9 (all from Debian 12), Pelican 4.12, Nikola
8.3.3, Eleventy 3.1.8 with its plugin-rss 3.0.0, and Hexo 8.1.2 with hexo-generator-feed 3.0.0. The variables
ELEVENTY and HEXO name the folders in which npm installed those two.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.feeds.engines.posts import LIFE, Post
from tests.feeds.engines.static import eleventy, hexo, hugo, jekyll, nikola, pelican
from tests.feeds.engines.wordpress import wordpress

HERE = Path(__file__).parent
Engine = Callable[[Path, Sequence[Post], str], Mapping[str, Path]]
ENGINES: Mapping[str, Engine] = {
    made.__name__: made for made in (hugo, jekyll, pelican, nikola, eleventy, hexo, wordpress)
}


def main(names: Sequence[str]) -> None:
    for name in names or ENGINES:
        for step, (posts, home) in LIFE.items():
            with tempfile.TemporaryDirectory() as place:
                for kind, path in ENGINES[name](Path(place), posts, home).items():
                    (HERE / name).mkdir(exist_ok=True)
                    shutil.copy(path, HERE / name / f"{step}.{kind}")


if __name__ == "__main__":
    main(sys.argv[1:])
