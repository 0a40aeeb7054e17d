"""Engines that make a folder of files. Each is told its place, the posts and their home."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.feeds.engines.posts import Post


def hugo(place: Path, posts: Sequence[Post], home: str) -> Mapping[str, Path]:
    write(place / "config.toml", f'baseURL = "{home}/"\ntitle = "Carnet"\nlanguageCode = "fr"\n')
    for kind in ("single", "list"):
        write(place / f"layouts/_default/{kind}.html", "<p>{{ .Title }}</p>{{ .Content }}")
    for post in posts:
        tags = ", ".join(f'"{tag}"' for tag in post.tags)
        head = f"title: {quoted(post.title)}\ndate: {post.date.replace(' ', 'T')}+01:00\ntags: [{tags}]\n"
        write(place / f"content/posts/{post.slug}.md", f"---\n{head}---\n{post.body}")
    run(place, "hugo", "--buildFuture")
    return {"rss.xml": place / "public/index.xml"}


def jekyll(place: Path, posts: Sequence[Post], home: str) -> Mapping[str, Path]:
    write(
        place / "_config.yml",
        f"url: {home}\ntitle: Carnet\nlang: fr\nplugins: [jekyll-feed]\nfuture: true\ntimezone: Europe/Paris\n",
    )
    write(place / "index.html", "---\n---\nCarnet")
    for post in posts:
        head = f"title: {quoted(post.title)}\ndate: {post.date} +0100\ntags: {list(post.tags)}\n"
        write(place / f"_posts/{post.date[:10]}-{post.slug}.md", f"---\n{head}---\n{post.body}")
    run(place, "jekyll", "build")
    return {"atom.xml": place / "_site/feed.xml"}


def pelican(place: Path, posts: Sequence[Post], home: str) -> Mapping[str, Path]:
    write(
        place / "pelicanconf.py",
        f"SITENAME = 'Carnet'\nSITEURL = '{home}'\nTIMEZONE = 'Europe/Paris'\nDEFAULT_LANG = 'fr'\n"
        "AUTHOR = 'Zoé'\nPATH = 'content'\nFEED_ALL_ATOM = 'atom.xml'\nFEED_ALL_RSS = 'rss.xml'\n"
        "RSS_FEED_SUMMARY_ONLY = False\nWITH_FUTURE_DATES = False\n",
    )
    for post in posts:
        head = f"Title: {post.title}\nDate: {post.date[:16]}\nSlug: {post.slug}\nTags: {', '.join(post.tags)}\n"
        write(place / f"content/{post.slug}.md", f"{head}\n{post.body}")
    run(place, "pelican", "content", "-s", "pelicanconf.py", "-o", "output")
    return {"atom.xml": place / "output/atom.xml", "rss.xml": place / "output/rss.xml"}


def nikola(place: Path, posts: Sequence[Post], home: str) -> Mapping[str, Path]:
    run(place, "nikola", "init", "--quiet", "--demo", "site")
    site = place / "site"
    shutil.rmtree(site / "posts")
    conf = (site / "conf.py").read_text("utf-8")
    extra = f'\nSITE_URL = "{home}/"\nBLOG_TITLE = "Carnet"\nBLOG_AUTHOR = "Zoé"\nDEFAULT_LANG = "fr"\n'
    extra += 'TRANSLATIONS = {"fr": ""}\nTIMEZONE = "Europe/Paris"\n'
    write(site / "conf.py", conf + extra + 'POSTS = (("posts/*.md", "posts", "post.tmpl"),)\n')
    for post in posts:
        head = f".. title: {post.title}\n.. slug: {post.slug}\n.. date: {post.date} UTC+01:00\n"
        head += f".. tags: {', '.join(post.tags)}\n"
        body = post.body.replace("<!-- more -->", "<!-- TEASER_END -->")
        write(site / f"posts/{post.slug}.md", f"<!--\n{head}-->\n\n{body}")
    run(site, "nikola", "build", "--quiet")
    return {"rss.xml": site / "output/rss.xml"}


def eleventy(place: Path, posts: Sequence[Post], home: str) -> Mapping[str, Path]:
    (place / "node_modules").symlink_to(Path(os.environ["ELEVENTY"]) / "node_modules")
    write(
        place / "eleventy.config.mjs",
        """import { feedPlugin } from "@11ty/eleventy-plugin-rss";
export default function (config) {
  for (const type of ["atom", "rss", "json"]) {
    config.addPlugin(feedPlugin, { type, outputPath: `/feed.${type}`, collection: { name: "posts", limit: 10 },
      metadata: { language: "fr", title: "Carnet", subtitle: "", base: "HOME/", author: { name: "Zoé" } } });
  }
}
""".replace("HOME", home),
    )
    for post in posts:
        head = f"title: {quoted(post.title)}\ndate: {post.date.replace(' ', 'T')}Z\n"
        head += f"tags: {['posts', *post.tags]}\n"
        write(place / f"posts/{post.slug}.md", f"---\n{head}---\n{post.body}")
    run(place, "npx", "@11ty/eleventy", "--quiet")
    return {
        f"{kind}.{ending}": place / f"_site/feed.{kind}" for kind, ending in (("atom", "xml"), ("rss", "xml"))
    } | {"feed.json": place / "_site/feed.json"}


def hexo(place: Path, posts: Sequence[Post], home: str) -> Mapping[str, Path]:
    (place / "node_modules").symlink_to(Path(os.environ["HEXO"]) / "node_modules")
    package = json.loads((Path(os.environ["HEXO"]) / "package.json").read_text("utf-8"))
    write(place / "package.json", json.dumps({**package, "hexo": {"version": "8.1.2"}}))
    write(
        place / "_config.yml",
        f"title: Carnet\nurl: {home}\nlanguage: fr\ntimezone: Europe/Paris\nauthor: Zoé\nfuture: true\n"
        "theme: bare\n"
        "feed:\n  type: [atom, rss2]\n  path: [atom.xml, rss2.xml]\n  content: true\n  limit: 20\n",
    )
    write(place / "themes/bare/layout/index.ejs", "x")
    for post in posts:
        head = (
            f"title: {quoted(post.title)}\ndate: {post.date}\nupdated: {post.date}\ntags: {list(post.tags)}\n"
        )
        write(place / f"source/_posts/{post.slug}.md", f"---\n{head}---\n{post.body}")
    run(place, "npx", "hexo", "generate", "--silent")
    return {"atom.xml": place / "public/atom.xml", "rss.xml": place / "public/rss2.xml"}


def quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def run(place: Path, *command: str) -> None:
    subprocess.run(command, cwd=place, check=True, stdout=subprocess.DEVNULL)
