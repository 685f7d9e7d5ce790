"""Reference geography: which zones, in which version, from when to when."""
