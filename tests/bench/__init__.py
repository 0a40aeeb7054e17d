"""`make bench`: ratios within one run. Prints; asserts nothing."""
