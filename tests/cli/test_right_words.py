"""`crosspost preview` shows what strangers wrote as they meant it."""

import json

from tests.cli.program import Program

FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Carnet</title><link>https://blog.example/</link>
<item><title>&lt;p&gt;Using &amp;lt;div&amp;gt;&lt;/p&gt; | Carnet</title><link>https://blog.example/1</link>
<dc:creator>Jane Doe &lt;jane@mail.example&gt;</dc:creator>
<category>Non classé</category><category>C++</category></item>
<item><title>R&amp;amp;D - Carnet</title><link>https://blog.example/2</link>
<author>noreply@blogger.example (Unknown)</author>
<category>Interne</category><category>R&amp;amp;D</category></item>
</channel></rss>"""
CONFIG = """never_hashtags = ["interne"]
[feeds.blog]
url = "feed.xml"
[channels.x]
adapter = "x"
dry_run = true
template = "{{ author }} / {{ title }} / {{ hashtags }} / {{ link }}"
"""


def test_titles_names_and_hashtags_are_what_their_authors_meant(crosspost: Program) -> None:
    crosspost.write("feed.xml", FEED)
    crosspost.write("crosspost.toml", CONFIG)
    said = [
        json.loads(crosspost("preview", address, "--json").out)[0]["text"]
        for address in ("https://blog.example/1", "https://blog.example/2")
    ]
    assert said == [
        "Jane Doe / Using <div> / #CPlusPlus / https://blog.example/1",
        "/ R&D / #RnD / https://blog.example/2",
    ]
