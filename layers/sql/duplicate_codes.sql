-- Codes that several zones of a version bear, noted: one row a code.
--   in   version_id, kind, severity, tolerance_m2   see noted.part.sql
--   out  rows of layers_finding; zones is the code, once for each zone, geom the ground of all of them
-- Reads layers_zone through zone_version_code.
WITH found AS (
    SELECT array_agg(code)::text[] AS zones, ST_Union(geom) AS geom
    FROM layers_zone
    WHERE version_id = %(version_id)s::bigint
    GROUP BY code
    HAVING count(*) > 1
)
-- include noted
