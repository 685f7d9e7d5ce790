"""What happened: one append-only table, at once audit trail, outbox and timeline."""
