-- What the outlines of a file would become, nothing being written: repaired or not, and drawn with fewer corners.
--   in   lines, outlines, from_srid, from_crs, to_srid    see outlines.part.sql
--   out  line, repaired, area_change_m2                   as take_zones.sql would tell
--        outline                          text            GeoJSON in degrees, simplified to a thousandth of all outlines
--        west, south, east, north         float8          of the outline, in degrees
WITH
-- include outlines
,
span AS (
    SELECT greatest(ST_XMax(extent) - ST_XMin(extent), ST_YMax(extent) - ST_YMin(extent)) / 1000 AS fine_m
    FROM (SELECT ST_Extent(geom) AS extent FROM shaped) AS whole
),
drawn AS (
    SELECT line, sound, ST_Area(geom) - area_m2 AS change_m2,
           ST_Transform(ST_Simplify(geom, span.fine_m, true), 4326) AS outline
    FROM shaped
    CROSS JOIN span
    WHERE NOT ST_IsEmpty(geom)
)
SELECT line, NOT sound AS repaired, round(change_m2::numeric, 3)::float8 AS area_change_m2,
       ST_AsGeoJSON(outline, 6) AS outline,
       ST_XMin(outline) AS west, ST_YMin(outline) AS south, ST_XMax(outline) AS east, ST_YMax(outline) AS north
FROM drawn
ORDER BY line
