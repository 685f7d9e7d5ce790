-- Schematic addresses give way to others of the same commune.
--   in   the communes of basemaps_incoming, of which a transaction sees its own rows only
--   out  nothing: the streets are gone, and their numbers
-- Streets are reached by street_known_as, which begins with the commune; numbers by address_of_street.
WITH gone AS (
    SELECT id
    FROM basemaps_street
    WHERE source = 'schematic' AND citycode IN (SELECT DISTINCT citycode FROM basemaps_incoming)
),
numbers AS (
    DELETE FROM basemaps_housenumber
    WHERE street_id IN (SELECT id FROM gone)
)
DELETE FROM basemaps_street
WHERE id IN (SELECT id FROM gone)
