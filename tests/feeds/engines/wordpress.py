"""WordPress, on a MariaDB of its own, asked without a server."""

import json
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.feeds.engines.posts import ALL, FIRST, SECRET, Post
from tests.feeds.engines.static import run, write


def wordpress(place: Path, posts: Sequence[Post], home: str) -> Mapping[str, Path]:
    """Post everything as it was written first, then bring it to what `posts` says: ids and guids stay."""
    shutil.copytree("/usr/share/wordpress", place / "site", symlinks=False)
    data, socket = place / "data", place / "socket"
    run(
        place,
        "mariadb-install-db",
        "--no-defaults",
        f"--datadir={data}",
        "--auth-root-authentication-method=normal",
    )
    options = ("--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking", "--user=root")
    database = subprocess.Popen(["mariadbd", *options], stderr=subprocess.DEVNULL)
    try:
        while subprocess.run(["mariadb-admin", f"--socket={socket}", "ping"], capture_output=True).returncode:
            time.sleep(0.2)
        run(place, "mariadb", f"--socket={socket}", "-e", "create database wp character set utf8mb4")
        write(place / "site/wp-config.php", _WP_CONFIG.replace("SOCKET", str(socket)))
        told = [SECRET, *ALL] if any(post.slug == "ledger" for post in posts) else FIRST
        now = {post.day: post for post in (posts if told is FIRST else (SECRET, *posts))}
        listed = [_for_wordpress(post, now.get(post.day)) for post in told if post.slug != "secret"]
        listed += [_for_wordpress(post, post) for post in told if post.slug == "secret"]
        write(place / "posts.json", json.dumps({"home": home, "posts": listed}))
        write(place / "post.php", _WP_POST)
        run(place, "php", "post.php")
        for kind, address in (("rss", "/feed/"), ("atom", "/feed/atom/")):
            feed = place / f"{kind}.xml"
            server = f'"HTTP_HOST" => "blog.example", "REQUEST_URI" => "{address}", "PHP_SELF" => "/index.php"'
            server += ', "REQUEST_METHOD" => "GET"' + (', "HTTPS" => "on"' if home.startswith("https") else "")
            code = f'$_SERVER = [{server}] + $_SERVER; chdir("site"); require "index.php";'
            feed.write_bytes(
                subprocess.run(["php", "-r", code], cwd=place, check=True, capture_output=True).stdout
            )
    finally:
        database.terminate()
        database.wait()
    return {f"{kind}.xml": place / f"{kind}.xml" for kind in ("rss", "atom")}


def _for_wordpress(then: Post, now: Post | None) -> Mapping[str, object]:
    return {"then": _wordpress_post(then), "now": _wordpress_post(now) if now else None}


def _wordpress_post(post: Post) -> Mapping[str, object]:
    html = subprocess.run(
        ["markdown_py", "-x", "extra"], input=post.body, text=True, check=True, capture_output=True
    ).stdout
    return {
        "post_name": post.slug,
        "post_title": post.title,
        "post_date": post.date,
        "post_content": html,
        "post_status": "publish",
        "post_author": 1,
        "post_password": post.password,
        "tags_input": post.tags,
    }


_WP_CONFIG = """<?php
define('DB_NAME', 'wp'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:SOCKET');
define('DB_CHARSET', 'utf8mb4'); define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }
require_once ABSPATH . 'wp-settings.php';
"""
_WP_POST = """<?php
$_SERVER['HTTP_HOST'] = 'blog.example';
define('WP_INSTALLING', true); define('WP_SITEURL', 'http://blog.example');
require 'site/wp-load.php'; require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Carnet', 'zoe', 'zoe@blog.example', true, '', 'x');
wp_update_user(['ID' => 1, 'display_name' => 'Zoé']);
update_option('permalink_structure', '/%year%/%postname%/'); update_option('siteurl', 'http://blog.example');
update_option('home', 'http://blog.example'); update_option('timezone_string', 'Europe/Paris');
wp_delete_post(1, true);
$told = json_decode(file_get_contents('posts.json'), true);
foreach ($told['posts'] as $post) {
    $id = wp_insert_post(wp_slash(['post_status' => 'draft'] + $post['then']));
    wp_update_post(wp_slash(['ID' => $id] + $post['then']));
    if ($post['now'] === null) { wp_trash_post($id); }
    else if ($post['now'] != $post['then']) { wp_update_post(wp_slash(['ID' => $id] + $post['now'])); }
}
update_option('home', $told['home']); update_option('siteurl', $told['home']);
"""
