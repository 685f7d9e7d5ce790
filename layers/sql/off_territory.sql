-- What of a version's zones lies outside the territory in force on a day: one row a zone, none without a territory.
--   in   version_id    bigint
--   in   on_day        date     whose territory
--   in   tolerance_m2  float8   smaller ones are left out
--   out  zones         text[]   code of the zone
--   out  area_m2, width_m       of all that lies outside; width is the mean: twice the area by the perimeter
--   out  lon, lat               a point in it, EPSG:4326
-- Reads layers_zone by version: that of the layer and those of the territory.
WITH territory AS MATERIALIZED (
    SELECT ST_Union(zone.geom) AS geom
    FROM layers_zone AS zone
    JOIN layers_layerversion AS version ON version.id = zone.version_id
    JOIN layers_layer AS layer ON layer.id = version.layer_id
    WHERE layer.territory
      AND version.status IN ('published', 'superseded')
      AND version.valid_from <= %(on_day)s
      AND (version.valid_to IS NULL OR version.valid_to > %(on_day)s)
)
SELECT ARRAY[zone.code]::text[] AS zones,
       ST_Area(outside.geom) AS area_m2,
       2 * ST_Area(outside.geom) / NULLIF(ST_Perimeter(outside.geom), 0) AS width_m,
       ST_X(spot.geom) AS lon, ST_Y(spot.geom) AS lat
FROM territory
JOIN layers_zone AS zone ON zone.version_id = %(version_id)s::bigint AND NOT ST_Covers(territory.geom, zone.geom)
CROSS JOIN LATERAL (
    SELECT ST_CollectionExtract(ST_Difference(zone.geom, territory.geom), 3) AS geom
) AS outside
CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(outside.geom), 4326) AS geom) AS spot
WHERE territory.geom IS NOT NULL
  AND ST_Area(outside.geom) > %(tolerance_m2)s::float8
ORDER BY area_m2 DESC, zone.id
