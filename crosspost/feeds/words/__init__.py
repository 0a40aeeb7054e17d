"""From an author's markup to the words readers see. Runs in the child process only."""
