"""Requests on a map, in any number: counts of cells from afar, each request from near (docs/adr/0009)."""
