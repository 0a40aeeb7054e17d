"""What of an entry's HTML is not its words: none of it is said, neither as text nor as HTML."""

import pytest

from crosspost.feeds.raw import Markup
from crosspost.feeds.words.content import Content, read
from crosspost.text import plain

BASE = "https://blog.example/post/"


def said(markup: str, title: str = "Title", language: str = "") -> Content:
    """Read markup, and see that its HTML says the same as its text, and stays as it is."""
    content = read(Markup(markup), BASE, title, language)
    assert plain(content.html) == content.text
    again = read(Markup(content.html), BASE, title, language)
    assert (again.html, again.text) == (content.html, content.text)
    return content


@pytest.mark.parametrize(
    "element",
    (
        "iframe noscript video audio object form select button textarea template svg math style script title"
        " canvas nav dialog"
    ).split(),
)
def test_contents_of_what_shows_no_text_are_none(element: str) -> None:
    assert said(f"a <{element}><a href='u'>Song</a> lyrics</{element}>b").text.split() == ["a", "b"]


@pytest.mark.parametrize(
    "attributes",
    [
        "hidden",
        'hidden="until-found"',
        'HIDDEN=""',
        'aria-hidden="true"',
        "aria-hidden=TRUE",
        'style="display:none"',
        'style="color: red; DISPLAY : none !important"',
        'style="visibility:hidden"',
        'class="screen-reader-text"',
        'class="x SR-only y"',
        'class="visually-hidden"',
        'class="d-none"',
    ],
)
@pytest.mark.parametrize("element", ["span", "div", "p", "b"])
def test_what_nobody_sees_is_no_text(element: str, attributes: str) -> None:
    assert said(f"<p>a</p><{element} {attributes}>no<i>thing</i></{element}><p>b</p>").text == "a\n\nb"


@pytest.mark.parametrize(
    "attributes",
    [
        'aria-hidden="false"',
        'style="display:block"',
        'style="background:url(display:nonesuch)"',
        'class="hidden md:block"',
        'class="d-none d-lg-flex"',
        'class="unhidden"',
        'class="post-content has-toc js-toc-content"',
        'data-hidden="true"',
        'class="section" id="pagination"',
        'id="references" class="level1 section"',
        'class="invisible"',
    ],
)
def test_what_is_seen_somewhere_is_text(attributes: str) -> None:
    assert said(f"<div {attributes}>seen</div>").text == "seen"


@pytest.mark.parametrize(
    "apparatus",
    [
        '<div class="sharedaddy sd-sharing-enabled"><h3>Share this:</h3><ul><li>X</li></ul></div>',
        '<div class="addtoany_share_save_container"><a href="https://www.addtoany.com/share">Share</a></div>',
        (
            '<p>Share: <a href="https://www.facebook.com/sharer.php?u=x">Facebook</a> |'
            ' <a href="https://x.com/intent/post?url=x">X</a></p>'
        ),
        '<div class="feedflare"><a href="http://feeds.feedburner.com/~ff/x?a=1">Tell</a></div>',
        "<div id='jp-relatedposts' class='jp-relatedposts'><h3>Related</h3></div>",
        '<div class="yarpp yarpp-related">Related</div>',
        '<div class="subscription-widget-wrap"><p>Thanks for reading!</p></div>',
        '<p class="button-wrapper"><a class="button primary" href="u">Subscribe now</a></p>',
        '<div class="kg-card kg-audio-card"><div>0:00</div><div>/34.47</div><button>1×</button></div>',
        "<p>0:00 /34.47 1×</p>",
        "<p>0:00</p><p>/34.47</p><p>1×</p>",
        "<p>00:00</p><p>Use Up/Down Arrow keys to increase or decrease volume.</p>",
        "<p>View fullsize</p>",
        '<blockquote class="twitter-tweet"><p>Hi</p>— Me</blockquote>',
        '<blockquote class="instagram-media"><a href="u">View this post on Instagram</a></blockquote>',
        "<p>https://www.youtube.com/watch?v=x</p>",
        '<p><a href="https://youtu.be/x">youtu.be/x</a></p>',
        '<figure class="wp-block-embed"><div>https://open.spotify.com/track/x</div></figure>',
        "<p>https://elsewhere.example/a?b=c#d</p>",
        '<p>[gallery ids="1,2,3"]</p>',
        "<p>[contact-form-7 id=”1″ title=”Contact”]</p>",
        "<p>[embed]https://youtu.be/x[/embed]</p>",
        '<p>[caption id="attachment_1" align="aligncenter" width="300"]A tower[/caption]</p>',
        '<div id="toc_container"><p class="toc_title">Contents</p><ul><li><a href="#a">A</a></li></ul></div>',
        '<div id="ez-toc-container"><nav><ul><li><a href="#a">A</a></li></ul></nav></div>',
        '<nav id="TableOfContents"><ul><li><a href="#a">A</a></li></ul></nav>',
        '<p>Table of contents</p><ul id="markdown-toc"><li><a href="#a">A</a></li></ul>',
        (
            f'<h2>Sommaire</h2><ol><li><a href="{BASE}#a">A</a><ul><li><a href="#c">C</a></li></ul></li>'
            '<li><a href="#b">B</a></li></ol>'
        ),
        '<hr><section class="footnotes"><ol><li id="fn1">Note <a href="#fnref1">↩</a></li></ol></section>',
        '<h2>Notes</h2><ol class="wp-block-footnotes"><li id="x">Note <a href="#x-link">↩︎</a></li></ol>',
        '<section data-footnotes><ol><li id="user-content-fn-1">Note</li></ol></section>',
        '<div role="doc-endnotes"><p>Note</p></div>',
        '<ol><li id="fn:1">One</li><li id="fn:2">Two</li></ol>',
        '<div class="footnote" data-component-name="FootnoteToDOM"><a id="footnote-1">1</a><p>Note</p></div>',
        '<div id="ftn1"><a href="#_ftnref1">[1]</a> Note</div>',
        '<div class="rss_notes"><div id="nb1"><p>[<a href="#nh1">1</a>] Note</p></div></div>',
        '<span class="field field--name-uid">Jane</span><span class="field field--name-created">Fri</span>',
        '<div class="field field-name-field-tags"><div>Tags:</div><a href="u">Sea</a></div>',
        '<div class="wp-block-button"><a href="u">Book now</a></div>',
        '<p>[et_pb_text _builder_version="4"]</p>',
        "<p>\u200d</p>",
    ],
)
def test_what_a_page_says_beside_the_article_is_not_said(apparatus: str) -> None:
    content = said(f"<p>Before.</p>{apparatus}<p>After.</p>")
    assert (content.text, content.html) == ("Before.\n\nAfter.", "<p>Before.</p><p>After.</p>")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Press:</p><ul><li>Play</li><li>Pause</li></ul>", "Press:\n\nPlay\n\nPause"),
        ("<table><tr><td>Copy</td><td>Ctrl+C</td></tr></table>", "Copy · Ctrl+C"),
        ("<table><tr><td>Swim</td><td>12:31</td></tr></table>", "Swim · 12:31"),
        ("<p>In.</p><h3>Share</h3><p>How to share.</p>", "In.\n\nShare\n\nHow to share."),
        ("<p>Doors</p><p>19:30</p><p>Show</p>", "Doors\n\n19:30\n\nShow"),
        ("<p>Code:</p><p>https://x.example/a</p><p>Try.</p>", "Code:\n\nhttps://x.example/a\n\nTry."),
        ('<p>Do <a href="https://x.com/intent/post">share it</a> if you can.</p>', "Do share it if you can."),
        ("<p>\u200b</p><p>Wo\u200brd</p>", "Word"),
        ("<p>Subscribe</p>", "Subscribe"),
        ("<p>Related</p>", "Related"),
        ('<p><a href="u">Subscribe</a></p>', ""),
        ('<p>In.</p><ul><li><a href="u">Share</a></li></ul>', "In."),
    ],
)
def test_what_buttons_say_may_be_an_authors_word(markup: str, text: str) -> None:
    assert said(markup).text == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Oil<sup>1</sup> is", "Oil is"),
        ("said.<sup>2</sup> Then", "said. Then"),
        ("“so”<sup>12</sup>", "“so”"),
        ("in 2019<sup>3</sup>", "in 2019"),
        ("word <sup>4</sup>.", "word."),
        ("word<sup>1, 2</sup>", "word"),
        ("word<sup>[note 1]</sup>", "word"),
        ("word<sup>*</sup>", "word"),
        ('word<sup id="fnref:1"><a href="#fn:1">1</a></sup>', "word"),
        ('word<a class="footnote-ref" href="#fn1"><sup>1</sup></a>', "word"),
        ('word<a href="#_ftn1">[1]</a>', "word"),
        ('word [<a href="#note-1">1</a>].', "word."),
        (f'word<a href="{BASE}#fn-3">3</a>', "word"),
        ("m<sup>2</sup> et km<sup>3</sup>", "m² et km³"),
        ("10<sup>th</sup>", "10th"),
        ("le XXI<sup>e</sup>", "le XXIe"),
        ("n<sup>o</sup> 5", "nº 5"),
        ("CO<sub>2</sub>", "CO₂"),
        ("E=mc<sup>2</sup>", "E=mc²"),
        ("10<sup>-3</sup>", "10⁻³"),
        ("square feet<sup>2</sup>", "square feet²"),
        ("(a+b)<sup>2</sup>", "(a+b)²"),
        ("<sup>14</sup>C", "¹⁴C"),
        ("2<sup>n</sup>", "2ⁿ"),
        ("Acme<sup>TM</sup>", "AcmeTM"),
        ('see <a href="#end">the end</a>', "see the end"),
        ('see <a href="https://x.example/">[1]</a>', "see [1]"),
    ],
)
def test_what_marks_a_note_goes_and_what_means_something_stays(markup: str, text: str) -> None:
    assert said(f"<p>{markup}</p>").text == text


@pytest.mark.parametrize(
    "notes", ["<p><sup>1</sup> One.</p><p><sup>2</sup> Two.</p>", '<p><a href="#_ftnref1">[1]</a> One.</p>']
)
def test_notes_without_a_name_go_from_the_end(notes: str) -> None:
    assert said(f"<p>Words<sup>1</sup>.</p>{notes}").text == "Words."
    assert said(f"{notes}<p>Words.</p>").text.endswith("Words.")
    assert "One." in said(notes).text


@pytest.mark.parametrize(
    "words",
    [
        "He said […] that.",
        "It is [sic] so.",
        "As [1] shows.",
        "[note] mind",
        "array[0] and array[index_of]",
        "[text](https://x.example/)",
        "![alt][ref]",
        "[off-topic] so",
        "[video] Our talk",
        "[Update: 2020] more",
        "[Smith et al. 2019]",
        "[[gallery]]",
        "[ ] todo [x] done",
    ],
)
def test_ordinary_brackets_stay(words: str) -> None:
    assert said(f"<p>{words}</p>").text == words


def test_a_shortcode_that_is_shown_as_code_stays() -> None:
    assert said('<p>Write <code>[my_code a="b"]</code>.</p>').text == 'Write [my_code a="b"].'


@pytest.mark.parametrize(
    "code",
    [
        (
            '<table><tr><td class="gutter"><div>1</div><div>2</div></td>'
            '<td class="code"><div>foo</div><div>bar</div></td>'
            "</tr></table>"
        ),
        (
            '<table><tr><td class="rouge-gutter gl"><pre class="lineno">1\n2\n</pre></td>'
            "<td><pre>foo\n\nbar</pre></td>"
            "</tr></table>"
        ),
        (
            '<table><tr><td><pre><span class="lnt">1\n</span><span class="lnt">2\n</span></pre></td>'
            "<td><pre>foo\n\nbar</pre></td></tr></table>"
        ),
        (
            '<pre><span><span style="white-space:pre;user-select:none">1</span>foo\n\n</span>'
            '<span style="-webkit-user-select:none">2</span>bar</pre>'
        ),
        '<pre class="line-numbers"><code>foo\n\nbar<span class="line-numbers-rows">12</span></code></pre>',
        '<pre><span class="linenos">1</span>foo\n\n<span class="linenos">2</span>bar</pre>',
        "<table><tr><td><pre>1\n2</pre></td><td><pre>foo\n\nbar</pre></td></tr></table>",
        "<pre>1\n2</pre><pre>foo\n\nbar</pre>",
    ],
)
def test_numbers_of_lines_are_no_code(code: str) -> None:
    content = said(f"<p>Look:</p>{code}<p>So.</p>")
    assert content.text == "Look:\n\nfoo\n\nbar\n\nSo."


def test_a_list_of_numbers_is_no_gutter() -> None:
    assert said("<p>It prints</p><pre>1\n2\n3</pre>").text == "It prints\n\n1\n2\n3"


@pytest.mark.parametrize(
    "image",
    [
        '<img src="https://s.w.org/images/core/emoji/15.0.3/72x72/1f600.png" alt="😀" class="wp-smiley">',
        '<img class="emoji" draggable="false" alt="😀" src="https://x.example/svg/1f600.svg">',
        '<img class="emoji" src="https://cdn.example/twemoji/1f600.svg" alt="">',
        '<g-emoji alias="grinning" fallback-src="https://x.example/1f600.png">😀</g-emoji>',
    ],
)
def test_emoji_that_became_pictures_come_back(image: str) -> None:
    content = said(f"<p>Hi {image}!</p>")
    assert (content.html, content.text, content.pictures) == ("<p>Hi 😀!</p>", "Hi 😀!", ())


def test_a_picture_of_an_emoji_is_a_picture() -> None:
    content = said('<img src="https://x.example/emoji/party.png" alt="The new emoji of 2026, all of them">')
    assert len(content.pictures) == 1


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("&lt;p&gt;Hello &amp;amp; &lt;b&gt;you&lt;/b&gt;&lt;/p&gt;", "Hello & you"),
        ("&amp;lt;p&amp;gt;Hello&amp;lt;/p&amp;gt;", "Hello"),
        ("The &lt;p&gt; element begins what &lt;/p&gt; ends.", "The <p> element begins what </p> ends."),
        ("&lt;3 &lt;b", "<3 <b"),
        ("<p>&lt;b&gt;bold&lt;/b&gt;</p>", "<b>bold</b>"),
    ],
)
def test_html_that_was_escaped_twice_shows_no_tags(markup: str, text: str) -> None:
    assert read(Markup(markup), BASE).text == text


@pytest.mark.parametrize(
    ("language", "text"),
    [("", "He: “yes”."), ("fr-CA", "He: «\u00a0yes\u00a0»."), ("de", "He: „yes“."), ("sv", "He: ”yes”.")],
)
def test_a_quotation_has_the_marks_of_its_language(language: str, text: str) -> None:
    assert said("<p>He: <q>yes</q>.</p>", language=language).text == text


def test_pictures_count_where_words_do_not() -> None:
    content = said(
        '<noscript><img src="/later.jpg"></noscript><video poster="/film.jpg">no</video>'
        '<a aria-hidden="true"><img src="/top.jpg"></a><p>a<img src="b.jpg"></p>'
    )
    assert [picture.url for picture in content.pictures] == ["/later.jpg", "/film.jpg", "/top.jpg", "b.jpg"]
    assert content.text == "a"


@pytest.mark.parametrize(
    ("markup", "quotable"),
    [
        ("<figure><img src='a'><figcaption>Cap</figcaption></figure><p>Words.</p>", "Words."),
        ("<h2>Head</h2><p>One.</p><h2>Head</h2><p>Two.</p>", "One.\n\nTwo."),
        ("<p>One.</p><pre>code</pre><p>Two<br>lines.</p>", "One.\n\nTwo\nlines."),
        ("<p>One.</p><table><tr><td>a</td><td>b</td></tr></table>", "One."),
        (
            '<ul><li><a href="/x">Here</a></li><li><a href="/y">There</a></li></ul><p>One.</p>',
            "One.",
        ),
        ("<p>a<br><br><br>b<br>c</p><hr>", "a\n\nb\nc"),
        ("<ul><li>Prose in an item.</li></ul><p>m<sup>2</sup></p>", "Prose in an item.\n\nm²"),
        ("<figure><figcaption>Only this</figcaption></figure>", "Only this"),
    ],
)
def test_an_excerpt_is_not_taken_from_captions_code_tables_or_links(markup: str, quotable: str) -> None:
    assert said(markup).quotable == quotable


def test_a_note_that_is_only_an_address_is_that_address() -> None:
    assert said("<p>https://x.example/a</p>", title="").text == "https://x.example/a"
    assert said("<p>https://x.example/a</p>", title="A link").text == ""
