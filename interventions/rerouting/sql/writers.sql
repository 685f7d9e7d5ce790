-- The transactions that are writing requests: what they have not committed, nobody else sees yet.
--   out  transaction: what PostgreSQL calls each of them, never given to another; this session's own is left out
-- Reads pg_locks: whoever writes a table holds a lock on it until the transaction ends.
SELECT DISTINCT virtualtransaction AS transaction
FROM pg_locks
WHERE relation = 'interventions_servicerequest'::regclass
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
  AND pid <> pg_backend_pid()
