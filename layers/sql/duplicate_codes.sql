-- Codes that several zones of a version bear: one row a code.
--   in   version_id    bigint
--   out  zones         text[]   the code, once for each zone
--   out  area_m2                of these zones together
--   out  lon, lat               a point in the second of them, EPSG:4326
-- Reads layers_zone through zone_version_code.
SELECT array_agg(zone.code ORDER BY zone.id)::text[] AS zones,
       sum(zone.area_m2) AS area_m2,
       NULL::float8 AS width_m,
       ST_X(spot.geom) AS lon, ST_Y(spot.geom) AS lat
FROM (
    SELECT id, code, area_m2, geom, count(*) OVER (PARTITION BY code) AS bearers,
           nth_value(geom, 2) OVER (
               PARTITION BY code ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
           ) AS second
    FROM layers_zone
    WHERE version_id = %(version_id)s::bigint
) AS zone
CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(zone.second), 4326) AS geom) AS spot
WHERE zone.bearers > 1
GROUP BY zone.code, spot.geom
ORDER BY zone.code
