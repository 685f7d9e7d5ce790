"""Foundations: who is here and may do what, where we are, how pages, events and errors are made."""
