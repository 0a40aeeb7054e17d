"""From an author's markup to the words readers see. Runs in the child process only.

An article is read in this order:

meant       what a text is, whatever its format says: HTML, or plain
safe        HTML as a browser would understand it; and, at the end, what of it may leave
clearing    one walk through its tree: what is not words goes, by `unseen`, `marks` and `pictured`
article     its lines: what a page says goes, by `labels` and `shortcodes`, and what stands at the `edges`
content     all of that, from markup to safe HTML, text, and what an excerpt may be taken from
excerpt     what is said in short: the summary, or the content to the end of a sentence; `notes`

A title, a name or a category is one `line`: its `elements` and `entities` are judged by what they show. `title`
tells whether one is an engine's stand-in (`untitled`). The tables of what engines write are `tails` and
`heads`, in the language of `template`. See docs/decisions/0029, 0030 and 0032.
"""
