-- Parts of zones that are hardly more than a line: one row a part.
--   in   version_id    bigint
--   in   tolerance_m2  float8   smaller ones are left out
--   in   width_m       float8   mean width under which a part is a sliver: twice its area by its perimeter
--   out  zones         text[]   code of the zone
--   out  area_m2, width_m
--   out  lon, lat               a point in it, EPSG:4326
-- Reads layers_zone by version.
SELECT ARRAY[zone.code]::text[] AS zones,
       ST_Area(part.geom) AS area_m2,
       2 * ST_Area(part.geom) / ST_Perimeter(part.geom) AS width_m,
       ST_X(spot.geom) AS lon, ST_Y(spot.geom) AS lat
FROM layers_zone AS zone
CROSS JOIN LATERAL ST_Dump(zone.geom) AS part
CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(part.geom), 4326) AS geom) AS spot
WHERE zone.version_id = %(version_id)s::bigint
  AND ST_Area(part.geom) > %(tolerance_m2)s::float8
  AND 2 * ST_Area(part.geom) < %(width_m)s::float8 * ST_Perimeter(part.geom)
ORDER BY area_m2 DESC, zone.id
