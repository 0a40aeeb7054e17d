"""Tell people what needs them, and what went out; and a watchdog that crosspost lives.

round      all that is told, one after the other
act        what is new of what needs people, told once, within a limit of its own
words      how the text begins that would go out
delivered  what went out, with its link
digest     how the week was, by mail
since      since when the last two are asked for
duty       whoever tells is alone at it
services   ntfy, Gotify, a webhook, mail, Apprise: each a function that sends one message
html       a message as mail shows it
trial      a message to try all that
heartbeat  an address that is called at each good run
"""
