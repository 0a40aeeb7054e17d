"""Secrets at rest.

keys      where the keys are, and how they are changed
envelope  `Vault`: what is encrypted, and for which row
"""

from crosspost.vault.envelope import Vault
from crosspost.vault.keys import forget_old, put_new_key_first

__all__ = ["Vault", "forget_old", "put_new_key_first"]
