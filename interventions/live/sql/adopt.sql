-- Events that another database wrote, as one restored from a copy has them: told long ago, whatever their transaction.
--   out  nothing
-- A row that can be seen by now was written by a transaction that began; one that did not begin here began elsewhere.
--   index  event_written
UPDATE interventions_event SET written_in = '3' WHERE written_in >= pg_snapshot_xmax(pg_current_snapshot())
