"""Requests from elsewhere: a file of another tool becomes requests like all others, routed and with their events."""
