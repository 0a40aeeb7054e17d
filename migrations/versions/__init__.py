"""One file a revision; written by hand, since a schema is a promise."""
