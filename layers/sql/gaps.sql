-- What the zones of a version enclose without covering it: one row a gap. A gap open to the outside is none.
--   in   version_id    bigint
--   in   tolerance_m2  float8   smaller ones are left out
--   out  zones         text[]   codes of the zones around it
--   out  area_m2, width_m       width is the mean: twice the area by the perimeter
--   out  lon, lat               a point in it, EPSG:4326
-- Reads layers_zone by version, and through its GiST index on geom for the zones around ("+ 0" sees to that).
WITH covered AS MATERIALIZED (
    SELECT ST_Union(geom) AS geom
    FROM layers_zone
    WHERE version_id = %(version_id)s::bigint
),
hole AS (
    SELECT ST_MakePolygon(ST_ExteriorRing(ring.geom)) AS geom
    FROM covered
    CROSS JOIN LATERAL ST_Dump(covered.geom) AS part
    CROSS JOIN LATERAL ST_DumpRings(part.geom) AS ring
    WHERE ring.path[1] > 0
      AND ST_Area(ring.geom) > %(tolerance_m2)s::float8
),
gap AS MATERIALIZED (
    -- A zone may lie in the middle of a hole, as an island.
    SELECT ST_Difference(hole.geom, covered.geom) AS geom
    FROM hole
    CROSS JOIN covered
)
SELECT ARRAY(
           SELECT zone.code
           FROM layers_zone AS zone
           WHERE ST_DWithin(zone.geom, gap.geom, 0.001) AND zone.version_id + 0 = %(version_id)s::bigint
           ORDER BY zone.code
       )::text[] AS zones,
       ST_Area(gap.geom) AS area_m2,
       2 * ST_Area(gap.geom) / NULLIF(ST_Perimeter(gap.geom), 0) AS width_m,
       ST_X(spot.geom) AS lon, ST_Y(spot.geom) AS lat
FROM gap
CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(gap.geom), 4326) AS geom) AS spot
WHERE ST_Area(gap.geom) > %(tolerance_m2)s::float8
ORDER BY area_m2 DESC, lon, lat
