-- Zones from the outlines of a file, written where they can be.
--   in   version_id                       bigint          the version they belong to
--   in   lines, outlines, from_srid, from_crs, to_srid    see outlines.part.sql
--   in   codes, names, attributes         text[]          one entry a line; attributes are JSON objects
--   out  line, repaired, area_change_m2                   one row a zone taken; a line without a row holds no area
WITH
-- include outlines
,
taken AS (
    INSERT INTO layers_zone (version_id, code, name, attributes, geom)
    SELECT %(version_id)s::bigint, code, name, attributes::jsonb, ST_Multi(geom)
    FROM shaped
    JOIN unnest(%(lines)s::int[], %(codes)s::text[], %(names)s::text[], %(attributes)s::text[])
        AS fact(line, code, name, attributes) USING (line)
    WHERE NOT ST_IsEmpty(geom)
    ORDER BY line
)
SELECT line, NOT sound AS repaired, round((ST_Area(geom) - area_m2)::numeric, 3)::float8 AS area_change_m2
FROM shaped
WHERE NOT ST_IsEmpty(geom)
ORDER BY line
