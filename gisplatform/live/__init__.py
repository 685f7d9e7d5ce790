"""News as they come: what happened in the database, told to every page that follows it (docs/adr/0015)."""
