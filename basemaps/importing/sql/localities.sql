-- A place for each locality that staged addresses lie in: that of the address nearest to their middle.
--   in   srid  int  storage CRS, in which x and y are
--   in   basemaps_incoming, of which a transaction sees its own rows only; the localities are streets already
--   out  nothing
-- A locality that has a place keeps it, whether it was given or found so.
WITH inhabited AS (
    SELECT street.id AS street_id, x, y, line,
           avg(x) OVER (PARTITION BY street.id) AS middle_x, avg(y) OVER (PARTITION BY street.id) AS middle_y
    FROM basemaps_incoming AS incoming
    JOIN basemaps_street AS street
      ON (street.citycode, street.old_city, street.known_as)
       = (incoming.citycode, incoming.old_city, incoming.locality_known_as)
    WHERE incoming.locality_known_as <> ''
)
INSERT INTO basemaps_housenumber (street_id, number, suffix, ban_id, geom)
SELECT DISTINCT ON (street_id) street_id, 0, '', '', ST_SetSRID(ST_MakePoint(x, y), %(srid)s)
FROM inhabited
ORDER BY street_id, (x - middle_x) ^ 2 + (y - middle_y) ^ 2, line
ON CONFLICT (street_id, number, suffix) DO NOTHING
