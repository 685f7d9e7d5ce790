-- Counts one more wrong token of a client, from one again once its period is over.
--   in   client  text         who asked
--   in   now     timestamptz
--   in   since   timestamptz  what began earlier is over
--   out  one row: begun_at, count
-- Index used: the primary key of interventions_wrongtokens.
INSERT INTO interventions_wrongtokens AS known (client, begun_at, count)
VALUES (%(client)s::text, %(now)s::timestamptz, 1)
ON CONFLICT (client) DO UPDATE
SET begun_at = CASE WHEN known.begun_at < %(since)s::timestamptz THEN excluded.begun_at ELSE known.begun_at END,
    count = CASE WHEN known.begun_at < %(since)s::timestamptz THEN 1 ELSE known.count + 1 END
RETURNING known.begun_at, known.count
