"""One network a folder: the adapter, its logins and its stand-in. The core finds these by entry point."""
