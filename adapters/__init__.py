"""One network a file. The core finds these by entry point; they never import one another."""
