"""Let `python -m crosspost` do what the `crosspost` command does."""

from crosspost.cli import main

main()
