"""What can be asked: families, categories and the words callers use for them."""
