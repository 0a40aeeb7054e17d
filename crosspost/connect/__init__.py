"""Connect an account to a channel, and take the right back.

flow      the steps, from what to create at the network to the credential in the vault
callback  the loopback address on which the network's answer comes back (RFC 8252)
file      the channel's table in the configuration, comments and order kept
"""
