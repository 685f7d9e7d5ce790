-- Outlines of a file, brought to the storage CRS and repaired where they must be. A part of what looks at and takes zones.
--   in   lines, outlines      int[], bytea[]  one entry a zone; WKB of polygons, or of what holds some
--   in   from_srid, from_crs  int, text       EPSG code of the outlines; where the server knows none such, WKT
--   in   to_srid              int             the storage CRS
--   out  shaped  line, geom (empty where it holds no area), area_m2 before the repair, sound: it needed none
-- Codes are read through spatial_ref_sys: its path knows the grids of the server (NTF to RGF93), text's does not.
-- What was valid in the file may no longer be in another CRS, so validity is looked at here.
given AS (
    SELECT line,
           CASE WHEN EXISTS (SELECT FROM spatial_ref_sys WHERE srid = %(from_srid)s::int)
                THEN ST_Transform(ST_GeomFromWKB(outline, %(from_srid)s::int), %(to_srid)s::int)
                ELSE ST_Transform(ST_GeomFromWKB(outline), %(from_crs)s::text, %(to_srid)s::int)
           END AS geom
    FROM unnest(%(lines)s::int[], %(outlines)s::bytea[]) AS outline(line, outline)
),
judged AS (
    SELECT *, ST_Area(geom) AS area_m2, ST_IsValid(geom) AND GeometryType(geom) IN ('POLYGON', 'MULTIPOLYGON') AS sound
    FROM given
),
shaped AS MATERIALIZED (
    -- "structure" keeps what an owner would call inside: parts that overlap become one, where "linework" makes holes.
    SELECT line, area_m2, sound,
           CASE WHEN sound THEN geom
                ELSE ST_CollectionExtract(ST_MakeValid(ST_CollectionExtract(geom, 3), 'method=structure'), 3)
           END AS geom
    FROM judged
)
