"""The first five minutes: from a blog's address to a configuration that works.

places      where a feed may be, by what a person typed
page        the process that reads a stranger's page
reading     asks one place, and reads what came
discover    asks all those places; `found` is what it comes to
guess       language and time zone, by what feed and machine show
compose     the answers as the text of a configuration, with `phrases` in the language of whoever will read it
write       puts it where no file is

answers     reads what a person answers
first       the first sight of the blog; `begun`: what all that came to, and what comes next

A person is asked by `cli`; a page on the web can ask the same, of the same functions. See docs/decisions/0037.
"""
