"""Looking again at who answers open requests, when what the rules see has changed."""
