-- Zones from the outlines of a file: brought to the storage CRS, repaired where they must be, written where they can be.
--   in   version_id                     bigint    the version they belong to
--   in   lines, codes, names            int[], text[], text[]   one entry a zone; lines identify them in the answer
--   in   attributes, outlines           text[], bytea[]         JSON objects; WKB of polygons, or of what holds some
--   in   from_srid, from_crs            int, text  EPSG code of the outlines; where the server knows none such, WKT
--   in   to_srid                        int       the storage CRS
--   out  line, repaired, area_change_m2           one row a zone taken; a line without a row holds no area
-- Codes are read through spatial_ref_sys: its path knows the grids of the server (NTF to RGF93), text's does not.
WITH given AS (
    SELECT line, code, name, attributes::jsonb AS attributes,
           CASE WHEN EXISTS (SELECT FROM spatial_ref_sys WHERE srid = %(from_srid)s::int)
                THEN ST_Transform(ST_GeomFromWKB(outline, %(from_srid)s::int), %(to_srid)s::int)
                ELSE ST_Transform(ST_GeomFromWKB(outline), %(from_crs)s::text, %(to_srid)s::int)
           END AS geom
    FROM unnest(%(lines)s::int[], %(codes)s::text[], %(names)s::text[], %(attributes)s::text[], %(outlines)s::bytea[])
        AS outline(line, code, name, attributes, outline)
),
judged AS (
    SELECT *, ST_Area(geom) AS area_m2, ST_IsValid(geom) AND GeometryType(geom) IN ('POLYGON', 'MULTIPOLYGON') AS sound
    FROM given
),
shaped AS (
    -- "structure" keeps what an owner would call inside: parts that overlap become one, where "linework" makes holes.
    SELECT line, code, name, attributes, area_m2, sound,
           CASE WHEN sound THEN geom
                ELSE ST_CollectionExtract(ST_MakeValid(ST_CollectionExtract(geom, 3), 'method=structure'), 3)
           END AS geom
    FROM judged
),
taken AS (
    INSERT INTO layers_zone (version_id, code, name, attributes, geom)
    SELECT %(version_id)s::bigint, code, name, attributes, ST_Multi(geom)
    FROM shaped
    WHERE NOT ST_IsEmpty(geom)
    ORDER BY line
)
SELECT line, NOT sound AS repaired, round((ST_Area(geom) - area_m2)::numeric, 3)::float8 AS area_change_m2
FROM shaped
WHERE NOT ST_IsEmpty(geom)
ORDER BY line
