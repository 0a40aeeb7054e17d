"""Tell people what needs them; and a watchdog that crosspost lives.

act        what is new since the last message, told once, within a limit of its own
services   ntfy, Gotify, a webhook, mail, Apprise: each a function that sends one message
heartbeat  an address that is called at each good run
"""
