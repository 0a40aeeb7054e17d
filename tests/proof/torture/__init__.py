"""Kill crosspost at random, among networks that misbehave, and count what the public sees in the end."""
