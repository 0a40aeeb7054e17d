"""Who we are at the networks.

wing        what is kept while the house is open: the vault, credentials in use, refreshes under way
connect     an account connected by a person: `planned`, what is known before; `ways`, how a credential is
            got; `callback`, where a browser brings the answer
disconnect  the right given back, and forgotten
rotate      everything sealed under a new key
sealing     a grant as the vault keeps it
renewal     credentials used while they are good, and renewed exactly once (docs/decisions/0012)
ask         a network read, as its account
watch       idle credentials kept alive, and what ends told before it does
"""
