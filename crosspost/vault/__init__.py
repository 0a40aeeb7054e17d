"""Secrets at rest.

keys      where the keys are, and how a new one comes first
envelope  `Vault`: what is encrypted, and for which row
"""

from crosspost.vault.envelope import Vault
from crosspost.vault.keys import key_file, put_new_key_first

__all__ = ["Vault", "key_file", "put_new_key_first"]
