-- Ground that went from one zone to another between two versions, as the features of a map.
--   in   before_id, after_id  bigint   the two versions
--   in   froms, tos           text[]   codes, one entry a passage; null: that ground was, or is, in no zone of the version
--   out  place                int      which passage, from 1
--   out  feature              jsonb    GeoJSON: longitude and latitude, 6 decimals; `before`, `after`, `area_m2`
-- Reads layers_zone by version and code; for what is in no zone on the other side, through its GiST index on geom.
WITH passage AS (
    SELECT *
    FROM unnest(%(froms)s::text[], %(tos)s::text[]) WITH ORDINALITY AS passage (before, after, place)
),
shape AS (
    SELECT passage.*, ST_CollectionExtract(CASE
               WHEN passage.before IS NULL THEN COALESCE(ST_Difference(later.geom, around_later.geom), later.geom)
               WHEN passage.after IS NULL THEN COALESCE(ST_Difference(sooner.geom, around_sooner.geom), sooner.geom)
               ELSE ST_Intersection(sooner.geom, later.geom)
           END, 3) AS geom
    FROM passage
    LEFT JOIN LATERAL (
        SELECT ST_Union(zone.geom) AS geom
        FROM layers_zone AS zone
        WHERE zone.version_id = %(before_id)s::bigint AND zone.code = passage.before
    ) AS sooner ON true
    LEFT JOIN LATERAL (
        SELECT ST_Union(zone.geom) AS geom
        FROM layers_zone AS zone
        WHERE zone.version_id = %(after_id)s::bigint AND zone.code = passage.after
    ) AS later ON true
    LEFT JOIN LATERAL (
        SELECT ST_Union(zone.geom) AS geom
        FROM layers_zone AS zone
        WHERE passage.after IS NULL AND zone.geom && sooner.geom AND zone.version_id + 0 = %(after_id)s::bigint
    ) AS around_sooner ON true
    LEFT JOIN LATERAL (
        SELECT ST_Union(zone.geom) AS geom
        FROM layers_zone AS zone
        WHERE passage.before IS NULL AND zone.geom && later.geom AND zone.version_id + 0 = %(before_id)s::bigint
    ) AS around_later ON true
)
SELECT place, jsonb_build_object(
           'type', 'Feature',
           'id', place,
           'geometry', ST_AsGeoJSON(ST_Transform(geom, 4326), 6)::jsonb,
           'properties', jsonb_build_object('before', before, 'after', after, 'area_m2', round(ST_Area(geom)::numeric, 2))
       ) AS feature
FROM shape
WHERE NOT ST_IsEmpty(geom)
ORDER BY place
