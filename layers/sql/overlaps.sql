-- Where two zones of a version lie on each other: one row a pair.
--   in   version_id    bigint
--   in   tolerance_m2  float8   smaller ones are left out
--   out  zones         text[]   codes of the two, the one written first coming first
--   out  area_m2, width_m       of all their shared area; width is the mean: twice the area by the perimeter
--   out  lon, lat               a point in it, EPSG:4326
-- Reads layers_zone through its GiST index on geom: "+ 0" keeps the planner from scanning the version for each zone.
SELECT ARRAY[one.code, shared.code]::text[] AS zones,
       ST_Area(shared.geom) AS area_m2,
       2 * ST_Area(shared.geom) / NULLIF(ST_Perimeter(shared.geom), 0) AS width_m,
       ST_X(spot.geom) AS lon, ST_Y(spot.geom) AS lat
FROM layers_zone AS one
CROSS JOIN LATERAL (
    SELECT other.id, other.code, ST_CollectionExtract(ST_Intersection(one.geom, other.geom), 3) AS geom
    FROM layers_zone AS other
    WHERE other.geom && one.geom
      AND other.version_id + 0 = one.version_id
      AND other.id + 0 > one.id
      AND NOT ST_Touches(one.geom, other.geom)
    OFFSET 0
) AS shared
CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(shared.geom), 4326) AS geom) AS spot
WHERE one.version_id = %(version_id)s::bigint
  AND ST_Area(shared.geom) > %(tolerance_m2)s::float8
ORDER BY area_m2 DESC, one.id, shared.id
