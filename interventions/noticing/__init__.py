"""Telling staff and companies what concerns them: which news, by which way, read or not yet."""
