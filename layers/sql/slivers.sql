-- Parts of zones that are hardly more than a line, noted: one row a part.
--   in   version_id, kind, severity, tolerance_m2   see noted.part.sql
--   in   width_m  float8   mean width under which a part is a sliver: twice its area by its perimeter
--   out  rows of layers_finding; zones is the code of the zone
-- Reads layers_zone by version.
WITH found AS (
    SELECT ARRAY[zone.code]::text[] AS zones, part.geom
    FROM layers_zone AS zone
    CROSS JOIN LATERAL ST_Dump(zone.geom) AS part
    WHERE zone.version_id = %(version_id)s::bigint
      AND 2 * ST_Area(part.geom) < %(width_m)s::float8 * ST_Perimeter(part.geom)
)
-- include noted
